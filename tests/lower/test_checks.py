"""What the checks of panels find."""

from typing import Any

import pytest

from dashgen.compile.lower.panel_checks import check_panel
from tests.lower.settled import panel_of

CASES: list[tuple[str, dict[str, Any], tuple[str | int, ...], str, str]] = [
    ("timeseries", {"overrides": [{"name": "a", "decimals": "auto"}]}, ("overrides", 0, "decimals"), "changes nothing", "remove it"),
    ("timeseries", {"overrides": [{"color": "red"}]}, ("overrides", 0), "exactly one of", "add one of them"),
    ("timeseries", {"overrides": [{"name": "a", "regex": "/b/"}]}, ("overrides", 0), "not by `name` and `regex`", "keep one of them"),
    ("timeseries", {"overrides": [{"name": "a", "custom": {"axi": "right"}}]}, ("overrides", 0, "custom", "axi"), "no option `axi`", "did you mean `axis`?"),
    ("timeseries", {"overrides": [{"name": "a", "custom": {"axis": "rigth"}}]}, ("overrides", 0, "custom", "axis"), "`axis` cannot be that", ""),
    ("stat", {"overrides": [{"name": "a", "custom": {"axis": "right"}}]}, ("overrides", 0, "custom", "axis"), "a `stat` panel have no option", "properties"),
    ("timeseries", {"overrides": [{"name": "a", "thresholds": {"red": "x"}}]}, ("overrides", 0, "thresholds"), "is not a number", ""),
    ("timeseries", {"transformations": ["organise"]}, ("transformations", 0), "no transformation `organise`", "did you mean `organize`?"),
    ("timeseries", {"transformations": [{"merge": {}, "limit": {}}]}, ("transformations", 0), "one name with its options", ""),
    ("timeseries", {"transformations": [{"id": "sortby"}]}, ("transformations", 0), "no transformation `sortby`", "did you mean `sortBy`?"),
    ("stat", {"mappings": {"a..b": "x"}}, ("mappings", "a..b"), "is not a range", ""),
    ("stat", {"mappings": {"5..1": "x"}}, ("mappings", "5..1"), "an empty range", ""),
    ("stat", {"mappings": {"/(/": "x"}}, ("mappings", "/(/"), "is not a regular expression", ""),
    ("stat", {"mappings": {"0": {}}}, ("mappings", "0"), "shows nothing", ""),
    ("stat", {"mappings": {"0": {"color": "gren"}}}, ("mappings", "0", "color"), "no colour `gren`", "did you mean `green`?"),
    ("gauge", {"min": 10, "max": 1}, ("min",), "ends at 1 and starts at 10", "below `max:`"),
    ("stat", {"overrides": [{"name": "a", "min": 1, "max": 1}]}, ("overrides", 0, "min"), "ends at 1", ""),
    ("stat", {"color": "palette-clasic"}, ("color",), "no colour", "did you mean `palette-classic`?"),
    ("stat", {"thresholds": {"reed": 0}}, ("thresholds", "reed"), "no colour `reed`", "did you mean `red`?"),
    ("timeseries", {"span_nulls": "5 minutes"}, ("span_nulls",), "nor a duration", "units from large to small"),
    ("state-timeline", {"disconnect": "x"}, ("disconnect",), "nor a duration", ""),
    ("stat", {"links": [{"title": "x"}]}, ("links", 0), "exactly one of", "add one of them"),
    ("stat", {"panel_links": [{"title": "x", "url": "a", "dashboard": "b"}]}, ("panel_links", 0), "exactly one of", "keep one"),
    ("stat", {"drill_down": {"title": "x"}}, ("drill_down",), "exactly one of", ""),
    ("stat", {"queries": [{"threshold": {"of": "A", "when": "over 9"}}]}, ("queries", 0, "threshold", "when"), "", "above 9"),
    ("table", {"columns": {"a": {"color": "blu"}}}, ("columns", "a", "color"), "no colour `blu`", "did you mean `blue`?"),
    ("table", {"overrides": [{"name": "a", "custom": {"cel": "gauge"}}]}, ("overrides", 0, "custom", "cel"), "no option `cel`", "did you mean `cell`?"),
    ("some-plugin", {"overrides": [{"name": "a", "custom": {"x": 1}}]}, ("overrides", 0, "custom", "x"), "no option `x`", "properties"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "spec", "path", "message", "hint"), CASES)
def test_a_wrong_panel_is_reported_where_it_is_wrong(
    kind: str, spec: dict[str, Any], path: tuple[str | int, ...], message: str, hint: str
) -> None:
    problems = list(check_panel(panel_of(kind, {"title": "T", **spec})))
    assert [problem.path for problem in problems] == [path]
    assert message in problems[0].message
    assert hint in problems[0].hint
    assert problems[0].message[:1] in {"`", *"abcdefghijklmnopqrstuvwxyz", "G"}


@pytest.mark.parametrize(
    "spec",
    [
        {"color": "#ff0000"},
        {"min": 0, "max": 0.5},
        {"color": "rebeccapurple"},
        {"color": "darkgreen"},
        {"color": "rgba(0, 0, 0, 0.5)"},
        {"mappings": {"..5": "low", "1.5..": "high", "/a.b/": "x", "null": "none", "1..2": "y"}},
        {"transformations": ["seriesToColumns", {"id": "merge"}]},
        {"overrides": [{"type": "number", "custom": {"span_nulls": True, "bar_width": 1}}]},
    ],
)
def test_what_grafana_accepts_is_not_reported(spec: dict[str, Any]) -> None:
    assert list(check_panel(panel_of("timeseries", {"title": "T", **spec}))) == []

"""What panels of a type have in common stands in the defaults of the dashboard, and only that."""

from typing import Any

import pytest

from dashgen.importer.folding.common_defaults import common_defaults
from dashgen.model.project_file import Defaults

STATS: list[dict[str, Any]] = [
    {"title": str(n), "type": "stat", "query": "up", "graph": "none"} for n in range(6)
]
LINES: list[dict[str, Any]] = [
    {"title": str(n), "query": "up", "points": "never", "fill": 20} for n in range(5)
]


def _common(*panels: dict[str, Any], project: Defaults | None = None) -> tuple[Any, list[dict[str, Any]]]:
    own = [dict(panel) for panel in panels]
    return common_defaults([own], project or Defaults()), own


def test_a_key_that_all_panels_of_a_type_have_is_written_once() -> None:
    result, panels = _common(*LINES, *STATS)
    assert result == {"panels": {"timeseries": {"points": "never", "fill": 20}, "stat": {"graph": "none"}}}
    assert panels[0] == {"title": "0", "query": "up"}


def test_what_all_types_share_is_written_for_all_panels() -> None:
    both = [{**panel, "interval": "1m", "decimals": 1} for panel in (*LINES, *STATS)]
    result, _ = _common(*both)
    assert result["panel"] == {"interval": "1m", "decimals": 1}


def test_few_panels_that_differ_say_so() -> None:
    other = [
        {"title": "x", "query": "up", "points": "always", "fill": 20},
        {"title": "y", "query": "up", "fill": 20},
    ]
    result, panels = _common(*LINES, *other)
    assert result == {"panels": {"timeseries": {"points": "never", "fill": 20}}}
    assert [panel.get("points") for panel in panels[4:]] == [None, "always", "auto"]


@pytest.mark.parametrize(
    "panels",
    [
        STATS[:2],
        [{**panel, "description": "D", "title": "T"} for panel in LINES[:1]],
        [{"title": str(n), "query": "up", **({"fill": 20} if n % 2 else {})} for n in range(9)],
        [{"title": "T", "type": "library", "uid": "u", "height": 4, "width": 3} for _ in range(9)],
    ],
    ids=["few", "one", "only some, and nothing says the usual", "library panels"],
)
def test_what_is_not_common_stays(panels: list[dict[str, Any]]) -> None:
    assert _common(*panels) == ({}, panels)


def test_a_panel_that_says_nothing_means_what_the_project_says() -> None:
    project = Defaults(panels={"timeseries": {"points": "always"}})
    _, panels = _common(*LINES, {"title": "y", "query": "up", "fill": 20}, project=project)
    assert panels[-1]["points"] == "always"


def test_raw_values_of_all_panels_are_written_once_and_the_others_stay() -> None:
    raw = [
        {**p, "raw": {"options": {"a": 1, "b": {"c": 2}}, **({"d": 3} if p["title"] == "1" else {})}}
        for p in LINES
    ]
    result, panels = _common(*raw)
    assert result["panels"]["timeseries"]["raw"] == {"options": {"a": 1, "b": {"c": 2}}}
    assert [panel.get("raw") for panel in panels] == [None, {"d": 3}, None, None, None]


def test_a_panel_whose_raw_decides_a_value_does_not_get_it_twice() -> None:
    sort = {"title": "x", "query": "up", "raw": {"options": {"tooltip": {"sort": "descending"}}}}
    result, panels = _common(*[{**panel, "tooltip_sort": "asc"} for panel in LINES], sort)
    assert result["panels"]["timeseries"]["tooltip_sort"] == "asc"
    assert "tooltip_sort" not in panels[-1]


def test_a_panel_whose_raw_decides_a_part_of_a_value_gets_the_usual_one() -> None:
    tables = [{"title": str(n), "type": "table", "query": "up", "cell": "gauge-gradient"} for n in range(6)]
    custom = {"cellOptions": {"type": "gauge"}}
    other = {
        "title": "x",
        "type": "table",
        "query": "up",
        "raw": {"fieldConfig": {"defaults": {"custom": custom}}},
    }
    _, panels = _common(*tables, other)
    assert panels[-1]["cell"] == "auto"

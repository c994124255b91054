"""Thresholds that a variable sets."""

import pytest

from dashgen.compile.lower.lower_overrides import thresholds
from dashgen.compile.settle.threshold_variables import fill_threshold_variables
from dashgen.source.provenance import Reporter
from tests.settle.settling import parsed, texts

BODY = """\
variables:
  - {name: limit, type: constant, value: "80"}
  - {name: typed, type: textbox, default: "0.5"}
  - {name: choice, type: custom, values: ["10", "20"]}
  - {name: tier, type: custom, values: [free, pro]}
  - {name: host, query: "label_values(up, host)"}
panels:
  - title: P
    query: up
    thresholds: {green: 0, red: @}
    overrides: [{name: A, thresholds: {green: 0, red: @}}]
"""


def filled(value: str) -> tuple[list[object], list[str]]:
    """The steps of the panel and of its override, and what is wrong."""
    dashboard, _ = parsed(BODY.replace("@", value))
    report = Reporter(dashboard.resolved)
    fill_threshold_variables(dashboard, report)
    [panel] = dashboard.panels.values()
    both = [panel.thresholds, panel.overrides[0].thresholds]
    return [thresholds(one or {})["steps"][1:] for one in both], texts(report.diagnostics)


@pytest.mark.parametrize(
    ("written", "text", "number"),
    [
        ("$limit", "$limit", 80),
        ("'${typed}'", "${typed}", 0.5),
        ("$choice", "$choice", 10),
        ("{value: $host, fallback: 7}", "$host", 7),
        ("{value: $limit, fallback: 5}", "$limit", 5),
    ],
)
def test_a_threshold_takes_a_variable_and_the_number_before_anybody_chooses_one(
    written: str, text: str, number: float
) -> None:
    step = {"color": "red", "value": number, "valueExpr": text}
    assert filled(written) == ([[step], [step]], [])


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("$limitt", "variable/unknown: there is no variable `limitt`"),
        ("$tier", "panel/thresholds: nobody knows which number `$tier` is before a value is chosen"),
        ("$host", "panel/thresholds: nobody knows which number `$host` is before a value is chosen"),
        ("{value: limit, fallback: 5}", "panel/thresholds: `limit` names no variable"),
    ],
)
def test_a_variable_without_a_number_is_reported(written: str, problem: str) -> None:
    assert filled(written)[1] == [problem, problem]


def test_the_lowest_threshold_is_no_variables() -> None:
    dashboard, _ = parsed(BODY.replace("{green: 0, red: @}", "{red: $limit}"))
    fill_threshold_variables(dashboard, Reporter(dashboard.resolved))
    [panel] = dashboard.panels.values()
    with pytest.raises(ValueError, match="is the lowest threshold"):
        thresholds(panel.thresholds or {})

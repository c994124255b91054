"""What a panel looks like when its spec says nothing: from zero, in neutral colours, with values in the legend."""

from typing import Any

import pytest

from dashgen.model.data_source_spec import DataSourceRef
from tests.lower.settled import LOKI, PROMETHEUS, built_panel


@pytest.mark.parametrize(
    ("kind", "words", "lowest"),
    [
        ("timeseries", {}, 0),
        ("timeseries", {"draw": "bars"}, 0),
        ("timeseries", {"draw": "bars", "fill": 0}, 0),
        ("timeseries", {"stack": "normal", "fill": 0}, 0),
        ("timeseries", {"fill": 20, "scale": "log10"}, 0),
        ("timeseries", {"fill": 20, "max": -1}, 0),
        ("trend", {"fill": 20}, 0),
        ("timeseries", {"fill": 0}, None),
        ("timeseries", {"draw": "points"}, None),
        ("timeseries", {"axis_soft_min": "auto"}, None),
        ("timeseries", {"draw": "bars", "axis_soft_min": "auto"}, None),
        ("timeseries", {"axis_soft_min": 5}, 5),
        ("timeseries", {"fill": 0, "axis_soft_min": 5}, 5),
        ("trend", {"fill": 20, "axis_soft_min": "auto"}, None),
        ("candlestick", {"fill": 20}, None),
        ("candlestick", {"axis_soft_min": 5}, 5),
        ("barchart", {"axis_soft_min": "auto"}, None),
        ("histogram", {"axis_soft_min": "auto"}, None),
    ],
)
def test_what_is_drawn_from_a_base_line_starts_at_zero(
    kind: str, words: dict[str, Any], lowest: int | None
) -> None:
    panel = built_panel(kind, {"title": "T", "query": "up", **words})
    assert panel["fieldConfig"]["defaults"]["custom"].get("axisSoftMin") == lowest


def test_an_override_can_leave_the_scale_of_its_series_to_grafana() -> None:
    override = {"name": "a", "custom": {"axis_soft_min": "auto"}}
    panel = built_panel("timeseries", {"title": "T", "query": "up", "overrides": [override]})
    [property_] = panel["fieldConfig"]["overrides"][0]["properties"]
    assert property_["id"] == "custom.axisSoftMin"
    assert property_.get("value") is None


@pytest.mark.parametrize(
    ("kind", "words", "colors"),
    [
        ("stat", {}, ["text"]),
        ("stat", {"color_mode": "none"}, ["text"]),
        ("stat", {"color_mode": "background"}, ["blue"]),
        ("gauge", {}, ["blue"]),
        ("bargauge", {}, ["blue"]),
        ("table", {}, ["blue"]),
        ("stat", {"thresholds": {"green": 0, "red": 5}}, ["green", "red"]),
        ("timeseries", {}, ["green"]),
    ],
)
def test_a_figure_without_thresholds_is_neither_green_nor_red(
    kind: str, words: dict[str, Any], colors: list[str]
) -> None:
    panel = built_panel(kind, {"title": "T", "query": "up", **words})
    steps = panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
    assert [step["color"] for step in steps] == colors


@pytest.mark.parametrize(
    ("kind", "source", "option", "value"),
    [
        ("piechart", PROMETHEUS, ("legend", "values"), ["value", "percent"]),
        ("stat", PROMETHEUS, ("graphMode",), "none"),
        ("logs", LOKI, ("wrapLogMessage",), False),
    ],
)
def test_options_say_what_most_people_would_choose(
    kind: str, source: DataSourceRef, option: tuple[str, ...], value: object
) -> None:
    found: Any = built_panel(kind, {"title": "T", "query": "up"}, source)["options"]
    for step in option:
        found = found[step]
    assert found == value

"""Thresholds become steps in rising order, from the panel or from the alerts that look at it."""

import pytest

from dashgen.compile.settle.alert_thresholds import AlertThreshold
from dashgen.compile.settle.settle_thresholds import settle_thresholds, thresholds_of_alerts, with_alerts
from dashgen.core.diagnostics import Location
from dashgen.model.condition import Kind
from dashgen.model.settled_dashboard import Step, Thresholds


def steps(result: Thresholds | None) -> list[tuple[str, float | None]]:
    assert result is not None
    return [(step.color, step.value) for step in result.steps]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"green": 0, "red": 80}, [("green", None), ("red", 80)]),
        ({"red": 80, "green": 0}, [("green", None), ("red", 80)]),
        ({"red": 0, "yellow": 0.9, "green": 0.95}, [("red", None), ("yellow", 0.9), ("green", 0.95)]),
        ({"green": None, "red": 0}, [("green", None), ("red", 0)]),
        ({"red": -5, "green": -1}, [("red", None), ("green", -1)]),
        ({"green": 7}, [("green", None)]),
        ({"green": 0, "red": 80, "mode": "absolute"}, [("green", None), ("red", 80)]),
    ],
)
def test_the_lowest_value_is_the_base(
    given: dict[str, float | None], expected: list[tuple[str, float | None]]
) -> None:
    assert steps(settle_thresholds(given)) == expected


def test_percentages_are_marked() -> None:
    assert settle_thresholds({"mode": "percentage", "green": 0, "red": 80}).percentage
    assert not settle_thresholds({"green": 0}).percentage


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "at least one colour"),
        ({"mode": "percentage"}, "at least one colour"),
        ({"mode": "relative", "red": 1}, "`absolute` or `percentage`, not `relative`"),
        ({"red": "high"}, "`red: high` is not a number"),
        ({"red": 1, "green": 1}, "two colours start at the same value"),
        ({"red": 1, "green": 1.0}, "two colours start at the same value"),
        ({"red": None, "green": None}, "two colours start at the same value"),
    ],
)
def test_what_makes_no_steps_is_explained(given: dict[str, float | str | None], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        settle_thresholds(given)


def alert(kind: Kind, *values: float, color: str = "red") -> AlertThreshold:
    return AlertThreshold("A", kind, values, color, Location("x"))


@pytest.mark.parametrize(
    ("alerts", "expected"),
    [
        ([alert(Kind.ABOVE, 80)], [("green", None), ("red", 80)]),
        ([alert(Kind.BELOW, 5)], [("red", None), ("green", 5)]),
        ([alert(Kind.BETWEEN, 5, 10)], [("green", None), ("red", 5), ("green", 10)]),
        ([alert(Kind.OUTSIDE, 5, 10)], [("red", None), ("green", 5), ("red", 10)]),
        (
            [alert(Kind.ABOVE, 10, color="orange"), alert(Kind.ABOVE, 20)],
            [("green", None), ("orange", 10), ("red", 20)],
        ),
        (
            [alert(Kind.ABOVE, 20), alert(Kind.ABOVE, 10, color="orange")],
            [("green", None), ("orange", 10), ("red", 20)],
        ),
        ([alert(Kind.ABOVE, 10), alert(Kind.ABOVE, 20, color="orange")], [("green", None), ("red", 10)]),
        ([alert(Kind.ABOVE, 0.1)], [("green", None), ("red", 0.1)]),
    ],
)
def test_alerts_colour_what_they_fire_for_the_worst_first(
    alerts: list[AlertThreshold], expected: list[tuple[str, float | None]]
) -> None:
    assert steps(thresholds_of_alerts(alerts)) == expected


def test_alerts_without_a_value_draw_nothing() -> None:
    assert thresholds_of_alerts([]) is None


def test_an_alert_joins_the_steps_of_the_panel_whose_own_step_wins() -> None:
    own = Thresholds((Step("green", None), Step("yellow", 10)))
    assert steps(with_alerts(own, [alert(Kind.ABOVE, 20), alert(Kind.ABOVE, 10)])) == [
        ("green", None),
        ("yellow", 10),
        ("red", 20),
    ]
    assert steps(with_alerts(own, [alert(Kind.ABOVE, 5)])) == [("green", None), ("red", 5), ("yellow", 10)]
    assert with_alerts(Thresholds(own.steps, percentage=True), [alert(Kind.ABOVE, 20)]) == Thresholds(
        own.steps, percentage=True
    )

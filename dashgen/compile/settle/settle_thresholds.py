"""Threshold steps from the colours and values of a spec, and from the alerts linked to a panel."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, TypeAlias

from dashgen.compile.settle.alert_thresholds import AlertThreshold
from dashgen.core.json_values import without_fraction
from dashgen.model.condition import Kind
from dashgen.model.panel_spec import Number, ThresholdValue
from dashgen.model.settled_dashboard import Step, Thresholds

_WORST_FIRST = ("red", "orange", "blue")
"""The colours of `SEVERITY_COLORS`."""
_GOOD = "green"
_SCALES: Final = 1 << 10


ThresholdText: TypeAlias = Number | str | ThresholdValue | None


def settle_thresholds(spec_thresholds: Mapping[str, ThresholdText]) -> Thresholds:
    """Steps in rising order; the lowest value is the base and holds for everything below it too.

    Args:
        spec_thresholds: colours and values, as they are written; those that a variable sets with a number to
            fall back to (`threshold_variables` gives them one).

    Raises:
        ValueError: a value is not a number, two are equal, or the mode is unknown.
    """
    numbers: dict[str, Number | str | None] = {}
    expressions: dict[str, str] = {}
    for color, value in spec_thresholds.items():
        if isinstance(value, ThresholdValue):
            expressions[color] = value.value
        numbers[color] = value.fallback if isinstance(value, ThresholdValue) else value
    settled = _settled(tuple(numbers), *numbers.values())
    return settled if not expressions else _with_expressions(settled, expressions)


def _with_expressions(settled: Thresholds, expressions: Mapping[str, str]) -> Thresholds:
    base, *steps = settled.steps
    if base.color in expressions:
        raise ValueError(
            f"`{base.color}: {expressions[base.color]}` is the lowest threshold, which holds from the start: "
            "write a colour below it, such as `green: null`"
        )
    steps = [Step(step.color, step.value, expressions.get(step.color, "")) for step in steps]
    return Thresholds((base, *steps), settled.percentage)


# The same few scales are on hundreds of panels; `typed`, because 0 and 0.0 are written differently.
@lru_cache(maxsize=_SCALES, typed=True)
def _settled(names: tuple[str, ...], *numbers: Number | str | None) -> Thresholds:
    spec_thresholds = dict(zip(names, numbers, strict=True))
    mode = spec_thresholds.get("mode", "absolute")
    if mode not in ("absolute", "percentage"):
        raise ValueError(f"the mode of thresholds is `absolute` or `percentage`, not `{mode}`")
    values = {color: value for color, value in spec_thresholds.items() if color != "mode"}
    steps: list[tuple[float, str, Number]] = []
    base = [color for color, value in values.items() if value is None]
    for color, value in values.items():
        if isinstance(value, str) and "$" in value:
            raise ValueError(f"`{value}` has no number at first: give it one to fall back to")
        if isinstance(value, str):
            raise ValueError(f"`{color}: {value}` is not a number")  # noqa: TRY004  # a user's mistake
        if value is not None:
            steps.append((float(value), color, value))
    steps.sort(key=lambda step: step[0])
    if len(base) > 1 or len({number for number, _, _ in steps}) < len(steps):
        raise ValueError("two colours start at the same value")
    if not values:
        raise ValueError("thresholds need at least one colour")
    if not base:
        # Grafana's first step has no value: it holds from minus infinity on.
        base = [steps.pop(0)[1]]
    return Thresholds(
        (Step(base[0], None), *(Step(color, value) for _, color, value in steps)), mode == "percentage"
    )


def thresholds_of_alerts(alerts: Sequence[AlertThreshold]) -> Thresholds | None:
    """Steps that colour what each alert fires for; where several fire, the worst colour wins."""
    edges = sorted({value for alert in alerts for value in alert.values})
    if not edges:
        return None
    # Each stretch between two edges is judged by a value inside it.
    inside = [edges[0] - 1, *((low + high) / 2 for low, high in pairwise(edges)), edges[-1] + 1]
    colors = [_color(alerts, value) for value in inside]
    steps = [Step(colors[0], None)]
    for edge, color in zip(edges, colors[1:], strict=True):
        if color != steps[-1].color:
            steps.append(Step(color, int(edge) if edge == int(edge) else edge))
    return Thresholds(tuple(steps))


def with_alerts(thresholds: Thresholds, alerts: Sequence[AlertThreshold]) -> Thresholds:
    """The steps of a panel and, from the value that an alert fires above, its colour.

    The panel's own step at a value wins; alerts that fire below a value or within bounds are left to the
    panel.
    """
    if thresholds.percentage:
        return thresholds
    steps = {step.value: step for step in thresholds.steps}
    for alert in alerts:
        if alert.kind in (Kind.ABOVE, Kind.AT_LEAST):
            value = alert.values[0]
            steps.setdefault(value, Step(alert.color, without_fraction(value)))
    base, *rest = thresholds.steps[0], *(step for value, step in steps.items() if value is not None)
    return Thresholds((base, *sorted(rest, key=lambda step: step.value or 0)))


def _color(alerts: Sequence[AlertThreshold], value: float) -> str:
    firing = {alert.color for alert in alerts if _fires(alert, value)}
    return next((color for color in _WORST_FIRST if color in firing), _GOOD)


def _fires(alert: AlertThreshold, value: float) -> bool:
    first, last = min(alert.values), max(alert.values)
    match alert.kind:
        case Kind.ABOVE | Kind.AT_LEAST:
            return value > last
        case Kind.BELOW | Kind.AT_MOST:
            return value < first
        case Kind.BETWEEN:
            return first < value < last
        case Kind.OUTSIDE:
            return not first < value < last
        case _:
            # An exact value has no side to colour, and absent data has no value.
            return False

"""Threshold steps from the colours and values of a spec, and from the alerts linked to a panel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashgen.model.panel import Number
from dashgen.model.settled import Step, Thresholds

_SEVERITY_COLORS = {"info": "blue", "warning": "orange", "critical": "red"}
_GOOD = "green"
_EPSILON = 1e-9


def settle_thresholds(given: Mapping[str, Number | str | None]) -> Thresholds:
    """Steps in rising order; the lowest value is the base and holds for everything below it too.

    Raises:
        ValueError: a value is not a number, two are equal, or the mode is unknown.
    """
    mode = given.get("mode", "absolute")
    if mode not in ("absolute", "percentage"):
        raise ValueError(f"the mode of thresholds is `absolute` or `percentage`, not `{mode}`")
    values = {color: value for color, value in given.items() if color != "mode"}
    steps: list[tuple[float, str, Number]] = []
    base = [color for color, value in values.items() if value is None]
    for color, value in values.items():
        if isinstance(value, str):
            raise ValueError(f"`{color}: {value}` is not a number")
        if value is not None:
            steps.append((float(value), color, value))
    steps.sort(key=lambda step: step[0])
    if len(base) > 1 or len({number for number, _, _ in steps}) < len(steps):
        raise ValueError("two colours start at the same value")
    if not values:
        raise ValueError("thresholds need at least one colour")
    if not base:
        base = [steps.pop(0)[1]]
    return Thresholds(
        (Step(base[0], None), *(Step(color, value) for _, color, value in steps)), mode == "percentage"
    )


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An alert as a panel shows it: from ``above`` on, or up to ``below``, or both, its severity's colour holds."""

    rule: str
    severity: str
    above: float | None = None
    below: float | None = None


def thresholds_of_alerts(alerts: Sequence[AlertLine]) -> Thresholds | None:
    """Steps that colour what each alert fires for; the more severe alert wins where two hold."""
    edges = sorted({edge for alert in alerts for edge in (alert.above, alert.below) if edge is not None})
    if not edges:
        return None
    colors = [
        _color(alerts, edges[0] - 1),
        *(_color(alerts, edge + _EPSILON * max(1.0, abs(edge))) for edge in edges),
    ]
    steps = [Step(colors[0], None)]
    for edge, color in zip(edges, colors[1:], strict=True):
        if color != steps[-1].color:
            steps.append(Step(color, int(edge) if edge == int(edge) else edge))
    return Thresholds(tuple(steps))


def _color(alerts: Sequence[AlertLine], value: float) -> str:
    order = list(_SEVERITY_COLORS)
    firing = [
        alert.severity
        for alert in alerts
        if (alert.above is None or value > alert.above) and (alert.below is None or value < alert.below)
    ]
    worst = max(firing, key=lambda severity: order.index(severity) if severity in order else 1, default=None)
    return _GOOD if worst is None else _SEVERITY_COLORS.get(worst, "orange")

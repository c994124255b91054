"""The states of a project's alerts on made-up data."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from dashgen.compile.outputs.rule_expression import rule_expression
from dashgen.drawing.panel_data import AlertEntry, AlertState
from dashgen.evaluate.gotemplate.rendered_texts import rendered_rule_texts
from dashgen.evaluate.logql.evaluate_logql import evaluate_logql_range
from dashgen.evaluate.logql.log_lines import LogStore
from dashgen.evaluate.promql.evaluate_promql import evaluate_promql_range
from dashgen.evaluate.samples import (
    EvaluationFailedError,
    Rows,
    SampleStore,
    SeriesRow,
    Times,
    UnsupportedError,
)
from dashgen.model.condition import Kind
from dashgen.model.duration import milliseconds
from dashgen.model.settled_alerts import SettledAlert, SettledGroup

_LEAST_STEP: Final = 60_000
_STEPS: Final = 4


class SampleAlerts:
    """The alerts of a project as they are at present; each is evaluated when it is shown.

    Args:
        groups: the settled rule groups.
        series: the data of metrics.
        lines: the log lines.
        now: the milliseconds of the present.
    """

    def __init__(
        self, groups: Sequence[SettledGroup], series: SampleStore, lines: LogStore, now: int
    ) -> None:
        self._alerts = [(alert, group) for group in groups for alert in group.alerts]
        self._data = series, lines
        self._now = now
        self._evaluated: dict[int, AlertEntry] = {}

    def of_dashboard(self, uid: str = "") -> list[tuple[AlertEntry, Mapping[str, str]]]:
        """The alerts on panels of a dashboard, or all, with the annotations that name the panel."""
        return [
            (self._entry(index), {"__dashboardUid__": owner, "__panelId__": str(alert.panel_id)})
            for index, (alert, _) in enumerate(self._alerts)
            if (owner := (alert.rule.panel or "").partition("/")[0]) == uid or not uid
        ]

    def _entry(self, index: int) -> AlertEntry:
        if index not in self._evaluated:
            alert, group = self._alerts[index]
            self._evaluated[index] = _entry(alert, group, _states(alert, group, self._data, self._now))
        return self._evaluated[index]


def _entry(
    alert: SettledAlert, group: SettledGroup, evaluation: tuple[AlertState, int | None, Rows]
) -> AlertEntry:  # fmt: skip
    state, since, rows = evaluation
    labels, value = ({}, 0.0) if not rows else (rows[0].labels, rows[0].values[-1] or 0.0)
    summary = {"summary": alert.annotations.get("summary", "")} if rows else {}
    shown = {name: one.text for name, one in rendered_rule_texts(summary, labels, value).items()}
    folder = group.folder.rpartition("/")[2]
    own = {**alert.labels, **labels}
    return AlertEntry(alert.rule.alert, state, folder, group.name, since, own, shown.get("summary", ""))


def _states(
    alert: SettledAlert, group: SettledGroup, data: tuple[SampleStore, LogStore], now: int
) -> tuple[AlertState, int | None, Rows]:
    """The state, since when, and the series for which it holds."""
    pending = milliseconds(alert.rule.for_) or 0
    step = max(pending // _STEPS, _LEAST_STEP)
    times = range(now - (_STEPS + 1) * step, now + 1, step)
    try:
        # Most alerts are normal, and one moment tells so.
        is_active = any(_met(alert, group, data, (times[-1],)))
        rows = list(_met(alert, group, data, times)) if is_active else []
    except (EvaluationFailedError, UnsupportedError):
        return "normal", None, []
    active = [row for row in rows if row.values[-1] is not None]
    if not active:
        return "normal", None, []
    longest = max(_length(row.values) for row in active)
    since = times[-longest]
    return ("firing" if (longest - 1) * step >= pending else "pending"), since, active


def _length(values: Sequence[float | None]) -> int:
    """How many of the last values are there without a gap."""
    return next((index for index, value in enumerate(reversed(values)) if value is None), len(values))


def _met(
    alert: SettledAlert, group: SettledGroup, data: tuple[SampleStore, LogStore], times: Times
) -> Iterator[SeriesRow]:
    kind = next(
        (one.datasource.type for one in alert.queries if one.ref == alert.subject and one.datasource), ""
    )
    if kind == "prometheus":
        yield from evaluate_promql_range(rule_expression(alert, "prometheus", group.interval), data[0], times)
    elif kind == "loki" and alert.condition.kind is not Kind.ABSENT:
        yield from evaluate_logql_range(rule_expression(alert, "loki", group.interval), data[1], times)

"""The faults in made-up data at which a project's alerts fire, from their queries and thresholds.

Something went wrong two hours ago and is over, and traffic stood still for an hour before that. What an
alert sums over more than two hours is left as it is: it would be red for the rest of the day.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.evaluate.promql.evaluate_promql import evaluate_promql
from dashgen.evaluate.samples import EvaluationFailedError, LabelTests, SampleStore, UnsupportedError
from dashgen.model.condition import Kind
from dashgen.model.duration import milliseconds
from dashgen.model.settled_alerts import SettledAlert, SettledGroup, SettledRecord
from dashgen.preview.sample.made_up_curves import CurveBump
from dashgen.preview.sample.selections import Selection, query_selections

_MINUTE: Final = 60_000
INCIDENT: Final = (150 * _MINUTE, 130 * _MINUTE)
"""How long ago something went wrong, in milliseconds: the start and the end."""
_OUTAGE: Final = (330 * _MINUTE, 262 * _MINUTE)
_QUIET: Final = 90 * _MINUTE
"""How long ago everything was as usual."""
_RANGE: Final = lazy_pattern(r"\[(\w+)[\]:]")
_LONGEST: Final = 2 * 60 * _MINUTE
_UP: Final = frozenset({Kind.ABOVE, Kind.AT_LEAST, Kind.OUTSIDE})
_DOWN: Final = frozenset({Kind.BELOW, Kind.AT_MOST})
_OF_PARTS, _OF_WHOLES, _OF_QUANTILES = 45.0, 4.0, 15.7
"""By how much a part of a metric, all of it, and slow observations grow for alerts with a limit in the query."""
_MOST: Final = 400.0
"""More than that would dwarf everything else."""
_MARGIN: Final = 1.25
_DEPTH: Final = 6


class SampleFault(NamedTuple):
    """A time in which some series of a metric are higher or lower.

    ``metric`` is the name of the series in the query; ``tests`` are what their labels pass.
    """

    metric: str
    tests: LabelTests
    bump: CurveBump


class _Need(NamedTuple):
    """How much more of a selection an alert needs to fire; less than nothing for an outage."""

    alert: SettledAlert
    selection: Selection
    factor: float


def alert_faults(groups: Sequence[SettledGroup], store: SampleStore, now: int) -> list[SampleFault]:
    """The faults that make alerts on metrics fire once.

    Args:
        groups: the settled rule groups.
        store: the data without faults.
        now: the milliseconds of the present.
    """
    records: dict[str, list[SettledRecord]] = {}
    for group in groups:
        for rule in group.rules:
            if isinstance(rule, SettledRecord):
                records.setdefault(rule.rule.record, []).append(rule)
    needs = [
        need
        for group in groups
        for alert in group.alerts
        if (need := _need(alert, records, lambda query: _value(query, store, now - _QUIET)))
    ]
    strongest: dict[tuple[str, LabelTests, bool], float] = {}
    for _, selection, factor in needs:
        tests = tuple(one for one in selection.matchers if one[0] != "le")
        target = selection.name, tests, factor < 0
        strongest[target] = max(strongest.get(target, -1.0), factor)
    return [
        SampleFault(name, tests, _bump(_OUTAGE if is_outage else INCIDENT, now, factor))
        for (name, tests, is_outage), factor in strongest.items()
    ]


def quantile_limits(groups: Sequence[SettledGroup]) -> dict[str, float]:
    """The quantile of each histogram above which an alert fires; the least where there are several."""
    limits: dict[str, float] = {}
    for group in groups:
        for alert in group.alerts:
            limit = alert.condition.values[-1] if alert.condition.kind in _UP else 0.0
            selection = _culprit(query_selections(alert.expression), {})
            if limit > 0 and "histogram_quantile" in alert.expression and selection is not None:
                name = selection.name.removesuffix("_bucket")
                limits[name] = min(limit, limits.get(name, limit))
    return limits


def _bump(span: tuple[int, int], now: int, factor: float) -> CurveBump:
    return CurveBump(now - span[0], now - span[1], factor)


def _value(query: str, store: SampleStore, at: int) -> float | None:
    """The greatest value of a query."""
    try:
        value = evaluate_promql(query, store, at)
    except (EvaluationFailedError, UnsupportedError):
        return None
    if isinstance(value, str):
        return None
    return value if isinstance(value, float) else max((one.value for one in value), default=None)


def _need(
    alert: SettledAlert,
    records: Mapping[str, Sequence[SettledRecord]],
    value_of: Callable[[str], float | None],
) -> _Need | None:
    datasource = next((one.datasource for one in alert.queries if one.ref == alert.subject), None)
    if datasource is None or datasource.type != "prometheus":
        return None
    selection = _culprit(query_selections(alert.expression), records)
    if selection is None:
        return None
    if alert.condition.kind in _DOWN and selection.is_counted:
        return _Need(alert, selection, -1.0)
    longest = max((milliseconds(one) or 0 for one in _RANGE.findall(alert.expression)), default=0)
    if longest > _LONGEST:
        return None
    factor = _factor(alert, selection, value_of)
    if factor is None:
        return None
    # Of a range that is longer than the incident, only a part has the fault.
    dilution = max(longest / (INCIDENT[0] - INCIDENT[1]), 1.0)
    needed = factor * dilution
    return _Need(alert, selection, needed) if 0 < needed <= _MOST else None


def _factor(
    alert: SettledAlert, selection: Selection, value_of: Callable[[str], float | None]
) -> float | None:
    if selection.name.endswith("_bucket"):
        return _OF_QUANTILES
    kind = alert.condition.kind
    if kind is Kind.PRESENT and selection.is_counted:
        return _OF_PARTS if selection.matchers else _OF_WHOLES
    if kind not in _UP:
        return None
    value, limit = value_of(alert.expression), alert.condition.values[-1]
    if not value or value <= 0 or limit <= 0:
        return None
    # What is more of a share is more of its whole as well.
    share = 1 - limit if limit < 1 and selection.matchers else 1.0
    return limit / value / share * _MARGIN - 1


def _culprit(
    selections: Iterable[Selection], records: Mapping[str, Sequence[SettledRecord]]
) -> Selection | None:
    """What goes wrong in an alert: the selection of most conditions, before those that are divided by."""
    counted = [one for one in _through_records(selections, records, _DEPTH) if one.name and one.is_counted]
    return max(counted, key=lambda one: sum(sign == "=" for _, sign, _ in one.matchers), default=None)


def _through_records(
    selections: Iterable[Selection], records: Mapping[str, Sequence[SettledRecord]], depth: int
) -> Iterable[Selection]:
    for selection in selections:
        rules = records.get(selection.name, ())
        if not rules:
            yield selection
        elif depth:
            for rule in rules:
                yield from _through_records(query_selections(rule.rule.query), records, depth - 1)

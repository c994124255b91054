"""Series for every metric of a contract, shaped by its type, its unit, and its labels with their values."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import islice, product
from typing import Final, NamedTuple, cast

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.evaluate.samples import Labels, RowValues, Times, passes
from dashgen.model.metric_units import MetricFacts, metric_unit
from dashgen.model.metrics_spec import Bound, LabelValues, Metric
from dashgen.preview.sample.alert_faults import INCIDENT, SampleFault
from dashgen.preview.sample.made_up_curves import CurveBump, MadeUpCurve, Rhythm, chance
from dashgen.preview.sample.made_up_store import ComputedSeries, RowFunction, labels_with_name
from dashgen.preview.sample.selections import NO_BOUNDS, WrittenBounds
from dashgen.preview.sample.usual_levels import (
    BUSY,
    amount,
    counter_level,
    gauge_level,
    is_fixed,
    usual_median,
    usual_rate,
)

_HOUR: Final = 3_600_000
_MOST_SERIES: Final = 400
_MAIN_SERIES, _FAULTS = 24, 8
_MOST_VALUES: Final = 12
FAULT: Final = lazy_pattern(
    r"err|fail|fatal|timeout|refus|broken|reject|drop|denied|abort|invalid|limited|overload|^[45](?:\d\d|xx)$"
)
_AGE = lazy_pattern(r"(?:^|_)age(?:_|$)|weeks?_ago")
_STOCK = lazy_pattern(r"daily|weekly|monthly|(?<!active)_users$|total|capacity|limit|size")
_ORDERED = ("low", "mid", "middle", "medium", "high")
_FAULT_SHARE: Final = 0.003
"""The share of what fails, outside of an incident."""
_FAULTS_IN_INCIDENT: Final = 45.0
_SLOW: Final = 0.06
"""The share of slow observations."""
_SLOWNESS: Final = 8.0
"""How many times as much as the others slow ones take."""
_FILLED: Final = 4.0
"""How much more is waiting in an incident."""
_ABOVE_MEDIAN: Final = 2.67
"""How many times its median the P95 of a distribution is."""
_PERIODS: Final = {"hour": 0.05, "day": 1.0, "week": 3.2, "month": 9.0}
_DIGITS: Final = (1, 1.5, 2.5, 4, 5, 7.5)
_DECADES: Final = range(-4, 10)


class _Combination(NamedTuple):
    """Labels with the share of the metric that they have, and the name that their noise is drawn from."""

    labels: dict[str, str]
    weight: float
    is_fault: bool
    name: str


class _Whole(NamedTuple):
    """All series of a metric, the present, and what queries name."""

    combinations: Sequence[_Combination]
    now: int
    written: WrittenBounds
    faults: Sequence[SampleFault]
    rate: float

    def bumps(self, labels: Labels) -> tuple[CurveBump, ...]:
        """The bumps of one series."""
        return tuple(one.bump for one in self.faults if passes(labels, one.tests))


class _Spread(NamedTuple):
    """The share of a metric that a distribution has, the present, the unit, and what queries name."""

    share: float
    now: int
    unit: str
    written: WrittenBounds
    bumps: tuple[CurveBump, ...]
    rate: float


def contract_series(
    metrics: Mapping[str, Metric],
    now: int,
    written: WrittenBounds = NO_BOUNDS,
    label_sets: Mapping[str, Sequence[Labels]] | None = None,
    faults: Sequence[SampleFault] = (),
) -> Iterator[ComputedSeries]:
    """The series of all metrics of a contract.

    Args:
        metrics: the metrics by their names.
        now: the milliseconds up to which there is data.
        written: the bounds and quantiles that queries name.
        label_sets: the labels of the series of some metrics; of others, their labels are combined.
        faults: times in which series are higher or lower than usual.
    """
    rate = usual_rate(metrics)
    for name, metric in metrics.items():
        listed = (label_sets or {}).get(name)
        combinations = list(islice(_combinations(name, metric, now, listed), _MOST_SERIES))
        if metric.type != "gauge" and listed is None:
            combinations = _main_ones(combinations)
        for one in combinations:
            whole = _Whole(combinations, now, written, _faults_of(name, faults), rate)
            yield from _series(name, metric, one, whole)


def _main_ones(combinations: Sequence[_Combination]) -> list[_Combination]:
    # Those with the greatest shares, and enough of the others for every value of a label to occur.
    main: list[_Combination] = []
    values: set[tuple[str, str]] = set()
    faults = 0
    for one in sorted(combinations, key=lambda one: (-one.weight, one.name)):
        faults += one.is_fault
        if (
            len(main) < _MAIN_SERIES
            or (one.is_fault and faults <= _FAULTS)
            or not values.issuperset(one.labels.items())
        ):
            main.append(one)
            values |= one.labels.items()
    return main


_STATUS: Final = lazy_pattern(r"[1-5](?:[0-9]{2}|xx)")
"""Statuses of HTTP, or their families."""


def label_values(name: str, values: LabelValues, now: int) -> list[str]:
    """The values of a label: those that are listed, or some that look like its example."""
    if not isinstance(values, Bound):
        return list(values)
    count = min(values.max, _MOST_VALUES)
    example = values.example or ("0" if _AGE.search(name) else name)
    if _STATUS.fullmatch(example):
        # Numbers counted from 1 would be no statuses, and nothing would ever fail.
        rest = "xx" if example.endswith("xx") else "00"
        usual = (f"2{rest}", "4xx" if rest == "xx" else "404", f"5{rest}")
        return list(dict.fromkeys((example, *usual)))[:count]
    if example.isdecimal():
        return [str(number).zfill(len(example)) for number in range(int(example != "0"), count + 1)][:count]
    try:
        day = date.fromisoformat(example)
    except ValueError:
        return [example, *(f"{example}-{number}" for number in range(2, min(count, 4) + 1))]
    latest = datetime.fromtimestamp(now / 1000, UTC).date()
    latest -= timedelta((latest.weekday() - day.weekday()) % 7)
    return [(latest - timedelta(weeks=count - 1 - index)).isoformat() for index in range(count)]


def _combinations(
    name: str, metric: Metric, now: int, listed: Sequence[Labels] | None
) -> Iterator[_Combination]:
    values_of = {label: label_values(label, values, now) for label, values in metric.labels.items()}
    columns = [[(label, one) for one in values] for label, values in values_of.items()]
    sets = product(*columns) if listed is None else (tuple(one.items()) for one in listed)
    for chosen in sets:
        labels = dict(chosen)
        if not _is_past(labels, now):
            continue
        weight = math.prod(_weight(label, value, values_of[label]) for label, value in chosen)
        yield _Combination(
            labels,
            weight,
            any(FAULT.search(value.lower()) for _, value in chosen),
            f"{name}{sorted(chosen)}",
        )


def _is_past(labels: Labels, now: int) -> bool:
    # A cohort is only as old as the time since it began.
    ages = [int(value) for label, value in labels.items() if _AGE.search(label) and value.isdecimal()]
    for value in labels.values():
        try:
            start = datetime.fromisoformat(value).replace(tzinfo=UTC).timestamp() * 1000
        except ValueError:
            continue
        if any(start + age * 7 * 24 * _HOUR > now for age in ages):
            return False
    return True


def _weight(label: str, value: str, values: Sequence[str]) -> float:
    if _AGE.search(label) and value.isdecimal():
        return 0.25 + 0.75 / (1 + 0.6 * int(value))
    if value in _ORDERED and label in {"bound", "band"}:
        return 0.7 + 0.3 * min(_ORDERED.index(value), 4) / 2
    if value in _PERIODS and set(values) <= set(_PERIODS):
        return _PERIODS[value]
    if FAULT.search(value.lower()) and not all(FAULT.search(one.lower()) for one in values):
        return _FAULT_SHARE
    if label in {"variant", "group", "cohort"}:
        return chance(f"{label}{value}", low=0.92, high=1.0)
    if label in {"day", "hour", "le", "quantile"} or all(one.isdecimal() for one in values):
        return chance(f"{label}{value}", low=0.85, high=1.0)
    return 1 / (1 + 0.9 * values.index(value))


def _series(
    name: str, metric: Metric, one: _Combination, whole: _Whole
) -> Iterator[ComputedSeries]:  # fmt: skip
    combinations, now, written, _, rate = whole
    bumps = whole.bumps(one.labels)
    unit = (
        metric.unit or metric_unit(name, {name: MetricFacts(metric.type, metric.unit, metric.help)})[0] or ""
    )
    if metric.type == "counter":
        share = one.weight / sum(other.weight for other in combinations)
        curve = _counter(name, unit, one, _Spread(share, now, unit, written, bumps, rate))
        yield ComputedSeries(
            labels_with_name(name, one.labels), compute=cast("RowFunction", curve.areas), is_counter=True
        )
    elif metric.type in {"histogram", "summary"}:
        share = one.weight / sum(other.weight for other in combinations)
        yield from _distribution(name, metric, one, _Spread(share, now, unit, written, bumps, rate))
    else:
        yield ComputedSeries(labels_with_name(name, one.labels), compute=_gauge(name, unit, one, now, bumps))


def _faults_of(name: str, faults: Sequence[SampleFault]) -> list[SampleFault]:
    return [one for one in faults if one.metric in {name, f"{name}_bucket", f"{name}_count", f"{name}_sum"}]


def _counter(name: str, unit: str, one: _Combination, spread: _Spread) -> MadeUpCurve:
    level = counter_level(name, unit, spread.rate) * chance(name, low=0.9, high=1.1)
    is_of_faults = FAULT.search(name) is not None and not one.is_fault
    # Faults have a bad hour of their own, so that what looks at them has something to show.
    now = spread.now
    usual = (_incident(now, _FAULTS_IN_INCIDENT),) if one.is_fault or is_of_faults else ()
    rhythm = Rhythm(one.name, 0.4, 0.12, 0.25)
    share = spread.share * (_FAULT_SHARE if is_of_faults else 1)
    return MadeUpCurve(level * share, rhythm, 0.1, now, spread.bumps or usual)


def _incident(now: int, factor: float) -> CurveBump:
    start, end = INCIDENT
    return CurveBump(now - start, now - end, factor)


def _gauge(
    name: str, unit: str, one: _Combination, now: int, bumps: tuple[CurveBump, ...]
) -> RowFunction:  # fmt: skip
    if name == "up" or name.endswith("_info") or unit.startswith("bool"):
        return lambda times: [1.0] * len(times)
    if name.endswith("_timestamp_seconds"):
        return lambda times: [float(at // 86_400_000 * 86_400 + 10_800) for at in times]
    if name.endswith("_start_time_seconds"):
        # A restart ends the incident.
        restart = now - INCIDENT[1]
        return lambda times: [(restart if at >= restart else restart - 72 * _HOUR) / 1000 for at in times]
    level = gauge_level(name, unit)
    if is_fixed(name):
        return lambda times: [level] * len(times)
    level *= chance(name, low=0.9, high=1.1)
    if unit in {"percentunit", "percent"}:
        most = 1.0 if unit == "percentunit" else 100.0
        # What is nearly all or nearly nothing hardly moves.
        level = min(level, most)
        room = min(level, most - level) / most
        rhythm = Rhythm(one.name, 0.4 * room, 0.1 * room, 0.5 * room)
        curve = MadeUpCurve(level, rhythm, 0, now, bumps, (0, most))
        return cast("RowFunction", curve.heights)
    # What is counted over days does not follow the hours of one.
    is_stock = unit.startswith("currency") or _STOCK.search(name) is not None
    is_stock = is_stock or bool({"age_weeks", "cohort", "variant", "step"} & set(one.labels))
    is_stock = is_stock or unit == "bytes"
    daily, noise = (0.02, 0.02) if is_stock else (0.2, 0.2)
    if BUSY.search(name) and not bumps:
        bumps = (_incident(now, _FILLED),)
    converted = 0.14 if "convert" in name else 1.0
    curve = MadeUpCurve(
        level * one.weight * converted, Rhythm(one.name, daily, 0.03, noise), 0.05, now, bumps
    )
    if unit in {"", "short", "none"} and level >= 2:
        return lambda times: [float(round(value)) for value in curve.heights(times)]
    return cast("RowFunction", curve.heights)


def _distribution(
    name: str, metric: Metric, one: _Combination, details: _Spread
) -> Iterator[ComputedSeries]:  # fmt: skip
    """A histogram of quick and slow values, whose shares change, or a summary with the same."""
    share, now, unit, written, bumps, rate = details
    level = rate * amount(name) * chance(name, low=0.9, high=1.1) * share
    slowness = bumps or (_incident(now, 1 / _SLOW),)
    # While it is slow, nothing is quick.
    stops = tuple(bump._replace(factor=-1.0) for bump in slowness)
    quick = MadeUpCurve(level * (1 - _SLOW), Rhythm(f"{one.name}q", 0.4, 0.1, 0.25), 0.1, now, stops)
    slow = MadeUpCurve(level * _SLOW, Rhythm(f"{one.name}s", 0.4, 0.1, 0.35), 0.1, now, slowness)
    # All buckets of a histogram read the same two curves.
    areas = cache(quick.areas), cache(slow.areas)
    usual = _median(name, unit, details)
    middle = usual * chance(one.name, low=0.8, high=1.1)
    medians = (middle, middle * _SLOWNESS)
    if metric.type == "summary":
        for quantile in dict.fromkeys(("0.5", "0.9", "0.99", *written.quantiles.get(name, ()))):
            value = middle * (1 + 2 * float(quantile))
            labels = labels_with_name(name, {**one.labels, "quantile": quantile})
            curve = MadeUpCurve(value, slow.rhythm, 0, now)
            yield ComputedSeries(labels, compute=cast("RowFunction", curve.heights))
    else:
        texts = written.bounds.get(name, {})
        for bound in sorted({*_ladder(usual), *texts, math.inf}):
            text = texts.get(bound) or _bound_text(bound)
            labels = labels_with_name(f"{name}_bucket", {**one.labels, "le": text})
            shares = [_below(bound, median) for median in medians]
            yield ComputedSeries(labels, compute=_mixed(*areas, shares), is_counter=True)
    means = [median * 1.2 for median in medians]
    for ending, shares in (("sum", means), ("count", [1.0, 1.0])):
        labels = labels_with_name(f"{name}_{ending}", one.labels)
        yield ComputedSeries(labels, compute=_mixed(*areas, shares), is_counter=True)


def _median(name: str, unit: str, details: _Spread) -> float:
    """What half of the quick observations stay below: such that alerts on slow ones only fire in an incident."""
    written = details.written
    if name in written.limits:
        return written.limits[name] / _SLOWNESS / _ABOVE_MEDIAN * 1.35
    if texts := [bound for bound in written.bounds.get(name, {}) if bound > 0]:
        # Most are below the least bound that a query names.
        return min(texts) / _SLOWNESS
    return usual_median(name, unit, details.rate)


def _ladder(median: float) -> list[float]:
    """Bounds of buckets as people write them, around a median and the slow observations."""
    least, most = median / 14, median * _SLOWNESS * 9
    bounds = [float(f"{digit}e{decade}") for decade in _DECADES for digit in _DIGITS]
    return [bound for bound in bounds if least <= bound <= most]


_Areas = Callable[[Times], list[float]]


def _mixed(quick: _Areas, slow: _Areas, shares: Sequence[float]) -> RowFunction:
    of_quick, of_slow = shares

    def values(times: Times) -> RowValues:
        pairs = zip(quick(times), slow(times), strict=True)
        return [of_quick * one + of_slow * other for one, other in pairs]

    return values


def _below(bound: float, median: float) -> float:
    # The share of a log-logistic distribution below a bound, which needs nothing but products.
    if math.isinf(bound):
        return 1.0
    relative = bound / median
    cubed = relative * relative * relative
    return cubed / (1 + cubed)


def _bound_text(bound: float) -> str:
    return "+Inf" if math.isinf(bound) else f"{bound:g}"

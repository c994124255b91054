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
from dashgen.preview.sample.alert_faults import SampleFault
from dashgen.preview.sample.made_up_curves import CurveBump, MadeUpCurve, Rhythm, chance
from dashgen.preview.sample.made_up_store import ComputedSeries, RowFunction, labels_with_name
from dashgen.preview.sample.selections import NO_BOUNDS, WrittenBounds

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
_SLOW: Final = 0.12
"""The share of slow observations."""
_PERIODS: Final = {"hour": 0.05, "day": 1.0, "week": 3.2, "month": 9.0}
_SECONDS: Final = (0.1, 0.25, 0.5, 1, 2, 3, 4, 6, 8, 10, 15, 20, 30, 45, 60, 120)
_NUMBERS: Final = (1, 2, 5, 10, 20, 40, 60, 80, 100, 150, 200, 500, 1000, 5000, 10_000)
# The level of a gauge, and what a counter gains a second, by the unit.
_GAUGES: Final = {
    "percentunit": 0.55, "percent": 55.0, "currencyUSD": 3000.0, "currencyEUR": 3000.0, "bytes": 4e8,
    "s": 2.0, "ms": 200.0, "celsius": 22.0,
}  # fmt: skip
# How much more or less of something there is than of most, by what its name has in it.
_AMOUNTS: Final = (
    ("cancel", 0.004), ("upgrade", 0.008), ("signup", 0.02), ("limit_hit", 0.05), ("retr", 0.04),
    ("feedback", 0.12), ("monthly", 2.6), ("weekly", 1.6), ("daily", 0.8), ("active", 0.3), ("users", 3.4),
)  # fmt: skip
_COUNTERS: Final = {"currencyUSD": 0.0004, "currencyEUR": 0.0004, "bytes": 50_000.0, "s": 0.05}


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
    for name, metric in metrics.items():
        listed = (label_sets or {}).get(name)
        combinations = list(islice(_combinations(name, metric, now, listed), _MOST_SERIES))
        if metric.type != "gauge" and listed is None:
            combinations = _main_ones(combinations)
        for one in combinations:
            yield from _series(
                name, metric, one, _Whole(combinations, now, written, _faults_of(name, faults))
            )


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
        return 0.03
    if label in {"variant", "group", "cohort"}:
        return chance(f"{label}{value}", low=0.92, high=1.0)
    if label in {"day", "hour", "le", "quantile"} or all(one.isdecimal() for one in values):
        return chance(f"{label}{value}", low=0.85, high=1.0)
    return 1 / (1 + 0.9 * values.index(value))


def _series(
    name: str, metric: Metric, one: _Combination, whole: _Whole
) -> Iterator[ComputedSeries]:  # fmt: skip
    combinations, now, written, _ = whole
    bumps = whole.bumps(one.labels)
    unit = (
        metric.unit or metric_unit(name, {name: MetricFacts(metric.type, metric.unit, metric.help)})[0] or ""
    )
    if metric.type == "counter":
        share = one.weight / sum(other.weight for other in combinations)
        curve = _counter(name, unit, one, _Spread(share, now, unit, written, bumps))
        yield ComputedSeries(
            labels_with_name(name, one.labels), compute=cast("RowFunction", curve.areas), is_counter=True
        )
    elif metric.type in {"histogram", "summary"}:
        share = one.weight / sum(other.weight for other in combinations)
        yield from _distribution(name, metric, one, _Spread(share, now, unit, written, bumps))
    else:
        yield ComputedSeries(labels_with_name(name, one.labels), compute=_gauge(name, unit, one, now, bumps))


def _faults_of(name: str, faults: Sequence[SampleFault]) -> list[SampleFault]:
    return [one for one in faults if one.metric in {name, f"{name}_bucket", f"{name}_count", f"{name}_sum"}]


def _counter(name: str, unit: str, one: _Combination, spread: _Spread) -> MadeUpCurve:
    # Faults have a bad hour of their own, so that what looks at them has something to show.
    level = _COUNTERS.get(unit, 60.0 if "token" in name else 0.03)
    level *= (
        chance(name, low=0.7, high=1.6)
        * _amount(name)
        * (0.04 if FAULT.search(name) and not one.is_fault else 1)
    )
    now = spread.now
    usual = (CurveBump(now - 150 * 60_000, now - 115 * 60_000, 7.0),) if one.is_fault else ()
    rhythm = Rhythm(one.name, 0.5, 0.12, 0.33)
    return MadeUpCurve(level * spread.share, rhythm, 0.1, now, spread.bumps or usual)


def _amount(name: str) -> float:
    return next((factor for part, factor in _AMOUNTS if part in name), 1.0)


def _gauge(
    name: str, unit: str, one: _Combination, now: int, bumps: tuple[CurveBump, ...]
) -> RowFunction:  # fmt: skip
    if name == "up" or name.endswith("_info") or unit.startswith("bool"):
        return lambda times: [1.0] * len(times)
    if name.endswith("_timestamp_seconds"):
        return lambda times: [float(at // 86_400_000 * 86_400 + 10_800) for at in times]
    level = _GAUGES.get(unit, 240.0 * _amount(name)) * chance(name, low=0.9, high=1.2)
    if unit in {"percentunit", "percent"}:
        most = 1.0 if unit == "percentunit" else 100.0
        curve = MadeUpCurve(level, Rhythm(one.name, 0.25, 0.05, 0.3), 0, now, bumps, (0, most))
        return cast("RowFunction", curve.heights)
    # What is counted over days does not follow the hours of one.
    is_stock = unit.startswith("currency") or _STOCK.search(name) is not None
    is_stock = is_stock or bool({"age_weeks", "cohort", "variant", "step"} & set(one.labels))
    daily, noise = (0.02, 0.02) if is_stock else (0.3, 0.2)
    converted = 0.14 if "convert" in name else 1.0
    curve = MadeUpCurve(level * one.weight * converted, Rhythm(one.name, daily, 0.05, noise), 0.2, now, bumps)
    if unit in {"", "short", "none"}:
        return lambda times: [float(round(value)) for value in curve.heights(times)]
    return cast("RowFunction", curve.heights)


def _distribution(
    name: str, metric: Metric, one: _Combination, details: _Spread
) -> Iterator[ComputedSeries]:  # fmt: skip
    """A histogram of quick and slow values, whose shares change, or a summary with the same."""
    share, now, unit, written, bumps = details
    level = 0.03 * chance(name, low=0.7, high=1.6) * share
    slowness = bumps or (CurveBump(now - 150 * 60_000, now - 120 * 60_000, 2.0),)
    # While it is slow, nothing is quick.
    stops = tuple(bump._replace(factor=-1.0) for bump in bumps)
    quick = MadeUpCurve(level * (1 - _SLOW), Rhythm(f"{one.name}q", 0.5, 0.1, 0.35), 0.1, now, stops)
    slow = MadeUpCurve(level * _SLOW, Rhythm(f"{one.name}s", 0.2, 0.1, 0.6), 0.1, now, slowness)
    # All buckets of a histogram read the same two curves.
    areas = cache(quick.areas), cache(slow.areas)
    ladder = _SECONDS if unit == "s" else _NUMBERS
    middle = ladder[len(ladder) // 2 - 3] * chance(one.name, low=0.6, high=1.5)
    medians = (middle, middle * 4)
    if metric.type == "summary":
        for quantile in dict.fromkeys(("0.5", "0.9", "0.99", *written.quantiles.get(name, ()))):
            value = middle * (1 + 2 * float(quantile))
            labels = labels_with_name(name, {**one.labels, "quantile": quantile})
            curve = MadeUpCurve(value, slow.rhythm, 0, now)
            yield ComputedSeries(labels, compute=cast("RowFunction", curve.heights))
    else:
        texts = written.bounds.get(name, {})
        for bound in sorted({*ladder, *texts, math.inf}):
            text = texts.get(bound) or _bound_text(bound)
            labels = labels_with_name(f"{name}_bucket", {**one.labels, "le": text})
            shares = [_below(bound, median) for median in medians]
            yield ComputedSeries(labels, compute=_mixed(*areas, shares), is_counter=True)
    means = [median * 1.2 for median in medians]
    for ending, shares in (("sum", means), ("count", [1.0, 1.0])):
        labels = labels_with_name(f"{name}_{ending}", one.labels)
        yield ComputedSeries(labels, compute=_mixed(*areas, shares), is_counter=True)


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

"""Quantiles of classic histograms. Source: ``bucketQuantile`` in promql/quantile.go of Prometheus 3.14."""

import math
from collections.abc import Iterable, Iterator
from itertools import accumulate, islice

from dashgen.evaluate.promql.arithmetic_operators import divided
from dashgen.evaluate.promql.row_operations import ScalarRow
from dashgen.evaluate.samples import NAME, LabelKey, Labels, Rows, RowValues, SeriesRow, label_key

_Bucket = tuple[float, float]
"""The upper bound of a bucket and the number of values up to it."""


def bucket_quantiles(shares: ScalarRow, rows: Rows) -> Rows:
    """The quantile of each histogram in the series of its buckets."""
    return [
        SeriesRow(labels, [_quantile(share, buckets) if buckets else None
                     for share, buckets in zip(shares.values, steps, strict=True)])
        for labels, steps in _histograms(rows)
    ]  # fmt: skip


def bucket_fractions(lows: ScalarRow, highs: ScalarRow, rows: Rows) -> Rows:
    """The share of values between two bounds, of each histogram in the series of its buckets."""
    return [
        SeriesRow(labels, [_fraction(low, high, buckets) if buckets else None
                     for low, high, buckets in zip(lows.values, highs.values, steps, strict=True)])
        for labels, steps in _histograms(rows)
    ]  # fmt: skip


def _histograms(rows: Rows) -> Iterable[tuple[Labels, Iterator[list[_Bucket]]]]:
    """The buckets of each histogram at each step, by their bounds."""
    histograms: dict[LabelKey, tuple[Labels, list[tuple[float, RowValues]]]] = {}
    for labels, values in rows:
        try:
            bound = float(labels.get("le", "").replace("Inf", "inf"))
        except ValueError:
            continue
        rest = {name: text for name, text in labels.items() if name not in {"le", NAME}}
        histograms.setdefault(label_key(rest), (rest, []))[1].append((bound, values))
    return ((labels, _steps(series)) for labels, series in histograms.values())


def _steps(series: list[tuple[float, RowValues]]) -> Iterator[list[_Bucket]]:
    series = sorted(series, key=lambda one: one[0])
    bounds = [bound for bound, _ in series]
    for counts in zip(*(values for _, values in series), strict=True):
        yield [(bound, count) for bound, count in zip(bounds, counts, strict=True) if count is not None]


def _growing_buckets(buckets: list[_Bucket]) -> list[_Bucket]:
    """The buckets, those of one bound together, and none smaller than the one before it."""
    counts: dict[float, float] = {}
    for bound, count in buckets:
        counts[bound] = counts.get(bound, 0) + count
    most = islice(accumulate(counts.values(), max, initial=-math.inf), 1, None)
    return list(zip(counts, most, strict=True))


def _quantile(share: float, by_bound: list[_Bucket]) -> float:
    if math.isnan(share) or share < 0 or share > 1:
        return math.nan if math.isnan(share) else math.copysign(math.inf, share - 0.5)
    buckets = _growing_buckets(by_bound)
    if len(buckets) < 2 or not math.isinf(buckets[-1][0]) or not buckets[-1][1] > 0:
        return math.nan
    rank = share * buckets[-1][1]
    index = next((i for i, (_, count) in enumerate(buckets[:-1]) if count >= rank), len(buckets) - 1)
    if index == len(buckets) - 1:
        return buckets[-2][0]
    bound, count = buckets[index]
    if index == 0:
        return bound if bound <= 0 else bound * divided(rank, count)
    start, before = buckets[index - 1]
    return start + (bound - start) * divided(rank - before, count - before)


def _fraction(low: float, high: float, by_bound: list[_Bucket]) -> float:
    buckets = _growing_buckets(by_bound)
    if len(buckets) < 2 or not math.isinf(buckets[-1][0]) or not buckets[-1][1] > 0:
        return math.nan
    if low >= high:
        return math.nan if math.isnan(low) or math.isnan(high) else 0.0
    return (_rank(high, buckets) - _rank(low, buckets)) / buckets[-1][1]


def _rank(value: float, buckets: list[_Bucket]) -> float:
    """How many values are below one, with interpolation in its bucket."""
    start, before = (-math.inf if buckets[0][0] <= 0 else 0.0), 0.0
    for bound, count in buckets:
        if value < bound:
            if value <= start or math.isinf(bound) or math.isinf(start):
                return before
            return before + (count - before) * (value - start) / (bound - start)
        start, before = bound, count
    return before

"""Quantiles of classic histograms. Source: ``bucketQuantile`` in promql/quantile.go of Prometheus 3.14."""

import math
from collections.abc import Iterable

from dashgen.evaluate.promql.arithmetic_operators import divided
from dashgen.evaluate.samples import NAME, LabelKey, Labels, Vector, VectorSample, label_key

_Bucket = tuple[float, float]
"""The upper bound of a bucket and the number of values up to it."""


def bucket_quantiles(share: float, vector: Vector) -> Vector:
    """The quantile of each histogram in a vector of its buckets."""
    return [VectorSample(labels, _quantile(share, buckets)) for labels, buckets in _histograms(vector)]


def bucket_fractions(low: float, high: float, vector: Vector) -> Vector:
    """The share of values between two bounds, of each histogram in a vector of its buckets."""
    return [VectorSample(labels, _fraction(low, high, buckets)) for labels, buckets in _histograms(vector)]


def _histograms(vector: Vector) -> Iterable[tuple[Labels, list[_Bucket]]]:
    histograms: dict[LabelKey, tuple[Labels, list[_Bucket]]] = {}
    for labels, value in vector:
        try:
            bound = float(labels.get("le", "").replace("Inf", "inf"))
        except ValueError:
            continue
        rest = {name: text for name, text in labels.items() if name not in {"le", NAME}}
        histograms.setdefault(label_key(rest), (rest, []))[1].append((bound, value))
    return histograms.values()


def _sorted_buckets(buckets: list[_Bucket]) -> list[_Bucket]:
    """The buckets by their bounds, those of one bound together, and none smaller than the one before it."""
    counts: dict[float, float] = {}
    for bound, count in sorted(buckets, key=lambda bucket: bucket[0]):
        counts[bound] = counts.get(bound, 0) + count
    steps: list[_Bucket] = []
    most = -math.inf
    for bound, count in counts.items():
        most = max(most, count)
        steps.append((bound, most))
    return steps


def _quantile(share: float, unordered: list[_Bucket]) -> float:
    if math.isnan(share) or share < 0 or share > 1:
        return math.nan if math.isnan(share) else math.copysign(math.inf, share - 0.5)
    buckets = _sorted_buckets(unordered)
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


def _fraction(low: float, high: float, unordered: list[_Bucket]) -> float:
    buckets = _sorted_buckets(unordered)
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

"""Aggregations of vectors. Source: ``aggregation`` in promql/engine.go of Prometheus 3.14."""

import math
from collections.abc import Callable, Sequence
from typing import Final

from dashgen.evaluate.promql.arithmetic_operators import total
from dashgen.evaluate.promql.window_functions import largest, mean, quantile, smallest, variance
from dashgen.evaluate.samples import NAME, LabelKey, Labels, UnsupportedError, Vector, VectorSample, label_key

_REDUCING: Final[dict[str, Callable[[Sequence[float]], float]]] = {
    "sum": total,
    "avg": mean,
    "min": smallest,
    "max": largest,
    "count": len,
    "group": lambda _: 1.0,
    "stddev": lambda values: math.sqrt(variance(values)),
    "stdvar": variance,
}
_CHOOSING: Final = frozenset({"topk", "bottomk"})


def aggregated_labels(labels: Labels, names: Sequence[str], *, keeps: bool) -> Labels:
    """The labels of a sample's group: those named, or all but those and the metric's name."""
    if keeps:
        return {name: labels[name] for name in names if labels.get(name)}
    return {name: value for name, value in labels.items() if name not in names and name != NAME}


def aggregate(
    name: str, vector: Vector, group: Callable[[Labels], Labels], parameter: float | str | None = None
) -> Vector:
    """The aggregated vector.

    Args:
        name: the aggregation.
        vector: the samples.
        group: gives the labels of a sample's group.
        parameter: the number of samples, the quantile or the new label, for aggregations that take one.

    Raises:
        UnsupportedError: the aggregation is not known.
    """
    if name == "count_values":
        return _counted(vector, group, str(parameter))
    groups: dict[LabelKey, tuple[Labels, list[VectorSample]]] = {}
    for sample in vector:
        labels = group(sample.labels)
        groups.setdefault(label_key(labels), (labels, []))[1].append(sample)
    if name in _CHOOSING and isinstance(parameter, int | float):
        return [sample for _, samples in groups.values() for sample in _chosen(name, samples, parameter)]
    reduce = _REDUCING.get(name)
    if name == "quantile" and isinstance(parameter, int | float):
        share = parameter
        return [
            VectorSample(labels, quantile(share, _values(samples))) for labels, samples in groups.values()
        ]
    if reduce is None:
        raise UnsupportedError(f"the aggregation `{name}`")
    return [VectorSample(labels, float(reduce(_values(samples)))) for labels, samples in groups.values()]


def _values(samples: Sequence[VectorSample]) -> list[float]:
    return [sample.value for sample in samples]


def _chosen(name: str, samples: list[VectorSample], number: float) -> list[VectorSample]:
    if math.isnan(number) or number < 1:
        return []
    sign = -1 if name == "topk" else 1
    # NaN is chosen last, whether the largest or the smallest are wanted.
    ordered = sorted(samples, key=lambda sample: (math.isnan(sample.value), sign * sample.value))
    return ordered[: int(number)]


def _counted(vector: Vector, group: Callable[[Labels], Labels], label: str) -> Vector:
    counts: dict[LabelKey, tuple[Labels, int]] = {}
    for sample in vector:
        labels = {**group(sample.labels), label: shortest_number(sample.value)}
        _, count = counts.get(label_key(labels), (labels, 0))
        counts[label_key(labels)] = labels, count + 1
    return [VectorSample(labels, count) for labels, count in counts.values()]


def shortest_number(value: float) -> str:
    """A number as Go's ``FormatFloat(value, 'f', -1, 64)``: without an exponent, as short as possible."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("+Inf" if value > 0 else "-Inf")
    if value == int(value) and abs(value) < 1e21:
        return str(int(value)) if value or math.copysign(1, value) > 0 else "-0"
    text = repr(value)
    if "e" not in text:
        return text
    digits, _, exponent = text.partition("e")
    places = max(0, len(digits.partition(".")[2]) - int(exponent))
    return f"{value:.{places}f}"

"""Aggregations of series. Source: ``aggregation`` in promql/engine.go of Prometheus 3.14."""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Final, cast

from dashgen.evaluate.promql.arithmetic_operators import total
from dashgen.evaluate.promql.row_operations import ScalarRow, is_full
from dashgen.evaluate.promql.window_functions import largest, mean, quantile, smallest, variance
from dashgen.evaluate.samples import (
    NAME,
    LabelKey,
    Labels,
    Rows,
    RowValues,
    SeriesRow,
    UnsupportedError,
    label_key,
)

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
    """The labels of a series' group: those named, or all but those and the metric's name."""
    if keeps:
        return {name: labels[name] for name in names if labels.get(name)}
    return {name: value for name, value in labels.items() if name not in names and name != NAME}


def aggregate(
    name: str, rows: Rows, group: Callable[[Labels], Labels], parameter: ScalarRow | str | None = None
) -> Rows:
    """The aggregated series.

    Args:
        name: the aggregation.
        rows: the series.
        group: gives the labels of a series' group.
        parameter: the number of series, the quantile or the new label, for aggregations that take one.

    Raises:
        UnsupportedError: the aggregation is not known.
    """
    if name == "count_values":
        return _counted(rows, group, str(parameter))
    groups: dict[LabelKey, tuple[Labels, Rows]] = {}
    for row in rows:
        labels = group(row.labels)
        groups.setdefault(label_key(labels), (labels, []))[1].append(row)
    if name in _CHOOSING and isinstance(parameter, ScalarRow):
        return [row for _, members in groups.values() for row in _chosen(name, members, parameter.values)]
    if name == "quantile" and isinstance(parameter, ScalarRow):
        return [
            SeriesRow(labels, [quantile(share, values) if values else None
                         for share, values in zip(parameter.values, _columns(members), strict=True)])
            for labels, members in groups.values()
        ]  # fmt: skip
    reduce = _REDUCING.get(name)
    if reduce is None:
        raise UnsupportedError(f"the aggregation `{name}`")
    return [SeriesRow(labels, _reduced(reduce, members)) for labels, members in groups.values()]


def _columns(rows: Rows) -> Iterator[Sequence[float]]:
    """The values of each step."""
    columns = zip(*(row.values for row in rows), strict=True)
    if all(is_full(row.values) for row in rows):
        return cast("Iterator[Sequence[float]]", columns)
    return ([value for value in column if value is not None] for column in columns)


def _reduced(reduce: Callable[[Sequence[float]], float], rows: Rows) -> RowValues:
    if len(rows) > 1 and reduce is total and all(is_full(row.values) for row in rows):
        try:
            return [math.fsum(column) for column in _columns(rows)]
        except (ValueError, OverflowError):
            pass
    return [float(reduce(values)) if values else None for values in _columns(rows)]


def _chosen(name: str, rows: Rows, numbers: Sequence[float]) -> Rows:
    sign = -1 if name == "topk" else 1
    chosen: dict[int, RowValues] = {}
    steps = len(numbers)
    for step, number in enumerate(numbers):
        values = [(index, value) for index, row in enumerate(rows) if (value := row.values[step]) is not None]
        if math.isnan(number) or number < 1 or not values:
            continue
        # NaN is chosen last, whether the largest or the smallest are wanted.
        ordered = sorted(values, key=lambda one: (math.isnan(one[1]), sign * one[1]))
        for index, value in ordered[: int(number)]:
            chosen.setdefault(index, [None] * steps)[step] = value
    return [SeriesRow(rows[index].labels, values) for index, values in chosen.items()]


def _counted(rows: Rows, group: Callable[[Labels], Labels], label: str) -> Rows:
    counts: dict[LabelKey, tuple[Labels, RowValues]] = {}
    for row in rows:
        group_labels = group(row.labels)
        for step, value in enumerate(row.values):
            if value is not None:
                labels = {**group_labels, label: shortest_number(value)}
                _, values = counts.setdefault(label_key(labels), (labels, [None] * len(row.values)))
                values[step] = (values[step] or 0) + 1
    return [SeriesRow(labels, values) for labels, values in counts.values()]


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

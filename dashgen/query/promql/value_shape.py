"""The kind of number that a PromQL expression yields, from which its unit is derived."""

from collections.abc import Callable
from typing import Final, NamedTuple, TypeGuard

from msgspec import Struct
from msgspec.structs import replace


class QueryShape(Struct, frozen=True):
    """How the result of a query relates to the metrics that it reads.

    Attributes:
        metric: the one metric whose values the result shows; None when there are several or none.
        per_second: its rate per second.
        increase: its increase over a range.
        quantile: a quantile of the observations in a histogram, in the histogram's own unit.
        ratio: one quantity divided by another of the same kind, so a plain number.
        part_of_whole: a ratio of a part to its whole, so between 0 and 1 before `scale`.
        count: a number of series, samples or observations, not their values.
        average_of: the histogram or summary whose mean observation this is, in its own unit.
        divided: the metrics above and below a division, when each side shows one metric.
        scale: what the result has been multiplied by; None when that is not a written number.
    """

    metric: str | None = None
    per_second: bool = False
    increase: bool = False
    quantile: bool = False
    ratio: bool = False
    part_of_whole: bool = False
    count: bool = False
    average_of: str | None = None
    divided: tuple[str, str] | None = None
    scale: float | None = 1.0


class NumberShape(NamedTuple):
    """A number that comes from no metric; the value is None when it is not written in the query."""

    value: float | None = None


Value = QueryShape | NumberShape

UNKNOWN: Final = QueryShape()
_UNIT_NAMES: Final = """
    seconds milliseconds microseconds nanoseconds minutes hours days bytes bits kilobytes megabytes gigabytes
    ratio percent celsius kelvin meters metres volts amperes watts joules grams kilograms hertz
    usd eur gbp aed dollars cents euros
"""
_UNIT_WORDS: Final = frozenset(_UNIT_NAMES.split())
_KIND_SUFFIXES: Final = frozenset({"total", "sum"})  # the count and the buckets of seconds are not seconds


def unit_word(metric: str) -> str:
    """The unit at the end of a metric's name; empty when there is none."""
    # Recording rules have colons: `job:request_seconds:rate5m`.
    parts = metric.replace(":", "_").split("_")
    while parts and parts[-1] in _KIND_SUFFIXES:
        parts.pop()
    return parts[-1] if parts and parts[-1] in _UNIT_WORDS else ""


def series_metric(name: str, type_of: Callable[[str], str | None]) -> str:
    """The histogram or summary that a series belongs to, or the name itself.

    Args:
        name: a metric name as queries write it, such as `x_seconds_bucket`.
        type_of: the type of a declared metric (`histogram`, `summary`, …), None for an undeclared name.
    """
    if type_of(name) is not None:
        return name
    for suffix, types in _FAMILY_SUFFIXES.items():
        if name.endswith(suffix) and type_of(name.removesuffix(suffix)) in types:
            return name.removesuffix(suffix)
    return name


_FAMILY_SUFFIXES: Final = {
    "_bucket": ("histogram", "gaugehistogram"),
    "_sum": ("histogram", "summary"),
    "_count": ("histogram", "summary"),
}


def rate(value: Value) -> Value:
    """The shape of a rate of something."""
    return QueryShape(value.metric, per_second=True) if is_plain(value) else UNKNOWN


def increase(value: Value) -> Value:
    """The shape of an increase of something."""
    return QueryShape(value.metric, increase=True) if is_plain(value) else UNKNOWN


def quantile(value: Value) -> Value:
    """The shape of a quantile of a histogram's buckets."""
    return QueryShape(_metric(value), quantile=True)


def count(value: Value) -> Value:
    """The shape of a count of series or samples."""
    return QueryShape(_metric(value), count=True)


def observations(value: Value) -> Value:
    """The shape of a native histogram's number of observations."""
    return replace(value, count=True) if isinstance(value, QueryShape) else UNKNOWN


def mean(value: Value) -> Value:
    """The shape of a native histogram's mean observation."""
    return QueryShape(_metric(value), average_of=_metric(value))


def fraction(value: Value) -> Value:
    """The shape of the part of a histogram's observations that lies between two bounds."""
    return QueryShape(_metric(value), ratio=True, part_of_whole=True)


def is_plain(value: Value) -> TypeGuard[QueryShape]:
    """Whether it shows the values of a metric as they are."""
    return isinstance(value, QueryShape) and value.scale == 1.0 and value.divided is None and not _kind(value)


def is_same_kind(shape: QueryShape, other: QueryShape) -> bool:
    """Whether two shapes differ at most in their metrics and scale."""
    return _kind(shape) == _kind(other)


def _kind(value: QueryShape) -> int:
    """The flags that tell one kind of quantity from another, 0 for the plain values of a metric."""
    return (
        value.per_second
        | value.increase << 1
        | value.quantile << 2
        | value.count << 3
        | value.ratio << 4
        | (value.average_of is not None) << 5
    )


def _metric(value: Value) -> str | None:
    return value.metric if isinstance(value, QueryShape) else None

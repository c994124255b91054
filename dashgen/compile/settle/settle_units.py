"""Units and descriptions derived from metrics: from the metric contract first, then from a name's suffix.

The suffixes are those of Prometheus' naming rules: https://prometheus.io/docs/practices/naming/
"""

from collections.abc import Callable, Mapping

from msgspec import Struct

from dashgen.query import QueryShape

_UNITS = {
    "seconds": "s", "milliseconds": "ms", "bytes": "bytes", "bits": "bits", "ratio": "percentunit",
    "percent": "percent", "usd": "currencyUSD", "eur": "currencyEUR", "celsius": "celsius",
    "meters": "lengthm", "volts": "volt", "amperes": "amp", "joules": "joule", "grams": "massg",
    "tokens": "short", "info": "short",
}  # fmt: skip
_PER_SECOND = {
    "bytes": "Bps", "bits": "bps", "s": "percentunit", "short": "cps", "requests": "reqps",
    "queries": "reqps", "currencyUSD": "currencyUSD", "currencyEUR": "currencyEUR",
}  # fmt: skip
_FAMILY_SUFFIXES = ("_bucket", "_sum", "_count", "_total")
_REQUEST_WORDS = ("requests", "queries", "calls")


def grafana_unit(word: str) -> str:
    """Grafana's unit for a unit of the contract, which may be a word that names of metrics end in."""
    return _UNITS.get(word, word)


class MetricFacts(Struct, frozen=True):
    """What the metric contract has for a metric."""

    type: str
    unit: str | None
    help: str


def derive_unit(shape: QueryShape, contract: Mapping[str, MetricFacts]) -> tuple[str, str] | None:
    """A Grafana unit for what a query gives, and the reason; nothing when the query does not tell."""
    # A share is a share as it is or in percent; divided otherwise it is something nobody has a unit for.
    if shape.ratio:
        return _ratio(shape, contract) if shape.scale in (1, 100) else None
    unit_and_reason = _plain(shape, contract)
    # Bytes divided by 1024 are not bytes any more, but twelve months of dollars are still dollars.
    if shape.scale == 1 or (
        unit_and_reason is not None and unit_and_reason[0].startswith("currency") and not shape.per_second
    ):
        return unit_and_reason
    return None


def _plain(shape: QueryShape, contract: Mapping[str, MetricFacts]) -> tuple[str, str] | None:
    if shape.count:
        return "short", "a count of series"
    metric = shape.average_of or shape.metric
    if metric is None:
        return None
    unit, reason = _metric_unit(metric, contract)
    counts = metric.endswith(("_count", "_total")) and unit is None
    if shape.average_of or shape.quantile or not shape.per_second:
        if counts or (unit is None and shape.increase):
            return "short", f"`{metric}` counts"
        return (unit, reason) if unit else None
    if unit is None and not counts:
        return None
    # `http_requests_total` per second is requests per second, other counts are just counts per second.
    word = next((word for word in _REQUEST_WORDS if word in metric), "short")
    rate = _PER_SECOND.get(unit or word)
    return (rate, f"{reason or f'`{metric}` counts'}, per second") if rate else None


def _ratio(shape: QueryShape, contract: Mapping[str, MetricFacts]) -> tuple[str, str] | None:
    """A part of a whole is a share.

    Two different quantities are one per the other, which has no unit of its own.
    """
    alike = shape.part_of_whole
    if not alike and shape.divided is not None:
        above, below = (_metric_unit(metric, contract)[0] for metric in shape.divided)
        alike = above == below and above is not None
    if not alike:
        return None
    if shape.scale == 100:
        return "percent", "a share of a whole, times 100"
    return "percentunit", "a share of a whole"


def _metric_unit(metric: str, contract: Mapping[str, MetricFacts]) -> tuple[str | None, str]:
    """The unit of a metric's values and how it is known; nothing when neither contract nor name tells."""
    if metric.endswith("_count"):
        # Of `request_seconds_count`, the seconds are those of the histogram: the series counts observations.
        return None, ""
    facts = contract.get(metric) or contract.get(family(metric, contract.__contains__))
    if facts is not None and facts.unit:
        return grafana_unit(facts.unit), f"the contract says `{metric}` is in {facts.unit}"
    base = next((metric[: -len(end)] for end in _FAMILY_SUFFIXES if metric.endswith(end)), metric)
    word = base.rsplit("_", 1)[-1]
    return (_UNITS[word], f"the name `{metric}` ends in `_{word}`") if word in _UNITS else (None, "")


def family(metric: str, is_known: Callable[[str], bool]) -> str:
    """The histogram or summary that a ``_bucket``, ``_sum`` or ``_count`` series is of; else its own name."""
    for end in ("_bucket", "_sum", "_count"):
        if metric.endswith(end) and is_known(metric[: -len(end)]):
            return metric[: -len(end)]
    return metric

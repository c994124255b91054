"""The unit of a query's result, derived from those of the metrics that it reads."""

from collections.abc import Mapping

from dashgen.model.metric_units import MetricFacts, metric_unit
from dashgen.query import QueryShape

_PER_SECOND = {
    "bytes": "Bps", "bits": "bps", "s": "percentunit", "short": "cps", "requests": "reqps",
    "queries": "reqps", "currencyUSD": "currencyUSD", "currencyEUR": "currencyEUR",
}  # fmt: skip
_REQUEST_WORDS = ("requests", "queries", "calls")


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
    unit, reason = metric_unit(metric, contract)
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
        above, below = (metric_unit(metric, contract)[0] for metric in shape.divided)
        alike = above == below and above is not None
    if not alike:
        return None
    if shape.scale == 100:
        return "percent", "a share of a whole, times 100"
    return "percentunit", "a share of a whole"

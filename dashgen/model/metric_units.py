"""The unit of a metric: from the metric contract first, then from its name's suffix.

The suffixes are those of Prometheus' naming rules: https://prometheus.io/docs/practices/naming/
"""

from collections.abc import Callable, Mapping

from msgspec import Struct

_UNITS = {
    "seconds": "s", "milliseconds": "ms", "microseconds": "µs", "nanoseconds": "ns",
    "bytes": "bytes", "bits": "bits", "ratio": "percentunit",
    "percent": "percent", "usd": "currencyUSD", "eur": "currencyEUR", "celsius": "celsius",
    "meters": "lengthm", "volts": "volt", "amperes": "amp", "joules": "joule", "grams": "massg",
    "tokens": "short", "info": "short",
}  # fmt: skip
_PREFIXES = frozenset(("kilo", "mega", "giga", "milli", "micro", "nano"))
_FAMILY_SUFFIXES = ("_bucket", "_sum", "_count", "_total")


def grafana_unit(word: str) -> str:
    """Grafana's unit for a unit of the contract, which may be a word that names of metrics end in."""
    return _UNITS.get(word, word)


class MetricFacts(Struct, frozen=True):
    """What the metric contract has for a metric."""

    type: str
    unit: str | None
    help: str


def metric_unit(metric: str, contract: Mapping[str, MetricFacts]) -> tuple[str | None, str]:
    """The unit of a metric's values and how it is known; nothing when neither contract nor name tells.

    Args:
        metric: a series, as queries name it.
        contract: what is known of each metric.
    """
    if metric.endswith("_count"):
        # Of `request_seconds_count`, the seconds are those of the histogram: the series counts observations.
        return None, ""
    facts = contract.get(metric) or contract.get(family(metric, contract.__contains__))
    if facts is not None and facts.unit:
        return grafana_unit(facts.unit), f"the contract says `{metric}` is in {facts.unit}"
    base = next((metric[: -len(end)] for end in _FAMILY_SUFFIXES if metric.endswith(end)), metric)
    *_, prefix, word = ("", *base.split("_"))
    # `engine_get_micro_seconds` are microseconds.
    unit = f"{prefix}{word}" if prefix in _PREFIXES else word
    ending = f"{prefix}_{word}" if prefix in _PREFIXES else word
    return (_UNITS[unit], f"the name `{metric}` ends in `_{ending}`") if unit in _UNITS else (None, "")


def family(metric: str, is_known: Callable[[str], bool]) -> str:
    """The histogram or summary that a ``_bucket``, ``_sum`` or ``_count`` series is of; else its own name."""
    for end in ("_bucket", "_sum", "_count"):
        if metric.endswith(end) and is_known(metric[: -len(end)]):
            return metric[: -len(end)]
    return metric

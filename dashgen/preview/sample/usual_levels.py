"""What is usual for a metric, by its name and unit: how high a gauge stands, how fast a counter grows, how long things take.

They are those of a service of some requests a second in good health, so that thresholds as people write them are
green. A contract with counted money is one of few and dear requests, such as those to a language model.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.metrics_spec import Metric

_LIVELY, _DEAR = 4.0, 0.03
"""What a counter gains a second."""
_COUNTERS: Final = {"currencyUSD": 0.0004, "currencyEUR": 0.0004, "bytes": 400_000.0, "s": 0.2}
_TOKENS: Final = 60.0
_GAUGES: Final = {
    "currencyUSD": 3000.0, "currencyEUR": 3000.0, "bytes": 2.6e8, "s": 2.0, "ms": 200.0, "celsius": 22.0,
}  # fmt: skip
_USUAL: Final = 240.0
# The level of a gauge without a unit, by what its name has in it; the first that it has counts.
_COUNTED: Final = (
    ("fds", 34.0), ("open_files", 34.0), ("queue", 22.0), ("backlog", 22.0), ("pending", 14.0), ("waiting", 9.0),
    ("depth", 22.0), ("in_progress", 6.0), ("in_flight", 6.0), ("inflight", 6.0), ("connection", 28.0),
    ("pool", 28.0), ("thread", 16.0), ("worker", 8.0), ("goroutine", 90.0), ("replica", 3.0), ("load", 1.2),
    ("cpu", 0.3),
)  # fmt: skip
_SHARES: Final = (
    ("hit", 0.86), ("success", 0.992), ("avail", 0.998), ("up", 0.998), ("err", 0.006), ("fail", 0.006), ("loss", 0.002),
)  # fmt: skip
_USUAL_SHARE: Final = 0.48
_BYTES: Final = (
    ("virtual", 7e8),
    ("disk", 4e10),
    ("filesystem", 4e10),
    ("total", 8e9),
    ("size", 8e9),
    ("limit", 1e9),
)
# The seconds that half of the observations take.
_SECONDS: Final = (
    ("first_token", 0.35), ("gc", 0.004), ("pause", 0.004), ("lag", 0.8), ("job", 3.0), ("batch", 3.0), ("backup", 40.0),
    ("report", 3.0), ("build", 40.0), ("completion", 1.2), ("model", 1.2), ("gen_ai", 1.2), ("llm", 1.2), ("tool", 0.5),
)  # fmt: skip
_USUAL_SECONDS: Final = 0.06
_USUAL_BYTES: Final = 4000.0
_USUAL_NUMBER: Final = 24.0
_DEAR_SECONDS: Final = 1.2
# How much more or less of something there is than of most, by what its name has in it.
_AMOUNTS: Final = (
    ("cancel", 0.004), ("upgrade", 0.008), ("signup", 0.02), ("limit_hit", 0.05), ("retr", 0.02), ("miss", 0.12),
    ("cache_hit", 0.7), ("cache_saved", 0.5), ("write_extra", 0.03), ("cache_tok", 0.55), ("evict", 0.03),
    ("feedback", 0.12), ("monthly", 2.6), ("weekly", 1.6), ("daily", 0.8), ("active", 0.3), ("users", 3.4),
)  # fmt: skip
_MOST: Final = lazy_pattern(r"(?:^|_)max(?:_|$)|limit|capacity|quota")
BUSY: Final = lazy_pattern(r"queue|backlog|pending|waiting|depth|in_?flight|in_progress|lag|latency|load")
"""Gauges that rise while something goes wrong."""


def usual_rate(metrics: Mapping[str, Metric]) -> float:
    """What the counters of a contract gain a second, where nothing else tells."""
    units = (metric.unit or "" for metric in metrics.values() if metric.type == "counter")
    return _DEAR if any(unit.startswith("currency") for unit in units) else _LIVELY


def counter_level(name: str, unit: str, rate: float) -> float:
    """What a counter gains a second."""
    return _COUNTERS.get(unit, _TOKENS if "token" in name else rate) * amount(name)


def amount(name: str) -> float:
    """How much of something there is, relative to most."""
    return _first(name, _AMOUNTS, 1.0)


def gauge_level(name: str, unit: str) -> float:
    """How high a gauge stands."""
    if unit in {"percentunit", "percent"}:
        return _first(name, _SHARES, _USUAL_SHARE) * (100 if unit == "percent" else 1)
    if unit == "bytes":
        return _first(name, _BYTES, _GAUGES["bytes"])
    if unit in _GAUGES:
        return _GAUGES[unit]
    level = _first(name, _COUNTED, _USUAL * amount(name))
    return level * 30 if _MOST.search(name) else level


def is_fixed(name: str) -> bool:
    """Whether a gauge tells how much there can be at most, which stays as it is."""
    return _MOST.search(name) is not None


def usual_median(name: str, unit: str, rate: float) -> float:
    """What half of the observations of a histogram or summary stay below."""
    if unit in {"s", "ms"}:
        usual = _USUAL_SECONDS if rate >= 1 else _DEAR_SECONDS
        return _first(name, _SECONDS, usual) * (1000 if unit == "ms" else 1)
    return _USUAL_BYTES if unit == "bytes" else _USUAL_NUMBER


def _first(name: str, table: Iterable[tuple[str, float]], usual: float) -> float:
    return next((number for part, number in table if part in name), usual)

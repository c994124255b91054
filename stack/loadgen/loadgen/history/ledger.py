"""The bot's series with the values they had at each moment."""

from array import array
from dataclasses import dataclass
from itertools import compress
from math import inf, nan

from bot.catalog import PAID_TIERS, Tier
from bot.metrics import PREFIX, QUERY_BUCKETS, TOOL_BUCKETS, Metrics

Labels = tuple[tuple[str, str], ...]
_BUCKETS = {"query_duration_seconds": QUERY_BUCKETS, "tool_duration_seconds": TOOL_BUCKETS}
_USER_GAUGES = {
    "users": tuple(Tier),
    "active_users": tuple(Tier),
    "daily_active_users": tuple(Tier),
    "monthly_active_users": tuple(Tier),
    "mrr_usd": PAID_TIERS,
}


@dataclass(frozen=True, kw_only=True)
class Series:
    """One series; `place` is its column in the ledger."""

    family: str
    kind: str
    help: str
    name: str
    labels: Labels
    place: int


class Ledger:
    """Starts with all series that the bot itself exports, so names, labels and buckets are the bot's own."""

    def __init__(self, versions: tuple[str, ...]) -> None:
        self.series: list[Series] = []
        self._places: dict[tuple[str, Labels], int] = {}
        self._values = array("d")
        self._moments: list[array[float]] = []
        self.times: list[int] = []
        for family in Metrics(versions[-1]).registry.collect():
            for sample in family.samples:
                self._add(family.name, family.type, family.documentation, sample.name, sample.labels)
        for version in versions[:-1]:
            self._add(
                f"{PREFIX}_app_info", "gauge", self.series[0].help, f"{PREFIX}_app_info", {"version": version}
            )
        for name, tiers in _USER_GAUGES.items():
            for tier in tiers:
                self._add(f"{PREFIX}_{name}", "gauge", "", f"{PREFIX}_{name}", {"tier": tier})

    def _add(self, family: str, kind: str, text: str, name: str, labels: dict[str, str]) -> None:
        # The order of buckets is kept; the order of other labels is the alphabet's.
        key = tuple(sorted((label, str(value)) for label, value in labels.items()))
        place = len(self._values)
        self.series.append(Series(family=family, kind=kind, help=text, name=name, labels=key, place=place))
        self._places[name, key] = place
        self._values.append(0.0)

    def _place(self, name: str, labels: dict[str, str]) -> int:
        key = tuple(sorted((label, str(value)) for label, value in labels.items()))
        return self._places[f"{PREFIX}_{name}", key]

    def count(self, name: str, amount: float = 1.0, /, **labels: str) -> None:
        """Add to a counter, named as in the contract without prefix and `_total`."""
        self._values[self._place(f"{name}_total", labels)] += amount

    def observe(self, name: str, value: float, **labels: str) -> None:
        """Add to a histogram."""
        first = self._place(f"{name}_bucket", {**labels, "le": _bound(_BUCKETS[name][0])})
        bounds = (*_BUCKETS[name], inf)
        for offset, holds in enumerate(value <= bound for bound in bounds):
            self._values[first + offset] += holds
        self._values[self._place(f"{name}_count", labels)] += 1
        self._values[self._place(f"{name}_sum", labels)] += value

    def set(self, name: str, value: float, **labels: str) -> None:
        """Set a gauge; NaN stands for a series that is absent."""
        self._values[self._place(name, labels)] = value

    def close_moment(self, timestamp: int) -> None:
        """Keep all values as those of a moment."""
        self.times.append(timestamp)
        self._moments.append(self._values[:])

    def families(self) -> list[list[Series]]:
        """All series, those of a family together."""
        grouped: dict[str, list[Series]] = {}
        for series in self.series:
            grouped.setdefault(series.family, []).append(series)
        return list(grouped.values())

    def last(self, series: Series) -> float:
        """The value of a series at the last moment."""
        return self._moments[-1][series.place] if self._moments else 0.0

    def column(self, series: Series) -> tuple[list[int], list[float]]:
        """Times and values of a series, without the moments at which it was absent."""
        values = [moment[series.place] for moment in self._moments]
        present = [value == value for value in values]  # noqa: PLR0124  # NaN differs from itself
        return list(compress(self.times, present)), list(compress(values, present))


def _bound(value: float) -> str:
    return repr(float(value))


ABSENT = nan

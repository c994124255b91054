"""The bot's series with the values they had at each moment."""

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import compress, product
from math import inf, nan

from bot.catalog import PAID_TIERS, Model, RateLimit, Segment, Step, Tier
from bot.experiments import EXPERIMENTS
from bot.gauges import COHORT_WEEKS, FIGURES, PERIODS, cohort_label
from bot.metrics import FIRST_TOKEN_BUCKETS, PREFIX, QUERY_BUCKETS, SPEED_BUCKETS, TOOL_BUCKETS, Metrics

Labels = tuple[tuple[str, str], ...]
ABSENT = nan
_BUCKETS = {
    "query_duration_seconds": QUERY_BUCKETS,
    "tool_duration_seconds": TOOL_BUCKETS,
    "time_to_first_token_seconds": FIRST_TOKEN_BUCKETS,
    "output_tokens_per_second": SPEED_BUCKETS,
}
_VARIANTS = tuple((item.name, variant) for item in EXPERIMENTS for variant in item.variants)
# What the bot reads from its database at each scrape, or hears from the provider.
_GAUGES: dict[str, tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]] = {
    "users": (("tier",), tuple(product(Tier))),
    "active_users": (("tier",), tuple(product(Tier))),
    "daily_active_users": (("tier",), tuple(product(Tier))),
    "monthly_active_users": (("tier",), tuple(product(Tier))),
    "mrr_usd": (("tier",), tuple(product(PAID_TIERS))),
    "funnel_users": (("period", "step"), tuple(product(PERIODS, Step))),
    "experiment_exposed_users": (("experiment", "variant"), _VARIANTS),
    "experiment_converted_users": (("experiment", "variant"), _VARIANTS),
    "segment_users": (("segment",), tuple(product(Segment))),
    "budget_usd": (("period",), (("day",), ("month",))),
    "rate_limit_remaining_ratio": (("model", "limit"), tuple(product(Model, RateLimit))),
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

    def __init__(self, versions: tuple[str, ...], weeks: Iterable[int] = ()) -> None:
        """Args: the versions that run one after the other, and the weeks whose cohorts are seen."""
        self.series: list[Series] = []
        self._places: dict[tuple[str, Labels], int] = {}
        self._values = array("d")
        self._moments: list[array[float]] = []
        self.times: list[int] = []
        for family in Metrics(versions[-1]).registry.collect():
            for sample in family.samples:
                self._add(family.name, family.type, family.documentation, sample.name, sample.labels)
        for version in versions[:-1]:
            self._add_gauge("app_info", {"version": version})
        for name, (labels, combinations) in _GAUGES.items():
            for values in combinations:
                self._add_gauge(name, dict(zip(labels, values, strict=True)))
        for week in weeks:
            self._add_gauge("cohort_users", {"cohort": cohort_label(week)}, ABSENT)
            for age in range(COHORT_WEEKS):
                labels_of = {"cohort": cohort_label(week), "age_weeks": str(age)}
                self._add_gauge("cohort_active_users", labels_of, ABSENT)

    def _add_gauge(self, name: str, labels: Mapping[str, str], value: float = 0.0) -> None:
        text = FIGURES[name].help if name in FIGURES else ""
        self._add(f"{PREFIX}_{name}", "gauge", text, f"{PREFIX}_{name}", labels)
        self._values[-1] = value

    def _add(self, family: str, kind: str, text: str, name: str, labels: Mapping[str, str]) -> None:
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

    def add(self, name: str, amount: float, **labels: str) -> None:
        """Add to a gauge."""
        self._values[self._place(name, labels)] += amount

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

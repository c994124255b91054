"""Figures that are read whenever somebody scrapes: users, revenue, cohorts, funnel, experiments, segments, rate limits."""

import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.activity import Activity
from bot.catalog import PAID_TIERS, PLANS, Model, RateLimit, Segment, Tier
from bot.database import Database
from bot.experiments import EXPERIMENTS
from bot.metrics import PREFIX
from bot.model.base import Headroom
from bot.users import Users

ACTIVE_SECONDS = 15 * 60
DAY_SECONDS = 24 * 3600
MONTH_SECONDS = 30 * DAY_SECONDS
COHORT_WEEKS = 12
PERIODS = {"day": DAY_SECONDS, "week": 7 * DAY_SECONDS}
_SLOW_SECONDS = 30.0
"""How long figures are kept whose cost grows with the number of users who are active."""

_TOTALS = (
    "SELECT figure, first, second, users FROM totals "
    "WHERE figure IN ('tier', 'segment', 'exposed', 'converted') "
    "UNION ALL SELECT figure, first, second, users FROM totals WHERE figure = 'cohort' AND first >= ?"
)

Values = dict[tuple[str, ...], float]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A gauge's name, help and labels."""

    name: str
    help: str
    labels: tuple[str, ...]


FIGURES = {
    figure.name: figure
    for figure in (
        Figure(name="users", help="Registered users by tier.", labels=("tier",)),
        Figure(name="active_users", help="Users who did something in the last 15 minutes.", labels=("tier",)),
        Figure(
            name="daily_active_users",
            help="Users who did something in the last 24 hours (DAU).",
            labels=("tier",),
        ),
        Figure(
            name="monthly_active_users",
            help="Users who did something in the last 30 days (MAU).",
            labels=("tier",),
        ),
        Figure(
            name="mrr_usd",
            help="Monthly recurring revenue, the price of all running subscriptions per month.",
            labels=("tier",),
        ),
        Figure(
            name="cohort_users",
            help="Users who signed up in a week (its Monday is the label), for the last 12 weeks.",
            labels=("cohort",),
        ),
        Figure(
            name="cohort_active_users",
            help="Users of a cohort who did something so many weeks after the week they signed up in. "
            "The running week is not over.",
            labels=("cohort", "age_weeks"),
        ),
        Figure(
            name="funnel_users",
            help="Users who took a step after the steps before it, in the last 24 hours or 7 days.",
            labels=("period", "step"),
        ),
        Figure(
            name="experiment_exposed_users",
            help="Users who have seen a variant of an experiment.",
            labels=("experiment", "variant"),
        ),
        Figure(
            name="experiment_converted_users",
            help="Users who reached an experiment's goal after they had seen a variant.",
            labels=("experiment", "variant"),
        ),
        Figure(
            name="segment_users",
            help="Users by segment, which follows from what they asked in the last 28 days.",
            labels=("segment",),
        ),
    )
}


def week_of(day: int) -> int:
    """The week of a day; both are counted from 1970."""
    return (day + 3) // 7


def cohort_label(week: int) -> str:
    """The Monday of a week, such as 2026-11-02."""
    return (date(1970, 1, 1) + timedelta(days=week * 7 - 3)).isoformat()


def cohort_figures(totals: Mapping[tuple[int, int], int], this_week: int) -> dict[str, Values]:
    """The gauges of cohorts.

    Args:
        totals: users by the week of their signup, and by how many weeks later they did something.
        this_week: the running week, whose figures still grow.
    """
    sizes: Values = {}
    active: Values = {}
    for week in range(this_week - COHORT_WEEKS + 1, this_week + 1):
        size = totals.get((week, 0), 0)
        if size:
            label = cohort_label(week)
            sizes[(label,)] = size
            for age in range(this_week - week + 1):
                active[label, str(age)] = totals.get((week, age), 0)
    return {"cohort_users": sizes, "cohort_active_users": active}


class UserGauges(Collector):
    """Figures from the database.

    A database that cannot be read leaves these gauges out; the scrape goes on, and `on_failure` hears of it.
    What it costs does not grow with the number of users, but for two figures, and those are kept for half a minute.
    """

    def __init__(self, database: Database, on_failure: Callable[[Exception], None]) -> None:
        self._database = database
        self._users = Users(database)
        self._activity = Activity(database)
        self._on_failure = on_failure
        self._slow: dict[str, Values] = {}
        self._slow_until = 0.0

    def describe(self) -> Iterable[Metric]:
        """Nothing: registering must not read the database."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """The gauges as of now."""
        try:
            self._users.refresh_segments()
        except sqlite3.Error as error:  # what cannot be written can perhaps be read
            self._on_failure(error)
        try:
            figures = self.figures()
        except sqlite3.Error as error:
            self._on_failure(error)
            return ()
        return [_family(FIGURES[name], values) for name, values in figures.items()]

    def figures(self) -> dict[str, Values]:
        """All values by figure and labels."""
        totals = self._totals()
        everybody = totals["tier"]
        [active] = self._users.count_active(ACTIVE_SECONDS)
        return {
            "users": {(tier,): everybody.get((tier, ""), 0) for tier in Tier},
            "active_users": {(tier,): active[tier] for tier in Tier},
            **self._counted_rarely(),
            "mrr_usd": {
                (tier,): everybody.get((tier, ""), 0) * PLANS[tier].usd_per_month for tier in PAID_TIERS
            },
            **cohort_figures(totals["cohort"], week_of(self._database.day)),
            "experiment_exposed_users": _by_variant(totals["exposed"]),
            "experiment_converted_users": _by_variant(totals["converted"]),
            "segment_users": {(segment,): totals["segment"].get((segment, ""), 0) for segment in Segment},
        }

    def _totals(self) -> dict[str, dict[tuple[Any, Any], int]]:
        totals: dict[str, dict[tuple[Any, Any], int]] = {
            figure: {} for figure in ("tier", "segment", "exposed", "converted", "cohort")
        }
        first_week = week_of(self._database.day) - COHORT_WEEKS + 1
        with self._database.reading() as db:
            rows = db.execute(_TOTALS, (first_week,)).fetchall()
        for figure, first, second, users in rows:
            totals[figure][first, second] = users
        return totals

    def _counted_rarely(self) -> dict[str, Values]:
        now = self._database.now()
        if now >= self._slow_until or not self._slow:
            month, day = self._users.count_active(MONTH_SECONDS, DAY_SECONDS)
            self._slow = {
                "daily_active_users": {(tier,): day[tier] for tier in Tier},
                "monthly_active_users": {(tier,): month[tier] for tier in Tier},
                "funnel_users": {
                    (period, step): users
                    for period, seconds in PERIODS.items()
                    for step, users in self._activity.count_steps(seconds).items()
                },
            }
            self._slow_until = now + _SLOW_SECONDS
        return self._slow


def _by_variant(totals: Mapping[tuple[str, str], int]) -> Values:
    """Only of experiments that run: the database keeps those of the past too."""
    return {
        (item.name, variant): totals.get((item.name, variant), 0)
        for item in EXPERIMENTS
        for variant in item.variants
    }


def _family(figure: Figure, values: Values) -> Metric:
    family = GaugeMetricFamily(f"{PREFIX}_{figure.name}", figure.help, labels=figure.labels)
    for labels, value in values.items():
        family.add_metric(labels, value)
    return family


class RateLimitGauge(Collector):
    """What the provider said at the last call of a model; after the limit's reset all of it is there again."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._headroom: dict[tuple[Model, RateLimit], Headroom] = {}

    def note(self, model: Model, limit: RateLimit, headroom: Headroom) -> None:
        """Keep what was said."""
        self._headroom[model, limit] = headroom

    def describe(self) -> Iterable[Metric]:
        """Nothing: there are no values yet."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """The gauge as of now."""
        family = GaugeMetricFamily(
            f"{PREFIX}_rate_limit_remaining_ratio",
            "Share of the provider's rate limit that the last call left, or 1 when the limit has been reset since.",
            labels=("model", "limit"),
        )
        now = self._now()
        for (model, limit), headroom in list(self._headroom.items()):
            family.add_metric((model, limit), headroom.ratio if now < headroom.until else 1.0)
        return [family]

"""A made-up past of the bot, moment by moment: traffic with days and weeks, growth, and a few incidents."""

import random
from dataclasses import dataclass

from bot.catalog import PAID_TIERS, PLANS, Segment, Tier
from bot.database import DAY
from bot.gauges import COHORT_WEEKS, cohort_figures, week_of
from bot.settings import Settings
from loadgen.curve import at
from loadgen.history.incidents import DEPLOY_DAYS_AGO, Incident, incident_at
from loadgen.history.ledger import ABSENT, Ledger
from loadgen.history.people import People
from loadgen.history.prior import live_before
from loadgen.history.visits import Visits

_VISITS_A_DAY = 295.0
_SIGNUPS_A_DAY = 14.0
_MEAN_CURVE = 0.42  # of `curve.at` over a week
_GROWTH_A_DAY = 0.012
_REFRESH_SECONDS = 3600.0
_COUNT_SECONDS = 900.0
"""How often the funnel is counted: it would take most of the time, and moves slowly."""


@dataclass(frozen=True, kw_only=True)
class Span:
    """From when to when a past lasts, in seconds since 1970."""

    begin: float
    end: float

    @property
    def weeks(self) -> range:
        """The cohorts that are seen at some moment of it."""
        first, last = (week_of(int(moment // DAY)) for moment in (self.begin, self.end))
        return range(first - COHORT_WEEKS + 1, last + 1)


class Past:
    """Lives through a time and writes it into a ledger."""

    def __init__(self, ledger: Ledger, span: Span, seed: int, versions: tuple[str, str]) -> None:
        self._ledger = ledger
        self._span = span
        self._rng = random.Random(seed)  # noqa: S311  # a simulation
        self.people = People(self._rng)
        live_before(self.people, self._rng, span.begin)
        self.people.refresh(span.begin)
        self._visits = Visits(ledger, self.people, self._rng, span.end)
        self._versions = versions
        self._refreshed = span.begin
        self._counted = 0.0
        self._cohorts: dict[str, dict[tuple[str, ...], float]] = {}
        budgets = Settings()
        ledger.set("budget_usd", budgets.budget_day, period="day")
        ledger.set("budget_usd", budgets.budget_month, period="month")

    def live_until(self, before: float, moment: float) -> None:
        """From the moment before to this one, which is then closed."""
        seconds = moment - before
        if moment - self._refreshed >= _REFRESH_SECONDS:
            self.people.refresh(moment)
            self._refreshed = moment
        incident = incident_at((self._span.end - moment) / DAY)
        grown = 1 + _GROWTH_A_DAY * (before - self._span.begin) / DAY
        busy = at(moment) / _MEAN_CURVE * grown * seconds / DAY
        self._happen(moment, busy, incident)
        for person in self.people.quitters(seconds, moment):
            self._ledger.count("subscription_cancellations", tier=person.tier)
            self.people.change_tier(person, Tier.FREE, moment)
        self._gauges(moment)
        self._ledger.close_moment(int(moment))

    def _happen(self, moment: float, busy: float, incident: Incident) -> None:
        for _ in range(_poisson(self._rng, _SIGNUPS_A_DAY * busy * incident.signups)):
            person = self.people.sign_up(moment)
            self.people.here(person, moment)
            self._ledger.count("signups")
        for _ in range(_poisson(self._rng, _VISITS_A_DAY * busy * incident.traffic)):
            self._visits.visit(moment, incident)

    def _gauges(self, moment: float) -> None:
        ledger, people = self._ledger, self.people
        before_deploy = (self._span.end - moment) / DAY > DEPLOY_DAYS_AGO
        old, new = self._versions
        ledger.set("app_info", 1 if before_deploy else ABSENT, version=old)
        ledger.set("app_info", ABSENT if before_deploy else 1, version=new)
        for name, counts in people.active(moment).items():
            for tier, number in counts.items():
                ledger.set(name, number, tier=tier)
        for tier in Tier:
            ledger.set("users", people.by_tier[tier], tier=tier)
        for tier in PAID_TIERS:
            ledger.set("mrr_usd", people.by_tier[tier] * PLANS[tier].usd_per_month, tier=tier)
        for segment in Segment:
            ledger.set("segment_users", people.by_segment[segment], segment=segment)
        self._visits.rate_limits(moment)
        self._cohort_gauges(moment)
        if moment - self._counted >= _COUNT_SECONDS:
            self._counted = moment
            for (period, step), users in people.funnel(moment).items():
                ledger.set("funnel_users", users, period=period, step=step)

    def _cohort_gauges(self, moment: float) -> None:
        """Only what has changed: there are ninety series."""
        figures = cohort_figures(self.people.cohorts, week_of(int(moment // DAY)))
        names = {"cohort_users": ("cohort",), "cohort_active_users": ("cohort", "age_weeks")}
        for name, labels in names.items():
            before, now = self._cohorts.get(name, {}), figures[name]
            for key in before.keys() | now.keys():
                if before.get(key) != now.get(key):
                    self._ledger.set(name, now.get(key, ABSENT), **dict(zip(labels, key, strict=True)))
        self._cohorts = figures


def _poisson(rng: random.Random, mean: float) -> int:
    """How many times something happens that happens `mean` times on average."""
    count, left = 0, mean
    while (left := left - rng.expovariate(1.0)) > 0:
        count += 1
    return count

"""The users of a made-up past: they come, ask, hit limits, pay, leave; and who of them is where at a moment."""

import random
from collections import Counter, deque
from itertools import accumulate

from bot.catalog import PAID_TIERS, PLANS, Segment, Step, Tier
from bot.database import DAY
from bot.gauges import PERIODS, week_of
from bot.segments import WINDOW_DAYS, segment_of
from loadgen.crowd import handle
from loadgen.history.habits import Person, newcomer

_WINDOWS = {"active_users": 900.0, "daily_active_users": float(DAY), "monthly_active_users": 30.0 * DAY}
_CANCELS_A_DAY = 0.25  # of those who have lost interest and still pay


class Window:
    """How many people of each tier were here in the last so many seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._visits: deque[tuple[float, Person]] = deque()
        self._inside: dict[int, Person] = {}
        self._latest: dict[int, float] = {}

    def visit(self, person: Person, moment: float) -> None:
        """Somebody was here."""
        self._visits.append((moment, person))
        self._latest[id(person)] = moment
        self._inside[id(person)] = person

    def counts(self, moment: float) -> dict[Tier, int]:
        """As of a moment."""
        while self._visits and self._visits[0][0] < moment - self._seconds:
            then, person = self._visits.popleft()
            if self._latest[id(person)] == then:
                self._inside.pop(id(person), None)
        counts = dict.fromkeys(Tier, 0)
        for person in self._inside.values():
            counts[person.tier] += 1
        return counts


class People:
    """All users, and who of them is here now."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self.everybody: list[Person] = []
        self.by_tier: Counter[Tier] = Counter()
        self.by_segment: Counter[Segment] = Counter()
        self.cohorts: Counter[tuple[int, int]] = Counter()
        self._payers: dict[int, Person] = {}
        self._windows = {name: Window(seconds) for name, seconds in _WINDOWS.items()}
        self._choosable: list[Person] = []
        self._weights: list[float] = []
        self._evaluated = -1

    def refresh(self, moment: float) -> None:
        """Who may come now; for reasons of speed not asked at each visit. Once a day, everybody's segment."""
        pulls = [(person, person.pull(moment)) for person in self.everybody]
        self._choosable = [person for person, pull in pulls if pull > 0]
        self._weights = list(accumulate(pull for _, pull in pulls if pull > 0))
        day = int(moment // DAY)
        if day != self._evaluated:
            self._evaluated = day
            for person in self.everybody:
                self._evaluate(person, moment)

    def sign_up(self, moment: float) -> Person:
        """Somebody new, who looks around and does nothing yet."""
        person = newcomer(self._rng, handle(len(self.everybody)), moment)
        self.everybody.append(person)
        self.by_tier[person.tier] += 1
        self.by_segment[person.segment] += 1
        self.note(person, moment)
        return person

    def chosen(self) -> Person:
        """Somebody, by how likely they are to come."""
        return self._rng.choices(self._choosable, cum_weights=self._weights)[0]

    def here(self, person: Person, moment: float) -> None:
        """Somebody does something now; calls come in the order of time."""
        self.note(person, moment)
        for window in self._windows.values():
            window.visit(person, moment)

    def open_windows(self) -> None:
        """From now on, count who is here; those whom `note` knows are included."""
        for person in sorted(self.everybody, key=lambda one: one.record.last_seen):
            for window in self._windows.values():
                window.visit(person, person.record.last_seen)

    def note(self, person: Person, moment: float) -> None:
        """Write down that somebody did something."""
        person.record.last_seen = moment
        person.today(moment)
        week = week_of(int(moment // DAY))
        if week != person.week:
            person.week = week
            signup = week_of(int(person.record.signed_up // DAY))
            self.cohorts[signup, week - signup] += 1
        self._evaluate(person, moment)

    def may_ask(self, person: Person, moment: float) -> bool:
        """Count a question, if the tier allows it."""
        today = person.today(moment)
        if today.queries >= PLANS[person.tier].queries_per_day:
            today.limit_hits += 1
            return False
        today.queries += 1
        return True

    def change_tier(self, person: Person, tier: Tier, moment: float) -> None:
        """Up or down."""
        self.by_tier[person.tier] -= 1
        self.by_tier[tier] += 1
        person.change_tier(self._rng, tier, moment)
        self._payers.pop(id(person), None)
        if tier in PAID_TIERS:
            self._payers[id(person)] = person

    def quitters(self, seconds: float, moment: float) -> list[Person]:
        """Who cancels in so many seconds: some days after they have lost interest."""
        chance = _CANCELS_A_DAY * seconds / DAY
        gone = [person for person in self._payers.values() if person.leaves <= moment]
        return [person for person in gone if self._rng.random() < chance]

    def active(self, moment: float) -> dict[str, dict[Tier, int]]:
        """Active users by gauge and tier."""
        return {name: window.counts(moment) for name, window in self._windows.items()}

    def funnel(self, moment: float) -> dict[tuple[str, Step], int]:
        """How many took each step after those before it, by period."""
        journeys = [person.record.journey for person in self.everybody if person.record.journey]
        return {
            (period, step): sum(journey.get(step, 0.0) >= moment - seconds for journey in journeys)
            for period, seconds in PERIODS.items()
            for step in Step
        }

    def _evaluate(self, person: Person, moment: float) -> None:
        today, days = int(moment // DAY), person.record.days
        asked = [days[day].queries for day in range(today - WINDOW_DAYS + 1, today + 1) if day in days]
        segment = segment_of(
            sum(queries > 0 for queries in asked), sum(asked), (moment - person.record.last_seen) / DAY
        )
        self.by_segment[person.segment] -= 1
        self.by_segment[segment] += 1
        person.segment = segment

"""The users of a made-up past: they come, ask, hit limits, pay, leave."""

import random
from collections import deque
from dataclasses import dataclass
from itertools import accumulate

from bot.catalog import PLANS, Tier
from loadgen.crowd import handle

DAY = 86_400.0
_WINDOWS = {"active_users": 900.0, "daily_active_users": DAY, "monthly_active_users": 30 * DAY}
_FIRST_USERS = 420
_FIRST_TIERS = {Tier.FREE: 0.86, Tier.BASIC: 0.1, Tier.PRO: 0.04}
_KEENNESS = {Tier.FREE: 1.0, Tier.BASIC: 3.0, Tier.PRO: 6.0}
_STAYS_DAYS = {Tier.FREE: 30.0, Tier.BASIC: 400.0, Tier.PRO: 500.0}


@dataclass(kw_only=True)
class Person:
    """One user of the past."""

    name: str
    tier: Tier
    signed_up: float
    last_seen: float
    interest: float
    loses_interest: float
    asked: int = 0
    asked_on: int = -1


class Window:
    """How many people of each tier were here in the last so many seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._visits: deque[tuple[float, Person]] = deque()
        self._inside: set[int] = set()
        self._latest: dict[int, float] = {}
        self._people: dict[int, Person] = {}

    def visit(self, person: Person, moment: float) -> None:
        """Somebody was here."""
        key = id(person)
        self._visits.append((moment, person))
        self._latest[key] = moment
        self._inside.add(key)
        self._people[key] = person

    def counts(self, moment: float) -> dict[Tier, int]:
        """As of a moment."""
        while self._visits and self._visits[0][0] < moment - self._seconds:
            then, person = self._visits.popleft()
            if self._latest[id(person)] == then:
                self._inside.discard(id(person))
        counts = dict.fromkeys(Tier, 0)
        for key in self._inside:
            counts[self._people[key].tier] += 1
        return counts


class People:
    """All users, and who of them is here now."""

    def __init__(self, rng: random.Random, begin: float) -> None:
        self._rng = rng
        self.everybody: list[Person] = []
        self._windows = {name: Window(seconds) for name, seconds in _WINDOWS.items()}
        self._choosable: list[Person] = []
        self._weights: list[float] = []
        tiers, shares = list(_FIRST_TIERS), list(_FIRST_TIERS.values())
        for _ in range(_FIRST_USERS):
            signed_up = begin - rng.uniform(0, 120) * DAY
            self._join(rng.choices(tiers, shares)[0], signed_up)
        visitors = [person for person in self.everybody if person.loses_interest > begin - 20 * DAY]
        for person in visitors:
            person.last_seen = max(person.signed_up, begin - rng.expovariate(1 / (4 * DAY)))
        for person in sorted(visitors, key=lambda one: one.last_seen):
            self._here(person, person.last_seen)
        self.refresh(begin)

    def refresh(self, moment: float) -> None:
        """Who may come now; for reasons of speed not asked at each visit."""
        self._choosable = [person for person in self.everybody if person.loses_interest > moment]
        self._weights = list(accumulate(p.interest * _KEENNESS[p.tier] for p in self._choosable))

    def sign_up(self, moment: float) -> Person:
        """Somebody new."""
        person = self._join(Tier.FREE, moment)
        self._here(person, moment)
        return person

    def visitor(self, moment: float) -> Person:
        """Somebody who comes to ask."""
        person = self._rng.choices(self._choosable, cum_weights=self._weights)[0]
        self._here(person, moment)
        return person

    def may_ask(self, person: Person, moment: float) -> bool:
        """Count a question, if the tier allows it."""
        day = int(moment // DAY)
        if person.asked_on != day:
            person.asked, person.asked_on = 0, day
        if person.asked >= PLANS[person.tier].queries_per_day:
            return False
        person.asked += 1
        return True

    def change_tier(self, person: Person, tier: Tier, moment: float) -> None:
        """Up or down."""
        person.tier = tier
        person.loses_interest = moment + self._rng.expovariate(1 / (_STAYS_DAYS[tier] * DAY))

    def quitters(self, seconds: float) -> list[Person]:
        """Who cancels in so many seconds: about one in 25 a month."""
        chance = seconds / (25 * 30 * DAY)
        return [p for p in self.everybody if p.tier is not Tier.FREE and self._rng.random() < chance]

    def gauges(self, moment: float) -> dict[str, dict[Tier, int]]:
        """Active users by window, and all users."""
        everybody = dict.fromkeys(Tier, 0)
        for person in self.everybody:
            everybody[person.tier] += 1
        active = {name: window.counts(moment) for name, window in self._windows.items()}
        return {"users": everybody, **active}

    def _join(self, tier: Tier, moment: float) -> Person:
        stays = self._rng.expovariate(1 / (_STAYS_DAYS[tier] * DAY))
        person = Person(
            name=handle(len(self.everybody)),
            tier=tier,
            signed_up=moment,
            last_seen=moment,
            interest=self._rng.lognormvariate(0, 1.1),
            loses_interest=moment + stays,
        )
        self.everybody.append(person)
        return person

    def _here(self, person: Person, moment: float) -> None:
        person.last_seen = moment
        for window in self._windows.values():
            window.visit(person, moment)

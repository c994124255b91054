"""The months before a made-up past begins, day by day: without them there would be no cohorts, and nobody to lose."""

import random
from collections import Counter

from bot.catalog import PRICES, QueryType, Tier
from bot.database import DAY
from bot.model.weather import PromptCache, Topic, Weather, draw_query
from loadgen.curve import by_weekday
from loadgen.history.calls import choose_model, draw_questions, usage_of
from loadgen.history.habits import (
    FAILED_ANSWER_DAYS,
    LIMIT_HIT_DAYS,
    UPGRADE_AFTER_VISIT,
    UPGRADE_AT_LIMIT,
    Person,
    next_tier,
)
from loadgen.history.people import People

PRIOR_DAYS = 120
_FIRST_USERS = 20
_SIGNUPS_A_DAY = (3.0, 11.0)  # on the first of these days, and on the last
_VISITS_A_DAY = (40.0, 280.0)
_RATED_SHARE = 0.1
_NOISE = 0.1


def live_before(people: People, rng: random.Random, begin: float) -> None:
    """Fill `people` with those who are there when the past begins, and with what they did before."""
    cache = PromptCache()
    for _ in range(_FIRST_USERS):
        people.sign_up(begin - PRIOR_DAYS * DAY)
    for number in range(PRIOR_DAYS):
        share = number / (PRIOR_DAYS - 1)
        _Day(people, rng, cache, begin - (PRIOR_DAYS - number) * DAY, share).live()
    people.open_windows()


class _Day:
    """One day; `share` says how far it is on the way from the first day to the last."""

    def __init__(
        self, people: People, rng: random.Random, cache: PromptCache, midnight: float, share: float
    ) -> None:
        self._people, self._rng, self._cache = people, rng, cache
        self._midnight = midnight
        self._share = share

    def live(self) -> None:
        people, rng, busy = self._people, self._rng, by_weekday(self._midnight)
        times = sorted(self._midnight + rng.random() * DAY for _ in range(self._draw(_SIGNUPS_A_DAY, busy)))
        for moment in times:
            people.sign_up(moment)
        people.refresh(self._midnight + DAY / 2)
        visits: Counter[int] = Counter()
        for _ in range(self._draw(_VISITS_A_DAY, busy)):
            visits[id(people.chosen())] += draw_questions(rng)
        by_id = {id(person): person for person in people.everybody}
        for key, queries in visits.items():
            person = by_id[key]
            moment = max(self._midnight + rng.random() * DAY, person.record.signed_up)
            people.note(person, moment)
            self._ask(person, queries, moment)
        for person in people.quitters(DAY, self._midnight + DAY):
            people.change_tier(person, Tier.FREE, self._midnight + DAY - 1)

    def _draw(self, ramp: tuple[float, float], busy: float) -> int:
        mean = (ramp[0] + (ramp[1] - ramp[0]) * self._share) * busy
        return max(0, round(mean * self._rng.gauss(1, _NOISE) + self._rng.uniform(-0.5, 0.5)))

    def _ask(self, person: Person, queries: int, moment: float) -> None:
        today = person.today(moment)
        for _ in range(queries):
            if not self._people.may_ask(person, moment):
                person.disappoint(moment, LIMIT_HIT_DAYS)
                self._upgrade(person, moment, UPGRADE_AT_LIMIT)
                continue
            model = choose_model(self._rng, person.tier)
            kind = self._rng.choice(list(QueryType))
            draw = draw_query(self._rng, Weather(), Topic(model=model, kind=kind, tools=("area_guide",)))
            today.cost_usd += PRICES[model].cost(usage_of(draw, model, self._cache, moment))
            if draw.fault:
                today.failed += 1
                person.disappoint(moment, FAILED_ANSWER_DAYS)
            elif self._rng.random() < _RATED_SHARE:
                liked = self._rng.random() < person.liked
                today.up += liked
                today.down += not liked
        self._upgrade(person, moment, UPGRADE_AFTER_VISIT)

    def _upgrade(self, person: Person, moment: float, chance: float) -> None:
        if person.tier is not Tier.PRO and self._rng.random() < chance:
            self._people.change_tier(person, next_tier(self._rng, person.tier), moment)

"""What somebody of a made-up past is like: how keen, how easily pleased, and when they have had enough.

Nobody leaves from one day to the next: interest fades over three weeks. Answers that fail and limits that are hit bring
the end nearer, and who likes few answers stays for a shorter time. So who leaves can be told from what they did before.
"""

import random
from dataclasses import dataclass

from bot.catalog import Segment, Step, Tier
from bot.database import DAY
from bot.history import Day, PastUser, TierChange

_KEENNESS = {Tier.FREE: 1.0, Tier.BASIC: 1.8, Tier.PRO: 3.0}
_STAYS_DAYS = {Tier.FREE: 34.0, Tier.BASIC: 240.0, Tier.PRO: 300.0}
_FADING_SECONDS = 21 * DAY
_LEAST_PULL = 0.04
_LIKES = (8.0, 2.0)  # of a beta distribution: four answers in five
_MEAN_LIKED = 0.8
FAILED_ANSWER_DAYS = 4.0
LIMIT_HIT_DAYS = 0.5
UPGRADE_AT_LIMIT = 0.05
UPGRADE_AFTER_VISIT = 0.025


@dataclass(kw_only=True)
class Person:
    """One user of the past. `liked` is the share of answers that please them, `leaves` when they lose interest."""

    record: PastUser
    tier: Tier
    interest: float
    liked: float
    leaves: float
    segment: Segment = Segment.CASUAL
    week: int = -1

    def pull(self, moment: float) -> float:
        """How likely they are to come at a moment, compared with others."""
        left = self.leaves - moment
        if left <= 0:
            return 0.0
        fading = max(_LEAST_PULL, min(1.0, left / _FADING_SECONDS))
        return self.interest * _KEENNESS[self.tier] * fading

    def disappoint(self, moment: float, days: float) -> None:
        """Something went wrong for them: they stay for less time."""
        self.leaves = min(self.leaves, max(moment + DAY, self.leaves - days * DAY))

    def today(self, moment: float) -> Day:
        """What they have done on the day of a moment."""
        return self.record.days.setdefault(int(moment // DAY), Day())

    def change_tier(self, rng: random.Random, tier: Tier, moment: float) -> None:
        """Up, which they want to stay for, or down, which is the end."""
        self.record.changes.append(TierChange(at=moment, before=self.tier, after=tier))
        self.tier = tier
        self.leaves = moment if tier is Tier.FREE else max(self.leaves, moment + _stay(rng, tier, self.liked))

    def advance(self, step: Step | None, moment: float) -> None:
        """Take a step of the funnel, by the rules of `bot.activity`."""
        journey = self.record.journey
        if step is Step.SEARCH:
            journey[step] = moment
        elif step is Step.ANALYZE and Step.SEARCH in journey:
            journey[step] = journey[Step.SEARCH]
        elif step is Step.SUBSCRIBE and Step.ANALYZE in journey:
            journey[step] = journey[Step.ANALYZE]


def newcomer(rng: random.Random, handle: str, moment: float) -> Person:
    """Somebody who signs up."""
    liked = rng.betavariate(*_LIKES)
    return Person(
        record=PastUser(handle=handle, first_tier=Tier.FREE, signed_up=moment, last_seen=moment),
        tier=Tier.FREE,
        interest=rng.lognormvariate(0, 1.4),
        liked=liked,
        leaves=moment + _stay(rng, Tier.FREE, liked),
    )


def _stay(rng: random.Random, tier: Tier, liked: float) -> float:
    """Seconds."""
    return rng.expovariate(1 / (_STAYS_DAYS[tier] * DAY)) * (liked / _MEAN_LIKED) ** 2


def next_tier(rng: random.Random, tier: Tier) -> Tier:
    """What somebody upgrades to."""
    return Tier.PRO if tier is Tier.BASIC or rng.random() < 0.25 else Tier.BASIC

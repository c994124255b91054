"""What was known about each user on a day, and what became of them: features and labels of the churn model."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from insights.database import DAY, BotData, Floats, Integers

LOOKBACK: Final = 28
"""Days before a cut-off that features look at."""
HORIZON: Final = 30
"""Days after a cut-off in which a user churns or does not."""
DORMANT: Final = 14
"""Days without anything done after which the bot calls a user dormant (stack/app, bot/segments.py)."""

FEATURES: Final = (
    "days_since_last_visit",
    "visit_gaps_missed",
    "active_days_7",
    "active_days_28",
    "trend_of_active_days",
    "queries_7",
    "queries_28",
    "trend_of_queries",
    "failed_share",
    "limit_hits_28",
    "commands_28",
    "downvotes_28",
    "days_since_signup",
    "days_since_tier_change",
    "monthly_price",
    "is_paying",
)


class Snapshot(NamedTuple):
    """Users at risk on the morning of a day, with what was known about them then.

    Attributes:
        day: the cut-off, in days since 1970: nothing of this day or a later one is in the features.
        users: indexes into `BotData.user_ids`.
        tiers: indexes into `BotData.tiers`.
        values: a row for each user, a column for each of `FEATURES`.
    """

    day: int
    users: Integers
    tiers: Integers
    values: Floats

    def recency(self) -> Floats:
        """Days since each user's last visit."""
        return self.values[:, FEATURES.index("days_since_last_visit")]


def snapshot(data: BotData, day: int) -> Snapshot:
    """The users at risk before a day: who did something in the 14 days before it, or pays.

    Args:
        data: the whole database; what is at or after the cut-off is not looked at.
        day: the cut-off, in days since 1970.
    """
    tiers, signed_up, changed = _accounts(data, day)
    week, weeks = _sums(data, day - 7, day), _sums(data, day - LOOKBACK, day)
    recency = np.minimum(day - _last_days(data, day), LOOKBACK + 1.0)
    is_paying = data.prices[np.maximum(tiers, 0)] > 0
    users = np.flatnonzero((tiers >= 0) & ((recency <= DORMANT) | is_paying))
    age = np.maximum(day - signed_up, 0.0)
    # Of somebody younger than four weeks, the weeks before the signup are no weeks without visits.
    usual = np.clip(age, 7.0, LOOKBACK)
    columns = (
        recency,
        recency * weeks["days"] / usual,
        week["days"],
        weeks["days"],
        _trend(week["days"], weeks["days"], usual),
        np.log1p(week["queries"]),
        np.log1p(weeks["queries"]),
        _trend(week["queries"], weeks["queries"], usual),
        (weeks["failed"] + 0.02) / (weeks["queries"] + 1.0),
        np.log1p(weeks["limit_hits"]),
        np.log1p(weeks["commands"]),
        weeks["down"],
        np.log1p(age),
        np.log1p(np.maximum(day - changed, 0.0)),
        np.log1p(data.prices[np.maximum(tiers, 0)]),
        is_paying.astype(np.float64),
    )
    return Snapshot(day, users, tiers[users], np.column_stack(columns)[users])


def churned(data: BotData, earlier: Snapshot) -> NDArray[np.bool_]:
    """Which users of a snapshot had churned 30 days later.

    A user churns who cancels a paid subscription within the 30 days, or who is dormant at their end, that is, has
    done nothing in the last 14 of them.
    """
    end = earlier.day + HORIZON
    events = data.events
    inside = (events.at >= earlier.day * DAY) & (events.at < end * DAY) & events.is_cancel
    cancelled = np.bincount(events.user[inside], minlength=len(data.user_ids)) > 0
    visits = _sums(data, end - DORMANT, end)["days"]
    labels: NDArray[np.bool_] = (cancelled | (visits == 0))[earlier.users]
    return labels


def _accounts(data: BotData, day: int) -> tuple[Integers, Floats, Floats]:
    """Of every user before a day: tier (-1 without an account), days of signup and of the last change of tier."""
    events, size = data.events, len(data.user_ids)
    before = events.at < day * DAY
    users, days = events.user[before], events.at[before] / DAY
    tiers = np.full(size, -1, dtype=np.int64)
    changed = np.full(size, np.inf)
    signed_up = np.full(size, np.inf)
    # Of an element that is assigned more than once, the last assignment stays; events are in order of time.
    tiers[users], changed[users] = events.to_tier[before], days
    signed_up[users[::-1]] = days[::-1]
    return (
        tiers,
        np.where(np.isfinite(signed_up), signed_up, day),
        np.where(np.isfinite(changed), changed, day),
    )


def _sums(data: BotData, begin: int, end: int) -> dict[str, Floats]:
    """Sums for every user over the days from `begin` to before `end`; `days` is the number of days with a visit."""
    activity, size = data.activity, len(data.user_ids)
    inside = (activity.day >= begin) & (activity.day < end)
    users = activity.user[inside]
    sums: dict[str, Floats] = {
        name: np.bincount(users, weights=values[inside], minlength=size).astype(np.float64)
        for name, values in activity.counts.items()
    }
    sums["days"] = np.bincount(users, minlength=size).astype(np.float64)
    return sums


def _last_days(data: BotData, day: int) -> Floats:
    """The last day of every user with a visit before a day; minus infinity where there is none."""
    before = data.activity.day < day
    last = np.full(len(data.user_ids), -np.inf)
    np.maximum.at(last, data.activity.user[before], data.activity.day[before].astype(np.float64))
    return last


def _trend(week: Floats, weeks: Floats, days: Floats) -> Floats:
    """The last week against the usual week: above 0 more, below 0 less, on a logarithmic scale."""
    trend: Floats = np.log((week + 0.5) / (weeks * 7.0 / days + 0.5))
    return trend

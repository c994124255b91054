"""How much may be asked: per user and minute, per user and day, and per client address."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable

from bot.catalog import PLANS
from bot.users import User, Users

_MINUTE = 60.0
_MOST_KEYS = 10_000


class SlidingWindow:
    """Counts per key in the last minute. Holds a bounded number of keys, those used last."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def allow(self, key: str, most: int) -> bool:
        """Count one more, unless there were so many in the last minute."""
        now = self._now()
        times = self._seen.setdefault(key, deque())
        self._seen.move_to_end(key)
        while times and times[0] <= now - _MINUTE:
            times.popleft()
        if len(times) >= most:
            return False
        times.append(now)
        while len(self._seen) > _MOST_KEYS:
            self._seen.popitem(last=False)
        return True


class QueryLimits:
    """What a tier allows."""

    def __init__(self, users: Users, window: SlidingWindow | None = None) -> None:
        self._users = users
        self._window = window or SlidingWindow()

    def refusal(self, user: User) -> str | None:
        """Count a query of a user; if the tier does not allow it, say why."""
        plan = PLANS[user.tier]
        if not self._window.allow(user.handle, plan.queries_per_minute):
            return f"{user.tier} allows {plan.queries_per_minute} questions a minute"
        if not self._users.count_query(user, plan.queries_per_day):
            return f"{user.tier} allows {plan.queries_per_day} questions a day"
        return None

"""How long to wait before a read is tried again."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from msgspec import Struct

from dashgen.servers.http.endpoint import Limits

_FIRST_PAUSE = 0.4


class Pauses(Struct):
    """The pauses of one request: growing, spread at random, bounded in number and length."""

    limits: Limits
    jitter: Callable[[], float]
    tried: int = 1

    def following(self, requested_pause: float | None = None) -> float | None:
        """The next pause in seconds, or nothing when it is time to give up.

        Args:
            requested_pause: what the server asked for, which counts as the least, up to the longest wait.
        """
        if self.tried >= self.limits.attempts:
            return None
        # 0.4 s, 0.8 s, 1.6 s …, each times 0.5 to 1.5, so that many clients do not come back at one moment.
        pause: float = _FIRST_PAUSE * 2 ** (self.tried - 1) * (0.5 + self.jitter())
        self.tried += 1
        return min(max(pause, requested_pause or 0.0), self.limits.longest_wait)


def seconds_to_wait(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """What ``Retry-After`` asks for, in seconds or as a date; nothing when absent or unreadable."""
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])  # nine digits are 30 years, and more would only cost time to read
    try:
        then = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError):
        return None
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    return max(0.0, (then - (now or datetime.now(UTC))).total_seconds())

"""How long to wait before a read is tried again."""

from collections.abc import Callable
from dataclasses import dataclass

from dashgen.grafana.settings import Limits

_FIRST_PAUSE = 0.4


@dataclass(slots=True)
class Pauses:
    """The pauses of one request: growing, spread at random, bounded in number and length."""

    limits: Limits
    jitter: Callable[[], float]
    tried: int = 1

    def following(self, asked: float | None = None) -> float | None:
        """The next pause in seconds, or nothing when it is time to give up.

        Args:
            asked: what the server asked for, which counts as the least, up to the longest wait.
        """
        if self.tried >= self.limits.attempts:
            return None
        grown: float = _FIRST_PAUSE * 2 ** (self.tried - 1) * (0.5 + self.jitter())
        self.tried += 1
        return min(max(grown, asked or 0.0), self.limits.longest_wait)

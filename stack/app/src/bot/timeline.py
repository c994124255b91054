"""How long a request took, where a simulation may skip waiting.

With `speed` 1 nothing is skipped. With `speed` 100 a simulated answer that takes 6 s is waited for during 0.06 s, and the
5.94 s are added to what this request observes: durations in metrics, logs and traces stay realistic, only the wall
clock does not have to go along. Each request has a stopwatch of its own, so requests do not age one another.
"""

import asyncio
import math
import time


class Stopwatch:
    """One request's time: what really passed, plus what the simulation skipped."""

    def __init__(self, speed: float = 1.0) -> None:
        self._speed = speed
        self._skipped = 0.0
        self._deadline = math.inf
        self._started = time.perf_counter()
        self._epoch_ns = time.time_ns()

    def elapsed(self) -> float:
        """Seconds since the request began."""
        return time.perf_counter() - self._started + self._skipped

    def now_ns(self) -> int:
        """The request's own time, in nanoseconds since 1970; for spans."""
        return self._epoch_ns + round(self.elapsed() * 1e9)

    def limit(self, seconds: float) -> None:
        """From now on, let only so much simulated time pass."""
        self._deadline = self.elapsed() + seconds

    async def pass_time(self, seconds: float) -> None:
        """Let simulated time pass.

        Raises:
            TimeoutError: When the limit was reached before.
        """
        allowed = max(0.0, self._deadline - self.elapsed())
        waited = min(seconds, allowed)
        began = time.perf_counter()
        await asyncio.sleep(waited / self._speed)
        self._skipped += max(0.0, waited - (time.perf_counter() - began))
        if seconds > allowed:
            raise TimeoutError

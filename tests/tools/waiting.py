"""Waiting for programs and servers that tests start: for a condition, with a limit that no busy machine reaches."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

T = TypeVar("T")
LONGEST_WAIT: Final = 600.0
"""Seconds after which something that tests wait for will not happen any more."""

_POLL: Final = 0.02


def wait_until(condition: Callable[[], T], event: str) -> T:
    """Wait until a condition holds; gives what it gave.

    Raises:
        TimeoutError: it still does not hold after `LONGEST_WAIT`.
    """
    latest = time.monotonic() + LONGEST_WAIT
    while not (result := condition()):
        if time.monotonic() > latest:
            raise TimeoutError(f"{event}: not within {LONGEST_WAIT:g} seconds")
        time.sleep(_POLL)
    return result

"""Doing many reads at once, in order and with a bound."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def in_order(work: Callable[[T], R], items: Iterable[T], workers: int) -> Iterator[R]:
    """The results of ``work`` for each item, in the items' order; the first error stops the rest."""
    running: deque[Future[R]] = deque()
    executor = ThreadPoolExecutor(workers, thread_name_prefix="dashgen-read")
    try:
        for item in items:
            running.append(executor.submit(work, item))
            # Not `executor.map`: it starts all at once, and keeps each result until somebody takes it.
            if len(running) >= 2 * workers:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
    finally:
        executor.shutdown(wait=True, cancel_futures=True)

import threading
import time
from collections.abc import Iterator

import pytest

from dashgen.servers.http.parallel import in_order


def test_results_come_in_the_order_of_the_items() -> None:
    def slow_first(number: int) -> int:
        time.sleep(0.02 if number == 0 else 0)
        return number * 2

    assert list(in_order(slow_first, range(20), 4)) == [number * 2 for number in range(20)]


def test_items_are_taken_only_as_far_as_they_are_worked_on() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    results = in_order(lambda number: number, items(), 2)
    assert next(results) == 0
    assert len(taken) <= 4


def test_the_first_error_stops_the_rest() -> None:
    done: list[int] = []
    lock = threading.Lock()

    def work(number: int) -> None:
        time.sleep(0.005)
        if number == 1:
            raise ValueError("no")
        with lock:
            done.append(number)

    with pytest.raises(ValueError, match="no"):
        list(in_order(work, range(1000), 2))
    assert len(done) < 20

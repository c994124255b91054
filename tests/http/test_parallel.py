import threading
from collections.abc import Iterator

import pytest

from dashgen.servers.http.parallel import in_order


def test_results_come_in_the_order_of_the_items() -> None:
    second_is_done = threading.Event()

    def first_comes_later(number: int) -> int:
        if number == 0:
            second_is_done.wait()
        if number == 1:
            second_is_done.set()
        return number * 2

    assert list(in_order(first_comes_later, range(20), 4)) == [number * 2 for number in range(20)]


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
    begun: list[int] = []

    def work(number: int) -> None:
        begun.append(number)
        if number == 1:
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        list(in_order(work, range(1000), 2))
    # Work begins at most twice as far ahead as there are workers, and nothing is taken after the error.
    assert len(begun) <= 2 + 2 * 2

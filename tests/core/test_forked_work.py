"""Work in several processes."""

import os
from collections.abc import Iterator

import pytest

from dashgen.core.errors import DashgenError
from dashgen.core.forked_work import balanced_shares, forked_results


def _doubled(share: list[int]) -> Iterator[bytes]:
    for number in share:
        if number == 0:
            raise DashgenError("there is no half of nothing")
        if number < 0:
            os._exit(1)
        yield str(2 * number).encode()


def test_results_come_with_their_share_and_in_its_order() -> None:
    results = list(forked_results([[1, 2], [3]], _doubled))

    assert [result for share, result in results if share == 0] == [b"2", b"4"]
    assert [result for share, result in results if share == 1] == [b"6"]


def test_a_result_may_be_empty() -> None:
    assert list(forked_results([1], lambda _: [b"", b"a"])) == [(0, b""), (0, b"a")]


def test_what_stops_a_process_stops_all() -> None:
    with pytest.raises(DashgenError, match="no half of nothing"):
        list(forked_results([[1], [0]], _doubled))


def test_a_process_that_was_killed_is_an_error() -> None:
    with pytest.raises(DashgenError, match="ended before its work was done"):
        list(forked_results([[1], [-1]], _doubled))


@pytest.mark.parametrize(
    ("weights", "shares"),
    [
        ([5, 3, 1], [[0], [1, 2]]),
        ([1, 1, 1, 1], [[0, 2], [1, 3]]),
        ([2, 9], [[1], [0]]),
        ([], [[], []]),
    ],
)
def test_shares_are_about_as_heavy(weights: list[float], shares: list[list[int]]) -> None:
    assert balanced_shares(weights, 2) == shares

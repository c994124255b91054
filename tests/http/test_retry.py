from datetime import UTC, datetime

import pytest

from dashgen.servers.http import Limits
from dashgen.servers.http.retry import Pauses, seconds_to_wait


def _pauses(jitter: float, asked: float | None = None, limits: Limits | None = None) -> list[float]:
    pauses = Pauses(limits or Limits(), lambda: jitter)
    found = []
    while (wait := pauses.following(asked)) is not None:
        found.append(wait)
    return found


def test_pauses_grow_and_end() -> None:
    assert _pauses(0.5) == pytest.approx([0.4, 0.8, 1.6])


def test_pauses_are_spread() -> None:
    assert _pauses(0.0) == pytest.approx([0.2, 0.4, 0.8])
    assert _pauses(1.0) == pytest.approx([0.6, 1.2, 2.4])


def test_what_the_server_asks_for_is_the_least() -> None:
    assert _pauses(0.5, 1.0) == pytest.approx([1.0, 1.0, 1.6])


def test_no_server_makes_us_wait_longer_than_the_longest() -> None:
    assert _pauses(0.5, 9999.0, Limits(longest_wait=3.0)) == [3.0, 3.0, 3.0]


def test_one_attempt_means_no_pause() -> None:
    assert _pauses(0.5, None, Limits(attempts=1)) == []


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("Mon, 23 Nov 2026 10:00:30 GMT", 30.0),
        ("Mon, 23 Nov 2026 09:00:00 GMT", 0.0),
        ("Mon, 23 Nov 2026 10:00:30 -0000", 30.0),
        ("soon", None),
        ("-5", None),
        ("", None),
        ("٣", None),
        ("9" * 30, 999_999_999.0),
    ],
)
def test_how_long_to_wait_is_read_in_seconds_or_as_a_date(value: str, seconds: float | None) -> None:
    assert seconds_to_wait({"Retry-After": value}, datetime(2026, 11, 23, 10, tzinfo=UTC)) == seconds

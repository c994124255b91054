"""Durations as Prometheus writes them."""

import pytest

from dashgen.model.duration import duration_problem, is_go_duration, milliseconds


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("0", 0),
        ("10s", 10_000),
        ("1h30m", 5_400_000),
        ("1d", 86_400_000),
        ("5ms", 5),
        ("1y2w", 32_745_600_000),
        ("0s", 0),
    ],
)
def test_durations_have_a_length(text: str, length: int) -> None:
    assert milliseconds(text) == length


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty duration string"),
        ("5", 'not a valid duration string: "5"'),
        ("m", 'not a valid duration string: "m"'),
        ("1.5h", 'unknown unit "."'),
        ("-5m", "not a valid duration string"),
        ("5 minutes", 'unknown unit " minutes"'),
        ("5m1h", "not a valid duration string"),
        ("5m5m", "not a valid duration string"),
        ("٣m", "not a valid duration string"),
    ],
)
def test_what_is_no_duration_says_why(text: str, reason: str) -> None:
    assert reason in duration_problem(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1m", True), ("1.5h", True), ("0", True), ("1d", False), ("", False), ("x", False)],
)
def test_go_knows_no_days(text: str, expected: bool) -> None:
    assert is_go_duration(text) is expected

"""Durations as Prometheus writes them."""

import pytest

from dashgen.model.duration import (
    duration_problem,
    duration_text,
    is_go_duration,
    lenient_seconds,
    milliseconds,
    one_unit,
    whole_seconds,
)


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
        ("5m", 300_000),
        ("90s", 90_000),
        ("250ms", 250),
        ("1w2d", 777_600_000),
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


@pytest.mark.parametrize("text", ["", "5", "5 m", "30m1h", "5m5m", "-5m", "1.5h", "m"])
def test_what_prometheus_would_not_read_is_no_duration(text: str) -> None:
    assert milliseconds(text) is None


def test_seconds_are_rounded_up() -> None:
    assert whole_seconds("1500ms") == 2


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1.5h", 5400.0),
        ("30m1h", 5400.0),
        ("1w", 604_800.0),
        ("250ms", 0.25),
        ("", None),
        ("5", None),
        ("1h ", None),
    ],
)
def test_files_of_others_have_durations_with_fractions_and_in_any_order(
    text: str, seconds: float | None
) -> None:
    assert lenient_seconds(text) == seconds


@pytest.mark.parametrize(
    ("length", "mixed", "single"),
    [
        (0, "0s", "0s"), (250, "250ms", "250ms"), (90_000, "1m30s", "90s"), (5_400_000, "1h30m", "90m"),
        (172_800_000, "2d", "2d"), (61_001, "1m1s1ms", "61001ms"),
    ],
)  # fmt: skip
def test_lengths_are_written_as_prometheus_and_as_people_do(length: int, mixed: str, single: str) -> None:
    assert duration_text(length) == mixed
    assert one_unit(length) == single

import pytest

from dashgen.model.duration import milliseconds, whole_seconds


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("5m", 300_000),
        ("1h30m", 5_400_000),
        ("1d", 86_400_000),
        ("90s", 90_000),
        ("250ms", 250),
        ("0s", 0),
        ("1w2d", 777_600_000),
    ],
)
def test_a_duration_has_a_length(text: str, length: int) -> None:
    assert milliseconds(text) == length


@pytest.mark.parametrize("text", ["", "5", "5 m", "30m1h", "5m5m", "-5m", "1.5h", "m"])
def test_what_prometheus_would_not_read_is_no_duration(text: str) -> None:
    assert milliseconds(text) is None


def test_seconds_are_rounded_up() -> None:
    assert whole_seconds("1500ms") == 2

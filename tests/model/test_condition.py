import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashgen.model.condition import (
    Condition,
    ConditionProblem,
    Kind,
    format_number,
    parse_condition,
    with_recovery,
)


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("above 10%", Kind.ABOVE, (0.1,)),
        ("above 29%", Kind.ABOVE, (0.29,)),
        ("  above   10 % ", Kind.ABOVE, (0.1,)),
        ("below 5", Kind.BELOW, (5,)),
        ("at least 1", Kind.AT_LEAST, (1,)),
        ("at most -2.5", Kind.AT_MOST, (-2.5,)),
        ("between 1 and 5", Kind.BETWEEN, (1, 5)),
        ("outside 1% and 5%", Kind.OUTSIDE, (0.01, 0.05)),
        ("equals 0", Kind.EQUALS, (0,)),
        ("absent", Kind.ABSENT, ()),
        ("present", Kind.PRESENT, ()),
        ("above 30s", Kind.ABOVE, (30,)),
        ("above 250ms", Kind.ABOVE, (0.25,)),
        ("above 5m", Kind.ABOVE, (300,)),
        ("above 2h", Kind.ABOVE, (7200,)),
        ("above $50", Kind.ABOVE, (50,)),
        ("above 50 USD", Kind.ABOVE, (50,)),
        ("above 2k", Kind.ABOVE, (2000,)),
        ("above 1.5GiB", Kind.ABOVE, (1.5 * 2**30,)),
        ("above 1e3", Kind.ABOVE, (1000,)),
        ("above 60/min", Kind.ABOVE, (1.0,)),
    ],
)
def test_a_condition_is_read_in_base_units(text: str, kind: Kind, values: tuple[float, ...]) -> None:
    assert parse_condition(text) == Condition(kind, values)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("> 10%", "`> 10%` is not a condition", "write `above 10%`"),
        (">= 3", "`>= 3` is not a condition", "write `at least 3`"),
        ("more than 3", "`more than 3` is not a condition", "write `above 3`"),
        ("missing", "`missing` is not a condition", "write `absent`"),
        ("abov 3", "`abov 3` is not a condition", "did you mean `above`?"),
        ("", "the condition is empty", "write for example `above 10%`"),
        ("above", "`above` lacks a number after `above`", "write for example `above 10%`"),
        ("between 1", "`between 1` lacks two numbers after `between`", "write for example `between 1 and 5`"),
        (
            "between 5 and 1",
            "`between 5 and 1` has its bounds in the wrong order",
            "write the smaller number first",
        ),
        ("absent 5", "`absent` takes no number", "write `absent`"),
        ("present 5", "`present` takes no number", "write `present`"),
        ("exists", "`exists` is not a condition", "write `present`"),
        ("above 1e400", "`1e400` is too large", "write a smaller number"),
    ],
)
def test_what_is_no_condition_says_what_to_write(text: str, message: str, hint: str) -> None:
    assert parse_condition(text) == ConditionProblem(message, hint)


@pytest.mark.parametrize(
    "text", ["above ten", "above 1,000", "above 1_000", "above 10 %%", "above nan", "above $5%"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    assert isinstance(parse_condition(text), ConditionProblem)


@pytest.mark.parametrize(
    ("fires", "recovers", "values"),
    [
        ("above 10%", "below 8%", (0.08,)),
        ("above 10%", "below 10%", (0.1,)),
        ("below 5", "above 6", (6,)),
        ("between 2 and 4", "outside 1 and 5", (1, 5)),
        ("outside 1 and 5", "between 2 and 4", (2, 4)),
    ],
)
def test_recovery_is_the_opposite_further_away(fires: str, recovers: str, values: tuple[float, ...]) -> None:
    condition = parse_condition(fires)
    assert isinstance(condition, Condition)
    result = with_recovery(condition, recovers)
    assert isinstance(result, Condition)
    assert result.recover is not None
    assert result.recover.values == values


@pytest.mark.parametrize(
    ("fires", "recovers", "message"),
    [
        ("above 10%", "below 12%", "the alert would recover while it fires"),
        ("above 10%", "above 3", "an alert that fires `above` does not recover `above`"),
        ("above 10%", "8%", "`8%` is not a condition"),
        ("equals 0", "above 1", "`equals` has no recovery of its own"),
        ("absent", "above 1", "`absent` has no recovery of its own"),
        ("outside 1 and 5", "between 0 and 4", "the alert would recover while it fires"),
    ],
)
def test_a_recovery_that_cannot_be_is_refused(fires: str, recovers: str, message: str) -> None:
    condition = parse_condition(fires)
    assert isinstance(condition, Condition)
    result = with_recovery(condition, recovers)
    assert isinstance(result, ConditionProblem)
    assert result.message == message
    assert result.hint


@pytest.mark.parametrize(
    ("text", "met", "not_met"),
    [
        ("above 5", [5.1], [5, 4, math.nan]),
        ("below 5", [4.9], [5, 6, math.nan]),
        ("at least 5", [5, 6], [4, math.nan]),
        ("at most 5", [5, 4], [6, math.nan]),
        ("between 1 and 5", [3], [1, 5, 0, 6, math.nan]),
        ("outside 1 and 5", [0, 6], [1, 5, 3, math.nan]),
        ("equals 0", [0], [0.1, math.nan]),
        ("absent", [], [0, 1, math.nan]),
        ("present", [0, 1, math.nan], []),
    ],
)
def test_bounds_do_not_count_and_no_traffic_never_meets_a_condition(
    text: str, met: list[float], not_met: list[float]
) -> None:
    condition = parse_condition(text)
    assert isinstance(condition, Condition)
    assert all(condition.holds(value) for value in met)
    assert not any(condition.holds(value) for value in not_met)


@pytest.mark.parametrize(
    ("value", "text"), [(30.0, "30"), (0.1, "0.1"), (-2.0, "-2"), (1e-6, "1e-06"), (1e20, "1e+20")]
)
def test_a_number_is_written_without_a_needless_fraction(value: float, text: str) -> None:
    assert format_number(value) == text


WORDS = st.sampled_from(
    [
        "above",
        "between",
        "absent",
        "at",
        "least",
        "and",
        "1",
        "-2",
        "10%",
        "$5",
        "1e999999",
        "ms",
        ">",
        "٣",
        "",
    ]
)


@pytest.mark.property
@given(st.one_of(st.text(), st.lists(WORDS).map(" ".join)))
def test_any_text_is_a_condition_or_says_what_is_wrong(text: str) -> None:
    result = parse_condition(text)
    assert isinstance(result, Condition) or result.message
    if isinstance(result, Condition):
        assert isinstance(with_recovery(result, text), Condition | ConditionProblem)

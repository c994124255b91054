"""Expressions are bounded each and together, by what they do and not by a clock."""

import pytest

from dashgen.core.json_values import without_fraction
from dashgen.source.expressions import ExpressionError, evaluate
from dashgen.source.load import load_text
from dashgen.source.work import MAX_DOCUMENT, TooMuchWorkError, Work

HEAVY = "x" * 50_000


@pytest.mark.parametrize(
    "expression",
    [
        "5 | round(-300000000)",
        "5 | round(300000000, 'ceil')",
        "5.5 | round(precision=10 ** 9)",
        "5 | round(1e9)",
        "[5] | first | round(-10 ** 17)",
        "('f' * 150000) | int(0, 16) * 2",
        "-(('f' * 150000) | int(0, 16)) // 3",
        "('f' * 150000) | int(0, 16) - 1",
        "2 ** 64 ** 64",
        "(10 ** 6) ** 64 ** 64",
        "b.strip(b)",
        "b.lstrip('a' * 101)",
        "b * 10",
        "[b] * 10",
        "(b ~ b ~ b ~ b ~ b)",
        "b.replace('x', b)",
        "b | replace('x', b)",
        "b | replace('', b)",
        "[b, b, b, b, b] | join(b)",
        "range(10 ** 12)",
        "range(0, 10 ** 17, 1) | list",
        "(b | list) * 9",
    ],
)
def test_no_filter_function_or_operator_takes_huge_arguments(expression: str) -> None:
    work = Work()
    with pytest.raises(ExpressionError):
        evaluate(f"${{{{ {expression} }}}}", {"b": HEAVY}, work)
    assert work.done <= 2_000_000


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("3.14159 | round(2)", 3.14),
        ("1234 | round(-2)", 1200),
        ("1.2 | round(0, 'ceil')", 2),
        ("1.8 | round(method='floor')", 1),
        ("7 // 2", 3),
        ("7 / 2", 3.5),
        ("10 ** 17 - 1", 10**17 - 1),
        ("'--a--'.strip('-')", "a"),
    ],
)
def test_usual_arithmetic_is_as_ever(expression: str, value: object) -> None:
    assert evaluate(f"${{{{ {expression} }}}}", {}) == value


def test_expressions_of_one_document_have_one_limit() -> None:
    work = Work()
    for _ in range(MAX_DOCUMENT // 50_022):
        assert evaluate("${{ b | length }}", {"b": HEAVY}, work) == len(HEAVY)
    with pytest.raises(ExpressionError, match="do too much together"):
        evaluate("${{ b | length }}", {"b": HEAVY}, work)
    with pytest.raises(TooMuchWorkError):
        work.add(0)


def test_numbers_that_floats_do_not_hold_exactly_stay_floats() -> None:
    numbers = [80.0, 80.5, 2.0**53 - 1, 2.0**53, 1e20, float("inf"), -3.0]
    assert [repr(without_fraction(number)) for number in numbers] == [
        "80", "80.5", "9007199254740991", "9007199254740992.0", "1e+20", "inf", "-3",
    ]  # fmt: skip


def test_repeated_keys_are_all_told_with_the_first_one() -> None:
    count = 3000
    text = "".join(f"k{i}: 1\n" for i in range(count)) + "".join(f"k{i}: 1\n" for i in reversed(range(count)))
    problems = load_text("x.yaml", text).diagnostics
    assert len(problems) == count
    assert {str(one.related[0].location) for one in problems} == {f"x.yaml:{n + 1}:1" for n in range(count)}

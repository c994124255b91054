"""The outermost comparison of an expression."""

import pytest

from dashgen.query.comparison import Comparison, absent_of, canonical, split_comparison, unwrapped


@pytest.mark.parametrize(
    ("expr", "query", "sign", "number"),
    [
        ("up == 0", "up", "==", 0),
        ("a > -1.5e3", "a", ">", -1500),
        ("(a / b) >= 0.1", "a / b", ">=", 0.1),
        ("a / b < 24 * 60 * 60", "a / b", "<", 86400),
        ("5 < a", "a", ">", 5),
        ("((a > 5))", "a", ">", 5),
        ("(1 + 1) >= sum(a)", "sum(a)", "<=", 2),
        ("a > b > 5", "a > b", ">", 5),
        ('a{x="b > 5"} > 5', 'a{x="b > 5"}', ">", 5),
        ("((a and b)) > 0", "a and b", ">", 0),
        ("a # > 7\n > 5", "a # > 7", ">", 5),
        ("min_over_time((a > 3)[5m:]) > 2", "min_over_time((a > 3)[5m:])", ">", 2),
    ],
)
def test_a_number_beside_the_outermost_comparison(expr: str, query: str, sign: str, number: float) -> None:
    assert split_comparison(expr) == Comparison(query, sign, number)


@pytest.mark.parametrize(
    "expr",
    [
        "up", "a > b", "a > bool 5", "a != 5", "a > 5 and b > 6", "a > 5 or vector(1)", "a > 5 unless b",
        "a > on (x) b", "a > 1 / 0", "a > 5m", "a > Inf", "> 5", "a >", "5 > 4 > (", "", "a > 2 ** 9",
        "5 < bool a", "'a' > ", "(" * 900,
    ],
)  # fmt: skip
def test_everything_else_is_left_whole(expr: str) -> None:
    assert split_comparison(expr) is None


def test_a_query_of_loki_may_filter_lines() -> None:
    expr = 'sum(count_over_time({app="x"} |= `a > 5` | json | took > 5s [5m])) > 10'
    assert split_comparison(expr, "loki") == Comparison(expr.removesuffix(" > 10"), ">", 10)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a>5", "(a)  > 5.0 # much"),
        ("(a / b) > 2 * 3", "a/b > 6"),
        ("5 < a", "a > 5"),
        ("(a or b)", "a or b"),
    ],
)
def test_what_is_the_same_has_one_form(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(("one", "other"), [("a > 5", "a >= 5"), ("a", "b"), ("(a) / (b)", "a / b > 0")])
def test_what_differs_has_another_form(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    ("expr", "inner"),
    [
        ("absent(up)", "up"),
        (" absent( sum(a) ) ", "sum(a)"),
        ("absent(a) or absent(b)", None),
        ("absent()", None),
        ("up", None),
    ],
)
def test_what_is_asked_to_be_absent(expr: str, inner: str | None) -> None:
    assert absent_of(expr) == inner


def test_parentheses_around_a_part_stay() -> None:
    assert unwrapped("((a) + (b))") == "(a) + (b)"
    assert unwrapped("( a ) # why") == "( a ) # why"

"""Expressions in parts that can each be asked."""

import pytest

from dashgen.query import Matcher, take_apart

EXPRESSIONS = [
    r'foo{a=~"a\\.b\"x",b="é\n"}',
    "foo @ 1700000000",
    "foo @ end() offset -5m",
    "-foo",
    "-2 ^ 2",
    "sum without () (foo)",
    "foo % 2 ^ 3",
    '{__name__=~"a.*"}',
    'count_values("x", foo)',
    "quantile(0.5, foo) > bool 1",
    "1e3 + Inf + 0x1f + NaN + 1e300 + 0.1",
    "histogram_quantile(0.9, sum by (le) (rate(a_bucket[5m]))) >= 0",
    "max_over_time(foo[90s:15s])",
    "sum by (a) (foo offset -5m) / on (x) group_left (y) (bar @ end() > bool -0.5)",
    "a * ignoring (x) group_right () b",
    "topk(5, foo) or vector(0)",
    'label_replace(up, "a", "$1", "b", "(.*)")',
    "max_over_time((a + b)[5m:] offset 1h)",
]


@pytest.mark.parametrize("expr", EXPRESSIONS)
def test_the_text_of_the_parts_means_the_same(expr: str) -> None:
    part = take_apart(expr)
    assert part is not None
    assert take_apart(part.text) == part


def test_every_part_is_an_expression_of_its_own() -> None:
    part = take_apart('sum by (a) (rate(foo{b="c"}[5m])) / (bar > 0)')
    assert part is not None
    assert [one.text for one in part.walk()] == [
        'foo{b="c"}[5m]',
        'rate(foo{b="c"}[5m])',
        'sum by (a) (rate(foo{b="c"}[5m]))',
        "bar",
        "0",
        "bar > 0",
        'sum by (a) (rate(foo{b="c"}[5m])) / (bar > 0)',
    ]
    assert part.parts[1].compares


def test_a_selector_can_be_written_with_fewer_conditions_and_another_range() -> None:
    part = take_apart('rate(foo{a="b",c!~"d"}[5m] offset 1h)')
    assert part is not None
    selector = part.parts[0].selector
    assert selector is not None
    assert selector.text() == "foo offset 1h"
    assert selector.text(selector.matchers[0]) == 'foo{a="b"} offset 1h'
    assert selector.text(range=60) == "foo[1m] offset 1h"
    assert selector.matchers[1] == Matcher("c", "!~", "d")


@pytest.mark.parametrize("expr", ["", "sum(", '{a="1" or b="2"}', "foo[" + "9" * 20 + "s]", "(" * 5000])
def test_what_does_not_parse_has_no_parts(expr: str) -> None:
    assert take_apart(expr) is None

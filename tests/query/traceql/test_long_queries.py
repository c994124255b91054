"""Long queries of one kind are answered, and what a parser could do again for each part is done once."""

import pytest

from dashgen.query import LANGUAGES
from dashgen.query.traceql.traceql_nodes import walk
from dashgen.query.traceql.traceql_parser import parse

SIZE = 100_000
SOUND = {
    "alternatives": ("{ true", " || .a = 1", "}"),
    "sets of spans": ("{}", " && {.a}", ""),
    "stages": ("{}", " | {.a}", ""),
    "attributes": ("select(.a", ", .a", ")"),
    "quantiles": ("{} | quantile_over_time(duration, .5", ",.5", ")"),
    "comparisons of series": ("{} | rate()", " > 1", ""),
    "arithmetic of series": ("({} | rate())", " + ({} | rate())", ""),
    "arithmetic of numbers": ("({} | rate()) + 1", " + 1", ""),
    "comments": ("", "/*x*/", "{}"),
    "spaces": ("{", " ", "}"),
    "a name in quotes": ("{ .", '"a"', "}"),
    "a regular expression": ('{ .a =~ "a', "|a", '"}'),
}
REFUSED = {
    "parentheses": "{" + "(" * SIZE + ".a" + ")" * SIZE + "}",
    "signs": "{" + "-" * SIZE + "1 = 1}",
    "powers": "{1" + "^1" * SIZE + "=1}",
    "filters": "{" * SIZE,
    "closing brackets": "{} ) " + ") " * SIZE,
    "open comments": "/*" * SIZE,
    "open names": '."' * SIZE,
    "digits": "{ .a = " + "1" * SIZE + "}",
    "units": "{ .a = " + "1s" * SIZE + "1}",
}


@pytest.mark.parametrize("kind", SOUND)
def test_a_long_query_has_a_tree(kind):
    start, part, end = SOUND[kind]
    query, _ = parse(start + part * (SIZE // len(part)) + end)
    assert sum(1 for _ in walk(query)) > 1


@pytest.mark.parametrize("kind", REFUSED)
def test_a_long_query_that_is_none_is_refused(kind):
    parsed = LANGUAGES["tempo"].parse(REFUSED[kind])
    assert parsed.error
    assert 0 <= parsed.error_offset <= len(REFUSED[kind])

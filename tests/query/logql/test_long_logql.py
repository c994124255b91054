"""Log queries as long as Loki reads them: each is answered, without deep recursion and within its text."""

import pytest

from dashgen.query.logql import parse_logql, walk

SIZE = 120_000


def filled(part: str, size: int = SIZE) -> str:
    return part * (size // len(part))


LONG_AND_SOUND = {
    "line filters": '{a="b"}' + filled(' |= "x"'),
    "alternatives": '{a="b"} |= "x"' + filled(' or "x"'),
    "matchers": '{a="b"' + filled(',a="b"') + "}",
    "stages": '{a="b"}' + filled(" | json"),
    "conditions": '{a="b"} | a=1' + filled(" and a=1 or b=2, c=3"),
    "commas": '{a="b"} | a=1' + filled(", a=1"),
    "labels": "sum by (a" + filled(",a", 100_000) + ') (rate({a="b"}[5m]))',
    "labels to drop": '{a="b"} | drop a' + filled(",a"),
    "variables": '{a="b"}' + filled(" $x"),
    "regular expression": '{a=~"' + filled("a|b") + '"}',
    "escapes": '{a="' + filled("\\n") + '"}',
    "comments": filled("# x\n") + '{a="b"}',
    "JSON path": '{a="b"} | json x="a' + filled(".a") + '"',
    "parentheses of conditions": '{a="b"} | ' + "(" * 100 + "a=1" + ")" * 100,
}
LONG_AND_WRONG = {
    "parentheses": filled("("),
    "calls": filled("sum("),
    "names": filled("a "),
    "numbers": filled("1_"),
    "durations": filled("5m"),
    "ranges": 'rate({a="b"}' + filled("[5m]"),
    "signs": filled("-") + "1",
    "powers": "1" + filled("^1"),
    "escaped quotes": filled('\\"'),
    "dollars": filled("$"),
    "brackets": filled("[["),
    "comments that stay open": filled("/*"),
    "conditions that stay open": '{a="b"} | ' + filled("("),
}


@pytest.mark.parametrize("kind", LONG_AND_SOUND)
def test_a_long_sound_query_has_a_tree_that_can_be_walked(kind: str) -> None:
    expr = LONG_AND_SOUND[kind]
    parsed = parse_logql(expr)
    assert parsed.fault is None
    assert parsed.tree is not None
    assert all(0 <= node.start < node.end <= len(expr) for node in walk(parsed.tree))


@pytest.mark.parametrize("kind", LONG_AND_WRONG)
def test_a_long_wrong_query_is_refused_within_it(kind: str) -> None:
    expr = LONG_AND_WRONG[kind]
    fault = parse_logql(expr).fault
    assert fault is not None
    assert 0 <= fault.offset <= len(expr)

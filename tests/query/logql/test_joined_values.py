"""Variables with several values need parentheses beside other parts of a regular expression."""

import pytest

from dashgen.query.logql import joined_values


@pytest.mark.parametrize(
    "expr",
    [
        '{app=~"$v"}',
        '{app=~"^$v$"}',
        '{app=~"(?i)$v"}',
        '{app=~"x-($v)-y"}',
        '{app=~"x-(?:${v})"}',
        '{app=~"$v|other"}',
        '{app=~"other|[[v]]"}',
        '{app=~"a-${v:regex}"}',
        '{app=~"a-$other"}',
        '{app="a-$v"}',
        '{app="x"} |= "a $v"',
        '{app="x"} |~ `(?i)$v`',
        '{app="x"} | json | path=~"$v"',
    ],
)
def test_values_alone_are_fine(expr: str) -> None:
    assert list(joined_values(expr, {"v"})) == []


@pytest.mark.parametrize(
    ("expr", "written"),
    [
        ('{app=~"a-$v"}', "$v"),
        ('{app=~"$v.*"}', "$v"),
        ('{app=~".*${v}.*"}', "${v}"),
        ('{app!~"(a-$v)"}', "$v"),
        ('{app=~"x|a[[v]]"}', "[[v]]"),
        ('{app=~"a-${v:pipe}"}', "${v:pipe}"),
        ('{app="x"} |~ "error $v"', "$v"),
        ('rate({app="x"} | json | path=~"/$v" [5m])', "$v"),
    ],
)
def test_values_beside_something_else_are_named(expr: str, written: str) -> None:
    (joined,) = joined_values(expr, {"v"})
    assert (joined.name, joined.written) == ("v", written)
    assert expr[joined.offset :].startswith(written)

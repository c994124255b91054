import pytest

from dashgen.query import LANGUAGES

TRACEQL = LANGUAGES["tempo"]


@pytest.mark.parametrize(
    "expr",
    [
        "{}",
        '{ resource.service.name = "$service" && duration > 2s } | rate() by (name)',
        '{ span."a b" != nil } >> { status = error }',
    ],
)
def test_a_balanced_query_passes(expr):
    assert TRACEQL.parse(expr).error == ""


@pytest.mark.parametrize(
    ("expr", "error", "offset"),
    [("{ name = `x }", "the text that starts with ` has no end", 9), ("{ .a = 1", "`{` is never closed", 0)],
)
def test_a_missing_partner_is_found(expr, error, offset):
    parsed = TRACEQL.parse(expr)
    assert (parsed.error, parsed.error_offset) == (error, offset)


def test_its_variables_are_listed():
    assert TRACEQL.parse('{ name = "$name" && duration > $slow }').variables == ("name", "slow")

import pytest

from dashgen.query import LANGUAGES, is_metric_query

LOGQL = LANGUAGES["loki"]


@pytest.mark.parametrize(
    ("expr", "metric"),
    [
        ('{app="x"}', False),
        ('{app="x"} |= "error" | json | level="error"', False),
        ('({app="x"} |= "it\'s")', False),
        ('# all\n{app="x"}', False),
        ('rate({app="x"}[$__auto])', True),
        ('sum by (level) (count_over_time({app="x"} | json [5m]))', True),
        ("(vector(1))", True),
        ("", False),
    ],
)
def test_a_metric_query_is_told_from_a_log_query(expr, metric):
    assert is_metric_query(expr) is metric


@pytest.mark.parametrize(
    ("expr", "grouping"),
    [
        ('sum by (level, app) (rate({a="b"}[5m]))', ("level", "app")),
        ('sum(rate({a="b"}[5m])) by (level)', ("level",)),
        ('sum(rate({a="b"}[5m]))', ()),
        ('topk(5, sum by (user) (count_over_time({a="b"}[1h])))', ("user",)),
        ('sort_desc(sum by (user) (rate({a="b"}[1h])))', ("user",)),
        ('100 * sum by (a) (rate({a="b"}[5m])) / sum(rate({a="b"}[5m]))', ("a",)),
        ('quantile_over_time(0.9, {a="b"} | unwrap ms [5m]) by (path)', ("path",)),
        ('sum without (a) (rate({a="b"}[5m]))', None),
        ('rate({a="b"}[5m])', None),
        ('{a="b"}', None),
        ("vector(1)", None),
        ("1 + 1", None),
    ],
)
def test_the_grouping_is_read(expr, grouping):
    assert LOGQL.parse(expr).grouping == grouping


@pytest.mark.parametrize(
    ("expr", "rate_like"),
    [
        ('sum(rate({a="b"}[5m]))', True),
        ('bytes_over_time({a="b"}[5m])', True),
        ('avg_over_time({a="b"} | unwrap ms [5m])', False),
        ('{a="b"}', False),
    ],
)
def test_a_rate_is_noticed(expr, rate_like):
    assert LOGQL.parse(expr).rate_like is rate_like


def test_functions_and_variables_are_listed():
    parsed = LOGQL.parse('sum(rate({app="$app"} |~ `$word` [$window]))')
    assert parsed.functions == {"sum", "rate"}
    assert parsed.variables == ("app", "word", "window")


@pytest.mark.parametrize(
    ("expr", "error", "offset"),
    [
        ("# nothing", "the query is empty", -1),
        ('{app="x"', "`{` is never closed", 0),
        ('{app="x}', 'the text that starts with " has no end', 5),
        ('rate({app="x"}[5x])', "`[5x]` is not a duration", 14),
        ('rate({app="x"}[])', "`[]` is not a duration", 14),
        ('sum(rate({app="x"}))', "`rate` needs a range", 4),
        ("sum(" * 300 + "1" + ")" * 300, "the query nests more than 120 levels", 480),
    ],
)
def test_what_is_wrong_is_said_with_its_place(expr, error, offset):
    parsed = LOGQL.parse(expr)
    assert (parsed.error, parsed.error_offset) == (error, offset)
    assert parsed.hint


@pytest.mark.parametrize("duration", ["5m", "1h30m", "200ms", "$__interval", "$window", "${n}s"])
def test_a_range_is_a_duration_or_a_variable(duration):
    assert LOGQL.parse(f'count_over_time({{app="x"}}[{duration}])').error == ""

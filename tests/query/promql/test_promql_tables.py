"""What Prometheus 3.14 takes passes, and what it refuses is refused at its character: some hundred queries of each."""

from pathlib import Path

import pytest

from dashgen.query import LANGUAGES
from dashgen.query.promql.promql_syntax import parse_promql
from dashgen.query.promql.promql_writer import promql_text

PROMQL = LANGUAGES["prometheus"]
TABLES = Path(__file__).parent
MARK = "▸"


def queries(name: str) -> list[str]:
    """The queries of a table; ``⏎`` stands for a new line."""
    lines = (TABLES / name).read_text(encoding="utf-8").split("\n")
    return [line.replace("⏎", "\n") for line in lines if line and not line.startswith("# ")]


VALID = queries("valid.txt")
INVALID = queries("invalid.txt")


def test_the_tables_have_three_hundred_queries_of_each_kind_and_none_twice():
    for table in (VALID, INVALID):
        assert len({query.replace(MARK, "") for query in table}) == len(table) >= 300


@pytest.mark.parametrize("query", VALID)
def test_what_prometheus_takes_passes(query):
    parsed = PROMQL.parse(query)
    assert (parsed.error, parsed.error_offset) == ("", -1)


@pytest.mark.parametrize("query", VALID)
def test_a_tree_spans_its_query_without_comments(query):
    expr = parse_promql(query).expr
    start, end = (query.find("\n") + 1 if query.startswith("#") else 0), len(query)
    if "# comment" in query[expr.end :]:
        end = query.index("# comment", expr.end) - 1
    assert (expr.start, expr.end) == (start, end)


@pytest.mark.parametrize("query", VALID)
def test_what_is_written_anew_means_the_same(query):
    text = promql_text(parse_promql(query).expr)
    assert promql_text(parse_promql(text).expr) == text


@pytest.mark.parametrize("query", INVALID)
def test_what_prometheus_refuses_is_refused_at_its_character_with_a_hint(query):
    text = query.replace(MARK, "")
    parsed = PROMQL.parse(text)
    assert parsed.error
    assert text[: parsed.error_offset] + MARK + text[parsed.error_offset :] == query
    assert parsed.hint

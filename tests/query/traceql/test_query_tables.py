"""What Tempo 3.0 takes passes, and what it refuses is refused at its character: hundreds of each."""

from pathlib import Path

import pytest

from dashgen.query import LANGUAGES

TRACEQL = LANGUAGES["tempo"]
TABLES = Path(__file__).parent
MARK = "▸"


def queries(name: str) -> list[str]:
    """The queries of a table; ``⏎`` stands for a new line."""
    lines = (TABLES / name).read_text(encoding="utf-8").splitlines()
    return [line.replace("⏎", "\n") for line in lines if line and not line.startswith("#")]


VALID = queries("valid.txt")
INVALID = queries("invalid.txt")
WITH_VARIABLES = queries("variables.txt")


def test_the_tables_have_three_hundred_queries_of_each_kind_and_none_twice():
    for table in (VALID, INVALID):
        assert len({query.replace(MARK, "") for query in table}) == len(table) >= 300


@pytest.mark.parametrize("query", VALID)
def test_what_tempo_takes_passes(query):
    parsed = TRACEQL.parse(query)
    assert (parsed.error, parsed.error_offset) == ("", -1)


@pytest.mark.parametrize("query", INVALID)
def test_what_tempo_refuses_is_refused_at_its_character_with_a_hint(query):
    text = query.replace(MARK, "")
    parsed = TRACEQL.parse(text)
    assert parsed.error
    assert text[: parsed.error_offset] + MARK + text[parsed.error_offset :] == query
    assert parsed.hint


@pytest.mark.parametrize("query", WITH_VARIABLES)
def test_a_variable_may_stand_wherever_something_can(query):
    assert TRACEQL.parse(query).error == ""

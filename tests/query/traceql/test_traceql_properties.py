"""Whatever a query is: no crash, an offset within the text, and the same answer for the same meaning."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashgen.query import LANGUAGES
from dashgen.query.traceql.traceql_nodes import Parenthesized, SpanFilter, bare
from dashgen.query.traceql.traceql_parser import parse
from tests.fuzz.traceql_grammar import TraceQLGrammar, mutated_query

pytestmark = pytest.mark.property
TRACEQL = LANGUAGES["tempo"]
SETTINGS = settings(max_examples=300)
RANDOMS = st.randoms(use_true_random=False)


@SETTINGS
@given(RANDOMS)
def test_what_the_grammar_makes_and_what_changes_it_is_answered_within_the_text(random):
    query = TraceQLGrammar(random).query()
    for text in (query, mutated_query(query, random)):
        parsed = TRACEQL.parse(text)
        assert -1 <= parsed.error_offset <= len(text)
        assert bool(parsed.error) == bool(parsed.hint)


@SETTINGS
@given(st.text(max_size=60))
def test_any_text_is_answered_within_it(text):
    assert -1 <= TRACEQL.parse("{ " + text).error_offset <= len(text) + 2


@SETTINGS
@given(RANDOMS)
def test_a_sound_query_is_sound_with_spaces_and_comments_between_its_tokens(random):
    query = TraceQLGrammar(random, is_sound=True).query()
    assert TRACEQL.parse(query).error == ""
    assert TRACEQL.parse(query.replace(" ", " /* a ( */ // b {\n\t")).error == ""


@SETTINGS
@given(RANDOMS)
def test_parentheses_around_a_condition_change_nothing(random):
    condition = TraceQLGrammar(random, is_sound=True).condition()
    alone, wrapped = parse(f"{{ {condition} }}")[0].body, parse(f"{{ ({condition}) }}")[0].body
    assert isinstance(alone, SpanFilter)
    assert isinstance(wrapped, SpanFilter)
    assert isinstance(wrapped.condition, Parenthesized)
    assert type(bare(wrapped.condition)) is type(bare(alone.condition))
    assert wrapped.condition.type is alone.condition.type


@SETTINGS
@given(RANDOMS)
def test_the_start_of_a_sound_query_that_ends_in_a_bracket_is_refused(random):
    query = TraceQLGrammar(random, is_sound=True).query()
    assert TRACEQL.parse(query[: query.index("}")]).error != ""

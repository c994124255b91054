"""Whatever stands in a query: no crash, an offset within the text, and a tree whose nodes are where they say."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashgen.query import LANGUAGES
from dashgen.query.logql import parse_logql, walk
from tests.fuzz.logql_grammar import LogQLGrammar, mutated_logql

pytestmark = pytest.mark.property
LOGQL = LANGUAGES["loki"]
SETTINGS = settings(max_examples=300)
RANDOMS = st.randoms(use_true_random=False)


@SETTINGS
@given(RANDOMS)
def test_what_the_grammar_makes_and_what_changes_it_has_an_answer_within_the_text(random):
    query = LogQLGrammar(random).query()
    for text in (query, mutated_logql(query, random)):
        parsed = LOGQL.parse(text)
        assert -1 <= parsed.error_offset <= len(text)
        assert bool(parsed.error) == bool(parsed.hint)


@SETTINGS
@given(st.text(max_size=60))
def test_any_text_has_an_answer_within_it(text):
    for query in (text, '{a="b"} ' + text, "rate({" + text):
        assert -1 <= LOGQL.parse(query).error_offset <= len(query)


@SETTINGS
@given(RANDOMS)
def test_a_sound_query_is_sound_with_spaces_and_comments_between_its_tokens(random):
    query = LogQLGrammar(random, is_sound=True).query()
    assert LOGQL.parse(query).error == ""
    assert LOGQL.parse(query.replace(" | ", " /* a ( */ // b {\n\t# c\n| ")).error == ""


@SETTINGS
@given(RANDOMS)
def test_nodes_lie_within_the_query_in_its_order_and_around_those_below(random):
    query = LogQLGrammar(random, is_sound=True).query()
    tree = parse_logql(query).tree
    assert tree is not None
    starts = []
    for node in walk(tree):
        assert 0 <= node.start < node.end <= len(query)
        assert query[node.start].strip()
        assert query[node.end - 1].strip()
        starts.append(node.start)
        for below in walk(node):
            assert node.start <= below.start <= below.end <= node.end
    assert starts == sorted(starts)


@SETTINGS
@given(RANDOMS)
def test_the_start_of_a_sound_query_that_ends_in_a_bracket_is_refused(random):
    query = LogQLGrammar(random, is_sound=True).query()
    assert LOGQL.parse(query[: query.index("}")]).error != ""

"""Whatever stands in a PromQL query: no crash, an offset within the text, and the same answer for the same meaning."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashgen.query import LANGUAGES
from dashgen.query.promql.promql_nodes import PromQLNode
from dashgen.query.promql.promql_syntax import parse_promql
from dashgen.query.promql.promql_writer import promql_text
from tests.fuzz.promql_grammar import PromQLGrammar
from tests.fuzz.traceql_grammar import mutated_query

pytestmark = pytest.mark.property
PROMQL = LANGUAGES["prometheus"]
SETTINGS = settings(max_examples=300)
RANDOMS = st.randoms(use_true_random=False)


def nodes(node: object) -> list[PromQLNode]:
    """A node and all below it."""
    if isinstance(node, tuple):
        return [one for child in node for one in nodes(child)]
    if not isinstance(node, PromQLNode):
        return []
    return [node, *nodes(tuple(getattr(node, name) for name in node.__struct_fields__))]


@SETTINGS
@given(RANDOMS)
def test_what_the_grammar_makes_is_sound_and_its_nodes_lie_within_one_another(random):
    query = PromQLGrammar(random).query()
    tree = parse_promql(query)
    for node in nodes(tree.expr):
        assert tree.expr.start <= node.start < node.end <= tree.expr.end
    for requirement in tree.requirements:
        assert 0 <= requirement.offset < len(query)


@SETTINGS
@given(RANDOMS)
def test_what_changes_a_query_is_answered_within_the_text(random):
    text = mutated_query(PromQLGrammar(random).query(), random)
    parsed = PROMQL.parse(text)
    assert -1 <= parsed.error_offset <= len(text)
    assert bool(parsed.error) == bool(parsed.hint)


@SETTINGS
@given(st.text(max_size=60))
def test_any_text_between_braces_or_brackets_is_answered_within_it(text):
    for query in (f"x{{{text}}}", f"x[{text}]", f"sum by ({text}) (x)"):
        assert -1 <= PROMQL.parse(query).error_offset <= len(query)


@SETTINGS
@given(RANDOMS)
def test_a_query_in_one_notation_means_the_same_in_parentheses(random):
    query = PromQLGrammar(random).query()
    text = promql_text(parse_promql(query).expr)
    assert promql_text(parse_promql(text).expr) == text
    assert promql_text(parse_promql(f"({text}\n)").expr) == f"({text})"


@SETTINGS
@given(RANDOMS)
def test_a_query_without_its_last_bracket_is_refused(random):
    query = f"abs({PromQLGrammar(random).of_type('vector')})"
    assert PROMQL.parse(query).error == ""
    assert PROMQL.parse(query.removesuffix(")")).error != ""

import promql_parser
import pytest

from dashgen.query.promql.promql_names import AGGREGATIONS, FUNCTIONS


def is_known(name):
    try:
        promql_parser.parse(f"{name}(x)")
    except ValueError as refusal:
        return "unknown function" not in str(refusal)
    return True


@pytest.mark.parametrize("name", sorted(FUNCTIONS | AGGREGATIONS))
def test_a_name_that_hints_may_suggest_is_known_to_the_parser(name):
    assert is_known(name)


def test_a_name_that_no_hint_suggests_is_not():
    assert not is_known("holt_winters")

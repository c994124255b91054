import promql_parser
import pytest

from dashgen.query.promql.promql_names import AGGREGATIONS, FUNCTIONS

# Functions that promql-parser 0.12 lacks, as it has the grammar of Prometheus 3.8.
NEWER = {"end", "histogram_quantiles", "max_of", "min_of", "range", "start", "start_timestamp", "step"}


def is_known(name):
    try:
        promql_parser.parse(f"{name}(x)")
    except ValueError as refusal:
        return "unknown function" not in str(refusal)
    return True


@pytest.mark.parametrize("name", sorted((FUNCTIONS | AGGREGATIONS) - NEWER))
def test_a_name_that_hints_may_suggest_is_known_to_another_parser(name):
    assert is_known(name)


def test_a_name_that_no_hint_suggests_is_not():
    assert not is_known("holt_winters")

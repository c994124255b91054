import pytest

from dashgen.query import LANGUAGES, MetricUse, ParsedQuery


def test_every_data_source_type_with_a_language_is_listed():
    assert sorted(LANGUAGES) == ["loki", "prometheus", "tempo"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_query_is_an_error_in_every_language(language):
    parsed = LANGUAGES[language].parse("")
    assert parsed.error == "the query is empty"
    assert parsed.hint


def test_a_parsed_query_cannot_be_changed():
    with pytest.raises(AttributeError, match="immutable"):
        ParsedQuery().error = "other"


@pytest.mark.parametrize(
    ("name", "literal"),
    [("up", True), ("", False), ("$metric", False), ("up_${part}", False), ("[[metric]]", False)],
)
def test_a_metric_name_is_literal_without_variables(name, literal):
    assert MetricUse(name).is_literal is literal

"""Numbers and switches keep the words that somebody wrote where a text is read."""

from typing import Any

import pytest

from dashgen.importer.exported_inputs import parse
from dashgen.model.alert_rules import AlertRules
from dashgen.model.parse import convert
from dashgen.source.as_written import texts_as_written
from dashgen.source.load import load_text
from dashgen.source.provenance import Reporter, Resolved

WORDS = ["1.10", "1e3", ".5", "+5", "-0", "True", "FALSE", "2.50", "1.0", "0.10", "1E+2"]


def read(text: str) -> Any:
    return texts_as_written(load_text("a.yaml", text).documents[0])


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("key", ["labels", "annotations"])
def test_labels_and_annotations_are_what_was_written(key: str, word: str) -> None:
    assert read(f"groups: [{{rules: [{{alert: A, {key}: {{a: {word}, b: x}}}}]}}]") == {
        "groups": [{"rules": [{"alert": "A", key: {"a": word, "b": "x"}}]}]
    }


def test_names_and_expressions_are_texts_and_other_numbers_stay_numbers() -> None:
    result = read("rules: [{alert: 1.10, expr: 1e3, limit: 10, keep: 1.10, paused: True}]")
    assert result == {"rules": [{"alert": "1.10", "expr": "1e3", "limit": 10, "keep": 1.1, "paused": True}]}


def test_quotes_tags_aliases_and_nothing_stay_as_they_are() -> None:
    text = "x: &v 1.10\nlabels: {a: '1.10', b: !!float 1.10, c: null, d: *v, e: {f: 1.10}}"
    assert read(text)["labels"] == {"a": "1.10", "b": 1.1, "c": None, "d": "1.10", "e": {"f": 1.1}}


def test_a_rule_file_in_json_keeps_its_words_too() -> None:
    result = parse(
        "a.json", b'{"groups": [{"rules": [{"alert": "A", "expr": "up", "labels": {"v": 1.10}}]}]}'
    )
    assert isinstance(result, list)
    assert result[0].data["groups"][0]["rules"][0]["labels"] == {"v": "1.10"}


@pytest.mark.parametrize("word", ["1.10", "0.50", "1e3", "TRUE"])
def test_the_hint_to_quote_a_value_has_all_of_its_digits(word: str) -> None:
    document = load_text("a.yaml", f"group: g\nlabels: {{v: {word}}}\nrules: []\n").documents[0]
    problems: list[Any] = []
    convert(AlertRules, document.data, Reporter(Resolved(document, document.data), diagnostics=problems))
    [result] = [problem for problem in problems if "quote" in problem.hint]
    assert f"got `{word}`" in result.message
    assert result.hint == f"quote it if text is meant: '{word}'"

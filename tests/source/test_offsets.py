"""A character of a scalar's value is found in the file, however the scalar is written."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dashgen.source.load import load_text
from dashgen.source.offsets import offset_span
from tests.source.helpers import document, under


def character(text: str, offset: int) -> str:
    """What stands in the file where the character of the value of ``a`` is said to be."""
    result = document(text)
    node = result.source.node(0, ("a",))
    assert node is not None
    return under(text, offset_span(node, text, offset, result.data["a"]))


@pytest.mark.parametrize(
    "text",
    [
        "a: sum(rate(x[5m]))",
        "\na:    sum(rate(x[5m]))   # comment",
        "{a: sum(rate(x)), b: 1}",
        "a: 'sum(x{y=\"z\"})'",
        'a: "sum(Рассвет 🌅 x)"',
        "a: |\n  sum(\n    rate(x[5m])\n  )\n",
        "a: |-\n\n  sum(\n\n  x)\n\n\n# after\nb: 1",
        "a: |+\n  sum(x)\n\n",
        "a: >-\n  sum(x)\n  / sum(y)\n",
        "a: >\n  sum(x)\n\n  / sum(y)\n    * indented\n  + end\n",
        "a: > # why\n  sum(x)\n",
        "a: |2\n   sum(x)\n  + y",
        "a: sum(x)\n  / sum(y)\n\n  + z",
        "a: 'sum(x)\n  / sum(y)\n\n  + z'",
        'a: "sum(x)\n  / sum(y)\n\n  + z"',
        "a: '\n  sum(x)'",
        "a:\n  sum(x)",
        "🚀: 1\na: 🚀 sum(🌅)",
    ],
)
def test_every_character_is_found_where_it_stands(text: str) -> None:
    value = document(text).data["a"]
    for offset, expected in enumerate(value):
        result = character(text, offset)
        assert result == expected or (expected in " \n" and result in ("", "\n", " ", "'", '"', "|")), (
            offset,
            expected,
            result,
        )


@pytest.mark.parametrize(
    ("text", "offset", "expected"),
    [
        ("a: 'it''s x'", 2, "'"),
        ("a: 'it''s x'", 3, "s"),
        ("a: 'it''s x'", 5, "x"),
        (r'a: "q\"x\"y"', 1, "\\"),
        (r'a: "q\"x\"y"', 2, "x"),
        (r'a: "\x41\u0042\U00000043d"', 3, "d"),
        (r'a: "\t\n\\z"', 3, "z"),
        ('a: "one\\\n   two"', 3, "t"),
        ('a: "one \\\n   two"', 4, "t"),
        ("a: x", 1, ""),
        ("a: 'x'", 1, "'"),
        ("a: |\n  x\n", 1, ""),
    ],
)
def test_escapes_and_ends_are_counted_as_one_character(text: str, offset: int, expected: str) -> None:
    assert character(text, offset) == expected


def test_the_line_of_a_folded_query_is_the_line_it_is_written_on() -> None:
    text = "a: >-\n  sum(x)\n  / sum(y)\n"
    result = document(text)
    node = result.source.node(0, ("a",))
    assert node is not None
    span = offset_span(node, text, result.data["a"].index("/"), result.data["a"])
    assert (span.line, span.column) == (3, 3)


@pytest.mark.parametrize("offset", [-1, 7, 10**9])
def test_an_offset_outside_the_value_gives_the_whole_scalar(offset: int) -> None:
    assert character("a: abcdef", offset) == "abcdef"


def test_a_value_that_an_expression_changed_gives_the_whole_scalar() -> None:
    text = "a: ${{ 1 + 1 }}"
    node = document(text).source.node(0, ("a",))
    assert node is not None
    assert under(text, offset_span(node, text, 0, "2")) == "${{ 1 + 1 }}"


QUERIES = st.text(st.sampled_from("ab \n()'\"\\{}🚀ж:#-\t|>"), min_size=1, max_size=40)


@pytest.mark.property
@settings(max_examples=300)
@given(QUERIES, st.sampled_from(["'", '"', "|", ">", None]), st.sampled_from([20, 80]))
def test_whatever_pyyaml_writes_its_characters_are_found(value: str, style: str | None, width: int) -> None:
    text = yaml.safe_dump({"b": {"a": value}}, default_style=style, width=width, allow_unicode=True)
    loaded = load_text("x", text)
    assert not loaded.diagnostics
    result = loaded.documents[0]
    if result.data != {"b": {"a": value}}:
        return  # PyYAML writes some scalars for YAML 1.1 only
    node = result.source.node(0, ("b", "a"))
    assert node is not None
    whole = result.source.span(0, ("b", "a"))
    for offset, expected in enumerate(value):
        span = offset_span(node, text, offset, value)
        if span != whole and expected not in " \n\t":
            assert under(text, span) == expected or (node.style == '"' and under(text, span) == "\\")

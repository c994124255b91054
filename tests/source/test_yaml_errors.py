"""Text that is not YAML is told in the author's words, where the mistake is."""

import pytest

from tests.source.helpers import load, told

CASES = [
    ("a: 'x\nb: y\n", "1:4", "the quote `'` that opens here is not closed"),
    ('a:\n  b: "x\n', "2:6", 'the quote `"` that opens here is not closed'),
    (
        "a: [1, 2\n",
        "1:4",
        "the bracket `[` that opens here is not closed, or a comma is missing after one of its items",
    ),
    (
        "a: {b: 1\nc: 2\n",
        "1:4",
        "the brace `{` that opens here is not closed, or a comma is missing after one of its items",
    ),
    (
        "a: [1 2, {b: c} d]",
        "1:4",
        "the bracket `[` that opens here is not closed, or a comma is missing after one of its items",
    ),
    (
        "a: {b: sum(x[5m])}",
        "1:4",
        "the brace `{` that opens here is not closed, or a comma is missing after one of its items",
    ),
    ("a: }", "1:4", "a value is missing before `}`"),
    ("a: [b, , c]", "1:8", "a value is missing before `,`"),
    ("a: @x", "1:4", "a value cannot start with `@`"),
    ("a: %x", "1:4", "a value cannot start with `%`"),
    ("a: `x`", "1:4", "a value cannot start with a backtick"),
    ("a:\n\t- b", "2:1", "a tab is used for indentation"),
    ("\ta: b", "1:1", "a tab is used for indentation"),
    ("a:\n  b: 1\n\tc: 2\n", "3:1", "a tab is used for indentation"),
    ("a: b: c", "1:5", "`: ` cannot stand here"),
    ("a: - b", "1:4", "a list cannot start here"),
    ("a:\n  b: 1\n c: 2\n", "3:2", "this does not go on with the mapping above it"),
    ('title: "Cost" per day', "1:15", "this does not go on with the mapping above it"),
    ("- a\nb: c", "2:1", "this does not go on with the list above it"),
    ("a: b\nc\nd: e", "2:1", "a key without `:` after it"),
    ('a: "x\\d+"', "1:6", "in double quotes a `\\` starts an escape, and this one does not exist"),
    ('a: "\\xZZ"', "1:7", "in double quotes a `\\` starts an escape, and this one does not exist"),
    ("a: *b", "1:4", "this alias has no anchor before it"),
    ("a: |x\n  b", "1:5", "text cannot follow `|` or `>` on the same line"),
    ("[a]\nb: c", "2:1", "more text after the end of the document"),
]


@pytest.mark.parametrize(("text", "location", "message"), CASES)
def test_a_mistake_is_told_where_it_was_made(text: str, location: str, message: str) -> None:
    assert told(load(text).diagnostics) == [f"{location} yaml/syntax: not valid YAML: {message}"]


@pytest.mark.parametrize("text", [case[0] for case in CASES])
def test_every_mistake_comes_with_what_to_do(text: str) -> None:
    assert all(result.hint for result in load(text).diagnostics)


def test_an_unclosed_quote_also_points_at_where_it_was_noticed() -> None:
    [result] = load("a: 'x\nb: y\n").diagnostics
    assert [(note.message, str(note.location)) for note in result.related] == [
        ("noticed here", "spec.yaml:2:5")
    ]


def test_documents_before_the_mistake_do_not_count_as_read() -> None:
    assert load("a: b\n---\nc: [").documents == []


@pytest.mark.parametrize(
    "text",
    [
        "%FOO bar\n---\na: 1",
        "%YAML 3.0\n--- c",
        "...",
        "&a *a",
        "!<",
        "!",
        "&",
        "*",
        "a: &",
        "? ",
        "|",
        ">+9",
    ],
)
def test_odd_beginnings_are_read_or_told_in_one_line(text: str) -> None:
    assert all("\n" not in result.message for result in load(text).diagnostics)


@pytest.mark.parametrize(
    "text",
    ["a: {b: ${{ x }}, c: 1}", "a: [${{ x }}]", "a: {b: [1, ${{ x }}]}"],
    ids=["in braces", "in brackets", "in both"],
)
def test_an_expression_without_quotes_in_a_flow_mapping_or_list_says_so(text):
    (result,) = load(text).diagnostics
    assert result.rule == "yaml/syntax"
    assert result.hint == 'put the expression into quotes: inside `{ }` and `[ ]` it is `"${{ name }}"`'

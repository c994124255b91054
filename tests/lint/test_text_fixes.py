"""Fixes as edits of text, as editors and code hosts make them."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashgen.core.diagnostics import Span, TextEdit
from dashgen.project.lint.text_fixes import text_edits

LINES = st.lists(st.sampled_from(["a: 1", "  b: 22", "", "ü🛒: 'x'", "c"]), max_size=6).flatmap(
    lambda lines: st.sampled_from(["\n", "\r\n"]).map(lambda end: end.join(lines))
)


def made(text: str, edits: Iterable[TextEdit]) -> str:
    """The text after edits, made from the last to the first so that positions stay."""
    lines = text.split("\n")
    starts = [sum(len(line) + 1 for line in lines[:number]) for number in range(len(lines))]
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        span = edit.span
        start, end = starts[span.line - 1] + span.column - 1, starts[span.end_line - 1] + span.end_column - 1
        text = text[:start] + edit.text + text[end:]
    return text


@pytest.mark.property
@given(LINES, LINES)
def test_edits_turn_one_text_into_the_other(before: str, after: str) -> None:
    assert made(before, text_edits("a.yaml", before, after)) == after


def test_an_edit_is_no_longer_than_what_differs() -> None:
    before = "a: 1\nexpr: up{job=~'x'}\nb: 2\nc: 3\n"
    after = "a: 1\nexpr: up{job='x'}\nb: 2\nc: 4\nd: 5\n"
    assert list(text_edits("a.yaml", before, after)) == [
        TextEdit("a.yaml", Span(2, 14, 2, 15), ""),
        TextEdit("a.yaml", Span(4, 4, 4, 5), "4\nd: 5"),
    ]

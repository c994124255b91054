"""The query around a cursor is found in the text, whether the YAML parses or not."""

import pytest

from dashgen.editor.query_cursor import query_at

SPEC = """\
kind: Dashboard
title: Shop
panels:
  - title: Requests
    query: sum(rate(http_requests_total{
  - {title: Flow, query: 'sum(up)'}
  - title: Two
    queries:
      ok: sum(http_requests_total)
      failed: |
        sum by (code) (
          rate(http_requests_total[5m]))
  - title: Folded
    query: >-
      sum(
      up)
    unit: s
"""
LINES = SPEC.split("\n")


@pytest.mark.parametrize(
    ("line", "column", "before"),
    [
        (4, 40, "sum(rate(http_requests_total{"),
        (5, 30, "sum("),
        (8, 13, "sum"),
        (10, 11, "sum"),
        (11, 15, "sum by (code) ( rate("),
        (14, 9, "sum"),
        (3, 15, None),
        (16, 10, None),
        (1, 8, None),
        (99, 0, None),
    ],
)
def test_the_text_before_a_cursor_in_a_query(line: int, column: int, before: str | None) -> None:
    cursor = query_at(LINES, line, column)
    found = None if cursor is None else " ".join(cursor.before.split())
    assert found == before


def test_the_word_at_a_cursor_goes_on_behind_it() -> None:
    cursor = query_at(LINES, 8, 17)
    assert cursor is not None
    assert cursor.word == "http_requests_total"

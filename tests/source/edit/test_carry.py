"""Text and comments go along to another place, and a new key stands where people look for it."""

import pytest

from dashgen.source.edit import Carry, EditError, InsertItem, SetValue, edited

ROWS = """\
rows:
  - title: One
    panels:
      # about a
      - title: A   # the first
        query: >-
          sum(x)
          / sum(y)
      - title: B
        unit: s   # seconds

  - title: Two   # second row
    panels:
      # about c
      - title: C
  - title: Three
"""
CARRIED = [
    (
        "an item goes to the end of another list",
        ROWS,
        Carry(("rows", 0, "panels", 0), ("rows", 1, "panels", 1)),
        """\
rows:
  - title: One
    panels:
      - title: B
        unit: s   # seconds

  - title: Two   # second row
    panels:
      # about c
      - title: C
      # about a
      - title: A   # the first
        query: >-
          sum(x)
          / sum(y)
  - title: Three
""",
    ),
    (
        "an item goes before another one and its comment",
        ROWS,
        Carry(("rows", 0, "panels", 1), ("rows", 1, "panels", 0)),
        """\
rows:
  - title: One
    panels:
      # about a
      - title: A   # the first
        query: >-
          sum(x)
          / sum(y)

  - title: Two   # second row
    panels:
      - title: B
        unit: s   # seconds
      # about c
      - title: C
  - title: Three
""",
    ),
    (
        "an item goes up, into a list that is not there yet and stands elsewhere in the line",
        ROWS.replace("\n", "\r\n"),
        Carry(("rows", 0, "panels", 0), ("rows", 2, "panels", 0)),
        """\
rows:
  - title: One
    panels:
      - title: B
        unit: s   # seconds

  - title: Two   # second row
    panels:
      # about c
      - title: C
  - title: Three
    panels:
      # about a
      - title: A   # the first
        query: >-
          sum(x)
          / sum(y)
""".replace("\n", "\r\n"),
    ),
    (
        "an item becomes the only one of a new row",
        ROWS,
        Carry(("rows", 1, "panels", 0), ("rows", 2, "panels", 0)),
        ROWS.replace("      # about c\n      - title: C\n", "").replace("second row\n    panels:", "second row\n    panels: []")
        + "    panels:\n      # about c\n      - title: C\n",
    ),
    (
        "a key goes into an item of a new list, where the list belongs",
        "panels:\n  - title: A\n    # asks\n    query: |-\n      sum(x)\n       / 2\n    unit: s  # u\n",
        Carry(("panels", 0, "query"), ("panels", 0, "queries", 0, "query"), ("title", "query", "queries", "unit")),
        "panels:\n  - title: A\n    queries:\n      # asks\n      - query: |-\n          sum(x)\n           / 2\n    unit: s  # u\n",
    ),
    (
        "the first key of an item goes and the next one takes its place",
        "a:\n  - query: 'x'   # why\n    title: A\n",
        Carry(("a", 0, "query"), ("a", 0, "queries", 0, "query")),
        "a:\n  - title: A\n    queries:\n      - query: 'x'   # why\n",
    ),
    (
        "a key joins one that was carried before",
        "a:\n  - title: A\n    legend: L  # of a\n    queries:\n      - query: x\n",
        Carry(("a", 0, "legend"), ("a", 0, "queries", 0, "legend")),
        "a:\n  - title: A\n    queries:\n      - query: x\n        legend: L  # of a\n",
    ),
    (
        "lists that are not indented stay so",
        "a:\n- x:\n  - 1  # one\n  - 2\n- x:\n  - 3\n",
        Carry(("a", 0, "x", 0), ("a", 1, "x", 0)),
        "a:\n- x:\n  - 2\n- x:\n  - 1  # one\n  - 3\n",
    ),
    (
        "an item fills an empty list",
        "a:\n  - 1  # one\n  - 2\nb: []   # none\nc: 1\n",
        Carry(("a", 0), ("b", 0)),
        "a:\n  - 2\nb:   # none\n  - 1  # one\nc: 1\n",
    ),
    (
        "the last line of a file has no line break before and after",
        "a:\n  - 1\n  - 2\nb:\n  - 3",
        Carry(("a", 1), ("b", 1)),
        "a:\n  - 1\nb:\n  - 3\n  - 2",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "edit", "expected"), [one[1:] for one in CARRIED], ids=[one[0] for one in CARRIED]
)
def test_a_value_is_carried_with_its_text(text, edit, expected):
    assert edited("x.yaml", text, 0, [edit]) == expected


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("a: [1, 2]\nb:\n  - 3\n", Carry(("a", 0), ("b", 0))),
        ("a:\n  - 1\n  - 2\nb: [3]\n", Carry(("a", 0), ("b", 0))),
        ("a:\n  - &x 1\n  - 2\nb: *x\nc:\n  - 3\n", Carry(("a", 0), ("c", 0))),
        ("a:\n  - 1\nb:\n  c: 1\n", Carry(("a", 0), ("b", "d"))),
        ("a:\n  - 1\n", Carry(("a", 5), ("a", 0))),
        ("a:\n  - b:\n      - 1\n", Carry(("a", 0), ("a", 0, "b", 0))),
        ("a:\n  b: 1\nc:\n  b: 2\n", Carry(("a", "b"), ("c", "b"))),
    ],
)
def test_what_cannot_be_carried_is_refused(text, edit):
    with pytest.raises(EditError):
        edited("x.yaml", text, 0, [edit])


ORDER = ("title", "key", "type", "query", "unit", "raw")
ORDERED = [
    ("a:\n  - title: A  # t\n    unit: s\n", "key", "a:\n  - title: A  # t\n    key: x\n    unit: s\n"),
    ("a:\n  - title: A\n    unit: s\n", "query", "a:\n  - title: A\n    query: x\n    unit: s\n"),
    ("a:\n  - unit: s\n    raw: 1\n", "title", "a:\n  - title: x\n    unit: s\n    raw: 1\n"),
    ("a:\n  - {unit: s, raw: 1}\n", "title", "a:\n  - {title: x, unit: s, raw: 1}\n"),
    ("a:\n  - {title: s, raw: 1}\n", "key", "a:\n  - {title: s, key: x, raw: 1}\n"),
    ("a:\n  - unit: s\n    own: 1\n", "raw", "a:\n  - unit: s\n    raw: x\n    own: 1\n"),
    ("a:\n  - title: A\n\n    # next\n    unit: s\n", "key", "a:\n  - title: A\n    key: x\n\n    # next\n    unit: s\n"),
    ("a:\n  - own: 1\n", "key", "a:\n  - own: 1\n    key: x\n"),
    ("a:\n  - unit: s\n", "other", "a:\n  - unit: s\n    other: x\n"),
    ("a:\n  - query: |\n      x\n    raw: 1\n", "unit", "a:\n  - query: |\n      x\n    unit: x\n    raw: 1\n"),
    ("a:\n  -\n    unit: s\n", "key", "a:\n  -\n    key: x\n    unit: s\n"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "key", "expected"), ORDERED)
def test_a_new_key_stands_behind_those_that_people_write_before_it(text, key, expected):
    assert edited("x.yaml", text, 0, [SetValue(("a", 0, key), "x", ORDER)]) == expected


def test_new_keys_keep_the_order_whichever_comes_first():
    edits = [SetValue(("a", key), 1, ORDER) for key in ("unit", "type", "key")]
    assert edited("x.yaml", "a:\n  title: A\n  raw: 1\n", 0, edits) == (
        "a:\n  title: A\n  key: 1\n  type: 1\n  unit: 1\n  raw: 1\n"
    )


def test_an_item_joins_what_was_carried():
    edits = [
        Carry(("p", "query"), ("p", "queries", 0, "query"), ORDER),
        InsertItem(("p", "queries"), 1, {"query": "y"}),
    ]
    assert edited("x.yaml", "p:\n  title: A\n  query: x  # x\n", 0, edits) == (
        "p:\n  title: A\n  queries:\n    - query: x  # x\n    - query: y\n"
    )

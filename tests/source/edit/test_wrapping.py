"""A key gets another name, something new around it, or the place of what is around it, and its text stays."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashgen.source.edit import EditError, Lift, Rename, Wrap, applied, edited
from dashgen.source.edit.edits import NoPlaceError, identical
from dashgen.source.load import load_text
from tests.source.edit.rendering import places, random_file

BOARD = """\
# top
vars: {a: 1}

# our rows
rows:   # all
  # one
  - title: "One"   # t
    panels:
      - {title: A,
         query: x}  # a

      # b
      - title: B
        query: >-
          sum(x)

          / 2
  - title: Two
# end
links: []
"""
WRAPPED = """\
# top
vars: {a: 1}

# our rows
tabs:
  - rows:   # all
      # one
      - title: "One"   # t
        panels:
          - {title: A,
             query: x}  # a

          # b
          - title: B
            query: >-
              sum(x)

              / 2
      - title: Two
# end
links: []
"""
EDITED = [
    ("a key", BOARD, Rename(("rows",), "tabs"), BOARD.replace("rows:", "tabs:")),
    ("a key in braces", "{rows: [1], b: 2}  # x\n", Rename(("rows",), "tabs"), "{tabs: [1], b: 2}  # x\n"),
    ("a key behind a dash", "- a: &x [1]\n  b: *x\n", Rename((0, "a"), "c"), "- c: &x [1]\n  b: *x\n"),
    ("the key of an alias", "a: &x [1]\nb: *x\n", Rename(("b",), "c"), "a: &x [1]\nc: *x\n"),
    ("a key in quotes", '"a": 1\n"b": 2\n', Rename(("b",), "c"), '"a": 1\n"c": 2\n'),
    ("around a list", BOARD, Wrap(("rows",), ("tabs", 0, "rows")), WRAPPED),
    ("around a list of its name", "a:\n  - 1\n", Wrap(("a",), ("a", 0, "a")), "a:\n  - a:\n      - 1\n"),
    (
        "around a list that is not indented",
        "- a: 1\n  rows:\n  - 1\n  - 2",
        Wrap((0, "rows"), ("tabs", 0, "rows")),
        "- a: 1\n  tabs:\n  - rows:\n    - 1\n    - 2",
    ),
    (
        "around the first key of an item",
        "a:\r\n  - rows: # r\r\n      - 1\r\n    b: 2\r\n",
        Wrap(("a", 0, "rows"), ("tabs", 0, "rows")),
        "a:\r\n  - tabs:\r\n      - rows: # r\r\n          - 1\r\n    b: 2\r\n",
    ),
    ("out of a list", WRAPPED, Lift(("tabs", 0, "rows"), 0), BOARD),
    (
        "out of an item with other keys",
        "x: 1\n\n# tabs\ntabs:\n  # gone\n  - title: T\n    # rows\n    rows: [1]  # r\n    k: 1\ny: 2\n",
        Lift(("tabs", 0, "rows"), 0),
        "x: 1\n\n# tabs\n# rows\nrows: [1]  # r\ny: 2\n",
    ),
]


@pytest.mark.parametrize(
    ("text", "edit", "expected"), [one[1:] for one in EDITED], ids=[one[0] for one in EDITED]
)
def test_a_key_is_edited_where_it_stands(text, edit, expected):
    assert edited("x.yaml", text, 0, [edit]) == expected


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("a: 1\n", Rename(("b",), "c")),
        ("a: 1\nb: 2\n", Rename(("a",), "b")),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", Rename(("c", "b"), "d")),
        ("{a: [1]}\n", Wrap(("a",), ("b", 0, "a"))),
        ("a: [1]\nb: 2\n", Wrap(("a",), ("b", 0, "a"))),
        ("a: &x\n  b: [1]\nc: *x\n", Wrap(("a", "b"), ("d", 0, "b"))),
        ("a:\n  - {b: 1}\n", Lift(("a", 0, "b"), 0)),
        ("a:\n  - b: 1\n    c: &x 1\nd: *x\n", Lift(("a", 0, "b"), 0)),
        ("a:\n  - b: 1\nb: 2\n", Lift(("a", 0, "b"), 0)),
    ],
)
def test_what_would_lose_something_is_refused(text, edit):
    with pytest.raises(EditError):
        edited("x.yaml", text, 0, [edit])


def _random_edit(rng, data):
    keys = [path for path, _ in places(data) if path and isinstance(path[-1], str)]
    path = rng.choice(keys)
    above = [depth for depth in range(len(path)) if isinstance(path[depth], str)]
    edits = [Rename(path, "new"), Wrap(path, ("new", 0, path[-1])), Lift(path, rng.choice(above))]
    return rng.choice(edits)


@pytest.mark.property
@settings(max_examples=150)
@given(st.integers(0, 2**32))
def test_the_data_is_as_wanted_or_the_edit_is_refused(seed):
    rng = random.Random(seed)  # noqa: S311  # not for secrets
    text, number = random_file(rng)
    data = load_text("x.yaml", text).documents[number].data
    edit = _random_edit(rng, data)
    try:
        new = edited("x.yaml", text, number, [edit])
    except EditError:
        return
    assert identical(load_text("x.yaml", new).documents[number].data, applied(data, edit))
    if isinstance(edit, Wrap):
        back = edited("x.yaml", new, number, [Lift((*edit.path[:-1], *edit.steps), len(edit.path) - 1)])
        assert identical(load_text("x.yaml", back).documents[number].data, data)


def test_a_step_that_is_not_there_is_named():
    with pytest.raises(NoPlaceError, match="there is no `b`"):
        applied({"a": 1}, Rename(("b",), "c"))

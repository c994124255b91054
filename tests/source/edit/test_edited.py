"""An edit changes what it names, in the writer's own style, and nothing else."""

import pytest

from dashgen.source.edit import EditError, InsertItem, MoveItem, Remove, SetValue, edited, written
from tests.source.helpers import told

SCALARS = [
    ("a: 1", 2, "a: 2"),
    ("a:   1   # why", 2, "a:   2   # why"),
    ("a: x # why\tnot", "y", "a: y # why\tnot"),
    ("a: 'x'", "y", "a: 'y'"),
    ("a: 'x'", "it's", "a: 'it''s'"),
    ("a: 'x'", "l\nm", "a: |-\n  l\n  m"),
    ("a: 'x'  # why", "l\nm", "a: |-  # why\n  l\n  m"),
    ('a: "x"', "y", 'a: "y"'),
    ('a: "x"', 'say "hi"\n', 'a: "say \\"hi\\"\\n"'),
    ("a: x", "yes", "a: yes"),
    ("a: x", "1e3", "a: '1e3'"),
    ("a: x", "0x1", "a: 0x1"),
    ("a: x", "2024-01-01", "a: 2024-01-01"),
    ("a: x", "b: c", "a: 'b: c'"),
    ("a: x", "b #c", "a: 'b #c'"),
    ("a: x", "@x", "a: '@x'"),
    ("a: x", "%x", "a: '%x'"),
    ("a: x", "{{tier}}", "a: '{{tier}}'"),
    ("a: x", "${{ y }}", "a: ${{ y }}"),
    ("a: x", "", "a: ''"),
    ("a: x", "5", "a: '5'"),
    ("a: x", "null", "a: 'null'"),
    ("a: x", None, "a: null"),
    ("a: x", True, "a: true"),
    ("a: x", 0.1, "a: 0.1"),
    ("a: '5'", 5, "a: 5"),
    ("a: x", "🚀 start", "a: 🚀 start"),
    ("a:", "x", "a: x"),
    ("a:  # why", "x", "a: x  # why"),
    ("a: [1]  # why", 2, "a: 2  # why"),
    ("a: one\n  two  # why", "x", "a: x  # why"),
    ("a: &n x", "y", "a: &n y"),
    ("a: !!str x", "y", "a: y"),
    ("a: x", {}, "a: {}"),
    ("a: x", [], "a: []"),
    ("a: x", {"b": 1}, "a: {b: 1}"),
    ("a: x  # why", {"b": "l\nm"}, "a:  # why\n  b: |-\n    l\n    m"),
    ("a: {b: x:y}", {"b": "x:z"}, "a: {b: x:z}"),
    ("a: {b: x}", {"b": "x, y"}, "a: {b: 'x, y'}"),
    ("a: {b: x}", {"b": "l\nm"}, 'a: {b: "l\\nm"}'),
    ("a: {b}", {"b": 1}, "a: {b: 1}"),
    ("a: [x, y]", ["x", "z"], "a: [x, z]"),
    ("a: |\n  x\n  y", "x\nz\n", "a: |\n  x\n  z\n"),
    ("a: |-  # why\n    x\n    y\nb: 1", "x", "a: |-  # why\n    x\nb: 1"),
    ("a: |\n  x\n\n# next\nb: 1", "x", "a: |-\n  x\n\n# next\nb: 1"),
    ("a: |2\n    x\n  y\nb: 1", "x\n", "a: |2\n  x\nb: 1"),
    ("a: |\n  x\nb: 1", "  x\n", "a: |2\n    x\nb: 1"),
    ("a: |+\n  x\n\nb: 1", "x\n\n\n", "a: |+\n  x\n\n\nb: 1"),
    ("a: |\n  x\nb: 1", "x\n\n", 'a: "x\\n\\n"\nb: 1'),
    ("a: >-\n  sum(x)\n  / sum(y)\n  > 3\nb: 1", "sum(x) / sum(z) > 3", "a: >-\n  sum(x)\n  / sum(z)\n  > 3\nb: 1"),
    ("a: >-\n  sum(x)\n  / sum(y)\nb: 1", "sum(x) / sum(y) > 3", "a: >-\n  sum(x)\n  / sum(y) > 3\nb: 1"),
    ("a: >\n  one\n  two\nb: 1", "one\ntwo\n", "a: >\n  one\n\n  two\nb: 1"),
    ("a:\n  # inner\n  b: 1\nc: 2", 5, "a: 5\nc: 2"),
    ("a:  # why\n- b: 1\nc: 2", "x", "a: x  # why\nc: 2"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value", "expected"), SCALARS, ids=[repr(text) for text, _, _ in SCALARS])
@pytest.mark.parametrize("after", ["\n", "", "\r\n"], ids=["line", "end", "windows"])
def test_a_value_is_replaced_in_the_style_of_the_old_one(text, value, expected, after):
    newline = "\r\n" if after == "\r\n" else "\n"
    text, expected = (
        (text + after).replace("\n", newline),
        (expected.rstrip("\n") + after).replace("\n", newline),
    )
    if newline == "\r\n":
        text, expected = text.replace("\r\r", "\r"), expected.replace("\r\r", "\r")
    result = edited("x.yaml", text, 0, [SetValue(("a",), value)])
    # A block at the end of a file without a line break gets one when its text has one.
    assert result in (expected, expected + newline)


LAYOUT = [
    (
        "a key goes below the last one, before the comment of the next section",
        "rows:\n  - title: A\n    unit: s  # seconds\n\n  # next\n  - title: B\n",
        [SetValue(("rows", 0, "max"), 5)],
        "rows:\n  - title: A\n    unit: s  # seconds\n    max: 5\n\n  # next\n  - title: B\n",
    ),
    (
        "a key goes below the last one's own comments",
        "a:\n  b:\n    c: 1\n    # of c\n  # of d\nd: 1\n",
        [SetValue(("a", "b", "x"), 1), SetValue(("a", "y"), 2)],
        "a:\n  b:\n    c: 1\n    x: 1\n    # of c\n  y: 2\n  # of d\nd: 1\n",
    ),
    (
        "steps of four stay steps of four",
        "a:\n    b: 1\n",
        [SetValue(("c",), {"d": "x\ny"})],
        "a:\n    b: 1\nc:\n    d: |-\n        x\n        y\n",
    ),
    (
        "lists that are not indented stay so",
        "a:\n- 1\n- 2\nb:\n- x: 1\n",
        [InsertItem(("a",), 1, 5), SetValue(("c",), ["x" * 60, "y" * 60]), InsertItem(("b",), 1, {"x": 2, "y": 3})],
        "a:\n- 1\n- 5\n- 2\nb:\n- x: 1\n- x: 2\n  y: 3\nc:\n- " + "x" * 60 + "\n- " + "y" * 60 + "\n",
    ),
    (
        "mappings on the way are made",
        "a: 1\n",
        [SetValue(("raw", "options", "x"), True)],
        "a: 1\nraw: {options: {x: true}}\n",
    ),
    ("nothing becomes a mapping", "raw:  # more\nb: 1\n", [SetValue(("raw", "x"), 1)], "raw: {x: 1}  # more\nb: 1\n"),
    ("nothing becomes a list", "a:\n", [InsertItem(("a",), 0, "x")], "a: [x]\n"),
    ("a list grows at its end", "a: [x]\n", [SetValue(("a", 1), "y")], "a: [x, y]\n"),
    ("braces stay braces", "a: { b: 1 }  # c\n", [SetValue(("a", "d"), "e")], "a: { b: 1, d: e }  # c\n"),
    ("a last comma stays", "a: {b: 1,}\n", [SetValue(("a", "d"), 2)], "a: {b: 1, d: 2,}\n"),
    ("quoted keys stay quoted", 'a: {"b": 1}\n', [SetValue(("a", "d"), 2)], 'a: {"b": 1, "d": 2}\n'),
    (
        "braces become lines when they get too long",
        "a: {b: 1, c: [x, y]}  # why\nz: 1\n",
        [SetValue(("a", "d"), "x" * 100)],
        "a:  # why\n  b: 1\n  c: [x, y]\n  d: " + "x" * 100 + "\nz: 1\n",
    ),
    (
        "braces of an item become lines when they get too long",
        "a:\n  - {b: 1}  # why\n  - {b: 2}\n",
        [SetValue(("a", 0, "d"), "x" * 100)],
        "a:\n  - b: 1  # why\n    d: " + "x" * 100 + "\n  - {b: 2}\n",
    ),
    (
        "braces on lines get another line",
        "a: {\n  b: 1,  # one\n  c: 2   # two\n}\n",
        [SetValue(("a", "d"), 3)],
        "a: {\n  b: 1,  # one\n  c: 2,   # two\n  d: 3\n}\n",
    ),
    (
        "a line of braces goes with its comment",
        "a: {\n  b: 1,  # one\n  # two\n  c: 2,\n  d: 3\n}\n",
        [Remove(("a", "c"))],
        "a: {\n  b: 1,  # one\n  d: 3\n}\n",
    ),
    ("an entry goes with its comma", "a: {b: 1, c: 2, d: 3}\n", [Remove(("a", "c"))], "a: {b: 1, d: 3}\n"),
    ("the last entry goes with the comma before", "a: [1, 2]\n", [Remove(("a", 1))], "a: [1]\n"),
    ("the first entry goes with its comma", "a: [1, 2]\n", [Remove(("a", 0))], "a: [2]\n"),
    ("a pair in brackets gets braces", "a: [b: 1, c]\n", [SetValue(("a", 0, "d"), 2)], "a: [{b: 1, d: 2}, c]\n"),
    (
        "a key goes with the comment above it",
        "a: 1\n# of b\nb: 2  # also\nc: 3\n",
        [Remove(("b",))],
        "a: 1\nc: 3\n",
    ),
    (
        "a heading stays",
        "rows:\n  # Section\n\n  # first\n  - a: 1\n\n  # second\n  - a: 2\n",
        [Remove(("rows", 0))],
        "rows:\n  # Section\n\n  # second\n  - a: 2\n",
    ),
    (
        "blank lines do not become two",
        "rows:\n  - a: 1\n\n  - a: 2\n\n  - a: 3\nb: 1\n",
        [Remove(("rows", 1)), Remove(("rows", 1))],
        "rows:\n  - a: 1\nb: 1\n",
    ),
    ("the comment at the top of a file stays", "# file\na: 1\nb: 2\n", [Remove(("a",))], "# file\nb: 2\n"),
    ("the last key takes its mapping along", "a:\n  b:\n    c: 1\nd: 2\n", [Remove(("a", "b", "c"))], "d: 2\n"),
    ("unless it is filled again", "a:\n  b: 1\nd: 2\n", [Remove(("a", "b")), SetValue(("a", "c"), 1)], "a: {c: 1}\nd: 2\n"),
    ("the last item leaves an empty list", "a:\n  # x\n  - 1\nd: 2\n", [Remove(("a", 0))], "a: []\nd: 2\n"),
    ("the only key of an item leaves it empty", "a:\n  - b: 1\n  - c: 2\n", [Remove(("a", 0, "b"))], "a:\n  - {}\n  - c: 2\n"),
    ("an item keeps its dash", "a:\n  - b: 1\n    # of c\n    c: 2\n", [Remove(("a", 0, "b"))], "a:\n  -\n    # of c\n    c: 2\n"),
    ("a first key without comments moves up", "a:\n  - b: 1\n    c: 2\n", [Remove(("a", 0, "b"))], "a:\n  - c: 2\n"),
    (
        "items get a blank line where the others have one",
        "rows:\n  - title: A\n\n  # B\n  - title: B\n",
        [InsertItem(("rows",), 1, {"title": "N"}), InsertItem(("rows",), 3, {"title": "E"})],
        "rows:\n  - title: A\n\n  - title: N\n\n  # B\n  - title: B\n\n  - title: E\n",
    ),
    (
        "items on lines get items on lines",
        "a:\n  - b: 1\n    c: 2\n",
        [InsertItem(("a",), 0, {"b": 3, "c": 4})],
        "a:\n  - b: 3\n    c: 4\n  - b: 1\n    c: 2\n",
    ),
    (
        "a list in a list gets an item in front",
        "a:\n  - - 1\n    - 2\n",
        [InsertItem(("a", 0), 0, 0)],
        "a:\n  - - 0\n    - 1\n    - 2\n",
    ),
    (
        "items move with their comments, and blank lines stay",
        "a:\n  # one\n  - x: 1  # uno\n    y: |\n      t\n\n  # Section\n\n  # two\n  - x: 2\n",
        [MoveItem(("a",), 1, 0)],
        "a:\n  # two\n  - x: 2\n\n  # Section\n\n  # one\n  - x: 1  # uno\n    y: |\n      t\n",
    ),
    ("items move in brackets", "a: [x,  'y', z]\n", [MoveItem(("a",), 2, 0)], "a: [z,  x, 'y']\n"),
    (
        "a whole mapping changes only where it differs",
        "a:\n  # b\n  b: 1  # one\n  c: 'x'\n  d: 4\n",
        [SetValue(("a",), {"c": "x", "b": 2, "e": 5})],
        "a:\n  # b\n  b: 2  # one\n  c: 'x'\n  e: 5\n",
    ),
    (
        "a whole list changes only where it differs",
        "a:\n  - x: 1  # one\n  - x: 2  # two\n  - x: 3  # three\n",
        [SetValue(("a",), [{"x": 1}, {"x": 3}])],
        "a:\n  - x: 1  # one\n  - x: 3  # three\n",
    ),
    ("only one document changes", "a: 1\n---\na: 1\n...\n", [SetValue(("a",), 2)], "a: 2\n---\na: 1\n...\n"),
    ("a byte-order mark stays", "\ufeffa: 1\n", [SetValue(("a",), 2)], "\ufeffa: 2\n"),
    ("a missing last line break stays missing", "a: 1", [SetValue(("b",), 2)], "a: 1\nb: 2"),
    ("a block at the end stays what it is", "a: |\n  x", [SetValue(("b",), 2)], "a: |-\n  x\nb: 2"),
    ("the end loses no line break", "a: 1\nb: 2", [Remove(("b",))], "a: 1"),
    ("Windows' line ends stay", "a: 1\r\nb:\r\n  - c\r\n", [InsertItem(("b",), 1, "d")], "a: 1\r\nb:\r\n  - c\r\n  - d\r\n"),
    ("an empty document gets its first key", "---\n# nothing\n", [SetValue(("a",), 1)], "---\n# nothing\na: 1\n"),
    ("a value that is there already changes nothing", "a:   'x'\n", [SetValue(("a",), "x")], "a:   'x'\n"),
    ("an alias becomes a value of its own", "a: &x {b: 1}\nc: *x\n", [SetValue(("c", "b"), 2)], "a: &x {b: 1}\nc: {b: 2}\n"),
    ("an alias is replaced", "a: &x 1\nc: *x  # c\n", [SetValue(("c",), 2)], "a: &x 1\nc: 2  # c\n"),
    ("an alias is removed", "a: &x 1\nc: *x\nd: 1\n", [Remove(("c",))], "a: &x 1\nd: 1\n"),
    (
        "what a merge brings is overridden",
        "a: &x {b: 1, e: {f: 1, g: 2}}\nc:\n  <<: *x\n  d: 1\n",
        [SetValue(("c", "b"), 2), SetValue(("c", "e", "g"), 3)],
        "a: &x {b: 1, e: {f: 1, g: 2}}\nc:\n  <<: *x\n  d: 1\n  b: 2\n  e: {f: 1, g: 3}\n",
    ),
    ("an anchor that nobody uses stays", "a: &x\n  b: 1\n", [SetValue(("a", "b"), 2)], "a: &x\n  b: 2\n"),
    ("an anchor's value changes its shape", "a: &x\n  b: 1\nc: 1\n", [SetValue(("a",), [1])], "a: &x [1]\nc: 1\n"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "edits", "expected"), [case[1:] for case in LAYOUT], ids=[case[0] for case in LAYOUT]
)
def test_an_edit_fits_into_the_layout(text, edits, expected):
    assert edited("x.yaml", text, 0, edits) == expected


REFUSED = [
    ("a: &x {b: 1}\nc: *x\n", SetValue(("a", "b"), 2), "1:4 edit/not-lossless: `&x` is used elsewhere too, so a change here would change that as well"),
    ("a: &x {b: 1}\nc: *x\n", Remove(("a",)), "1:4 edit/not-lossless: `&x` is used elsewhere too, so a change here would change that as well"),
    ("a: &x {b: 1, e: 1}\nc: {<<: *x}\n", Remove(("c", "b")), "2:4 edit/not-lossless: `b` comes from `<<` and cannot be removed here"),
    ("a: &x {b: 1}\nc: {<<: *x, b: 2, d: 1}\n", Remove(("c", "b")), "2:13 edit/not-lossless: without `b`, the one that `<<` brings would count"),
    ("a: [&x 1, *x]\n", MoveItem(("a",), 1, 0), "1:11 edit/not-lossless: `*x` would come before `&x`"),
    ("? a\n: b\n", SetValue(("c",), 1), "1:1 edit/not-lossless: keys cannot be added to a mapping that is written with `? `"),
    ("a: text\n", SetValue(("a", "b"), 1), "1:1 edit/no-such-place: `b` cannot stand in a text"),
    ("a: 1\n", Remove(("b",)), "1:1 edit/no-such-place: there is no `b`"),
    ("a: [1]\n", Remove(("a", 3)), "1:1 edit/no-such-place: the list has no item 4"),
    ("a: [1]\n", InsertItem(("a",), 2, 1), "1:4 edit/no-such-place: the list has no item 3"),
    ("a: [1]\n", MoveItem(("a",), 0, 1), "1:4 edit/no-such-place: the list has no item 2"),
    ("a: {b: 1}\n", InsertItem(("a",), 0, 1), "1:4 edit/no-such-place: a mapping has no items"),
    ("a: 1\n", Remove(()), "1:1 edit/no-such-place: a document cannot be removed"),
    ("a: [\n", SetValue(("a",), 1), None),
    ("", SetValue(("a",), 1), "edit/no-such-place: there is no such document"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "edit", "expected"), REFUSED)
def test_what_cannot_be_done_is_said_at_its_place(text, edit, expected):
    with pytest.raises(EditError) as caught:
        edited("x.yaml", text, 0, [edit])
    assert expected is None or told(list(caught.value.diagnostics)) == [expected]


def test_a_refusal_shows_the_alias():
    with pytest.raises(EditError) as caught:
        edited("x.yaml", "a: &x {b: 1}\nc: *x\n", 0, [SetValue(("a", "b"), 2)])
    (problem,) = caught.value.diagnostics
    assert problem.hint == "write the value out where `*x` stands (line 2), or change both by hand"
    assert [str(one.location) for one in problem.related] == ["x.yaml:2:4"]


@pytest.mark.parametrize(
    ("value", "indent", "expected"),
    [
        ("up", 0, "up"),
        ("${{ x }}", 0, "${{ x }}"),
        ("{{x}}", 0, "'{{x}}'"),
        ({"a": 1, "b": {"c": [1, 2]}}, 2, "  a: 1\n  b: {c: [1, 2]}"),
        ([{"a": 1}, "x"], 2, "  - {a: 1}\n  - x"),
        ({}, 0, "{}"),
        (None, 0, "null"),
    ],
)
def test_a_value_is_written_as_people_write_it(value, indent, expected):
    assert written(value, indent) == expected

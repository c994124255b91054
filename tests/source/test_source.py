"""Every value and key of a file has a place, and it is where a reader looks for it."""

import pytest

from dashgen.source.load import load_text
from dashgen.source.source import Path, compose
from tests.source.helpers import FILE, document, under


@pytest.mark.parametrize(
    ("text", "path", "key", "expected"),
    [
        ("a: b", ("a",), False, "b"),
        ("a: b", ("a",), True, "a"),
        ("a:   b   # c", ("a",), False, "b"),
        ("a: {b: c, d: e}", ("a", "d"), False, "e"),
        ("a: {b: c, d: e}", ("a", "d"), True, "d"),
        ("a: {b: c, d: e}", ("a",), False, "{b: c, d: e}"),
        ("a: [x, y, z]", ("a", 1), False, "y"),
        ("a: [x, y, z]", ("a", 1), True, "y"),
        ("a:\n  - x\n  - b: y\n", ("a", 1, "b"), False, "y"),
        ("a:\n  - x\n  - b: y\n    c: z\n", ("a", 1), False, "b: y"),
        ("a:\n  b: c\n  d: e\n", ("a",), False, "b: c"),
        ("a: 'it''s'", ("a",), False, "'it''s'"),
        ('a: "b\\n"', ("a",), False, '"b\\n"'),
        ("'a': b", ("a",), True, "'a'"),
        ("1: b\non: c", ("on",), True, "on"),
        ("1: b", ("1",), False, "b"),
        ("🚀 запуск: 🌅 рассвет", ("🚀 запуск",), False, "🌅 рассвет"),
        ("👨‍👩‍👧: b", ("👨‍👩‍👧",), False, "b"),
        ("a: e\u0301x: b".replace("x: ", ""), ("a",), False, "e\u0301b"),
        ("a: |\n  b\n", ("a",), False, "|\n  b\n"),
        ("a: &n b\nc: *n", ("a",), False, "&n b"),
        ("a: &n b\nc: *n", ("c",), False, "&n b"),
        ("a: &n b\nc: *n", ("c",), True, "c"),
        ("x: &n {b: c}\ny: {<<: *n, d: e}", ("y", "b"), False, "c"),
        ("x: &n {b: c}\ny: {<<: *n, d: e}", ("y", "b"), True, "b"),
        ("x: &n {b: c}\ny: {<<: *n, b: e}", ("y", "b"), False, "e"),
        ("x: &n {b: c}\nz: &m {b: f, g: h}\ny: {<<: [*n, *m]}", ("y", "b"), False, "c"),
        ("x: &n {b: c}\nz: &m {b: f, g: h}\ny: {<<: [*n, *m]}", ("y", "g"), False, "h"),
        ("x: &n {b: c}\nz: &m {<<: *n}\ny: {<<: *m}", ("y", "b"), False, "c"),
        ("a: b\na: c", ("a",), False, "b"),
        ("a:", ("a",), True, "a"),
    ],
)
def test_a_path_leads_to_the_text_that_was_written(text: str, path: Path, key: bool, expected: str) -> None:
    source = load_text(FILE, text).documents[0].source
    result = under(text, source.span(0, path, key=key))
    assert result == expected or (expected.startswith("&n ") and result == expected.removeprefix("&n "))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("a", "b", "nothing"), "b"),
        (("a", "nothing"), "a"),
        (("nothing", "at", 3), "a: {b: c}"),
        (("a", 0), "a"),
        (("a", "b", 5, "x"), "b"),
        ((), "a: {b: c}"),
    ],
)
def test_a_path_that_does_not_exist_gives_the_key_of_the_nearest_value_around_it(
    path: Path, expected: str
) -> None:
    text = "a: {b: c}"
    assert under(text, document(text).location(path)) == expected


def test_list_indexes_are_not_taken_from_the_end() -> None:
    text = "a: [x, y]"
    assert document(text).source.node(0, ("a", -1)) is None


def test_documents_of_one_file_have_their_own_places() -> None:
    text = "a: b\n---\n# second\na: c\n--- {a: d}\n"
    loaded = load_text(FILE, text)
    spans = [one.location(("a",)) for one in loaded.documents]
    assert [under(text, span) for span in spans] == ["b", "c", "d"]
    assert [str(span) for span in spans] == ["spec.yaml:1:4", "spec.yaml:4:4", "spec.yaml:5:9"]


def test_a_document_number_that_does_not_exist_gives_the_file() -> None:
    assert str(document("a: b").source.location(7, ("a",))) == FILE


def test_an_empty_value_has_a_place_inside_the_file() -> None:
    location = document("a:\nb: c").location(("a",))
    assert location.span is not None
    assert location.span.line in (1, 2)


def test_a_merge_that_contains_itself_ends() -> None:
    source = compose(FILE, "a: &a {<<: *a}\n")
    assert str(source.location(0, ("a", "b", "c"))) == "spec.yaml:1:1"


@pytest.mark.parametrize("size", [3, 200])
def test_places_in_mappings_of_any_size_are_those_of_the_first_key_and_of_what_is_merged(size: int) -> None:
    filler = "".join(f"k{number}: {number}\n" for number in range(size))
    source = compose("x.yaml", f"base: &base {{m: 1, k0: 9}}\n{filler}k1: again\n<<: *base\n? [a]\n: b\n")
    lines = {key: source.location(0, (key,)).span for key in ("k0", "k1", "m", "nowhere")}
    assert [span.line if span else None for span in lines.values()] == [2, 3, 1, 1]


def test_a_large_mapping_is_read_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    size = 2000
    source = compose("x.yaml", "".join(f"k{number}: {number}\n" for number in range(size)))
    looked_at: list[object] = []
    monkeypatch.setattr("dashgen.source.source.is_merge", lambda key: bool(looked_at.append(key)))
    for number in range(size):
        assert source.node(0, (f"k{number}",)) is not None
    assert len(looked_at) == size

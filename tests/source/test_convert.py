"""What YAML parsers usually let pass is a finding with a place, and nothing multiplies without end."""

import time
import tracemalloc
from typing import Any

import pytest

from dashgen.source.source import MAX_DEPTH
from tests.source.helpers import FILE, document, load, told


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        ("a: 1\nb: 2\na: 3", ["3:1 yaml/duplicate-key: `a` is given twice in one mapping"]),
        ("{a: 1, 'a': 3}", ["1:8 yaml/duplicate-key: `a` is given twice in one mapping"]),
        ("a: {b: 1, b: 2, b: 3}", ["1:11 yaml/duplicate-key: `b` is given twice in one mapping", "1:17 yaml/duplicate-key: `b` is given twice in one mapping"]),
        ("1: a\n'1': b", ["2:1 yaml/duplicate-key: `1` is given twice in one mapping"]),
        ("? [a, b]\n: c", ["1:3 yaml/key: a key has to be text"]),
        ("legend: {{tier}}", ["1:10 yaml/key: a key has to be text"]),
        ("a: !!python/object/apply:os.system ['id']", ["1:4 yaml/tag: unknown tag `!!python/object/apply:os.system`"]),
        ("a: !mine b", ["1:4 yaml/tag: unknown tag `!mine`"]),
        ("a: !!binary aGk=", ["1:4 yaml/tag: unknown tag `!!binary`"]),
        ("a: !!timestamp 2001-01-01", ["1:4 yaml/tag: unknown tag `!!timestamp`"]),
        ("a: !!set {b, c}", ["1:4 yaml/tag: unknown tag `!!set`"]),
        ("a: !!int 1.5", ["1:4 yaml/tag: `1.5` is not what its tag `!!int` says"]),
        ("a: !!bool yes", ["1:4 yaml/tag: `yes` is not what its tag `!!bool` says"]),
        ("a: !!map [1]", ["1:4 yaml/tag: the value is not what its tag `!!map` says"]),
        ("a: !!seq {b: 1}", ["1:4 yaml/tag: the value is not what its tag `!!seq` says"]),
        ("a: &x [*x]", ["1:4 yaml/recursion: an alias refers to the value that contains it"]),
        ("a: &x {<<: *x}", ["1:4 yaml/recursion: an alias refers to the value that contains it"]),
        ("a: &x {b: {c: *x}}", ["1:4 yaml/recursion: an alias refers to the value that contains it"]),
        ("<<: 1", ["1:5 yaml/merge: `<<` merges mappings only"]),
        ("<<: [{a: 1}, b]", ["1:14 yaml/merge: `<<` merges mappings only"]),
        ("x: &x [1]\n<<: *x", ["1:8 yaml/merge: `<<` merges mappings only"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_where_it_stands(text: str, findings: list[str]) -> None:
    assert told(load(text).diagnostics) == findings


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("x: &n {a: 1, b: 2}\ny: {<<: *n, b: 3}", {"x": {"a": 1, "b": 2}, "y": {"a": 1, "b": 3}}),
        ("x: &n {a: 1}\ny: {b: 3, <<: *n}", {"x": {"a": 1}, "y": {"b": 3, "a": 1}}),
        ("x: {<<: [{a: 1}, {a: 2, b: 2}]}", {"x": {"a": 1, "b": 2}}),
        ("x: &n [1, 2]\ny: *n", {"x": [1, 2], "y": [1, 2]}),
        ("x: &n y\n*n : z", {"x": "y", "y": "z"}),
        ("'<<': a", {"<<": "a"}),
        ("!!map {a: !!seq [!!str 1, !!int 2, !!float 3, !!float 1.5, !!null ~, !!bool true]}", {"a": ["1", 2, 3, 1.5, None, True]}),
        ("%YAML 1.2\n---\na: b", {"a": "b"}),
        ("? a\n: b\n? c", {"a": "b", "c": None}),
    ],
)  # fmt: skip
def test_anchors_merges_and_core_tags_mean_what_yaml_says(text: str, data: Any) -> None:
    assert document(text).data == data


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "---\n---\n...\n", "~"])
def test_files_without_content_are_empty_and_not_wrong(text: str) -> None:
    loaded = load(text)
    assert loaded.diagnostics == []
    assert all(one.data is None for one in loaded.documents)


def test_a_repeated_key_points_at_the_first_one_too() -> None:
    [result] = load("a: 1\nb: 2\na: 3").diagnostics
    assert [(note.message, str(note.location)) for note in result.related] == [
        ("the first one is here", f"{FILE}:1:1")
    ]


def nested(depth: int, opening: str, closing: str) -> str:
    return "a: " + opening * depth + "1" + closing * depth


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{b: ", "}"), ("[x: [", "]]")])
@pytest.mark.parametrize("depth", [MAX_DEPTH, 400, 999, 1000, 50_000])
def test_nesting_beyond_the_limit_is_refused_however_deep(opening: str, closing: str, depth: int) -> None:
    assert [result.rule for result in load(nested(depth, opening, closing)).diagnostics] == ["yaml/depth"]


@pytest.mark.parametrize("depth", [MAX_DEPTH, 400, 999, 1000, 50_000])
@pytest.mark.parametrize("before", ["", "#" + "[" * 5000 + "\n"], ids=["short", "large"])
def test_nesting_is_refused_at_the_first_level_beyond_the_limit(depth: int, before: str) -> None:
    [result] = load(before + nested(depth, "[", "]")).diagnostics
    line = 2 if before else 1
    assert (result.rule, str(result.location)) == ("yaml/depth", f"{FILE}:{line}:{3 + MAX_DEPTH}")


@pytest.mark.parametrize("before", ["", "#" + "[" * 5000 + "\n"], ids=["short", "large"])
def test_a_scalar_at_the_deepest_level_is_fine_in_large_files_too(before: str) -> None:
    assert load(before + nested(MAX_DEPTH - 1, "[", "]")).diagnostics == []


def test_a_syntax_error_below_many_brackets_in_texts_stays_one() -> None:
    texts = "".join(f"k{n}: '[[[{{'\n" for n in range(100))
    assert [result.rule for result in load(texts + "a: [b").diagnostics] == ["yaml/syntax"]


@pytest.mark.parametrize("text", ["a: {?}", "a: {b: c, ?}", "? \n: b"])
def test_a_key_without_text_is_refused(text: str) -> None:
    assert [result.rule for result in load(text).diagnostics] == ["yaml/key"]


@pytest.mark.parametrize("text", ["a: [?]", "a: [b, ?]"])
def test_a_question_mark_alone_in_a_list_is_refused_by_every_libyaml(text: str) -> None:
    """0.2.5 finds the bracket unclosed, 0.2.6 a key without text."""
    [result] = load(text).diagnostics
    assert result.rule in ("yaml/key", "yaml/syntax")


@pytest.mark.parametrize("depth", [1, MAX_DEPTH - 1])
def test_nesting_up_to_the_limit_is_fine(depth: int) -> None:
    assert load(nested(depth, "[", "]")).diagnostics == []


def test_block_lists_that_nest_on_one_line_are_refused_too() -> None:
    assert [result.rule for result in load("- " * 50_000 + "a").diagnostics] == ["yaml/depth"]


def test_aliases_do_not_nest_deeper_than_the_limit_either() -> None:
    lines = ["a0: &a0 " + "[" * 60 + "]" * 60] + [
        f"a{n}: &a{n} {'[' * 60}*a{n - 1}{']' * 60}" for n in range(1, 40)
    ]
    assert [result.rule for result in load("\n".join(lines)).diagnostics] == ["yaml/depth"]


LISTS = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "\n".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)
)
MAPS = "a0: &a0 {b: x, c: x}\n" + "\n".join(
    f"a{n}: &a{n} {{b: *a{n - 1}, c: *a{n - 1}}}" for n in range(1, 60)
)
MERGES = "a: &a {" + ", ".join(f"k{n}: 1" for n in range(2000)) + "}\nb:\n" + "- <<: *a\n" * 20_000


@pytest.mark.parametrize("text", [LISTS, MAPS, MERGES], ids=["lists", "mappings", "merges"])
def test_aliases_that_multiply_are_refused_with_bounded_time_and_memory(text: str) -> None:
    tracemalloc.start()
    start = time.process_time()
    result = load(text).diagnostics
    seconds, (_, peak) = time.process_time() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [one.rule for one in result] == ["yaml/size"]
    assert seconds < 10
    assert peak < 250 * 2**20


def test_a_text_that_many_aliases_repeat_is_kept_once() -> None:
    text = f"a: &a {'x' * 100_000}\nb: [{', '.join(['*a'] * 10_000)}]"
    data = document(text).data
    assert all(one is data["a"] for one in data["b"])

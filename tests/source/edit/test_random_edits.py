"""Whatever a document looks like and whatever is edited: the data is as wanted, and nothing else has changed."""

import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashgen.source.edit import (
    Carry,
    Edit,
    EditError,
    InsertItem,
    MoveItem,
    Remove,
    SetValue,
    applied,
    edited,
)
from dashgen.source.edit.edits import identical, value_at, without_leftovers
from dashgen.source.load import Document, load_text
from tests.source.edit.rendering import TEXTS, places, random_edit, random_file

SEEDS = st.integers(0, 2**32)
SPECS = sorted((Path(__file__).parents[3] / "specs").rglob("*.yaml"))
REFUSALS = ("is used elsewhere too", "comes from `<<`", "the one that `<<` brings", "would come before")
NOT_CARRIED = (*REFUSALS, "carried", "is not written", "no room", "without changing what is around it")


def _edited_or_refused(
    text: str, number: int, edits: list[Edit], reasons: tuple[str, ...] = REFUSALS
) -> str | None:
    """The new text, or nothing if there is a good reason not to edit."""
    try:
        return edited("x.yaml", text, number, edits)
    except EditError as error:
        if any(reason in error.diagnostics[0].message for reason in reasons):
            return None
        raise


def _random(seed: int | str) -> random.Random:
    return random.Random(seed)  # noqa: S311  # not for secrets


def _document(text: str, number: int) -> Document:
    return load_text("x.yaml", text).documents[number]


@pytest.mark.property
@settings(max_examples=150)
@given(SEEDS)
def test_the_data_is_as_wanted_after_several_edits(seed):
    rng = _random(seed)
    text, number = random_file(rng)
    before = load_text("x.yaml", text).documents
    expected, edits = before[number].data, []
    for _ in range(rng.randrange(1, 5)):
        edits.append(without_leftovers(expected, random_edit(rng, expected), ()))
        expected = applied(expected, edits[-1])
    new = _edited_or_refused(text, number, edits)
    if new is None:
        return
    after = load_text("x.yaml", new)
    assert not after.diagnostics
    assert identical(
        [one.data for one in after.documents],
        [expected if i == number else one.data for i, one in enumerate(before)],
    )
    assert new.startswith("\ufeff") == text.startswith("\ufeff")


@pytest.mark.property
@settings(max_examples=150)
@given(SEEDS)
def test_only_lines_of_the_edited_place_change_and_no_comment_elsewhere_is_lost(seed):
    rng = _random(seed)
    text, number = random_file(rng, sharing=False)
    document = _document(text, number)
    edit = without_leftovers(document.data, random_edit(rng, document.data), ())
    new = edited("x.yaml", text, number, [edit])
    old_lines, new_lines = text.strip("\ufeff").split("\n"), new.strip("\ufeff").split("\n")
    first, last = _allowed(document, old_lines, edit)
    if last >= len(old_lines) and first:
        # Where the last line goes, the one before may lose its line break.
        new_lines[first - 1 :] = [line.removesuffix("\r") for line in new_lines[first - 1 :]]
        old_lines[first - 1 :] = [line.removesuffix("\r") for line in old_lines[first - 1 :]]
    assert new_lines[:first] == old_lines[:first]
    below = old_lines[last:]
    assert not below or new_lines[-len(below) :] == below
    lost = _comments(text) - _comments(new)
    assert lost <= (_comments("\n".join(old_lines[first:last])) if _may_lose(document, edit) else set())


def _comments(text: str) -> set[str]:
    return set(re.findall(r"<\d+>", text))


def _may_lose(document: Document, edit: Edit) -> bool:
    old = value_at(document.data, edit.path)
    return isinstance(edit, Remove) or (
        isinstance(edit, SetValue) and isinstance(old, dict | list) and bool(old)
    )


def _allowed(document: Document, lines: list[str], edit: Edit) -> tuple[int, int]:
    """The lines that an edit may change, from and to."""
    path = edit.path
    while path and document.source.node(document.index, path) is None:
        path = path[:-1]
    if isinstance(edit, Remove) and len(value_at(document.data, path[:-1])) == 1:
        path = path[:-1]
    node = document.source.node(document.index, path)
    location = document.location(path, key=True).span
    assert node is not None
    assert location is not None
    first, last = min(location.line - 1, node.start_mark.line), node.end_mark.line + 1
    if not path:
        return 0 if document.index == 0 else node.start_mark.line, last
    if isinstance(path[-1], int):
        first = _dash_line(lines, first)
    if isinstance(edit, Remove):
        shared = lines[first].lstrip().startswith("-")
        while first and (not lines[first - 1].strip() or lines[first - 1].lstrip().startswith("#")):
            first -= 1
        while last < len(lines) and (not lines[last].strip() or lines[last].lstrip().startswith("#")):
            last += 1
        last += shared
    return first, last


def _dash_line(lines: list[str], first: int) -> int:
    """The line of an item's dash, if that stands alone."""
    above = first - 1
    while above > 0 and (not lines[above].strip() or lines[above].lstrip().startswith("#")):
        above -= 1
    if above >= 0 and re.match(r"\s*(- )*-\s*(#.*)?$", lines[above]):
        return above
    return first


@pytest.mark.property
@settings(max_examples=60)
@given(SEEDS)
def test_edits_of_different_places_can_be_made_in_any_order(seed):
    rng = _random(seed)
    text, number = random_file(rng, sharing=False)
    single = [p for p, v in places(_document(text, number).data) if not isinstance(v, dict | list)]
    paths = rng.sample(single, min(3, len(single)))
    edits = [SetValue(path, rng.choice([*TEXTS, 7, True])) for path in paths]
    assert edited("x.yaml", text, number, edits) == edited("x.yaml", text, number, edits[::-1])


@pytest.mark.property
@settings(max_examples=60)
@given(SEEDS)
def test_a_change_and_its_reverse_give_the_text_back(seed):
    rng = _random(seed)
    text, number = random_file(rng, sharing=False)
    data = _document(text, number).data
    # A list in a list has its first item in the line of the other's, where no comment can stand above it.
    lists = [(p, v) for p, v in places(data) if isinstance(v, list) and v and isinstance(p[-1], str)]
    if not lists:
        return
    path, value = rng.choice(lists)
    index, to = rng.randrange(len(value)), rng.randrange(len(value))
    assert edited("x.yaml", text, number, [MoveItem(path, index, to), MoveItem(path, to, index)]) == text
    once = edited("x.yaml", text, number, [InsertItem(path, index, "new")])
    assert _document(edited("x.yaml", once, number, [Remove((*path, index))]), number).data == data


@pytest.mark.property
@settings(max_examples=150)
@given(SEEDS)
def test_what_is_carried_loses_no_comment(seed):
    rng = _random(seed)
    text, number = random_file(rng, sharing=bool(seed % 3))
    data = _document(text, number).data
    every = [path for path, _ in places(data) if path]
    lists = [path for path, value in places(data) if isinstance(value, list)]
    if not every or not lists:
        return
    path, target = rng.choice(every), rng.choice(lists)
    edit = Carry(path, (*target, rng.randrange(len(value_at(data, target)) + 1)))
    new = _edited_or_refused(text, number, [edit], NOT_CARRIED)
    if new is not None:
        assert identical(_document(new, number).data, applied(data, edit))
        assert _comments(text) <= _comments(new)


@pytest.mark.property
@pytest.mark.parametrize("spec", SPECS, ids=lambda path: path.stem)
def test_the_projects_own_specs_can_be_edited_anywhere(spec):
    text = spec.read_text()
    rng = _random(spec.name)
    for _ in range(12):
        number = rng.randrange(len(load_text(spec.name, text).documents))
        document = _document(text, number)
        edit = without_leftovers(document.data, random_edit(rng, document.data), ())
        new = _edited_or_refused(text, number, [edit])
        if new is None:
            continue
        assert identical(_document(new, number).data, applied(document.data, edit))
        kept = re.findall(r"(?m)^#.*", text)
        assert [line for line in kept if line not in new.split("\n")] == [] or isinstance(edit, Remove)

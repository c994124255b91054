"""A new value in the style of the scalar that it replaces."""

import re
from difflib import SequenceMatcher

from msgspec import Struct

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.source.edit.edited_text import line_start
from dashgen.source.edit.edits import identical
from dashgen.source.edit.node_tree import Scalar
from dashgen.source.edit.page import Page, Slot
from dashgen.source.load import load_text
from dashgen.source.writing import (
    WIDTH,
    double_quoted,
    entry_lines,
    flow_text,
    foldable,
    folded,
    is_plain,
    item_lines,
    scalar_text,
    single_quoted,
)

_CANNOT_BE_QUOTED = lazy_pattern(
    r"[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|\u2028|\u2029"
)
_BREAK = lazy_pattern(r"\r\n|\n|\r")
_LONG = 150


class Written(Struct, frozen=True):
    """A value as text: what follows its key or dash in the same line, and the lines below."""

    head: str
    body: tuple[str, ...] = ()


def written_at(page: Page, slot: Slot, value: object, *, below: bool = False) -> Written:
    """A value as it is written idiomatically at a place.

    With ``below``, a mapping that is an item has no braces.
    """
    if slot.flow:
        return Written(flow_text(value))
    if slot.column < 0:
        return _at_root(page, value)
    if slot.item:
        lines = list(item_lines(value, slot.key, slot.column, page.layout, below=below))
        return Written(lines[0][slot.column + 1 :].strip(" "), tuple(lines[1:]))
    start = line_start(page.text, slot.point)
    lines = list(entry_lines(page.text[start : slot.point], slot.key, value, slot.column, page.layout))
    return Written(lines[0][slot.point - start :].strip(" "), tuple(lines[1:]))


def _at_root(page: Page, value: object) -> Written:
    if isinstance(value, dict) and value:
        lines = [
            line
            for key, part in value.items()
            for line in entry_lines(f"{scalar_text(key)}:", key, part, 0, page.layout)
        ]
    elif isinstance(value, list) and value:
        lines = [line for item in value for line in item_lines(item, "", 0, page.layout)]
    else:
        lines = [flow_text(value)]
    return Written(lines[0], tuple(lines[1:]))


def restyled(page: Page, slot: Slot, old: Scalar, value: object) -> Written | None:
    """A scalar in the style of an old one; nothing if that style cannot hold it."""
    if not isinstance(value, str):
        return None
    if old.style == '"':
        return Written(double_quoted(value))
    if old.style == "'":
        # Single quotes know no escapes: what cannot be printed needs double ones.
        return None if _CANNOT_BE_QUOTED.search(value) else Written(single_quoted(value))
    if old.style in ("|", ">"):
        return _block(page, slot, old, value)
    long = len(value) > _LONG and len(old.value) <= WIDTH and not slot.flow
    return Written(value) if not long and _is_plain(value, flow=slot.flow) else None


def _is_plain(value: str, *, flow: bool) -> bool:
    if is_plain(value, flow=flow):
        return True
    if not flow or ":" not in value or not is_plain(value, flow=False) or re.search(r"[,\[\]{}]", value):
        return False
    # In flow style `a:b` is text and `a:` is not: the reader itself has the rules, with all their exceptions.
    loaded = load_text("", f"[{value}, 0]")
    return len(loaded.documents) == 1 and identical(loaded.documents[0].data, [value, 0])


def _block(page: Page, slot: Slot, old: Scalar, value: str) -> Written | None:
    rows = _BREAK.split(page.text[old.content : old.end])[1:]
    full = [row for row in rows if row.strip(" ")]
    parent = max(slot.column, 0)
    indent = len(full[0]) - len(full[0].lstrip(" ")) if full else parent + page.layout.step
    # The header's digit counts from the parent's column, and a first line that begins with a blank needs one.
    digit = re.match(r"[|>][-+]?([1-9])", page.text[old.content : old.content + 3])
    if digit:
        indent = parent + int(digit[1])
    # `>` cannot hold every text (lines that begin with a blank are not folded); `|` holds what `>` does not.
    for style in dict.fromkeys((old.style, "|")):
        lines = value.removesuffix("\n").split("\n")
        if style == ">":
            lines = _refolded([row[indent:] for row in rows], value, WIDTH - indent)
        first = next((line for line in lines if line), "")
        needed = digit is not None or first.startswith(" ")
        # YAML's chomping: `-` for no final line break, nothing for one, `+` for all of them.
        keeps_breaks = value.endswith("\n\n") or value == "\n"
        chomp = "+" if keeps_breaks else "" if value.endswith("\n") else "-"
        mark = f"{style}{indent - parent if needed else ''}{chomp}"
        written = Written(mark, tuple(" " * indent + line if line else "" for line in lines))
        if _reads_back(slot, written, value) and (
            not keeps_breaks or "+" in page.text[old.content : old.content + 3]
        ):
            return written
    return None


def _refolded(rows: list[str], value: str, width: int) -> list[str]:
    """The lines of a folded block; those at its beginning and end that still fit stay as they are."""
    text = value.rstrip("\n")
    ends = len(value) - len(text) - 1
    if not foldable(text):
        parts = [list(folded(part, width)) if part else [""] for part in text.split("\n")]
        lines = [line for part in parts for line in ([*part, ""] if part != [""] else part)][:-1]
        return lines + [""] * max(ends, 0)
    if lines_kept := _in_its_lines(rows, text, width):
        return [*lines_kept, *[""] * max(ends, 0)]
    first = 0
    while first < len(rows) and rows[first] and text.startswith(" ".join(rows[: first + 1]) + " "):
        first += 1
    # What is appended goes on in the last line.
    first -= first == len(rows) and first > 0
    rest = text[len(" ".join(rows[:first])) + (1 if first else 0) :]
    last = len(rows)
    while last > first and rows[last - 1] and rest.endswith(" " + " ".join(rows[last - 1 :])):
        last -= 1
    tail = rows[last:]
    middle = rest[: len(rest) - len(" ".join(tail)) - 1] if tail else rest
    return [*rows[:first], *folded(middle, width), *tail] + [""] * max(ends, 0)


def _in_its_lines(rows: list[str], text: str, width: int) -> list[str]:
    """The new text with its lines broken where its author broke them.

    Nothing when one of them gets too long.
    """
    if not all(rows) or any(row != row.strip() or "  " in row for row in rows) or "  " in text:
        return []
    old = [(word, number) for number, row in enumerate(rows) for word in row.split(" ")]
    new = text.split(" ")
    lines: list[list[str]] = [[] for _ in rows]
    for tag, i, i_end, j, j_end in SequenceMatcher(
        None, [word for word, _ in old], new, autojunk=False
    ).get_opcodes():
        for offset in range(j_end - j):
            if tag == "insert" or i + offset >= i_end:
                number = old[max(i_end - 1, 0)][1]
            else:
                number = old[i + offset][1]
            lines[number].append(new[j + offset])
    texts = [" ".join(line) for line in lines if line]
    longest = max(width, *map(len, rows))
    return texts if all(len(line) <= longest for line in texts) else []


def _reads_back(slot: Slot, written: Written, value: str) -> bool:
    head = " " * max(slot.column, 0) + ("- " if slot.item else "k: ")
    loaded = load_text("", "\n".join([head + written.head, *written.body]) + "\n")
    expected = [value] if slot.item else {"k": value}
    return (
        not loaded.diagnostics
        and len(loaded.documents) == 1
        and identical(loaded.documents[0].data, expected)
    )

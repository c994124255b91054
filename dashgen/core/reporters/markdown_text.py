"""Texts in Markdown as code hosts show it, whatever characters they have."""

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from dashgen.core.diagnostics.frame import clean
from dashgen.core.lazy_pattern import lazy_pattern

# GitHub refuses a comment of more than 65,536 characters.
MOST: Final = 60_000
# An ampersand that begins an entity would bring any other character.
_SPECIAL: Final = lazy_pattern(r"([\\`*_{}\[\]<>#|~]|&(?=#?\w+;))")
_MARKS: Final = lazy_pattern(r"[\\`*_{}\[\]|~!]")
_MENTION: Final = lazy_pattern(r"(?<![\w`])@(?=\w)")
# Code hosts make links of bare addresses, also of those in titles.
_ADDRESS: Final = lazy_pattern(r"(?<=[A-Za-z])(:)(?=//)|(?<=\bwww)(\.)", re.IGNORECASE)


def escaped(text: str) -> str:
    """Text that Markdown shows as it is and that mentions nobody, such as a title with an `@`."""
    return _without_effects(_SPECIAL.sub(r"\\\1", clean(text)))


def html_text(text: str) -> str:
    """The same for text between tags, where some readers of Markdown look for marks and others do not."""
    return _without_effects(_MARKS.sub(_entity, escape(clean(text), quote=False)))


def _entity(match: re.Match[str]) -> str:
    return f"&#{ord(match[0])};"


def _without_effects(text: str) -> str:
    plain = _ADDRESS.sub(_entity, text)
    return _MENTION.sub("@\N{ZERO WIDTH SPACE}", plain)


def code(text: str) -> str:
    """Text as a code span, whatever backticks are in it."""
    plain = clean(text)
    fence = "`" * (max((len(run) for run in re.findall("`+", plain)), default=0) + 1)
    pad = " " if plain.startswith("`") or plain.endswith("`") else ""
    return f"{fence}{pad}{plain}{pad}{fence}"


def prose(text: str) -> str:
    """A message whose names are between backticks: these stay code, the rest is shown as it is."""
    parts = clean(text).split("`")
    if len(parts) % 2 == 0:  # a backtick without its partner
        return escaped(text)
    return "".join(f"`{part}`" if i % 2 and part else escaped(part) for i, part in enumerate(parts))


def shortened(text: str, most: int) -> str:
    """A text of at most so many characters; a longer one ends with an ellipsis, outside a code span."""
    if len(text) <= most:
        return text
    start = text[: most - 1].rstrip()
    return (start.rpartition("`")[0].rstrip() if start.count("`") % 2 else start) + "…"


def table_row(cells: Sequence[str]) -> str:
    """A row of a table."""
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(text: str) -> str:
    # A pipe would end the cell even inside a code span.
    return re.sub(r"(?<!\\)\|", r"\\|", text)


def folded(summary: str, lines: Sequence[str]) -> list[str]:
    """Lines of Markdown that a reader opens by a click on their summary."""
    return ["<details>", f"<summary>{summary}</summary>", "", *lines, "", "</details>"]


def fitting(lines: Sequence[str], command: str) -> Iterator[str]:
    """The lines that fit into a comment, and a last one that names the command to see the others."""
    left = MOST
    for number, line in enumerate(lines):
        left -= len(line) + 1
        if left < 0:
            yield f"\n… and {len(lines) - number} more lines; run `{command}` to see them."
            return
        yield line

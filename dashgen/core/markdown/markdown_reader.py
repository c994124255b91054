"""Markdown as blocks of inline parts, for all that draws or writes it.

The part of GitHub's Markdown that texts of dashboards and reports have: headings, paragraphs, nested lists,
quotes, fenced code, tables and rules; emphasis, code, links, images, escapes, entities and tags of HTML.
References and indented code are text. Time is linear in the text but for what is nested, which is bounded.
"""

from collections.abc import Iterator, Sequence
from typing import Final, Literal

from msgspec import Struct

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.core.markdown.markdown_inlines import MarkdownPart, read_inlines

_HEADING: Final = lazy_pattern(r" {0,3}(#{1,6})(?:[ \t]+(.*?))??(?:[ \t]+#*)?[ \t]*\Z")
_ITEM: Final = lazy_pattern(r"([ \t]*)(?:([-*+])|(\d{1,9})[.)])(?:([ \t]+)(.*))?\Z")
_RULE: Final = lazy_pattern(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})\Z")
_FENCE: Final = lazy_pattern(r"[ \t]*(`{3,}|~{3,})([^`]*)\Z")
_QUOTE: Final = lazy_pattern(r" {0,3}> ?")
_UNDERLINE: Final = lazy_pattern(r" {0,3}(=+|-+)[ \t]*\Z")
_DELIMITERS: Final = lazy_pattern(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*\Z")
_CELL: Final = lazy_pattern(r"(?<!\\)\|")
_DEEPEST: Final = 10
"""How deep lists and quotes nest; what is deeper is text of the innermost."""


class MarkdownBlock(Struct, frozen=True):
    """A block of a text, in the order in which they stand; what lists and quotes have in them follows flat.

    Attributes:
        kind: what it is. An item is the first paragraph of a list's item.
        parts: its text; of a table none.
        level: of a heading, 1 to 6.
        mark: the bullet or number of an item.
        depth: how many lists it is in.
        quotes: how many quotes it is in.
        code: the lines of code.
        rows: the cells of a table, its head first.
    """

    kind: Literal["heading", "paragraph", "item", "code", "rule", "table"]
    parts: tuple[MarkdownPart, ...] = ()
    level: int = 0
    mark: str = ""
    depth: int = 0
    quotes: int = 0
    code: tuple[str, ...] = ()
    rows: tuple[tuple[tuple[MarkdownPart, ...], ...], ...] = ()


def read_markdown(text: str) -> list[MarkdownBlock]:
    """The blocks of a text; any text has some reading."""
    return list(_BlockReader(text.expandtabs(4).splitlines(), 0, 0).blocks())


class _BlockReader:
    """Reads lines that stand in some lists and quotes."""

    def __init__(self, lines: Sequence[str], depth: int, quotes: int) -> None:
        self._lines = lines
        self._depth = depth
        self._quotes = quotes
        self._next = 0

    def blocks(self) -> Iterator[MarkdownBlock]:
        """The blocks."""
        while self._next < len(self._lines):
            line = self._lines[self._next]
            if not line.strip():
                self._next += 1
            elif _FENCE.match(line):
                yield self._code(line)
            elif heading := _HEADING.match(line):
                self._next += 1
                yield self._block("heading", heading[2] or "", level=len(heading[1]))
            elif _RULE.match(line):
                self._next += 1
                yield self._block("rule", "")
            elif _QUOTE.match(line) and self._may_nest():
                yield from self._quote()
            elif _ITEM.match(line) and self._may_nest():
                yield from self._list()
            elif self._is_table():
                yield self._table()
            else:
                yield self._paragraph()

    def _block(
        self, kind: Literal["heading", "paragraph", "rule"], text: str, level: int = 0
    ) -> MarkdownBlock:
        return MarkdownBlock(kind, read_inlines(text), level, depth=self._depth, quotes=self._quotes)

    def _may_nest(self) -> bool:
        return self._depth + self._quotes < _DEEPEST

    def _code(self, opening: str) -> MarkdownBlock:
        fence = _FENCE.match(opening)
        mark = fence[1] if fence else "```"
        indent = len(opening) - len(opening.lstrip())
        code = []
        self._next += 1
        while self._next < len(self._lines):
            line = self._lines[self._next]
            self._next += 1
            stripped = line.strip()
            if len(stripped) >= len(mark) and not stripped.strip(mark[0]):
                break
            code.append(line[min(indent, len(line) - len(line.lstrip())) :])
        return MarkdownBlock("code", depth=self._depth, quotes=self._quotes, code=tuple(code))

    def _quote(self) -> Iterator[MarkdownBlock]:
        lines: list[str] = []
        while self._next < len(self._lines):
            line = self._lines[self._next]
            mark = _QUOTE.match(line)
            # A paragraph goes on in a line without the mark.
            if mark is None and (not line.strip() or self._ends_paragraph(line) or not lines[-1].strip()):
                break
            lines.append(line[mark.end() :] if mark else line)
            self._next += 1
        yield from _BlockReader(lines, self._depth, self._quotes + 1).blocks()

    def _list(self) -> Iterator[MarkdownBlock]:
        number: int | None = None
        while self._next < len(self._lines) and (item := _ITEM.match(self._lines[self._next])):
            if _RULE.match(item[0]):
                break
            # Grafana counts on from the first number.
            number = (int(item[3]) if number is None else number + 1) if item[3] else None
            mark = "•" if number is None else f"{number}."
            # An item that starts with code or much room has its text after one space.
            room = len(item[4] or " ")
            content = item.end(2 if item[2] else 3) + (0 if item[2] else 1) + (room if room <= 4 else 1)
            lines = [item[5] or "", *self._inside(len(item[1]), content)]
            yield from self._item(lines, mark)

    def _inside(self, outer: int, content: int) -> Iterator[str]:
        """The lines that belong to an item, without their indentation."""
        self._next += 1
        after_blank = False
        while self._next < len(self._lines):
            line = self._lines[self._next]
            indent = len(line) - len(line.lstrip())
            if not line.strip():
                if not after_blank and self._following_indent() <= outer:
                    return
                after_blank = True
            elif indent <= outer and (after_blank or self._ends_paragraph(line)):
                return
            else:
                after_blank = False
            yield line[min(indent, content) :]
            self._next += 1

    def _following_indent(self) -> int:
        """How far the next line that is not blank is indented."""
        lines = (self._lines[number] for number in range(self._next, len(self._lines)))
        following = next((line for line in lines if line.strip()), "")
        return len(following) - len(following.lstrip())

    def _item(self, lines: Sequence[str], mark: str) -> Iterator[MarkdownBlock]:
        inner = _BlockReader(lines, self._depth + 1, self._quotes).blocks()
        first = next(inner, None)
        if first is None or first.kind not in ("paragraph", "heading") or first.depth > self._depth + 1:
            yield MarkdownBlock("item", mark=mark, depth=self._depth + 1, quotes=self._quotes)
            if first is not None:
                yield first
        else:
            yield MarkdownBlock("item", first.parts, mark=mark, depth=first.depth, quotes=first.quotes)
        yield from inner

    def _ends_paragraph(self, line: str) -> bool:
        """Whether a line begins something else than the text of the paragraph before it."""
        return bool(
            _FENCE.match(line)
            or _HEADING.match(line)
            or _RULE.match(line)
            or _ITEM.match(line)
            or _QUOTE.match(line)
        )

    def _is_table(self) -> bool:
        if self._next + 1 >= len(self._lines):
            return False
        head, delimiters = self._lines[self._next], self._lines[self._next + 1]
        if "|" not in head or not _DELIMITERS.match(delimiters):
            return False
        return len(_cells(head)) == len(_cells(delimiters))

    def _table(self) -> MarkdownBlock:
        head = _cells(self._lines[self._next])
        rows = [head]
        self._next += 2
        while self._next < len(self._lines):
            line = self._lines[self._next]
            if not line.strip() or self._ends_paragraph(line):
                break
            # Grafana fills rows that are too short, and cuts those that are too long.
            cells = _cells(line)[: len(head)]
            rows.append([*cells, *[""] * (len(head) - len(cells))])
            self._next += 1
        read = tuple(tuple(read_inlines(cell) for cell in row) for row in rows)
        return MarkdownBlock("table", depth=self._depth, quotes=self._quotes, rows=read)

    def _paragraph(self) -> MarkdownBlock:
        lines = [self._lines[self._next].lstrip()]
        self._next += 1
        while self._next < len(self._lines):
            line = self._lines[self._next]
            if underline := _UNDERLINE.match(line):
                self._next += 1
                return self._block("heading", _joined(lines), level=1 if underline[1][0] == "=" else 2)
            if not line.strip() or self._ends_paragraph(line):
                break
            lines.append(line.lstrip())
            self._next += 1
        return self._block("paragraph", _joined(lines))


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(lines).rstrip()


def _cells(line: str) -> list[str]:
    inside = line.strip().removeprefix("|")
    if inside.endswith("|") and not inside.endswith("\\|"):
        inside = inside[:-1]
    return [cell.strip().replace("\\|", "|") for cell in _CELL.split(inside)]

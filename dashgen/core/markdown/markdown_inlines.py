"""The inline parts of Markdown: emphasis, code, links, images, line breaks and tags of HTML."""

import re
from collections.abc import Iterable
from html import unescape
from typing import Final, Literal, TypeAlias
from unicodedata import category

from msgspec import Struct

from dashgen.core.lazy_pattern import lazy_pattern

_SPECIAL: Final = lazy_pattern(r"[\\`*_~!\[\]<&\n]")
_ESCAPED: Final = lazy_pattern(r"[!-/:-@\[-`{-~]")
_ENTITY: Final = lazy_pattern(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_AUTOLINK: Final = lazy_pattern(r"<((?:https?://|mailto:)[^\s<>]{1,2000})>")
_TAG: Final = lazy_pattern(r"<!--(?s:.){0,2000}?-->|</?[A-Za-z][^<>]*>")
_RAW: Final = lazy_pattern(r"<(script|style)\b[^<>]*>", re.IGNORECASE)
# Parentheses in an address stand in pairs.
_WORD: Final = r"[^\s()]{0,2000}"
_ADDRESS: Final = lazy_pattern(
    rf"\(\s*(?:<([^<>\n]{{0,2000}})>|({_WORD}(?:\({_WORD}\){_WORD}){{0,8}}))"
    r"(?:\s+(?:\"[^\"\n]*\"|'[^'\n]*'))?\s*\)"
)
_TICKS: Final = lazy_pattern(r"`+")
_DEEPEST: Final = 20
"""How deep emphasis and links nest; what is deeper keeps its marks."""


class MarkdownPart(Struct, frozen=True):
    """A part of a line.

    Attributes:
        kind: what it is; ``html`` is a tag, or a whole script or style sheet, as it is written.
        text: of text, code and HTML; of an image what stands instead of it.
        parts: what is emphasised or linked.
        address: of a link or an image.
        depth: how many parts nest in it.
    """

    kind: Literal["text", "code", "emphasis", "strong", "strike", "link", "image", "break", "html"]
    text: str = ""
    parts: "tuple[MarkdownPart, ...]" = ()
    address: str = ""
    depth: int = 0


class _Delimiter(Struct):
    """A run of `*`, `_` or `~`, as much of it as is not used yet."""

    character: str
    count: int
    can_open: bool
    can_close: bool

    def text(self) -> MarkdownPart:
        return MarkdownPart("text", self.character * self.count)


class _Bracket(Struct):
    """An opening bracket: of an image, or of a link, which links around it cannot have in them."""

    is_image: bool
    is_active: bool = True

    def text(self) -> MarkdownPart:
        return MarkdownPart("text", "![" if self.is_image else "[")


_Node: TypeAlias = MarkdownPart | _Delimiter | _Bracket


def read_inlines(text: str) -> tuple[MarkdownPart, ...]:
    """The parts of the text of a block, whose lines are separated by line feeds."""
    return _InlineReader(text).parts()


def plain_text(parts: Iterable[MarkdownPart]) -> str:
    """The text of parts without anything else."""
    return "".join(part.text or plain_text(part.parts) for part in parts if part.kind != "html")


class _InlineReader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._nodes: list[_Node] = []
        self._brackets: list[int] = []
        self._ticks: dict[int, list[int]] = {}
        for run in _TICKS.finditer(text):
            self._ticks.setdefault(len(run[0]), []).append(run.start())

    def parts(self) -> tuple[MarkdownPart, ...]:
        position, text = 0, self._text
        while special := _SPECIAL.search(text, position):
            self._add(text[position : special.start()])
            position = self._special(special.start())
        self._add(text[position:])
        return _emphasised(self._nodes)

    def _add(self, text: str) -> None:
        if text:
            self._nodes.append(MarkdownPart("text", text))

    def _special(self, start: int) -> int:
        """Read what a special character begins; the position after it."""
        character = self._text[start]
        if character in "*_~":
            return self._run(start)
        if character in "[!":
            return self._opening(start)
        read = {"\\": self._escape, "`": self._code, "<": self._tag, "&": self._entity, "]": self._closing}
        return read.get(character, self._line_end)(start)

    def _escape(self, start: int) -> int:
        following = self._text[start + 1 : start + 2]
        if following == "\n":
            self._nodes.append(MarkdownPart("break"))
        elif _ESCAPED.match(following):
            self._add(following)
        else:
            self._add("\\")
            return start + 1
        return start + 2

    def _line_end(self, start: int) -> int:
        last = self._nodes[-1] if self._nodes else None
        if isinstance(last, MarkdownPart) and last.kind == "text" and last.text.endswith("  "):
            self._nodes[-1] = MarkdownPart("text", last.text.rstrip(" "))
            self._nodes.append(MarkdownPart("break"))
        else:
            self._add(" ")
        return start + 1

    def _code(self, start: int) -> int:
        run = _TICKS.match(self._text, start)
        length = len(run[0]) if run else 1
        starts = self._ticks[length]
        while starts and starts[0] <= start:
            starts.pop(0)
        if not starts:
            self._add("`" * length)
            return start + length
        code = self._text[start + length : starts[0]].replace("\n", " ")
        if code.startswith(" ") and code.endswith(" ") and code.strip():
            code = code[1:-1]
        self._nodes.append(MarkdownPart("code", code))
        return starts[0] + length

    def _entity(self, start: int) -> int:
        entity = _ENTITY.match(self._text, start)
        self._add(unescape(entity[0]) if entity else "&")
        return entity.end() if entity else start + 1

    def _tag(self, start: int) -> int:
        if link := _AUTOLINK.match(self._text, start):
            text = MarkdownPart("text", link[1].removeprefix("mailto:"))
            self._nodes.append(MarkdownPart("link", parts=(text,), address=link[1], depth=1))
            return link.end()
        tag = _TAG.match(self._text, start)
        if tag is None:
            self._add("<")
            return start + 1
        end = tag.end()
        if raw := _RAW.match(self._text, start):
            # What is inside is no text of the page.
            closing = re.compile(f"</{raw[1]}\\s*>", re.IGNORECASE).search(self._text, end)
            end = closing.end() if closing else len(self._text)
        self._nodes.append(MarkdownPart("html", self._text[start:end]))
        return end

    def _opening(self, start: int) -> int:
        is_image = self._text[start] == "!"
        if is_image and self._text[start + 1 : start + 2] != "[":
            self._add("!")
            return start + 1
        self._brackets.append(len(self._nodes))
        self._nodes.append(_Bracket(is_image))
        return start + 1 + is_image

    def _closing(self, start: int) -> int:
        opening = self._brackets.pop() if self._brackets else -1
        bracket = self._nodes[opening] if opening >= 0 else None
        address = _ADDRESS.match(self._text, start + 1)
        if not isinstance(bracket, _Bracket) or address is None or not bracket.is_active:
            self._add("]")
            return start + 1
        inner = _emphasised(self._nodes[opening + 1 :])
        del self._nodes[opening:]
        target = unescape(address[1] if address[1] is not None else address[2])
        if bracket.is_image:
            self._nodes.append(MarkdownPart("image", plain_text(inner), address=target))
        else:
            self._nodes.append(_nested("link", inner, target))
            self._deactivate()
        return address.end()

    def _deactivate(self) -> None:
        """Make text of what is open around a link: a link has no link in it."""
        for number in reversed(self._brackets):
            node = self._nodes[number]
            if not isinstance(node, _Bracket) or (not node.is_image and not node.is_active):
                return
            node.is_active = node.is_image

    def _run(self, start: int) -> int:
        text, end = self._text, start
        while end < len(text) and text[end] == text[start]:
            end += 1
        before, after = text[start - 1 : start] or " ", text[end : end + 1] or " "
        opens = not after.isspace() and (not _is_punctuation(after) or _is_edge(before))
        closes = not before.isspace() and (not _is_punctuation(before) or _is_edge(after))
        if text[start] == "_":
            # Underscores inside of words are part of them.
            opens, closes = (
                opens and (not closes or _is_punctuation(before)),
                closes and (not opens or _is_punctuation(after)),
            )
        self._nodes.append(_Delimiter(text[start], end - start, opens, closes))
        return end


def _is_punctuation(character: str) -> bool:
    return category(character)[0] in "PS"


def _is_edge(character: str) -> bool:
    return character.isspace() or _is_punctuation(character)


def _nested(
    kind: Literal["emphasis", "strong", "strike", "link"], parts: tuple[MarkdownPart, ...], address: str = ""
) -> MarkdownPart:
    return MarkdownPart(
        kind, parts=parts, address=address, depth=1 + max((p.depth for p in parts), default=0)
    )


def _emphasised(nodes: Iterable[_Node]) -> tuple[MarkdownPart, ...]:
    """The parts, with what stands between two runs as one part."""
    runs = _Runs()
    for node in nodes:
        if isinstance(node, _Delimiter):
            runs.close(node)
            if node.count and node.can_open:
                runs.opened.append(len(runs.result))
        if not isinstance(node, _Delimiter) or node.count:
            runs.result.append(node)
    return _as_parts(runs.result)


def _as_parts(nodes: Iterable[_Node]) -> tuple[MarkdownPart, ...]:
    return tuple(node if isinstance(node, MarkdownPart) else node.text() for node in nodes)


class _Runs(Struct):
    """Runs that are open: their places in the result, and below which of them no run of a kind was found."""

    result: list[_Node] = []
    opened: list[int] = []
    looked_at: dict[tuple[str, bool, int], int] = {}

    def close(self, closer: _Delimiter) -> None:
        """Make parts of what stands before a run, back to the runs that it closes."""
        while closer.can_close and closer.count:
            number = self._opener(closer)
            opener = self.result[self.opened[number]] if number >= 0 else None
            if not isinstance(opener, _Delimiter):
                return
            start = self.opened[number]
            used = 2 if min(opener.count, closer.count) >= 2 else 1
            inner = _as_parts(self.result[start + 1 :])
            if max((part.depth for part in inner), default=0) >= _DEEPEST:
                return
            opener.count -= used
            closer.count -= used
            del self.result[start + (opener.count > 0) :]
            self._forget(number + (opener.count > 0))
            kind: Literal["emphasis", "strong", "strike"] = "strong" if used == 2 else "emphasis"
            self.result.append(_nested("strike" if closer.character == "~" else kind, inner))

    def _forget(self, number: int) -> None:
        """Close the open runs from a number on."""
        del self.opened[number:]
        self.looked_at = {kind: min(count, number) for kind, count in self.looked_at.items()}

    def _opener(self, closer: _Delimiter) -> int:
        """The number of the last open run that a run closes; -1 when there is none."""
        is_strike = closer.character == "~"
        kind = (closer.character, closer.can_open, closer.count if is_strike else closer.count % 3)
        for number in range(len(self.opened) - 1, self.looked_at.get(kind, 0) - 1, -1):
            if _matches(self.result[self.opened[number]], closer):
                return number
        self.looked_at[kind] = len(self.opened)
        return -1


def _matches(opener: _Node, closer: _Delimiter) -> bool:
    if not isinstance(opener, _Delimiter) or opener.character != closer.character:
        return False
    if closer.character == "~":
        return opener.count == closer.count == 2
    # Rule 9 of CommonMark's emphasis: `*a**b*` is one emphasis with stars in it.
    both = (opener.can_close or closer.can_open) and (opener.count + closer.count) % 3 == 0
    return not both or (opener.count % 3 == 0 and closer.count % 3 == 0)

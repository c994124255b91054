"""Where the values were written that expressions took from variables.

What is wrong with an argument shows in the component's lines that take it. The author of the argument looks
for it where it is written, so a finding follows the expression back to the variable, and through the
variables that its value came from, as long as the value passes as it is.
"""

from collections.abc import Iterator
from difflib import Match, SequenceMatcher
from functools import lru_cache
from itertools import zip_longest
from typing import Any, NamedTuple

from dashgen.core.diagnostics import Location, Related
from dashgen.core.json_values import ABSENT, at
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.source.escape_marks import MARK
from dashgen.source.expressions import ExpressionError, Piece, is_single, pieces
from dashgen.source.provenance import Binding, Bindings, FaultLocation, Origin
from dashgen.source.source import Path
from dashgen.source.work import Work

_REFERENCE = lazy_pattern(r"(?P<name>[A-Za-z_]\w*)(?P<steps>(?:\.[A-Za-z_]\w*|\[\d+\])*)")
_STEP = lazy_pattern(r"\.(\w+)|\[(\d+)\]")
_QUOTED = lazy_pattern(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_MOST_STEPS = 64
_LONGEST_ALIGNED = 4_000
"""Characters of texts that are aligned; longer ones take seconds."""
_SHORTEST_BLOCK = 3
"""What two texts share by chance is shorter."""


class BoundText(NamedTuple):
    """A text that a variable brought into another one.

    Attributes:
        text: the variable's value.
        start: where what the expression made of it begins in the other text.
        result: what that is; the value itself, or for example the value with a part replaced.
        inner: the texts that variables brought into the value.
    """

    text: str
    start: int
    result: str
    inner: "list[BoundText]"

    def offset_of(self, offset: int) -> int | None:
        """Where a character of the value stands in the other text; None when it is not there."""
        for block in _blocks(self.text, self.result):
            if block.a <= offset < block.a + block.size:
                return self.start + block.b + offset - block.a
        return None


def bound_texts(origin: Origin, value: str, depth: int = 0) -> list[BoundText]:
    """The texts that variables brought into the text ``value`` at an origin, in their order."""
    texts: list[BoundText] = []
    start = 0
    for piece in _pieces(origin, value) if depth < _MOST_STEPS else ():
        for binding, path, bound in _references(piece.source or "", origin.bindings):
            if isinstance(bound, str) and _blocks(bound, piece.text):
                inner = bound_texts(_bound_step(binding, path, -1, bound).origin, bound, depth + 1)
                texts.append(BoundText(bound, start, piece.text, inner))
        start += len(piece.text)
    return texts


def fault_location(origin: Origin, offset: int = -1, value: str = "") -> FaultLocation:
    """Where a finding about the value at an origin points.

    Args:
        origin: where the value was written, perhaps as an expression.
        offset: the character that is wrong; -1 when it is the value as a whole.
        value: the text, as expressions gave it.
    """
    way = [_Step(origin, offset, value)]
    while len(way) <= _MOST_STEPS and (following := _written_in(way[-1])) is not None:
        way.append(following)
    last, bound = way[-1], [step for step in way if step.title]
    if not bound or last.origin.own is not last.origin:
        # Nobody but dashgen can edit what a shipped component has by itself.
        return FaultLocation((way[0] if bound else last).location(), origin.related())
    related = [Related(f"passed on as {one.title}", one.origin.location()) for one in bound[:-1]]
    if origin.own is origin:
        related.insert(0, Related("used in this text", origin.location()))
    return FaultLocation(last.location(), (*related, *origin.related()), bound[-1].title)


class _Step(NamedTuple):
    """A value on its way back to where it was written, and the title of the variable that a step leads to.

    The value of an ``is_key`` one is the key at its origin.
    """

    origin: Origin
    offset: int
    value: str
    title: str = ""
    is_key: bool = False

    def location(self) -> Location:
        if self.is_key:
            return self.origin.location(key=True)
        return self.origin.written_character(self.offset, self.value)


def _written_in(step: _Step) -> _Step | None:
    """Where the value of a step came from, if the text at its origin is an expression that tells."""
    origin = step.origin
    length, written = _text_on_the_way(origin.document.data, origin.path)
    if MARK not in written or step.is_key:
        return None
    if is_single(written):
        source = written[len(MARK) : -len("}}")].strip()
        reference = _REFERENCE.fullmatch(source)
        binding = origin.bindings.origins.get(reference["name"]) if reference else None
        if reference and binding is not None:
            below = (*_steps(reference["steps"]), *origin.path[length:])
            return _bound_step(binding, below, step.offset, step.value)
    if length < len(origin.path) or step.offset < 0:
        return None
    return _character_from(step)


def _character_from(step: _Step) -> _Step | None:
    """Where one character of a text with expressions came from."""
    start, last = 0, None
    for piece in _pieces(step.origin, step.value):
        # The end of the text belongs to the last part that has any.
        if piece.text:
            last = (start, piece)
        start += len(piece.text)
        if step.offset < start:
            break
    if last is None:
        return None
    start, piece = last
    offset = step.offset - start
    if piece.source is None:
        written = at(step.origin.document.data, step.origin.path)
        return _Step(step.origin, piece.at + offset, written) if written != step.value else None
    sources = _references(piece.source, step.origin.bindings)
    for binding, path, bound in sources:
        aligned = _aligned(str(bound), piece.text, offset)
        if aligned is not None:
            return _bound_step(binding, path, aligned, str(bound))
    if len(sources) == 1 and piece.text not in piece.source:
        binding, path, bound = sources[0]
        return _bound_step(binding, path, -1, str(bound))
    return None


def _pieces(origin: Origin, value: str) -> list[Piece]:
    """The parts of a text that expressions gave; none when it is not what they give."""
    written = at(origin.document.data, origin.path)
    if not isinstance(written, str) or MARK not in written:
        return []
    try:
        parts = list(pieces(written, origin.bindings.values, Work()))
    except ExpressionError:
        return []
    return parts if "".join(part.text for part in parts) == value else []


def _text_on_the_way(data: Any, path: Path) -> tuple[int, str]:
    """The text at a path, or at the part of it that ends at a text; and the length of the path to it."""
    for length in range(len(path) + 1):
        value = at(data, path[:length])
        if value is ABSENT:
            break
        if isinstance(value, str):
            return length, value
    return len(path), ""


def _references(source: str, bindings: Bindings) -> list[tuple[Binding, Path, object]]:
    """The texts and numbers that an expression takes from variables whose origins are known."""
    references: list[tuple[Binding, Path, object]] = []
    for match in _REFERENCE.finditer(_QUOTED.sub(lambda quoted: " " * len(quoted[0]), source)):
        binding = bindings.origins.get(match["name"])
        if binding is None or source[match.start() - 1 : match.start()] == ".":
            continue
        steps = tuple(_steps(match["steps"]))
        value = at(bindings.values, (match["name"], *steps))
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            references.append((binding, steps, value))
    return references


def _steps(text: str) -> Iterator[str | int]:
    for name, number in _STEP.findall(text):
        yield name or int(number)


def _bound_step(binding: Binding, path: Path, offset: int, value: str) -> _Step:
    """The step to a part of a variable's value."""
    is_key = False
    if binding.is_entry:
        is_key = path[:1] == ("key",)
        path = path[1:] if path[:1] == ("value",) else ()
    return _Step(binding.origin.below(path), offset, value, binding.title, is_key)


@lru_cache(maxsize=64)
def _blocks(value: str, result: str) -> list[Match]:
    """What a value and the text that an expression made of it have in common."""
    whole = [Match(0, start, len(value)) for start in _occurrences(value, result)] if value else []
    if whole or len(value) + len(result) > _LONGEST_ALIGNED:
        return whole
    matcher = SequenceMatcher(None, value, result, autojunk=False)
    return [block for block in matcher.get_matching_blocks() if block.size >= _SHORTEST_BLOCK]


def _occurrences(value: str, text: str) -> Iterator[int]:
    start = text.find(value)
    while start >= 0:
        yield start
        start = text.find(value, start + len(value))


def _aligned(value: str, result: str, offset: int) -> int | None:
    """Which character of a value an expression put at an offset of the text that it made of it."""
    blocks = _blocks(value, result)
    for block, following in zip_longest(blocks, blocks[1:]):
        end = block.b + block.size
        if block.b <= offset < end:
            return block.a + offset - block.b
        # What stands instead of a part of the value is that part.
        if following is not None and end <= offset < following.b and following.a > block.a + block.size:
            return block.a + block.size
        # The end of the text is that of the value, when nothing else stands behind it.
        if following is None and end == offset == len(result):
            return block.a + block.size
    return None

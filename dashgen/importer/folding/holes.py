"""Find where parts of one shape differ, as parameters with names that a person would give them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from keyword import iskeyword
from typing import Any, TypeAlias

from msgspec import Struct

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.importer.folding.panel_shapes import Place, Scalar, exact, filled, leaves

MOST_PARAMETERS = 5
_MOST_WORDS = 2
_LONGEST_NAME = 30
_WORD = lazy_pattern(r"\"[^\"\n]*\"|'[^'\n]*'|[0-9]+\.[0-9]+|\w+|\W", re.ASCII)
_START = lazy_pattern(r"(?s).*[^\w.-]", re.ASCII)
_END = lazy_pattern(r"(?s)[^\w.-].*", re.ASCII)
_NUMBER = lazy_pattern(r"0|[1-9][0-9]{0,8}|(?:0|[1-9][0-9]{0,5})\.[0-9]{0,5}[1-9]")
_QUERY_FIELDS = frozenset({"query", "expr", "rawSql"})
_NAMES_BY_TEXT_BEFORE = (
    (lazy_pattern(r"quantile(?:_over_time)?\(\s*$"), "quantile"),
    (lazy_pattern(r"\[$"), "window"),
    (lazy_pattern(r"\b(?:by|without|on|ignoring)\s*\([^)]*$"), "label"),
)
_LABEL = lazy_pattern(r"([A-Za-z_]\w*)\s*[=!]=?~?\s*[\"'][^\"']*$", re.ASCII)
# Names that mean something in an expression: methods of mappings, and Jinja's operators and constants.
_UNFIT = frozenset(dir(dict)) | {"and", "or", "not", "in", "is", "if", "else", "true", "false", "none"}

Values: TypeAlias = tuple[Scalar, ...]
Piece: TypeAlias = "str | HoleParameter"


class HoleParameter(Struct, eq=False):
    """A parameter: its value in each of the parts, and whether it is a whole value in some place."""

    values: Values
    name: str = ""
    alone: bool = False

    def argument(self, number: int) -> Scalar:
        """The value in one of the parts."""
        # Inside a text a number needs no quotes: `${{ q }}` of 0.95 and of "0.95" are the same text.
        value = self.values[number]
        if self.alone or not isinstance(value, str) or not self._are_numbers():
            return value
        return float(value) if "." in value else int(value)

    def _are_numbers(self) -> bool:
        # Numbers that come back as the same text: `0.90` would become 0.9, so it keeps all values texts.
        return all(isinstance(value, str) and _NUMBER.fullmatch(value) for value in self.values)


class PartTemplate(Struct, frozen=True):
    """A part with holes.

    Attributes:
        part: the first of the parts.
        holes: in each place that differs, the text that stays and the parameters between.
        parameters: what fills the holes, in the order in which a reader meets them.
    """

    part: Any
    holes: Mapping[Place, Sequence[Piece]]
    parameters: Sequence[HoleParameter]

    def body(self, variable: str | None = None) -> Any:
        """The part with expressions in its holes.

        Args:
            variable: the mapping that has the parameters; nothing when they are names themselves.
        """
        before = f"{variable}." if variable else ""
        texts = {
            path: "".join(p if isinstance(p, str) else f"${{{{ {before}{p.name} }}}}" for p in pieces)
            for path, pieces in self.holes.items()
        }
        return filled(self.part, texts)

    def arguments(self, number: int) -> dict[str, Scalar]:
        """The values of the parameters in one of the parts."""
        return {p.name: p.argument(number) for p in self.parameters}


def template_of(parts: Sequence[Any]) -> PartTemplate | None:
    """The template of parts of one shape; nothing when they differ in too many ways."""
    finder = _Finder()
    differing = _differing(parts)
    # Words of queries first: what a title has in common with them is a parameter already.
    for path in sorted(differing, key=lambda path: not _is_query(path)):
        finder.see(path, differing[path])
        if len(finder.by_values) > MOST_PARAMETERS:
            return None
    met = [piece for path in differing for piece in finder.holes[path] if isinstance(piece, HoleParameter)]
    return PartTemplate(parts[0], finder.holes, list(dict.fromkeys(met)))


def _differing(parts: Sequence[Any]) -> dict[Place, Values]:
    rows = [[value for _, value in leaves(part)] for part in parts]
    columns = zip([path for path, _ in leaves(parts[0])], zip(*rows, strict=True), strict=True)
    return {path: values for path, values in columns if not _all_same(values)}


def _all_same(values: Values) -> bool:
    first = values[0]
    return all(value == first and type(value) is type(first) for value in values)


def _is_query(path: Place) -> bool:
    return path[-1] in _QUERY_FIELDS or (len(path) > 1 and path[-2] == "queries")


class _Finder(Struct):
    """Collects parameters; places that differ in the same way share one."""

    by_values: dict[str, HoleParameter] = {}
    holes: dict[Place, list[Piece]] = {}
    taken: set[str] = set()

    def see(self, path: Place, values: Values) -> None:
        """Find the parameters of a place that differs: of some of its words, or of the whole."""
        tokens = list(_aligned(values))
        changing = {exact(word) for word in tokens if not _all_same(word)}
        is_known = changing <= self.by_values.keys()
        if changing and (is_known or (_is_query(path) and len(changing) <= _MOST_WORDS)):
            self.holes[path] = self.between(path, tokens)
        else:
            name = next((step for step in reversed(path) if isinstance(step, str)), "item")
            self.holes[path] = [self.parameter(values, name, alone=True)]

    def between(self, path: Place, tokens: list[tuple[str, ...]]) -> list[Piece]:
        """The text that stays, and a parameter for each word that differs."""
        pieces: list[Piece] = []
        text = ""
        for word in tokens:
            if _all_same(word):
                pieces.append(word[0])
                text += word[0]
            else:
                pieces.append(self.parameter(word, _name_after(text, word, path), alone=False))
        return pieces

    def parameter(self, values: Values, name: str, *, alone: bool) -> HoleParameter:
        """The parameter with these values."""
        key = exact(values)
        if key not in self.by_values:
            self.by_values[key] = HoleParameter(values, self.free(name))
        parameter = self.by_values[key]
        parameter.alone |= alone
        return parameter

    def free(self, label: str) -> str:
        """A name that no other parameter has and an expression can use."""
        base = re.sub(r"\W+", "_", label, flags=re.ASCII).strip("_")[:_LONGEST_NAME] or "value"
        if base[0].isdigit() or base in _UNFIT or iskeyword(base):
            base = f"the_{base}"
        name, number = base, 2
        while name in self.taken:
            name, number = f"{base}_{number}", number + 1
        self.taken.add(name)
        return name


def _aligned(values: Values) -> Iterator[tuple[str, ...]]:
    """The words of texts side by side, when only words differ and there are as many in each.

    Before: ``("rate(a[5m])", "rate(b[5m])")``
    After: ``("rate", "rate"), ("(", "("), ("a", "b"), ("[", "["), …``
    """
    texts = [value for value in values if isinstance(value, str) and "${{" not in value]
    split = [_WORD.findall(text) for text in texts]
    if len(texts) < len(values) or len({len(tokens) for tokens in split}) > 1:
        return
    columns: list[tuple[str, ...]] = list(zip(*split, strict=True))
    fit = all(_all_same(c) or all(map(_is_word, c)) or all(map(_is_quoted, c)) for c in columns)
    if fit and any(_all_same(column) and _is_word(column[0]) for column in columns):
        for column in columns:
            yield from _inside(column) if _is_quoted(column[0]) and not _all_same(column) else (column,)


def _inside(quoted: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The common beginning of quoted texts, the part that differs, and their common end."""
    start = _START.match(_beginning(quoted))
    begin = start[0] if start else ""
    rest = [text[len(begin) :] for text in quoted]
    end = _END.search(_beginning([text[::-1] for text in rest])[::-1])
    finish = end[0] if end else ""
    yield (begin,) * len(quoted)
    yield tuple(text[: len(text) - len(finish)] for text in rest)
    yield (finish,) * len(quoted)


def _beginning(texts: Sequence[str]) -> str:
    """The common beginning of texts."""
    # What the first and the last in the order of the alphabet share, all between them share too.
    first, last = min(texts), max(texts)
    different = (number for number, (a, b) in enumerate(zip(first, last, strict=False)) if a != b)
    return first[: next(different, len(first))]


def _is_word(text: str) -> bool:
    return text[0].isalnum() or text[0] == "_"


def _is_quoted(text: str) -> bool:
    return text[0] in "'\"" and len(text) > 1


def _name_after(text: str, values: Values, path: Place) -> str:
    """A name for a word by the text before it: its label, ``quantile``, ``window``, else ``metric``."""
    if not _is_query(path):
        return next((step for step in reversed(path) if isinstance(step, str)), "word")
    if label := _LABEL.search(text):
        return label[1]
    named = next((name for before, name in _NAMES_BY_TEXT_BEFORE if before.search(text)), None)
    if named is not None:
        return named
    return "number" if all(str(value)[0].isdigit() for value in values) else "metric"

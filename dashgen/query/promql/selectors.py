"""The offsets of metric names in a PromQL expression, which the parser does not keep."""

from collections.abc import Iterator, Sequence

from dashgen.query.shared_tokens import TextToken, matching_close, tokenize

_GROUPING = frozenset({"by", "without", "on", "ignoring", "group_left", "group_right"})


class SelectorSpans:
    """Gives the offsets of metric names in the order of the syntax tree, which is that of the text."""

    __slots__ = ("_at", "_places", "_text")

    def __init__(self, text: str, names: Sequence[str]) -> None:
        self._text = text
        self._at: dict[str, int] = {}
        self._places: dict[str, Iterator[int]] | None = None
        # Names that also occur as labels, in strings or within other names need the tokens; most expressions
        # do not.
        if any(text.count(name) != names.count(name) for name in names if name):
            self._places = {name: iter(starts) for name, starts in _scan(text).items()}

    def next(self, name: str) -> int:
        """The offset of the next use of a metric, -1 when it cannot be found."""
        if not name:
            return -1
        if self._places is not None:
            return next(self._places.get(name, iter(())), -1)
        offset = self._text.find(name, self._at.get(name, 0))
        self._at[name] = offset + len(name)
        return offset


def _scan(text: str) -> dict[str, list[int]]:
    """The offsets of every word and quoted name that selects a metric."""
    tokens = tokenize(text)
    places: dict[str, list[int]] = {}
    index = 0
    while index < len(tokens):
        token = tokens[index]
        follower = tokens[index + 1].text if index + 1 < len(tokens) else ""
        if token.text == "{":
            end = matching_close(tokens, index)
            for name, start in _quoted(tokens[index:end]):
                places.setdefault(name, []).append(start)
            index = end
        elif token.kind == "name" and follower == "(" and token.text.lower() in _GROUPING:
            index = matching_close(tokens, index + 1)
        elif token.kind == "name" and follower != "(":
            places.setdefault(token.text, []).append(token.start)
        index += 1
    return places


def _quoted(tokens: Sequence[TextToken]) -> list[tuple[str, int]]:
    """Names in braces: `{"a.b"}` and `{__name__="a"}`."""
    names: list[tuple[str, int]] = []
    for index, token in enumerate(tokens):
        if token.kind != "string":
            continue
        before = [earlier.text for earlier in tokens[max(0, index - 2) : index]]
        if before[-1:] in (["{"], [","]) or before == ["__name__", "="]:
            names.append((token.text[1:-1], token.start + 1))
    return names

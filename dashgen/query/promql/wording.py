"""Giving the author's own words back after a query was parsed with stand-ins for its variables."""

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Final

from msgspec.structs import replace

from dashgen.query.language import MetricUse, ParsedQuery
from dashgen.query.promql.value_shape import QueryShape
from dashgen.query.query_context import Place, Reference
from dashgen.query.template_variables import originals, written

_NAMING_LABELS: Final = frozenset({"label_replace", "label_join", "count_values"})
_APART: Final = frozenset({Place.TEXT, Place.RANGE, Place.DIGITS, Place.UNIT, Place.NUMBER, Place.OPERATOR})
_WORD: Final = re.compile(r"[\w:]+", re.ASCII)


class Wording:
    """Knows the text of a query before and after its variables were replaced."""

    def __init__(self, expr: str, text: str, references: list[Reference]) -> None:
        self._expr = expr
        self._text = text
        self._found = references

    def query(self, parsed: ParsedQuery) -> ParsedQuery:
        """The same facts in the author's words."""
        if self._is_apart(parsed):
            return parsed
        grouping = parsed.grouping
        return replace(
            parsed,
            metrics=tuple([self._metric(use) for use in parsed.metrics]),
            grouping=None if grouping is None else self._words(grouping),
            functions=self._functions(parsed.functions),
        )

    def shape(self, shape: QueryShape) -> QueryShape:
        """The same shape with the metrics in the author's words."""
        divided = shape.divided
        return replace(
            shape,
            metric=shape.metric and self._word(shape.metric),
            average_of=shape.average_of and self._word(shape.average_of),
            divided=divided and (self._word(divided[0]), self._word(divided[1])),
        )

    @cached_property
    def _spoken(self) -> dict[str, str]:
        return originals(self._expr, self._text, self._found)

    def _is_apart(self, parsed: ParsedQuery) -> bool:
        """Whether the variables are label values, durations and numbers, so that no fact holds a stand-in."""
        return (
            all(ref.place in _APART for ref in self._found)
            and parsed.functions.isdisjoint(_NAMING_LABELS)
            and all(self._expr.startswith(use.name, max(0, use.offset)) for use in parsed.metrics)
        )

    def sentence(self, text: str) -> str:
        """A message with every stand-in replaced by the variable it stands for."""
        return _WORD.sub(lambda word: self._spoken.get(word.group(), word.group()), text)

    def _word(self, word: str) -> str:
        return self._spoken.get(word, word)

    def _words(self, identifiers: Iterable[str]) -> tuple[str, ...]:
        return tuple([self._word(word) for word in identifiers])

    def _metric(self, use: MetricUse) -> MetricUse:
        start, labels = use.offset, self._words(use.labels)
        name = written(self._expr, start, start + len(use.name)) if start >= 0 else self._word(use.name)
        return MetricUse(name, labels, start, use.call)

    def _functions(self, functions: frozenset[str]) -> frozenset[str]:
        """Only those that the author wrote: a stand-in for a function is not one of them."""
        if not any(ref.place is Place.CALL for ref in self._found):
            return functions
        written = set(_WORD.findall(self._expr.lower()))
        return functions & written

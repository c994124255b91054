"""Put the author's variables back into facts and messages about a query with stand-ins."""

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Final

from msgspec.structs import replace

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.language import MetricUse, ParsedQuery
from dashgen.query.promql.value_shape import QueryShape
from dashgen.query.query_context import Reference, VariableRole
from dashgen.query.template_variables import originals, written

_NAMING_LABELS: Final = frozenset({"label_replace", "label_join", "count_values"})
# In these roles a variable is in no name that a fact could have.
_APART: Final = frozenset(
    {
        VariableRole.TEXT,
        VariableRole.RANGE,
        VariableRole.DIGITS,
        VariableRole.UNIT,
        VariableRole.NUMBER,
        VariableRole.OPERATOR,
    }
)
_WORD: Final = lazy_pattern(r"[\w:]+", re.ASCII)


class Wording:
    """Translates from the text that was parsed to the text that the author wrote."""

    def __init__(self, expr: str, text: str, references: list[Reference]) -> None:
        self._expr = expr
        self._text = text
        self._references = references

    def query(self, parsed: ParsedQuery) -> ParsedQuery:
        """The same facts with the author's names."""
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
        """The same shape with the author's names of metrics."""
        divided = shape.divided
        return replace(
            shape,
            metric=shape.metric and self._word(shape.metric),
            average_of=shape.average_of and self._word(shape.average_of),
            divided=divided and (self._word(divided[0]), self._word(divided[1])),
        )

    @cached_property
    def _originals(self) -> dict[str, str]:
        return originals(self._expr, self._text, self._references)

    def _is_apart(self, parsed: ParsedQuery) -> bool:
        """Whether all variables are label values, durations or numbers, so that no fact has a stand-in."""
        return (
            all(ref.role in _APART for ref in self._references)
            and parsed.functions.isdisjoint(_NAMING_LABELS)
            and all(self._expr.startswith(use.name, max(0, use.offset)) for use in parsed.metrics)
        )

    def sentence(self, text: str) -> str:
        """A message with the variables in place of their stand-ins."""
        return _WORD.sub(lambda word: self._originals.get(word.group(), word.group()), text)

    def _word(self, word: str) -> str:
        return self._originals.get(word, word)

    def _words(self, identifiers: Iterable[str]) -> tuple[str, ...]:
        return tuple([self._word(word) for word in identifiers])

    def _metric(self, use: MetricUse) -> MetricUse:
        start, labels = use.offset, self._words(use.labels)
        name = written(self._expr, start, start + len(use.name)) if start >= 0 else self._word(use.name)
        return MetricUse(name, labels, start, use.call)

    def _functions(self, functions: frozenset[str]) -> frozenset[str]:
        """The functions that the author wrote, without stand-ins for a variable that is a function."""
        if not any(ref.role is VariableRole.CALL for ref in self._references):
            return functions
        written = set(_WORD.findall(self._expr.lower()))
        return functions & written

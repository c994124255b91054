"""The labels in a PromQL expression: those of matchers, and those of clauses such as `by` and `on`."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from dashgen.query.language import LabelMatch
from dashgen.query.promql.promql_names import GROUPING, MANY_TO_ONE, MATCHING
from dashgen.query.shared_tokens import TextToken, matching_close, tokenize

_COMPARING: Final = frozenset({"=", "!=", "=~", "!~"})
_CLAUSES: Final = GROUPING | MATCHING | MANY_TO_ONE


class LabelUses(NamedTuple):
    """The label matchers with their metrics, and the labels of clauses with their offsets."""

    matches: list[tuple[str, LabelMatch]]
    clauses: list[tuple[str, int]]


def label_uses(expr: str) -> LabelUses:
    """The labels in an expression, with their offsets.

    Args:
        expr: an expression that parses. It may have variables, so it is read by tokens and not by its tree.
    """
    uses = LabelUses([], [])
    tokens = tokenize(expr)
    index = 0
    while index < len(tokens):
        token = tokens[index]
        # `${name}` is a variable, and its braces have no matchers.
        if token.text == "{" and not (index and tokens[index - 1].text == "$"):
            end = matching_close(tokens, index)
            named = tokens[index - 1] if index else token
            metric = named.text if named.kind == "name" and named.end <= token.start else ""
            uses.matches.extend(_matches(metric, tokens[index + 1 : end]))
            index = end
        elif _opens_clause(tokens, index):
            end = matching_close(tokens, index + 1)
            uses.clauses.extend(_labels(tokens[index + 2 : end]))
            index = end
        index += 1
    return uses


def _opens_clause(tokens: Sequence[TextToken], index: int) -> bool:
    token = tokens[index]
    if token.kind != "name" or token.text.lower() not in _CLAUSES:
        return False
    return index + 1 < len(tokens) and tokens[index + 1].text == "("


def _matches(metric: str, tokens: Sequence[TextToken]) -> Iterator[tuple[str, LabelMatch]]:
    matches = list(_label_matches(tokens))
    for match in matches:
        if match.label == "__name__" and match.operator == "=":
            metric = metric or match.value
    if not metric and tokens and tokens[0].kind == "string":
        metric = tokens[0].text[1:-1]
    for match in matches:
        if match.label != "__name__":
            yield metric, match


def _label_matches(tokens: Sequence[TextToken]) -> Iterator[LabelMatch]:
    for index in range(len(tokens) - 2):
        label, operator, value = tokens[index : index + 3]
        if operator.text not in _COMPARING or value.kind != "string" or label.kind not in {"name", "string"}:
            continue
        name = label.text[1:-1] if label.kind == "string" else label.text
        is_open = "$" in value.text or "[[" in value.text
        yield LabelMatch(name, operator.text, value.text[1:-1], label.start, is_open)


def _labels(tokens: Sequence[TextToken]) -> Iterator[tuple[str, int]]:
    for before, token in zip((None, *tokens), tokens, strict=False):
        if before is not None and before.text == "$":
            continue
        if token.kind in {"name", "string"}:
            yield token.text.strip("\"'`"), token.start

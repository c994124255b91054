"""Two conditions of one span contradict each other.

Conditions between one pair of braces are about one span. `{ span.a = 1 && span.a = 2 }` asks for a span whose
attribute has two values, and there is none.

Write `||`, or two pairs of braces when two spans of a trace are meant: `{ span.a = 1 } && { span.a = 2 }`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Severity, lint_rule
from dashgen.query.traceql.traceql_nodes import (
    FieldNode,
    FieldOperation,
    Intrinsic,
    Literal,
    Parenthesized,
    SpanAttribute,
    SpanFilter,
    TraceQLNode,
)


@lint_rule(
    severity=Severity.ERROR,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Two services
        type: table
        datasource: tempo
        query: '{ resource.service.name = "shop" && resource.service.name = "payments" }'
    """,
    good="""
        title: Two services
        type: table
        datasource: tempo
        query: '{ resource.service.name = "shop" } && { resource.service.name = "payments" }'
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each value that the same field cannot have beside another."""
    for node in query.traceql:
        if not isinstance(node, SpanFilter) or node.condition is None:
            continue
        values: dict[str, str] = {}
        for part in _conjuncts(node.condition):
            name, value = _equality(part)
            if name and values.setdefault(name, value) != value:
                message = f"`{name}` cannot be {values[name]} and {value} in one span"
                yield query.at(part.start, message, "write `||`, or a second pair of braces")


def _conjuncts(node: TraceQLNode) -> Iterator[FieldOperation]:
    """The conditions that all have to hold, in the order of the text."""
    waiting: list[TraceQLNode] = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Parenthesized):
            waiting.append(one.inner)
        elif isinstance(one, FieldOperation) and one.operator == "&&":
            waiting += [one.right, one.left]
        elif isinstance(one, FieldOperation):
            yield one


def _equality(node: FieldOperation) -> tuple[str, str]:
    """The field that has to have a value, and the value; empty texts for another condition."""
    left, right = node.left, node.right
    # Events and links are several, so each of two conditions may hold for another one.
    if node.operator != "=" or not isinstance(right, Literal) or not _is_single(left):
        return "", ""
    return (
        ("", "") if "$" in right.text or "[[" in right.text else (str(getattr(left, "text", "")), right.text)
    )


def _is_single(node: FieldNode) -> bool:
    if isinstance(node, SpanAttribute):
        return node.scope in {"span", "resource"}
    return isinstance(node, Intrinsic) and ":" not in node.name

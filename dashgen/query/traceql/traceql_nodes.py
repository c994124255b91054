"""The syntax tree of TraceQL.

Every node has the offsets of its first character and of the one after its last. A node of a field expression
also has its `Type` and whether its value depends on the span. What is in parentheses is a `Parenthesized`.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from msgspec import Struct

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.traceql.traceql_names import INTRINSICS, SCOPED, UNSCOPED, Type

_TIGHT: Final = lazy_pattern(r"[^\W\d]\w*(?::\w*)?")
_LAST_WORD: Final = lazy_pattern(r"\w*\Z")
VARIES: Final = True
CONSTANT: Final = False
"""Whether the value of a field depends on the span."""


class TraceQLNode(Struct, frozen=True):
    """A part of a query, from ``start`` to before ``end``."""

    start: int
    end: int


class FieldNode(TraceQLNode, frozen=True):
    """A part that has a value: its type, and whether that depends on the span."""

    type: Type
    reads_span: bool


class SpanAttribute(FieldNode, frozen=True):
    """An attribute as it is written, such as ``span.http.method``, ``.a`` or ``resource."a b"``."""

    text: str

    @property
    def scope(self) -> str:
        """``resource``, ``span``, ``event``, ``link``, ``instrumentation``, ``parent`` or nothing."""
        return self.text.partition(".")[0]

    @property
    def name(self) -> str:
        """The name without its scope and quotes."""
        name = self.text.partition(".")[2]
        if '"' not in name:
            return name
        pieces = name.replace("\\\\", "\0").replace('\\"', "\1").replace('"', "")
        return pieces.replace("\0", "\\").replace("\1", '"')


class Intrinsic(FieldNode, frozen=True):
    """An intrinsic as it is written, such as ``duration`` or ``span:duration``."""

    text: str

    @property
    def name(self) -> str:
        """Its name; the older one, without a scope, where both mean the same."""
        full = tight_intrinsic(self.text)
        return UNSCOPED.get(full, full)


class Literal(FieldNode, frozen=True):
    """A number, a duration, a text with its quotes, a condition, a status or a kind, as it is written."""

    text: str


class FieldVariable(FieldNode, frozen=True):
    """Grafana's variable, which may be anything."""

    text: str


class FieldOperation(FieldNode, frozen=True):
    """An operation on two fields or, between stages, on two numbers."""

    operator: str
    operator_start: int
    left: FieldNode
    right: FieldNode


class SignedField(FieldNode, frozen=True):
    """``-`` or ``!`` before a field or a number."""

    operator: str
    operand: FieldNode


class NilTest(FieldNode, frozen=True):
    """``field = nil`` or ``field != nil``, in either order; the operand is None for ``nil = nil``."""

    operator: str
    operand: FieldNode | None


class Parenthesized(FieldNode, frozen=True):
    """What is in parentheses: a field, filters of spans, a pipeline, a number or series."""

    inner: TraceQLNode


class SpanFilter(TraceQLNode, frozen=True):
    """``{ condition }``; the condition is None for all spans."""

    condition: FieldNode | None


class SpanSetOperation(TraceQLNode, frozen=True):
    """Two sets of spans, joined by ``&&``, ``||`` or a structural operator such as ``>>``."""

    operator: str
    operator_start: int
    left: TraceQLNode
    right: TraceQLNode


class Aggregate(TraceQLNode, frozen=True):
    """``count()``, ``avg(field)`` and their like: a number for each set of spans."""

    function: str
    argument: FieldNode | None


class AggregateFilter(TraceQLNode, frozen=True):
    """The stage that compares an aggregate with a number."""

    operator: str
    operator_start: int
    left: TraceQLNode
    right: TraceQLNode


class GroupStage(TraceQLNode, frozen=True):
    """``by(field)`` as a stage."""

    expression: FieldNode


class CoalesceStage(TraceQLNode, frozen=True):
    """``coalesce()``."""


class SelectStage(TraceQLNode, frozen=True):
    """``select(field, …)``."""

    fields: tuple[FieldNode, ...]


class MetricsStage(TraceQLNode, frozen=True):
    """A metrics function.

    ``field`` is what it takes numbers from, ``numbers`` are the quantiles or what follows the filter of
    ``compare``, ``selection`` is that filter, and ``by`` the fields it groups by.
    """

    function: str
    field: FieldNode | None = None
    numbers: tuple[FieldNode, ...] = ()
    selection: TraceQLNode | None = None
    by: tuple[FieldNode, ...] = ()


class ChoiceStage(TraceQLNode, frozen=True):
    """``topk(n)`` or ``bottomk(n)``."""

    function: str
    limit: FieldNode


class SeriesFilter(TraceQLNode, frozen=True):
    """The comparison of series with a number."""

    operator: str
    operator_start: int
    number: TraceQLNode


class SeriesOperation(TraceQLNode, frozen=True):
    """Arithmetic of metrics queries in parentheses, and of numbers with them."""

    operator: str
    operator_start: int
    left: TraceQLNode
    right: TraceQLNode


class TracePipeline(TraceQLNode, frozen=True):
    """Stages, each of which takes what the one before it yields."""

    stages: tuple[TraceQLNode, ...]


class QueryHint(TraceQLNode, frozen=True):
    """``name=value`` in ``with (…)``."""

    name: str
    value: FieldNode


class TraceQuery(TraceQLNode, frozen=True):
    """A whole query."""

    body: TraceQLNode
    hints: tuple[QueryHint, ...] = ()


# The parts of each kind of node, the last first; a node that is not here has none.
_BELOW: Final[dict[type[TraceQLNode], Callable[[Any], Sequence[TraceQLNode | None]]]] = {
    FieldOperation: lambda node: (node.right, node.left),
    SignedField: lambda node: (node.operand,),
    NilTest: lambda node: (node.operand,),
    Parenthesized: lambda node: (node.inner,),
    SpanFilter: lambda node: (node.condition,),
    SpanSetOperation: lambda node: (node.right, node.left),
    Aggregate: lambda node: (node.argument,),
    AggregateFilter: lambda node: (node.right, node.left),
    GroupStage: lambda node: (node.expression,),
    SelectStage: lambda node: node.fields[::-1],
    MetricsStage: lambda node: (*node.by[::-1], *node.numbers[::-1], node.selection, node.field),
    ChoiceStage: lambda node: (node.limit,),
    SeriesFilter: lambda node: (node.number,),
    SeriesOperation: lambda node: (node.right, node.left),
    TracePipeline: lambda node: node.stages[::-1],
    QueryHint: lambda node: (node.value,),
    TraceQuery: lambda node: (*node.hints[::-1], node.body),
}


def walk(node: TraceQLNode) -> Iterator[TraceQLNode]:
    """A node and all below it, each before its own parts, in the order of the text.

    A chain of `||` is as deep as it is long, so this takes no frame for a level.
    """
    waiting: list[TraceQLNode | None] = [node]
    while waiting:
        current = waiting.pop()
        if current is None:
            continue
        yield current
        below = _BELOW.get(type(current))
        if below is not None:
            waiting.extend(below(current))


def bare(node: TraceQLNode) -> TraceQLNode:
    """A node without the parentheses around it."""
    while isinstance(node, Parenthesized):
        node = node.inner
    return node


def tight_intrinsic(text: str) -> str:
    """An intrinsic without the spaces and comments that may be behind the colon of its scope."""
    name = _LAST_WORD.search(text)
    if name is None or _TIGHT.fullmatch(text):
        return text
    return text.partition(":")[0] + ":" + name[0]


def type_of_intrinsic(text: str) -> Type | None:
    """The type of an intrinsic as it is written; None when Tempo has no such intrinsic."""
    scope, colon, name = tight_intrinsic(text).partition(":")
    return SCOPED.get(scope, {}).get(name) if colon else INTRINSICS.get(scope)

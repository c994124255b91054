"""The syntax tree of a LogQL query.

`start` and `end` of a node are offsets in the query as it is written, so that `expr[node.start:node.end]` is
its text. `is_open` is whether a Grafana variable is in it or takes the place of parts.
"""

from typing import TypeAlias

from msgspec import Struct


class Node(Struct, frozen=True, gc=False):
    """A part of a query."""

    start: int
    end: int


class QueryText(Node, frozen=True, gc=False):
    """A string with its value, without quotes and escapes; empty for a variable in its place."""

    value: str
    is_open: bool = False


# Streams


class StreamMatcher(Node, frozen=True, gc=False):
    """``label="value"``, of streams, of labels in a pipeline, or of labels to drop or keep."""

    label: str
    operator: str
    value: str
    value_start: int
    is_open: bool = False


class Selector(Node, frozen=True, gc=False):
    """The selected streams."""

    matchers: tuple[StreamMatcher, ...] = ()
    is_open: bool = False


# Stages


class LineText(Node, frozen=True, gc=False):
    """A text that a line filter looks for, or an address in ``ip("…")``."""

    value: str
    is_ip: bool = False
    is_open: bool = False


class LineFilter(Node, frozen=True, gc=False):
    """``|= "a" or "b"``."""

    operator: str
    texts: tuple[LineText, ...]


class Extraction(Node, frozen=True, gc=False):
    """A label that ``json`` or ``logfmt`` extracts; without an ``expression`` it is the field of its name."""

    label: str
    expression: QueryText | None = None


class JsonParser(Node, frozen=True, gc=False):
    """``json``; without ``extractions`` it extracts every field."""

    extractions: tuple[Extraction, ...] = ()


class LogfmtParser(Node, frozen=True, gc=False):
    """``logfmt`` with its flags; without ``extractions`` it extracts every field."""

    flags: tuple[str, ...] = ()
    extractions: tuple[Extraction, ...] = ()


class RegexpParser(Node, frozen=True, gc=False):
    """``regexp`` and the labels that its groups write."""

    text: QueryText
    labels: tuple[str, ...]


class PatternParser(Node, frozen=True, gc=False):
    """``pattern`` and the labels that its captures write."""

    text: QueryText
    labels: tuple[str, ...]


class Unpack(Node, frozen=True, gc=False):
    """``unpack``."""


class Decolorize(Node, frozen=True, gc=False):
    """``decolorize``."""


class LineFormat(Node, frozen=True, gc=False):
    """``line_format`` with its template."""

    text: QueryText


class LabelAssignment(Node, frozen=True, gc=False):
    """``label=source`` renames a label, ``label="template"`` writes one."""

    label: str
    source: str = ""
    template: QueryText | None = None


class LabelFormat(Node, frozen=True, gc=False):
    """``label_format``."""

    formats: tuple[LabelAssignment, ...]


class LabelChoice(Node, frozen=True, gc=False):
    """A label to drop or keep; with a ``matcher`` only where its value matches."""

    label: str
    matcher: StreamMatcher | None = None


class DropLabels(Node, frozen=True, gc=False):
    """``drop``."""

    choices: tuple[LabelChoice, ...]


class KeepLabels(Node, frozen=True, gc=False):
    """``keep``."""

    choices: tuple[LabelChoice, ...]


class LabelComparison(Node, frozen=True, gc=False):
    """A comparison of a label.

    ``kind`` is that of its ``value``: ``string`` (without its quotes), ``number``, ``duration``, ``bytes``,
    ``ip``, or ``variable``.
    """

    label: str
    operator: str
    kind: str
    value: str
    value_start: int
    is_open: bool = False


class Conditions(Node, frozen=True, gc=False):
    """Conditions that are joined by ``and`` (also written as a comma, or as nothing) or ``or``."""

    word: str
    parts: "tuple[Condition, ...]"


Condition: TypeAlias = LabelComparison | Conditions


class LabelFilter(Node, frozen=True, gc=False):
    """A stage that keeps the lines whose labels fulfil a condition."""

    condition: Condition


class Unwrap(Node, frozen=True, gc=False):
    """``unwrap`` with the label that has the number, and the function that converts it."""

    label: str
    word_start: int
    conversion: str = ""


class VariableStage(Node, frozen=True, gc=False):
    """A variable in the place of a stage."""


Stage: TypeAlias = (
    LineFilter
    | JsonParser
    | LogfmtParser
    | RegexpParser
    | PatternParser
    | Unpack
    | Decolorize
    | LineFormat
    | LabelFormat
    | DropLabels
    | KeepLabels
    | LabelFilter
    | Unwrap
    | VariableStage
)


# Queries


class LogQuery(Node, frozen=True, gc=False):
    """A log query: streams, and the stages that their lines go through."""

    selector: Selector
    stages: tuple[Stage, ...] = ()


class LogRange(Node, frozen=True, gc=False):
    """A log query with a range.

    Attributes:
        query: the streams and all stages, with an `unwrap` and the filters after it.
        range: the text between the brackets; empty for a variable in the place of the range.
        offset: the duration after ``offset``.
        unwrap: the stage that makes numbers of lines.
        late: the first stage that is written after the range.
    """

    query: LogQuery
    range: str
    offset: str = ""
    unwrap: Unwrap | None = None
    late: Stage | None = None


class Grouping(Node, frozen=True, gc=False):
    """``by (…)``, which ``keeps`` its labels, or ``without (…)``."""

    keeps: bool
    labels: tuple[str, ...]
    is_open: bool = False


class RangeFunction(Node, frozen=True, gc=False):
    """A function of a range of lines, such as ``rate``; ``parameter`` is the quantile as it is written."""

    name: str
    parameter: str
    range: LogRange
    grouping: Grouping | None = None


class Aggregation(Node, frozen=True, gc=False):
    """An aggregation of series, such as ``sum``, or a choice of some, such as ``topk``."""

    name: str
    parameter: str
    operand: "Expression"
    grouping: Grouping | None = None


class LabelReplace(Node, frozen=True, gc=False):
    """``label_replace`` with its texts: the label, the replacement, the label to read, the expression."""

    operand: "Expression"
    texts: tuple[QueryText, ...]


class Matching(Node, frozen=True, gc=False):
    """What follows an operator.

    Attributes:
        keeps: whether series match ``on (…)`` their labels; else all count but those of ``ignoring (…)``.
        labels: these labels.
        side: ``group_left``, ``group_right`` or nothing.
        include: the labels in the parentheses after it.
    """

    keeps: bool
    labels: tuple[str, ...]
    side: str = ""
    include: tuple[str, ...] = ()
    is_open: bool = False


class Operation(Node, frozen=True, gc=False):
    """A binary operation; Loki computes one of two numbers (``is_number``) before it runs a query."""

    operator: str
    left: "Expression"
    right: "Expression"
    is_bool: bool = False
    matching: Matching | None = None
    is_number: bool = False


class Number(Node, frozen=True, gc=False):
    """A number as it is written, or that of ``vector(…)``."""

    value: str
    is_vector: bool = False


class MetricVariants(Node, frozen=True, gc=False):
    """``variants(…) of (…)``: several metric queries that read one range of lines."""

    variants: "tuple[Expression, ...]"
    range: LogRange


class Unknown(Node, frozen=True, gc=False):
    """A variable in the place of an expression; ``operand`` is its argument if it is called as a function."""

    operand: "Expression | LogRange | None" = None
    grouping: Grouping | None = None


Expression: TypeAlias = (
    LogQuery | RangeFunction | Aggregation | LabelReplace | Operation | Number | MetricVariants | Unknown
)

"""The syntax tree of a LogQL query. The `start` of a node is its offset in the text."""

from typing import TypeAlias

from msgspec import Struct


class StreamMatcher(Struct, frozen=True):
    """``label="value"`` between braces; ``is_open`` is whether a variable is in ``value``."""

    label: str
    operator: str
    value: str
    start: int
    value_start: int
    is_open: bool = False


class Selector(Struct, frozen=True):
    """The selected streams; ``is_open`` is whether a variable takes the place of matchers."""

    start: int
    matchers: tuple[StreamMatcher, ...] = ()
    is_open: bool = False


class Stage(Struct, frozen=True):
    """A stage: its kind (``filter``, ``label_filter``, ``json``, …) and the labels that it uses or adds."""

    kind: str
    start: int
    labels: tuple[str, ...] = ()
    is_unwrap: bool = False


class LogQuery(Struct, frozen=True):
    """A log query: streams, and the stages that their lines go through."""

    start: int
    selector: Selector
    stages: tuple[Stage, ...] = ()


class LogRange(Struct, frozen=True):
    """A log query with a range; ``late`` is the first stage that is written after the range."""

    start: int
    query: LogQuery
    range: str
    offset: str = ""
    late: Stage | None = None


class Grouping(Struct, frozen=True):
    """``by (…)`` or ``without (…)``; ``is_open`` is whether a variable takes the place of labels."""

    keeps: bool
    labels: tuple[str, ...]
    start: int
    is_open: bool = False


class RangeFunction(Struct, frozen=True):
    """A function of a range of lines, such as ``rate``."""

    start: int
    name: str
    range: LogRange
    grouping: Grouping | None = None


class Aggregation(Struct, frozen=True):
    """An aggregation of series, such as ``sum``, or a choice of some, such as ``topk``."""

    start: int
    name: str
    operand: "Expression"
    grouping: Grouping | None = None


class LabelReplace(Struct, frozen=True):
    """``label_replace`` with the label that it writes."""

    start: int
    operand: "Expression"
    label: str


class Operation(Struct, frozen=True):
    """A binary operation."""

    start: int
    operator: str
    left: "Expression"
    right: "Expression"


class Number(Struct, frozen=True):
    """A number, or ``vector(…)``."""

    start: int
    is_vector: bool = False


class Unknown(Struct, frozen=True):
    """A variable in the place of an expression; ``operand`` is its argument if it is called as a function."""

    start: int
    operand: "Expression | LogRange | None" = None


Expression: TypeAlias = LogQuery | RangeFunction | Aggregation | LabelReplace | Operation | Number | Unknown

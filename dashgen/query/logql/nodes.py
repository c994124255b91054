"""What a LogQL query is made of; each part knows where it starts."""

from typing import TypeAlias

from msgspec import Struct


class StreamMatcher(Struct, frozen=True):
    """``label="value"`` between braces; ``value`` is without quotes, ``is_open`` when it holds a variable."""

    label: str
    operator: str
    value: str
    start: int
    value_start: int
    is_open: bool = False


class Selector(Struct, frozen=True):
    """The streams that are read; ``is_open`` when a variable stands for some or all of its matchers."""

    start: int
    matchers: tuple[StreamMatcher, ...] = ()
    is_open: bool = False


class Stage(Struct, frozen=True):
    """One step of a pipeline: its kind (``filter``, ``label_filter``, ``json``, …) and the labels it names or makes."""

    kind: str
    start: int
    labels: tuple[str, ...] = ()
    is_unwrap: bool = False


class LogQuery(Struct, frozen=True):
    """Streams and what is done with their lines."""

    start: int
    selector: Selector
    stages: tuple[Stage, ...] = ()


class LogRange(Struct, frozen=True):
    """The lines of a range; ``late`` is the first stage that stands behind the range."""

    start: int
    query: LogQuery
    range: str
    offset: str = ""
    late: Stage | None = None


class Grouping(Struct, frozen=True):
    """``by (…)`` or ``without (…)``; ``is_open`` when a variable stands for labels."""

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
    """Two operands and what joins them."""

    start: int
    operator: str
    left: "Expression"
    right: "Expression"


class Number(Struct, frozen=True):
    """A number, or ``vector(…)``."""

    start: int
    is_vector: bool = False


class Unknown(Struct, frozen=True):
    """What a variable stands for; ``call`` is its text when arguments follow it."""

    start: int
    operand: "Expression | LogRange | None" = None


Expression: TypeAlias = LogQuery | RangeFunction | Aggregation | LabelReplace | Operation | Number | Unknown

"""What a LogQL query is made of; each part knows where it starts."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class StreamMatcher:
    """``label="value"`` between braces; ``value`` is without quotes, ``is_open`` when it holds a variable."""

    label: str
    operator: str
    value: str
    start: int
    value_start: int
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Selector:
    """The streams that are read; ``is_open`` when a variable stands for some or all of its matchers."""

    start: int
    matchers: tuple[StreamMatcher, ...] = ()
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a pipeline: its kind (``filter``, ``label_filter``, ``json``, …) and the labels it names or makes."""

    kind: str
    start: int
    labels: tuple[str, ...] = ()
    is_unwrap: bool = False


@dataclass(frozen=True, slots=True)
class LogQuery:
    """Streams and what is done with their lines."""

    start: int
    selector: Selector
    stages: tuple[Stage, ...] = ()


@dataclass(frozen=True, slots=True)
class LogRange:
    """The lines of a range; ``late`` is the first stage that stands behind the range."""

    start: int
    query: LogQuery
    range: str
    offset: str = ""
    late: Stage | None = None


@dataclass(frozen=True, slots=True)
class Grouping:
    """``by (…)`` or ``without (…)``; ``is_open`` when a variable stands for labels."""

    keeps: bool
    labels: tuple[str, ...]
    start: int
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class RangeFunction:
    """A function of a range of lines, such as ``rate``."""

    start: int
    name: str
    range: LogRange
    grouping: Grouping | None = None


@dataclass(frozen=True, slots=True)
class Aggregation:
    """An aggregation of series, such as ``sum``, or a choice of some, such as ``topk``."""

    start: int
    name: str
    operand: "Expression"
    grouping: Grouping | None = None


@dataclass(frozen=True, slots=True)
class LabelReplace:
    """``label_replace`` with the label that it writes."""

    start: int
    operand: "Expression"
    label: str


@dataclass(frozen=True, slots=True)
class Operation:
    """Two operands and what joins them."""

    start: int
    operator: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Number:
    """A number, or ``vector(…)``."""

    start: int
    is_vector: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """What a variable stands for; ``call`` is its text when arguments follow it."""

    start: int
    operand: "Expression | LogRange | None" = None


Expression: TypeAlias = LogQuery | RangeFunction | Aggregation | LabelReplace | Operation | Number | Unknown

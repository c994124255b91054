"""What dashgen asks of a query language, and what it learns about one query."""

from enum import StrEnum
from typing import NamedTuple, Protocol

from msgspec import Struct


class Fault(NamedTuple):
    """What is wrong with a query, what to do about it, and where in its text (-1: not known)."""

    message: str
    hint: str = ""
    offset: int = -1


class Remark(NamedTuple):
    """What works and is unlikely to be meant: its rule, what it is, what to do, and where in the query's text."""

    rule: str
    message: str
    hint: str = ""
    offset: int = -1


class LabelMatch(NamedTuple):
    """One label matcher: what is compared, how, with what (without quotes), and where the label stands.

    ``is_open`` says that the value holds a Grafana variable; ``selector`` is where the braces open, -1 when that does
    not matter or variables stand for some of its matchers.
    """

    label: str
    operator: str
    value: str
    offset: int
    is_open: bool = False
    selector: int = -1


class Yield(StrEnum):
    """What a query yields."""

    UNKNOWN = "unknown"
    SERIES = "series"
    RANGE = "range vector"
    LOGS = "log lines"
    TRACES = "traces"


class MetricUse(Struct, frozen=True):
    """One place where a query reads a metric.

    ``name`` is as the author wrote it, Grafana variables included; it is empty for a selector without
    one metric name, such as ``{__name__=~"http_.*"}``. ``labels`` are those it matches on, without
    ``__name__``. ``offset`` says where the name stands in the query, -1 when it stands nowhere. ``call`` is the function
    that takes a range of it, such as ``rate``.
    """

    name: str
    labels: tuple[str, ...] = ()
    offset: int = -1
    call: str = ""

    @property
    def is_literal(self) -> bool:
        """Whether the name is written out, so that it can be looked up."""
        return self.name != "" and "$" not in self.name and "[[" not in self.name


class ParsedQuery(Struct, frozen=True):
    """The facts about one query.

    Attributes:
        error: what is wrong with it in the user's words; empty when it parses.
        hint: what to do about the error, when that is known.
        error_offset: where in the text the error is, -1 when that is not known.
        metrics: the metrics it reads, in the order of the text.
        grouping: the labels its result has; ``()`` when all are aggregated away, None when not known.
        rate_like: whether the result, or what it adds up, is a rate or an increase.
        functions: the functions and aggregations it calls.
        variables: the Grafana variables it uses, without Grafana's own.
        yields: what it yields, as far as that is known.
        matches: the matchers of the streams that a log query reads; none for other languages.
        remarks: what works and is unlikely to be meant.
    """

    error: str = ""
    hint: str = ""
    error_offset: int = -1
    metrics: tuple[MetricUse, ...] = ()
    grouping: tuple[str, ...] | None = None
    rate_like: bool = False
    functions: frozenset[str] = frozenset()
    variables: tuple[str, ...] = ()
    yields: Yield = Yield.UNKNOWN
    matches: tuple[LabelMatch, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @classmethod
    def refused(cls, fault: Fault, variables: tuple[str, ...] = ()) -> "ParsedQuery":
        """The facts about a query that does not parse."""
        return cls(error=fault.message, hint=fault.hint, error_offset=fault.offset, variables=variables)


class QueryLanguage(Protocol):
    """A query language that dashgen can check."""

    def parse(self, expr: str) -> ParsedQuery:
        """Learn about a query; never raises, whatever the text."""
        ...

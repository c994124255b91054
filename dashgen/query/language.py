"""The interface of query languages, and the facts about one query."""

from enum import StrEnum
from typing import NamedTuple, Protocol

from msgspec import Struct


class Fault(NamedTuple):
    """What is wrong with a query, a hint, and the offset in its text (-1: not known)."""

    message: str
    hint: str = ""
    offset: int = -1


class Remark(NamedTuple):
    """A probable mistake in a valid query: its rule, a message, a hint, and the offset in the text."""

    rule: str
    message: str
    hint: str = ""
    offset: int = -1


class ServerFeature(NamedTuple):
    """A part of a query language: since which version it exists, its flag, and since when it needs none.

    ``stable`` is None while the flag is needed; without a flag it is the same as ``since``.
    """

    since: tuple[int, int]
    flag: str = ""
    stable: tuple[int, int] | None = None


class Requirement(NamedTuple):
    """What a query needs of its server: a feature, how messages name it, and the offset of its use."""

    feature: ServerFeature
    subject: str
    offset: int


class LabelMatch(NamedTuple):
    """One label matcher: the label, the operator, the value (without quotes), and the offset of the label.

    ``is_open`` is whether the value has a Grafana variable in it; ``selector`` is the offset of the opening
    brace, or -1 when the other matchers of the selector are not all known.
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
    """One use of a metric in a query.

    ``name`` is as the author wrote it, with Grafana variables; it is empty for a selector without one metric
    name, such as
    ``{__name__=~"http_.*"}``. ``labels`` are those of its matchers, without ``__name__``. ``offset`` is that
    of the name in the query, -1 when the name is not written there. ``call`` is the function of its range
    vector, such as ``rate``.
    """

    name: str
    labels: tuple[str, ...] = ()
    offset: int = -1
    call: str = ""

    @property
    def is_literal(self) -> bool:
        """Whether the name has no variables in it, so that it can be looked up."""
        return self.name != "" and "$" not in self.name and "[[" not in self.name


class ParsedQuery(Struct, frozen=True):
    """The facts about one query.

    Attributes:
        error: why it does not parse, for the user; empty when it parses.
        hint: what to do about the error, if that is known.
        error_offset: the offset of the error in the text, -1 when not known.
        metrics: the metrics that it reads, in the order of the text.
        grouping: the labels of its result; ``()`` when all are aggregated away, None when not known.
        rate_like: whether the result is a rate or an increase, or a sum of them.
        functions: the functions and aggregations that it calls.
        variables: the Grafana variables that it uses, without those that Grafana defines itself.
        yields: the kind of its result, as far as that is known.
        matches: the matchers of the streams that a log query reads; empty for other languages.
        remarks: what is valid and probably a mistake.
        requirements: what it needs that not every server has; the project's versions decide.
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
    requirements: tuple[Requirement, ...] = ()

    @classmethod
    def refused(cls, fault: Fault, variables: tuple[str, ...] = ()) -> "ParsedQuery":
        """The facts about a query that does not parse."""
        return cls(error=fault.message, hint=fault.hint, error_offset=fault.offset, variables=variables)


class QueryLanguage(Protocol):
    """A query language that dashgen can check."""

    def parse(self, expr: str) -> ParsedQuery:
        """The facts about a query; raises for no text."""
        ...

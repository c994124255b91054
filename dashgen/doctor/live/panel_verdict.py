"""The verdict on a panel's query, from its answer."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from dashgen.core.diagnostics import Diagnostic, Related, Severity
from dashgen.core.diagnostics.frame import clean
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.live.live_queries import PanelQuery
from dashgen.doctor.live.query_answer import Answer
from dashgen.model.target_spec import DataWarning


class QueryState(StrEnum):
    """The state of a query, the better states first."""

    DATA = "data"
    NOT_ASKED = "not asked"
    WARNING = "warning"
    EMPTY = "empty"
    TOO_MANY = "too many series"
    SLOW = "slow"
    ERROR = "error"


_ORDER: Final = list(QueryState)
_MOST_OTHERS: Final = 5
_LABEL: Final = lazy_pattern(r"\{\{\s*([A-Za-z_]\w*)\s*\}\}")
_SEARCHED: Final = frozenset({"loki", "tempo"})


class Bounds(Struct, frozen=True):
    """The most that a query may take in seconds and samples, and the most series that a panel can show."""

    seconds: float = 5.0
    samples: int = 20_000_000
    series: int = 300


class QueryVerdict(Struct, frozen=True):
    """A query's state, and what is wrong with it."""

    answer: Answer
    state: QueryState
    finding: LiveFinding | None = None

    @property
    def query(self) -> PanelQuery:
        """The query."""
        return self.answer.query

    @property
    def is_fault(self) -> bool:
        """Whether something has to be repaired."""
        return self.finding is not None and self.finding.certain

    def diagnostic(self) -> Diagnostic | None:
        """The finding at the line of the spec; nothing when there is none."""
        if self.finding is None:
            return None
        finding = self.finding
        message = f"{finding.what} {_PREDICATES[self.state]}: {finding.cause} ({finding.evidence})"
        severity = Severity.ERROR if finding.certain else Severity.WARNING
        rule = f"live/{self.state.replace(' ', '-')}"
        return Diagnostic(rule, clean(message), self.query.location, clean(finding.fix), severity)


_PREDICATES: Final = {
    QueryState.DATA: "has data",
    QueryState.NOT_ASKED: "was not asked",
    QueryState.WARNING: "cannot be trusted",
    QueryState.EMPTY: "has no data",
    QueryState.TOO_MANY: "has too many series",
    QueryState.SLOW: "is slow",
    QueryState.ERROR: "fails",
}


def name_of(query: PanelQuery) -> str:
    """A query in messages."""
    return f"`{query.panel or query.panel_id}` of `{query.dashboard}` ({query.ref_id})"


def judge(answer: Answer, bounds: Bounds, why: LiveFinding | None = None) -> QueryVerdict:
    """The verdict on an answer.

    Args:
        answer: the answer.
        bounds: the limits beyond which a query costs too much.
        why: for an empty answer, the reason that was found.
    """
    name = name_of(answer.query)
    if not answer.asked:
        # A server that is away is reported once, and not for each query.
        return QueryVerdict(answer, QueryState.NOT_ASKED)
    if answer.timed_out:
        fix = "shorten the time range, use a recording rule, or allow more time"
        return QueryVerdict(answer, QueryState.SLOW, LiveFinding(name, _measured(answer), answer.error, fix))
    if answer.error:
        finding = LiveFinding(name, _evidence(answer), answer.error, answer.hint)
        return QueryVerdict(answer, QueryState.ERROR, finding)
    if answer.query.warning is not None:
        return _judge_warning(answer, answer.query.warning)
    if answer.not_numbers:
        cause = "every value is NaN, as a division of 0 by 0 gives"
        finding = LiveFinding(name, f"the answer has {answer.series} series", cause, "divide by `(… > 0)`")
        return QueryVerdict(answer, QueryState.EMPTY, finding)
    if answer.is_empty:
        # That no log line or trace matches may be just right; a metric without series hardly ever is.
        is_certain = answer.query.source_type not in _SEARCHED
        cause = "nothing in the time range matches the query"
        reason = why or LiveFinding(name, "the answer is empty", cause, certain=is_certain)
        return QueryVerdict(answer, QueryState.EMPTY, reason)
    return _judge_cost(answer, bounds, name)


def _judge_warning(answer: Answer, warning: DataWarning) -> QueryVerdict:
    """A warning holds while its query has a result; that is a state of the data, and no fault."""
    if not answer.series and not answer.rows:
        return QueryVerdict(answer, QueryState.DATA)
    name = f"`{answer.query.panel or answer.query.panel_id}` of `{answer.query.dashboard}`"
    condition = f"`{warning.query}` " + (f"is {warning.when}" if warning.when else "has a result")
    finding = LiveFinding(name, condition, _filled(warning.message, answer), warning.fix, certain=False)
    return QueryVerdict(answer, QueryState.WARNING, finding)


def _filled(message: str, answer: Answer) -> str:
    """A message with the values of its labels, or with their names where the series are not known."""
    series = answer.result.series[:_MOST_OTHERS] if answer.result is not None else ()

    def values(label: str) -> str:
        return ", ".join(dict.fromkeys(one.labels[label] for one in series if one.labels.get(label))) or label

    return _LABEL.sub(lambda match: values(match[1]), message)


def _judge_cost(answer: Answer, bounds: Bounds, name: str) -> QueryVerdict:
    if answer.series > bounds.series:
        cause = f"{answer.series} series are more than the {bounds.series} that a panel can show"
        fix = "aggregate with `sum by (…)`, or keep the largest with `topk(…)`"
        finding = LiveFinding(name, f"the answer has {answer.rows} values", cause, fix)
        return QueryVerdict(answer, QueryState.TOO_MANY, finding)
    # The server's own count where it has one: the time from here includes the network and waiting for other
    # queries.
    seconds = answer.cost.seconds if answer.cost.seconds is not None else answer.seconds
    samples = answer.cost.samples or 0
    if seconds > bounds.seconds or samples > bounds.samples:
        cause = f"it took {seconds:.1f} s" if seconds > bounds.seconds else f"it read {samples} samples"
        fix = "use a recording rule, a shorter range, or a coarser step"
        return QueryVerdict(answer, QueryState.SLOW, LiveFinding(name, _measured(answer), cause, fix))
    return QueryVerdict(answer, QueryState.DATA)


def _evidence(answer: Answer) -> str:
    query = answer.query
    return f"query: {query.expr}" if not query.unfilled else f"query: {query.written}"


def _measured(answer: Answer) -> str:
    parts = [f"{answer.seconds:.1f} s"]
    if answer.cost.samples is not None:
        parts.append(f"{answer.cost.samples} samples")
    if answer.cost.bytes is not None:
        parts.append(f"{answer.cost.bytes} bytes")
    return ", ".join(parts)


class PanelVerdict(Struct, frozen=True):
    """A panel with the worst of its queries."""

    verdicts: tuple[QueryVerdict, ...]

    @property
    def worst(self) -> QueryVerdict:
        """The query with the worst state."""
        return max(self.verdicts, key=lambda verdict: _ORDER.index(verdict.state))

    @property
    def rows(self) -> int:
        """How many rows all its queries yield."""
        return sum(one.answer.rows for one in self.verdicts if one.query.warning is None)


def by_panel(verdicts: Iterable[QueryVerdict]) -> list[PanelVerdict]:
    """The verdicts of each panel together, in their order."""
    panels: dict[tuple[str, int], list[QueryVerdict]] = {}
    for verdict in verdicts:
        panels.setdefault((verdict.query.dashboard, verdict.query.panel_id), []).append(verdict)
    return [PanelVerdict(tuple(verdicts_of_panel)) for verdicts_of_panel in panels.values()]


def diagnostics_of(verdicts: Sequence[QueryVerdict]) -> list[Diagnostic]:
    """Every finding, each at the line of its query."""
    return [diagnostic for verdict in verdicts if (diagnostic := verdict.diagnostic()) is not None]


def by_cause(verdicts: Sequence[QueryVerdict]) -> list[Diagnostic]:
    """Every cause once, at the line of the first query that it affects, with the locations of the others."""
    groups: dict[tuple[QueryState, str, str], list[QueryVerdict]] = {}
    for verdict in verdicts:
        if verdict.finding is not None:
            key = verdict.state, verdict.finding.cause, verdict.finding.fix
            groups.setdefault(key, []).append(verdict)
    return [diagnostic for group in groups.values() if (diagnostic := _merged(group)) is not None]


def _merged(group: Sequence[QueryVerdict]) -> Diagnostic | None:
    first = group[0].diagnostic()
    if first is None or len(group) == 1:
        return first
    others = [
        Related(f"also {clean(verdict.finding.what)}", verdict.query.location)
        for verdict in group[1 : _MOST_OTHERS + 1]
        if verdict.finding is not None and verdict.query.location is not None
    ]
    rest = len(group) - 1 - len(others)
    more = f", and {rest} more as well" if rest else ""
    return replace(first, message=f"{first.message}{more}", related=tuple(others))

"""Check the text of one query, wherever it stands: in a panel, a rule, an annotation or a variable."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from dashgen.diagnostics import Diagnostic, Severity, nearest
from dashgen.query import LANGUAGES, ParsedQuery
from dashgen.query.variables import unknown_variable_hint
from dashgen.spec.provenance import Resolved
from dashgen.spec.source import Path


@dataclass(frozen=True, slots=True)
class QueryContext:
    """What the queries of a document can read and name.

    Attributes:
        series: the series that the metric contract allows; empty without a contract.
        variables: the names that ``$name`` may have; None where something else checks them, as in rules.
    """

    series: frozenset[str] = frozenset()
    variables: frozenset[str] | None = None


class QueryFault(NamedTuple):
    """What is wrong with a query: the finding, and where in the query's text it is (-1: not known)."""

    rule: str
    message: str
    hint: str = ""
    offset: int = -1
    severity: Severity = Severity.ERROR


def query_faults(text: str, language: str, context: QueryContext) -> list[QueryFault]:
    """What is wrong with a query.

    Args:
        text: the query as it is written.
        language: the type of the data source; types without a known language have no faults.
        context: what the query can read and name.
    """
    grammar = LANGUAGES.get(language)
    return parsed_faults(text, language, grammar.parse(text), context) if grammar else []


def parsed_faults(text: str, language: str, parsed: ParsedQuery, context: QueryContext) -> list[QueryFault]:
    """What is wrong with a query that is parsed already; see `query_faults`."""
    found = []
    if parsed.error:
        found.append(QueryFault("query/syntax", parsed.error, parsed.hint, parsed.error_offset))
    found += variable_faults(text, parsed.variables, context)
    if language == "prometheus" and context.series:
        found += _metric_faults(parsed, context.series)
    return found


def variable_faults(text: str, names: Iterable[str], context: QueryContext) -> list[QueryFault]:
    """The variables of a text that nobody defines."""
    known = context.variables
    if known is None:
        return []
    return [
        QueryFault(
            "query/variable",
            f"there is no variable `${name}`",
            unknown_variable_hint(name, known),
            _variable_at(text, name),
        )
        for name in dict.fromkeys(names)
        if name not in known
    ]


def _variable_at(text: str, name: str) -> int:
    forms = (f"${name}", f"${{{name}", f"[[{name}")
    return next((at for form in forms if (at := text.find(form)) >= 0), -1)


def _metric_faults(parsed: ParsedQuery, series: frozenset[str]) -> list[QueryFault]:
    return [
        QueryFault(
            "query/metric",
            f"the metric contract has no `{use.name}`",
            nearest(use.name, series),
            use.offset,
            Severity.WARNING,
        )
        for use in parsed.metrics
        if use.is_literal and use.name not in series
    ]


def place_faults(faults: Iterable[QueryFault], resolved: Resolved, path: Path, text: str) -> list[Diagnostic]:
    """Faults as findings at their characters in the spec.

    Args:
        faults: the faults.
        resolved: the document with the query.
        path: where the text of the query stands there.
        text: the text.
    """
    return [_placed(fault, resolved, path, text) for fault in faults]


def _placed(fault: QueryFault, resolved: Resolved, path: Path, text: str) -> Diagnostic:
    found = resolved.diagnostic(fault.rule, fault.message, path, fault.hint, severity=fault.severity)
    if fault.offset < 0:
        return found
    return replace(found, location=resolved.origin(path).character(fault.offset, text))

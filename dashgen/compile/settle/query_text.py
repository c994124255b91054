"""Check the text of one query, wherever it stands: in a panel, a rule, an annotation or a variable."""

from collections.abc import Callable, Hashable, Iterable
from typing import Final

from msgspec import Struct

from dashgen.compile.settle.argument_faults import argument_faults
from dashgen.compile.settle.query_meaning import ANY_USE, QueryFault, QueryUse, meaning_faults
from dashgen.core.diagnostics import Severity, nearest
from dashgen.model.series_contract import SeriesContract
from dashgen.query import LANGUAGES, ParsedQuery
from dashgen.query.math_expression import math_fault
from dashgen.query.other_language import other_language_hint
from dashgen.query.promql.labels import with_common_values
from dashgen.query.required_versions import DEFAULT_TARGETS, TargetServers, requirement_remarks
from dashgen.query.template_variables import reference_faults, unknown_variable_hint
from dashgen.source.provenance import Reporter

_SOUND: Final = 1 << 12


class SoundQueries:
    """The queries of a build that were looked at and have no fault, for one metric contract.

    A project has the same query for many services: `up{job="shop"}` and `up{job="cart"}` are one query to the
    checks, unless the contract lists the values of `job`. Only soundness is remembered, so every fault is
    found in the words of its own query.
    """

    __slots__ = ("_keys", "_listed")

    def __init__(self, contract: SeriesContract | None = None) -> None:
        """Take the contract that the queries are looked at with."""
        self._listed = contract.listed_labels() if contract is not None else frozenset()
        self._keys: set[Hashable] = set()

    def key(self, text: str, language: str, *more: Hashable) -> Hashable:
        """What queries share that are one to the checks; ``more`` is what else those depend on."""
        common = with_common_values(text, self._listed) if language == "prometheus" else text
        return (common, language, *more)

    def faults(self, key: Hashable, find: Callable[[], Iterable[QueryFault]]) -> list[QueryFault]:
        """The faults that ``find`` finds; it is not called when a query with this key had none."""
        if key in self._keys:
            return []
        faults = list(find())
        if not faults:
            # Memory stays flat in projects whose queries have nothing in common.
            if len(self._keys) >= _SOUND:
                self._keys.clear()
            self._keys.add(key)
        return faults


class QueryContext(Struct, frozen=True):
    """What the queries of a document can read and name.

    Attributes:
        contract: the project's metric contract; None without one.
        variables: the names that ``$name`` may have; None where something else checks them, as in rules.
        sound: the queries that are known to be right by this contract; nothing is remembered without it.
        targets: the servers that queries are written for.
    """

    contract: SeriesContract | None = None
    variables: frozenset[str] | None = None
    sound: SoundQueries | None = None
    targets: TargetServers = DEFAULT_TARGETS

    def faults(
        self, text: str, language: str, *more: Hashable, find: Callable[[], Iterable[QueryFault]]
    ) -> list[QueryFault]:
        """The faults that ``find`` finds in a text; not called where a text like it is known to have none."""
        if self.sound is None:
            return list(find())
        return self.sound.faults(self.sound.key(text, language, *more), find)


def query_faults(
    text: str, language: str, context: QueryContext, use: QueryUse = ANY_USE
) -> list[QueryFault]:
    """What is wrong with a query.

    Args:
        text: the query as it is written.
        language: the type of the data source; types without a known language have no faults.
        context: what the query can read and name.
        use: what it is for.
    """
    grammar = LANGUAGES.get(language)
    return parsed_faults(text, language, grammar.parse(text), context, use) if grammar else []


def parsed_faults(
    text: str, language: str, parsed: ParsedQuery, context: QueryContext, use: QueryUse = ANY_USE
) -> list[QueryFault]:
    """What is wrong with a query that is parsed already; see `query_faults`."""

    def find() -> list[QueryFault]:
        return _all_faults(text, language, parsed, context, use)

    # What does not parse, or parses with a remark, is reported at characters of its own text.
    if parsed.error or parsed.remarks or parsed.requirements:
        return find()
    return context.faults(text, language, context.variables, use, find=find)


def _all_faults(
    text: str, language: str, parsed: ParsedQuery, context: QueryContext, use: QueryUse
) -> list[QueryFault]:
    faults = []
    if parsed.error:
        hint = other_language_hint(text, language, LANGUAGES) or parsed.hint
        fault = QueryFault("query/syntax", parsed.error, hint, parsed.error_offset, language=language)
        faults.append(fault)
    faults += variable_faults(text, parsed.variables, context)
    faults += [QueryFault("query/variable", *fault, Severity.WARNING) for fault in reference_faults(text)]
    if parsed.error:
        return faults
    # Of a query that does not parse nothing else is known.
    if language == "prometheus" and context.contract is not None and context.contract.series:
        faults += _metric_faults(parsed, context.contract)
    for remark in requirement_remarks(parsed.requirements, context.targets.of_language(language)):
        faults.append(QueryFault(*remark, Severity.WARNING))
    faults += meaning_faults(text, language, parsed, context.contract, use)
    return faults


def variable_faults(text: str, names: Iterable[str], context: QueryContext) -> list[QueryFault]:
    """The variables of a text that nobody defines."""
    variables = context.variables
    if variables is None:
        return []
    return [
        QueryFault(
            "query/variable",
            f"there is no variable `${name}`",
            unknown_variable_hint(name, variables),
            _variable_at(text, name),
        )
        for name in dict.fromkeys(names)
        if name not in variables
    ]


def _variable_at(text: str, name: str) -> int:
    """Where a text uses a variable first, in whichever of Grafana's three forms."""
    forms = (f"${name}", f"${{{name}", f"[[{name}")
    return next((at for form in forms if (at := text.find(form)) >= 0), -1)


def _metric_faults(parsed: ParsedQuery, contract: SeriesContract) -> list[QueryFault]:
    return [
        QueryFault("query/metric", *unknown_metric(use.name, contract), use.offset, Severity.WARNING)
        for use in parsed.metrics
        if use.is_literal and not contract.knows(use.name)
    ]


def unknown_metric(name: str, contract: SeriesContract) -> tuple[str, str]:
    """The message and the hint about a metric that the contract does not have."""
    message = f"the metric `{name}` is in no `Metrics` spec"
    close = nearest(name, (*contract.series, *contract.recorded))
    if close.startswith("did you mean"):
        return message, close
    return message, "describe it in a `Metrics` spec, or name it there under `ignore:`"


def report_faults(faults: Iterable[QueryFault], report: Reporter, text: str) -> None:
    """Report faults at their characters of the text at the reporter's path."""
    for fault in faults:
        for one in argument_faults(fault, text, report) if fault.language else (fault,):
            report.fault(one.rule, one, (), text, one.severity)


def check_math(text: str, report: Reporter) -> None:
    """Report why Grafana cannot read an arithmetic expression at the reporter's path."""
    if fault := math_fault(text):
        report.fault("query/syntax", fault, (), text)

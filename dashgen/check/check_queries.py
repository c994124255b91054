"""Query expressions inside artifacts, checked by the parser of their language."""

import json
from collections.abc import Callable

from dashgen.check.check_report import Path, Report, text_of
from dashgen.core.diagnostics import Diagnostic, Location, Severity, Span, nearest
from dashgen.core.json_values import Json
from dashgen.query import LANGUAGES, ParsedQuery
from dashgen.query.language import Fault, Yield
from dashgen.query.other_language import other_language_hint
from dashgen.query.required_versions import requirement_remarks
from dashgen.query.template_variables import is_built_in
from dashgen.query.variable_query import read_variable_query
from dashgen.source.load import Document
from dashgen.source.manifests import EmbeddedData
from dashgen.source.provenance import Origin

_KEYS = {"prometheus": "expr", "loki": "expr", "tempo": "query"}
_TRACEQL = frozenset({"traceql", "traceqlSearch"})
_INSTANT = frozenset({"instant"})


def check_query(
    report: Report,
    path: Path,
    model: Json,
    data_source_type: str,
    family: str,
    variables: frozenset[str] | None = None,
) -> None:
    """Check the expression of a query.

    Args:
        report: where findings go.
        path: the path of the query.
        model: the query.
        data_source_type: the type of its data source; queries of types without a parser are left alone.
        family: the family of rules for problems of the query as a whole.
        variables: the variables of its dashboard; None where there are none, as in rules.
    """
    key = _KEYS.get(data_source_type)
    if key is None or (key == "query" and text_of(model.get("queryType")) not in _TRACEQL):
        return
    expression = model.get(key)
    if not isinstance(expression, str) or not expression.strip():
        where = (*path, key) if key in model else path
        if key == "expr":
            report.error(f"{family}/no-query", where, "the query is empty", f"write it as `{key}`")
        return
    parsed = check_syntax(report, (*path, key), expression, data_source_type)
    if parsed is not None and not parsed.error and _is_asked_over_time(model):
        _check_result(report, (*path, key), expression, parsed)
    if parsed is not None and variables is not None:
        _check_variables(report, (*path, key), expression, parsed, variables)


def _is_asked_over_time(model: Json) -> bool:
    return (
        model.get("range") is not False
        and model.get("instant") is not True
        and model.get("queryType") not in _INSTANT
    )


def check_syntax(report: Report, path: Path, expression: str, language: str) -> ParsedQuery | None:
    """Report an expression that does not parse, and one that parses and is unlikely to be meant.

    Returns:
        The parsed expression; nothing for a language without a parser.
    """
    grammar = LANGUAGES.get(language)
    parsed = grammar.parse(expression) if grammar else None
    if parsed is None:
        return None
    remarks = list(parsed.remarks)
    if parsed.requirements and report.targets is not None:
        remarks += requirement_remarks(parsed.requirements, report.targets.of_language(language))
    if not parsed.error and not remarks:
        # Finding out where a query was written costs more than parsing it, and most queries are right.
        return parsed
    location_of = _placing(report, path, expression)
    if parsed.error:
        hint = other_language_hint(expression, language, LANGUAGES) or parsed.hint or "correct the query"
        report.problems.append(
            Diagnostic("query/syntax", parsed.error, location_of(parsed.error_offset), hint)
        )
    for remark in remarks:
        where = location_of(remark.offset)
        report.problems.append(Diagnostic(remark.rule, remark.message, where, remark.hint, Severity.WARNING))
    return parsed


def check_rule_query(report: Report, path: Path, expression: str, language: str) -> None:
    """Check the expression of a rule: it parses, and yields a number for each series."""
    parsed = check_syntax(report, path, expression, language)
    if parsed is None or parsed.error:
        return
    if parsed.yields in (Yield.LOGS, Yield.RANGE):
        what = "log lines" if parsed.yields is Yield.LOGS else "the samples of a range"
        message = f"the query yields {what}, and a rule needs one number for each series"
        hint = "write a function around it, such as `count_over_time(…)`"
        if parsed.yields is Yield.RANGE:
            hint = "write a function around it, such as `rate(…)`"
        location = _placing(report, path, expression)(0)
        report.problems.append(Diagnostic("query/result", message, location, hint))


def check_variable_query(report: Report, path: Path, text: str, language: str) -> None:
    """Check the query of a dashboard's variable: its call, and the query inside."""
    query = read_variable_query(text, language)
    fault = query.fault
    if fault is None and query.query and (grammar := LANGUAGES.get(language)):
        parsed = grammar.parse(query.query)
        if parsed.error:
            offset = parsed.error_offset + query.offset if parsed.error_offset >= 0 else -1
            fault = Fault(parsed.error, parsed.hint, offset)
    if fault is not None:
        location = _placing(report, path, text)(fault.offset)
        hint = fault.hint or "correct the query"
        report.problems.append(Diagnostic("query/syntax", fault.message, location, hint))


def _check_result(report: Report, path: Path, expression: str, parsed: ParsedQuery) -> None:
    if parsed.yields is Yield.RANGE:
        message = "the query yields the samples of a range, which Prometheus refuses in a query over time"
        location = _placing(report, path, expression)(0)
        hint = "write a function around it, such as `rate(…)`"
        report.problems.append(Diagnostic("query/result", message, location, hint))


def _check_variables(
    report: Report, path: Path, expression: str, parsed: ParsedQuery, variables: frozenset[str]
) -> None:
    for name in parsed.variables:
        if name in variables or is_built_in(name) or name.startswith("__"):
            continue
        forms = (f"${name}", f"${{{name}", f"[[{name}")
        at = next((at for form in forms if (at := expression.find(form)) >= 0), -1)
        message = f"there is no variable `${name}`: it reaches the server as text"
        hint = nearest(name, variables) or "add the variable to the dashboard"
        location = _placing(report, path, expression)(at)
        report.problems.append(Diagnostic("query/variable", message, location, hint))


def character_location(report: Report, path: Path, text: str, offset: int) -> Location:
    """The location of the character at ``offset`` of the text that stands at ``path`` of a file."""
    return _placing(report, path, text)(offset)


def _placing(report: Report, path: Path, expression: str) -> Callable[[int], Location]:
    """The function from a character of an expression to its location in the file."""
    document = report.document
    if isinstance(document, EmbeddedData) and isinstance(document.document, Document):
        origin = Origin(document.document, (*document.path, *path))
        return lambda offset: origin.character(offset, expression)
    if isinstance(document, Document):
        origin = Origin(document, path)
        return lambda offset: origin.character(offset, expression)
    location = report.place(path)
    return lambda offset: _narrowed(location, expression, offset)


def _narrowed(location: Location, expression: str, offset: int) -> Location:
    """The location of one character of a text in JSON."""
    span = location.span
    if offset < 0 or span is None or span.line != span.end_line:
        return location
    width = span.end_column - span.column
    # The width of the text shows whether its writer escaped what is not ASCII.
    for ascii_only in (False, True):
        if len(json.dumps(expression, ensure_ascii=ascii_only)) == width:
            before = len(json.dumps(expression[:offset], ensure_ascii=ascii_only)) - 1
            column = min(span.column + before, span.end_column - 1)
            return Location(location.file, Span(span.line, column, span.line, column + 1))
    return location

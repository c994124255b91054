"""Query expressions inside artifacts, parsed by the languages that dashgen knows."""

from typing import Any

from dashgen.diagnostics import Diagnostic, Location, Span
from dashgen.query import LANGUAGES
from dashgen.validate.report import Path, Report

_EXPRESSION_TYPES = ("prometheus", "loki")


def check_query(
    report: Report, path: Path, model: dict[str, Any], data_source_type: str, family: str
) -> None:
    """Check the expression of a Prometheus or Loki query at ``path``; other data sources are left alone."""
    if data_source_type not in _EXPRESSION_TYPES:
        return
    expression = model.get("expr")
    if not isinstance(expression, str) or not expression.strip():
        where = (*path, "expr") if "expr" in model else path
        report.error(f"{family}/no-query", where, "the query is empty", "write it as `expr`")
    else:
        check_syntax(report, (*path, "expr"), expression, data_source_type)


def check_syntax(report: Report, path: Path, expression: str, language: str) -> None:
    """Report an expression that its language cannot parse; languages without a parser are left alone."""
    grammar = LANGUAGES.get(language)
    parsed = grammar.parse(expression) if grammar else None
    if parsed is None or not parsed.error:
        return
    place = _narrowed(report.place(path), expression, parsed.error_offset)
    report.problems.append(
        Diagnostic("query/syntax", parsed.error, place, parsed.hint or "correct the query")
    )


def _narrowed(place: Location, expression: str, offset: int) -> Location:
    span = place.span
    if offset < 0 or span is None or span.line != span.end_line or "\n" in expression:
        return place
    length = span.end_column - span.column
    quotes = (length - len(expression)) // 2
    # Escapes make the text in the file longer than the expression; then the whole of it is shown.
    if length - len(expression) not in (0, 2):
        return place
    column = min(span.column + quotes + offset, span.end_column - 1)
    return Location(place.file, Span(span.line, column, span.line, column + 1))

"""Findings as annotations of GitHub Actions.

Source: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
"""

from collections.abc import Sequence

from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.core.reporters.finding_text import message_and_hint
from dashgen.core.reporters.report_context import ReportContext

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render_github(diagnostics: Sequence[Diagnostic], _context: ReportContext) -> str:
    """A workflow command for each finding."""
    return "".join(_command(diagnostic) + "\n" for diagnostic in diagnostics)


def _command(diagnostic: Diagnostic) -> str:
    properties = {"title": diagnostic.rule}
    if diagnostic.location is not None:
        properties["file"] = diagnostic.location.file
        if span := diagnostic.location.span:
            properties |= {"line": str(span.line), "col": str(span.column), "endLine": str(span.end_line)}
            properties |= {"endColumn": str(span.end_column)}
    listed = ",".join(f"{name}={escape(value, ',:')}" for name, value in properties.items())
    return f"::{_LEVELS[diagnostic.severity]} {listed}::{escape(message_and_hint(diagnostic))}"


def escape(text: str, more: str = "") -> str:
    """A text as a value of a workflow command; ``more`` are further characters that would end it there."""
    # The percent sign first: the other escapes begin with one.
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    for character in more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text

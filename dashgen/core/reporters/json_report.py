"""Findings for programs: a versioned JSON document."""

from collections.abc import Sequence

from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.diagnostics.json_text import json_text
from dashgen.core.json_values import Json
from dashgen.core.reporters.report_context import ReportContext

VERSION = 1


def render_json(diagnostics: Sequence[Diagnostic], _context: ReportContext) -> str:
    """An object with ``version`` and ``diagnostics``; lines and columns count from 1, ends are exclusive."""
    document = {"version": VERSION, "diagnostics": [as_json(diagnostic) for diagnostic in diagnostics]}
    return json_text(document)


def as_json(diagnostic: Diagnostic) -> Json:
    """One finding as plain data."""
    return {
        "rule": diagnostic.rule,
        "severity": str(diagnostic.severity),
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "location": _location(diagnostic.location),
        "related": [
            {"message": note.message, "location": _location(note.location)} for note in diagnostic.related
        ],
        **({"environments": list(diagnostic.environments)} if diagnostic.environments else {}),
    }


def _location(location: Location | None) -> Json | None:
    if location is None:
        return None
    span = location.span
    span_fields = (
        {"line": span.line, "column": span.column, "end_line": span.end_line, "end_column": span.end_column}
        if span
        else {}
    )
    return {"file": location.file, **span_fields}

"""A comparison as findings, for the formats that code hosts read."""

from dashgen.compare.change import Change
from dashgen.compare.render.render_summary import ReportedComparison, name_of
from dashgen.compare.render.render_text import one_line
from dashgen.core.diagnostics import Diagnostic, Location, Severity
from dashgen.core.diagnostics.frame import clean


def change_findings(comparison: ReportedComparison) -> list[Diagnostic]:
    """A note for each change at the spec that it comes from, and a warning for each reason to doubt one."""
    notes = [_note(change, comparison.root) for change in comparison.changes]
    doubts = [
        Diagnostic("diff/incomplete", clean(text), severity=Severity.WARNING) for text in comparison.warnings
    ]
    return [*notes, *doubts]


def change_file(change: Change, root: str) -> str:
    """The spec of a change, or else its file below the folder that was compared; empty without either."""
    return change.spec or (f"{root}/{change.path}" if root and change.path else change.path)


def _note(change: Change, root: str) -> Diagnostic:
    file = change_file(change, root)
    message = f"{name_of(change)} is {change.what}" + "".join(f"; {line}" for line in one_line(change))
    location = Location(file) if file else None
    return Diagnostic("diff/change", clean(message), location, severity=Severity.INFO)

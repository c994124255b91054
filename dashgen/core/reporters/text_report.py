"""Findings for people: a frame for each, and a line that counts them."""

from collections import Counter
from collections.abc import Sequence
from functools import cache

from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.core.diagnostics.frame import draw
from dashgen.core.reporters.report_context import ReportContext

_MOST = 200


def render_text(diagnostics: Sequence[Diagnostic], context: ReportContext) -> str:
    """Every finding with its source line, then how many there are."""
    if not diagnostics:
        return ""
    # Many findings are about one file, and reading it again for each would take longest of all.
    text_once = cache(context.text_of)
    frames = [draw(diagnostic, text_once, color=context.color) for diagnostic in diagnostics[:_MOST]]
    if len(diagnostics) > _MOST:
        frames.append(f"… and {len(diagnostics) - _MOST} more, which `--format json` lists")
    return "\n\n".join([*frames, count(diagnostics)]) + "\n"


def count(diagnostics: Sequence[Diagnostic]) -> str:
    """How many findings there are of each severity, as ``2 errors, 1 warning``."""
    counted = Counter(diagnostic.severity for diagnostic in diagnostics)
    severity_words = ((Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "note"))
    parts = [f"{counted[s]} {word}{'s' * (counted[s] != 1)}" for s, word in severity_words if counted[s]]
    return ", ".join(parts)

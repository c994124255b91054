"""Parts of a finding that several formats share."""

from dashgen.core.diagnostics import Diagnostic, TextFix
from dashgen.core.diagnostics.redaction import redacted


def message_of(diagnostic: Diagnostic) -> str:
    """The message, with the environments that have the finding when others have not."""
    where = f" (in {', '.join(diagnostic.environments)})" if diagnostic.environments else ""
    return diagnostic.message + where


def message_and_hint(diagnostic: Diagnostic, separator: str = "\n") -> str:
    """The message, and the hint after a separator."""
    return message_of(diagnostic) + (f"{separator}{diagnostic.hint}" if diagnostic.hint else "")


def printable_fix(diagnostic: Diagnostic) -> TextFix | None:
    """The fix, if there is one without a secret in it: hidden, that would write asterisks into a spec."""
    fix = diagnostic.fix
    if fix is None or any(redacted(edit.text) != edit.text for edit in fix.edits):
        return None
    return fix

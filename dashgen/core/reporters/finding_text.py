"""Sentences of a finding that several formats share."""

from dashgen.core.diagnostics import Diagnostic


def message_of(diagnostic: Diagnostic) -> str:
    """The message, with the environments that have the finding when others have not."""
    where = f" (in {', '.join(diagnostic.environments)})" if diagnostic.environments else ""
    return diagnostic.message + where


def message_and_hint(diagnostic: Diagnostic, separator: str = "\n") -> str:
    """The message, and the hint after a separator."""
    return message_of(diagnostic) + (f"{separator}{diagnostic.hint}" if diagnostic.hint else "")

"""Edits that mend what a diagnostic reports."""

from msgspec import Struct

from dashgen.core.diagnostics.span import Span


class TextEdit(Struct, frozen=True):
    """A stretch of a file and the text that replaces it."""

    file: str
    span: Span
    text: str


class TextFix(Struct, frozen=True):
    """What an edit of one or more files does, in the imperative; a safe one keeps what Grafana shows."""

    title: str
    edits: tuple[TextEdit, ...]
    is_safe: bool = True

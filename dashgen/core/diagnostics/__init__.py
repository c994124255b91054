"""Diagnostics, their locations, and how they are drawn."""

from dashgen.core.diagnostics.diagnostic import Diagnostic, Related, Severity, arrange, has_errors, nearest
from dashgen.core.diagnostics.span import Location, Span
from dashgen.core.diagnostics.text_fix import TextEdit, TextFix

__all__ = [
    "Diagnostic",
    "Location",
    "Related",
    "Severity",
    "Span",
    "TextEdit",
    "TextFix",
    "arrange",
    "has_errors",
    "nearest",
]

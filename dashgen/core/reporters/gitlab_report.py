"""Findings as a code quality report of GitLab.

Source: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from collections.abc import Sequence
from typing import Final

import msgspec
from msgspec import Struct

from dashgen.core.diagnostics import Diagnostic, Location, Severity
from dashgen.core.diagnostics.frame import clean
from dashgen.core.diagnostics.json_text import json_text
from dashgen.core.reporters.finding_text import message_and_hint
from dashgen.core.reporters.fingerprints import fingerprints
from dashgen.core.reporters.report_context import ReportContext

_SEVERITIES: Final = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


class LineRange(Struct, frozen=True):
    """The first and the last line of a finding."""

    begin: int
    end: int


class CodeQualityLocation(Struct, frozen=True):
    """A file below the root of the repository, and lines in it."""

    path: str
    lines: LineRange


class CodeQualityIssue(Struct, frozen=True):
    """One finding as GitLab reads it."""

    type: str
    check_name: str
    description: str
    fingerprint: str
    severity: str
    location: CodeQualityLocation


def render_gitlab(diagnostics: Sequence[Diagnostic], context: ReportContext) -> str:
    """A list of issues; findings without a location are at the first line of the project's file."""
    prints = fingerprints(diagnostics, home=context.home)
    issues = [
        CodeQualityIssue(
            "issue",
            diagnostic.rule,
            clean(message_and_hint(diagnostic, "; ")),
            fingerprint,
            _SEVERITIES[diagnostic.severity],
            _location(diagnostic.location or Location(context.home)),
        )
        for diagnostic, fingerprint in zip(diagnostics, prints, strict=True)
    ]
    return json_text(msgspec.to_builtins(issues))


def _location(location: Location) -> CodeQualityLocation:
    lines = LineRange(location.span.line, location.span.end_line) if location.span else LineRange(1, 1)
    return CodeQualityLocation(location.file, lines)

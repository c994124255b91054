"""Findings for programs: a versioned JSON document."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from dashgen.core.diagnostics import Diagnostic, Location, TextFix
from dashgen.core.diagnostics.json_text import json_text
from dashgen.core.reporters.finding_text import printable_fix
from dashgen.core.reporters.report_context import ReportContext

VERSION: Final = 1


class OutputDocument(Struct, frozen=True, kw_only=True):
    """What a command prints with `--format json`: one document with a schema."""

    version: Annotated[
        Literal[1], Meta(description="Of the form; it grows when a key changes its meaning or goes away.")
    ] = VERSION


class ReportedLocation(Struct, frozen=True):
    """A stretch of a file, or the whole file without lines and columns."""

    file: Annotated[str, Meta(description="The file, as seen from the project's folder.")]
    line: Annotated[int | UnsetType, Meta(description="The first line, from 1.")] = UNSET
    column: Annotated[int | UnsetType, Meta(description="The first character, from 1.")] = UNSET
    end_line: Annotated[int | UnsetType, Meta(description="The line of the end.")] = UNSET
    end_column: Annotated[int | UnsetType, Meta(description="The character after the last.")] = UNSET


class ReportedNote(Struct, frozen=True):
    """Another location that explains a finding."""

    message: Annotated[str, Meta(description="What is there.")]
    location: Annotated[ReportedLocation, Meta(description="Where it is.")]


class ReportedEdit(Struct, frozen=True):
    """A stretch of a file and the text that replaces it."""

    location: Annotated[ReportedLocation, Meta(description="What is replaced; empty where text is inserted.")]
    text: Annotated[str, Meta(description="The new text.")]


class ReportedFix(Struct, frozen=True):
    """Edits that mend a finding, all of them together."""

    title: Annotated[str, Meta(description="What they do, in the imperative.")]
    safe: Annotated[bool, Meta(description="Whether `--fix` makes them, without `--unsafe-fixes`.")]
    edits: Annotated[list[ReportedEdit], Meta(description="The edits.")]


class ReportedFinding(Struct, frozen=True):
    """An error, a warning or a note."""

    rule: Annotated[str, Meta(description="The rule; `dashgen rule RULE` explains it.")]
    severity: Annotated[str, Meta(description="`error`, `warning` or `info`.")]
    message: Annotated[str, Meta(description="What is wrong.")]
    hint: Annotated[str, Meta(description="What to do; may be empty.")]
    location: Annotated[
        ReportedLocation | None, Meta(description="Where it is; null if it is about the whole project.")
    ]
    related: Annotated[
        list[ReportedNote], Meta(description="What explains it, such as the use of a component.")
    ]
    environments: Annotated[
        list[str] | UnsetType, Meta(description="The environments that have it, if others have not.")
    ] = UNSET
    fix: Annotated[ReportedFix | UnsetType, Meta(description="What mends it, if an edit can.")] = UNSET


Findings = Annotated[list[ReportedFinding], Meta(description="The findings, by location.")]


class FindingsDocument(OutputDocument, frozen=True, kw_only=True):
    """Findings, and nothing else."""

    diagnostics: Findings


def render_json(diagnostics: Sequence[Diagnostic], _context: ReportContext) -> str:
    """A `FindingsDocument`."""
    return document_text(FindingsDocument(diagnostics=reported(diagnostics)))


def document_text(document: OutputDocument) -> str:
    """A document as JSON, without secrets."""
    return json_text(msgspec.to_builtins(document))


def reported(diagnostics: Iterable[Diagnostic]) -> list[ReportedFinding]:
    """Findings as parts of a document."""
    return [_finding(diagnostic) for diagnostic in diagnostics]


def _finding(diagnostic: Diagnostic) -> ReportedFinding:
    fix = printable_fix(diagnostic)
    return ReportedFinding(
        diagnostic.rule,
        str(diagnostic.severity),
        diagnostic.message,
        diagnostic.hint,
        _location(diagnostic.location) if diagnostic.location else None,
        [ReportedNote(note.message, _location(note.location)) for note in diagnostic.related],
        list(diagnostic.environments) or UNSET,
        _fix(fix) if fix else UNSET,
    )


def _fix(fix: TextFix) -> ReportedFix:
    edits = [ReportedEdit(_location(Location(edit.file, edit.span)), edit.text) for edit in fix.edits]
    return ReportedFix(fix.title, fix.is_safe, edits)


def _location(location: Location) -> ReportedLocation:
    span = location.span
    if span is None:
        return ReportedLocation(location.file)
    return ReportedLocation(location.file, span.line, span.column, span.end_line, span.end_column)

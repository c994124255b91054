"""Findings as SARIF 2.1.0, which GitHub's code scanning, editors and security tools read."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

import msgspec
from msgspec import UNSET

from dashgen.core.diagnostics import Diagnostic, Location, Severity, Span, TextFix
from dashgen.core.diagnostics.json_text import json_text
from dashgen.core.reporters.finding_text import message_and_hint, printable_fix
from dashgen.core.reporters.fingerprints import fingerprints
from dashgen.core.reporters.report_context import ReportContext
from dashgen.core.reporters.rule_help import rule_help, rule_url
from dashgen.core.reporters.sarif_log import (
    SCHEMA,
    ArtifactChange,
    ArtifactLocation,
    PhysicalLocation,
    ReportingConfiguration,
    ReportingDescriptor,
    RuleProperties,
    SarifFix,
    SarifLocation,
    SarifLog,
    SarifRegion,
    SarifReplacement,
    SarifResult,
    SarifRun,
    SarifText,
    SarifTool,
    ToolComponent,
    UriBase,
)
from dashgen.core.version import VERSION

_BASE: Final = "SRCROOT"
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_FINGERPRINT: Final = "dashgenFinding/v1"


def render_sarif(diagnostics: Sequence[Diagnostic], context: ReportContext) -> str:
    """One run with the rules that have findings.

    Findings without a location are at the project's file, since GitHub refuses results without one.
    """
    rules = sorted({diagnostic.rule for diagnostic in diagnostics})
    prints = fingerprints(diagnostics, home=context.home)
    results = [
        _result(diagnostic, rules.index(diagnostic.rule), fingerprint, context)
        for diagnostic, fingerprint in zip(diagnostics, prints, strict=True)
    ]
    levels = {diagnostic.rule: _LEVELS[diagnostic.severity] for diagnostic in reversed(diagnostics)}
    driver = ToolComponent("dashgen", VERSION, [_descriptor(rule, levels[rule], context) for rule in rules])
    # Columns are characters, as in Python's texts, not the UTF-16 units that SARIF assumes.
    run = SarifRun(SarifTool(driver), "unicodeCodePoints", {_BASE: _base(context.root)}, results)
    return json_text(msgspec.to_builtins(SarifLog(SCHEMA, "2.1.0", [run])))


def _base(root: str) -> UriBase:
    description = SarifText("The root of the repository, or the folder of the project outside of one.")
    return UriBase(description, f"file://{quote(root.rstrip('/'))}/" if root else UNSET)


def _descriptor(rule: str, level: str, context: ReportContext) -> ReportingDescriptor:
    """A rule, with its usual level; ``level`` is the one of a rule without texts."""
    texts = rule_help(rule, context)
    family = rule.partition("/")[0]
    return ReportingDescriptor(
        rule,
        SarifText(texts.summary),
        SarifText(texts.description),
        SarifText(texts.text, texts.markdown),
        ReportingConfiguration(_LEVELS[texts.severity] if texts.severity else level),
        RuleProperties(["security", family] if family == "secret" else [family]),
        rule_url(rule, context) or UNSET,
    )


def _result(diagnostic: Diagnostic, index: int, fingerprint: str, context: ReportContext) -> SarifResult:
    related = [
        SarifLocation(_physical(note.location), number, SarifText(note.message))
        for number, note in enumerate(diagnostic.related, 1)
    ]
    return SarifResult(
        diagnostic.rule,
        index,
        _LEVELS[diagnostic.severity],
        SarifText(message_and_hint(diagnostic)),
        [SarifLocation(_physical(diagnostic.location or Location(context.home)))],
        {_FINGERPRINT: fingerprint},
        related,
        _fixes(printable_fix(diagnostic)),
    )


def _physical(location: Location) -> PhysicalLocation:
    region = _region(location.span) if location.span else UNSET
    return PhysicalLocation(_artifact(location.file), region)


def _artifact(file: str) -> ArtifactLocation:
    if "://" in file:
        return ArtifactLocation(file)
    if file.startswith("/"):
        return ArtifactLocation(f"file://{quote(file)}")
    return ArtifactLocation(quote(file), _BASE)


def _region(span: Span) -> SarifRegion:
    return SarifRegion(span.line, span.column, span.end_line, span.end_column)


def _fixes(fix: TextFix | None) -> list[SarifFix]:
    if fix is None:
        return []
    replacements = defaultdict(list)
    for edit in fix.edits:
        replacements[edit.file].append(SarifReplacement(_region(edit.span), SarifText(edit.text)))
    changes = [ArtifactChange(_artifact(file), listed) for file, listed in replacements.items()]
    return [SarifFix(SarifText(fix.title), changes)]

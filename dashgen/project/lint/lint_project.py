"""Lint the specs of a project, or files that others wrote."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from dashgen.check.check_report import Report
from dashgen.check.lint.file_subjects import NoFile
from dashgen.check.lint.lint_finding import LintFinding
from dashgen.check.lint.lint_rule import LintRule, Preset
from dashgen.check.lint.places import FilePlace, Place, SpecPlace
from dashgen.check.lint.rule_registry import own_rules, project_rules
from dashgen.check.lint.run_rules import RuleSelection, run_rules, unknown_patterns
from dashgen.check.lint.subjects import LintProject
from dashgen.compile.compile_context import described_series
from dashgen.core.diagnostics import arrange, nearest
from dashgen.core.errors import DashgenError
from dashgen.model.data_source_spec import placed_data_sources
from dashgen.model.lint_settings import LintSettings
from dashgen.model.metric_units import grafana_unit
from dashgen.project.inspection import Inspection
from dashgen.project.lint.settled_subjects import dashboard_subject, group_subjects
from dashgen.source.provenance import Resolved
from dashgen.workspace.input_files import PROJECT_FILE


class LintOptions(Struct, frozen=True):
    """Which rules run, and where.

    Attributes:
        preset: the preset; that of the project file when absent.
        select: the only rules that run, by name or family; those of the preset when empty.
        ignore: rules that do not run.
    """

    preset: str | None = None
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()


def rules_of(root: Path, settings: LintSettings) -> list[LintRule]:
    """Every rule that a project has: dashgen's own and its own.

    Raises:
        DashgenError: a rule of the project cannot be read.
    """
    return [*own_rules().values(), *project_rules(root, settings.rules).values()]


def selection_of(options: LintOptions, settings: LintSettings, rules: Sequence[LintRule]) -> RuleSelection:
    """The rules that options and settings choose.

    Raises:
        DashgenError: an option or the project file names a rule that does not exist.
    """
    patterns = [*options.select, *options.ignore, *settings.select, *settings.ignore, *settings.options]
    for pattern in unknown_patterns(patterns, rules):
        hint = nearest(pattern, [rule.name for rule in rules]) or "`dashgen rule --all` lists all rules"
        raise DashgenError(f"there is no lint rule `{pattern}`; {hint}")
    only = bool(options.select)
    return RuleSelection(
        rules,
        settings,
        Preset(options.preset or settings.preset),
        options.select if only else settings.select,
        [*options.ignore, *settings.ignore],
        only,
    )


def lint_findings(project: LintProject, selection: RuleSelection) -> list[LintFinding]:
    """The findings of the chosen rules, in the order of files and lines."""
    findings = {id(one.diagnostic): one for one in run_rules(project, selection)}
    by_diagnostic = {one.diagnostic: one for one in reversed(findings.values())}
    return [by_diagnostic[diagnostic] for diagnostic in arrange(by_diagnostic)]


def project_subject(inspection: Inspection) -> LintProject:
    """Everything in the specs of a project that lint rules look at."""
    workspace, compiler, documents = inspection.workspace, inspection.compiler, inspection.documents
    sources = list(placed_data_sources(documents.of("DataSources")))
    document = workspace.document
    place: Place = FilePlace(Report(NoFile(PROJECT_FILE)))
    if document is not None:
        place = SpecPlace(Resolved(document, document.data))
    project = LintProject(
        place=place,
        contract=described_series(documents),
        units=_units(inspection),
        documents={kind: documents.of(kind) for kind in documents.by_kind},
        sources={**compiler.context.sources.types},
        scrape_interval=next(
            (one.source.scrape_interval or "" for one in sources if one.type == "prometheus"), ""
        ),
        settings=workspace.project.lint,
        policy=workspace.project.policy,
    )
    project.dashboards = [
        dashboard_subject(one.settled, one.resolved, compiler.folder(one.settled))
        for one in inspection.dashboards
    ]
    project.groups = list(group_subjects(inspection.groups))
    return project


def _units(inspection: Inspection) -> dict[str, str]:
    return {
        name: grafana_unit(metric.unit)
        for contract in inspection.documents.of("Metrics")
        for name, metric in contract.model.metrics.items()
        if metric.unit
    }

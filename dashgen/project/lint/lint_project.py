"""Lint the specs of a project, or files that others wrote."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from dashgen.check.check_report import Report
from dashgen.check.lint.file_subjects import ForeignTree, NoFile
from dashgen.check.lint.lint_finding import LintFinding
from dashgen.check.lint.lint_rule import LintRule, Preset
from dashgen.check.lint.places import FilePlace, Place, SpecPlace
from dashgen.check.lint.rule_registry import own_rules, project_rules
from dashgen.check.lint.run_rules import RuleRunner, RuleSelection, unknown_patterns
from dashgen.check.lint.subjects import LintDashboard, LintProject
from dashgen.compile.compile_context import described_series
from dashgen.compile.compile_others import alert_context, report_context
from dashgen.compile.prepare import ProjectSpecs, prepare
from dashgen.compile.project_documents import Documents
from dashgen.compile.settle.settle_alerts import settle_alerts
from dashgen.compile.settle.settle_reports import settle_reports
from dashgen.core.diagnostics import Diagnostic, arrange, nearest
from dashgen.core.errors import DashgenError
from dashgen.model.data_source_spec import placed_data_sources
from dashgen.model.folder import folder_places
from dashgen.model.lint_settings import LintSettings
from dashgen.model.metric_units import grafana_unit
from dashgen.project.build import no_collection
from dashgen.project.lint.settled_subjects import dashboard_subject, group_subjects, report_queries
from dashgen.source.provenance import Resolved
from dashgen.workspace.input_files import PROJECT_FILE, SpecFile
from dashgen.workspace.workspace import Workspace


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
        hint = nearest(pattern, [rule.name for rule in rules]) or "`dashgen rule` lists all rules"
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


class LintedSpecs(Struct):
    """The specs of a project, ready to be linted: everything but the dashboards, which come one by one.

    ``findings`` are those of reading and settling.
    """

    project: LintProject
    specs: ProjectSpecs
    only: Collection[str] | None = None
    findings: list[Diagnostic] = []

    def dashboards(self) -> Iterator[LintDashboard]:
        """The dashboards, each settled when it is its turn."""
        compiler = self.specs.compiler
        for resolved in self.specs.dashboards(self.findings, self.only):
            settled, problems = compiler.settled(resolved)
            self.findings += problems
            if settled is not None:
                yield dashboard_subject(settled, resolved, compiler.folder(settled))


def read_specs(
    workspace: Workspace, files: list[SpecFile], only: Collection[str] | None = None
) -> LintedSpecs:
    """Read the specs of a project for linting.

    Args:
        workspace: the project.
        files: its spec files.
        only: the names of the files whose dashboards are looked at, besides those in files that others
            depend on; all when absent.
    """
    specs = prepare(workspace, files, workspace.project.format)
    documents, sources = specs.documents, specs.compiler.context.sources
    places, _ = folder_places(documents.of("Folder"), documents.prefix)
    # The dashboards come later, one by one; the build says which panels of theirs are missing.
    context = alert_context(documents, workspace, None, sources, places)
    groups, problems = settle_alerts(documents.of("AlertRules"), context)
    reports, faults = settle_reports(
        documents.of("Report"), report_context(documents, workspace, None, sources)
    )
    document = workspace.document
    place: Place = FilePlace(Report(NoFile(PROJECT_FILE)))
    if document is not None:
        place = SpecPlace(Resolved(document, document.data))
    prometheus = (one for one in placed_data_sources(documents.of("DataSources")) if one.type == "prometheus")
    project = LintProject(
        place=place,
        groups=list(group_subjects(groups)),
        report_queries=[query for report in reports for query in report_queries(report)],
        contract=described_series(documents),
        units=_units(documents),
        documents={kind: documents.of(kind) for kind in documents.by_kind},
        sources={**sources.types},
        scrape_interval=next((one.source.scrape_interval or "" for one in prometheus), ""),
        settings=workspace.project.lint,
        policy=workspace.project.policy,
        is_part=only is not None,
    )
    return LintedSpecs(project, specs, only, [*specs.diagnostics, *problems, *faults])


def _units(documents: Documents) -> dict[str, str]:
    return {
        name: grafana_unit(metric.unit)
        for contract in documents.of("Metrics")
        for name, metric in contract.model.metrics.items()
        if metric.unit
    }


@no_collection()
def lint_subjects(linted: LintedSpecs | ForeignTree, selection: RuleSelection) -> list[LintFinding]:
    """The findings of the chosen rules, in the order of files and lines."""
    runner = RuleRunner(linted.project, selection)
    findings = [one for dashboard in linted.dashboards() for one in runner.dashboard(dashboard)]
    return arranged_findings([*findings, *runner.rest()])


def arranged_findings(findings: Iterable[LintFinding]) -> list[LintFinding]:
    """Findings in the order of files and lines, each once: a component has one for each use."""
    by_diagnostic: dict[Diagnostic, LintFinding] = {}
    for finding in findings:
        by_diagnostic.setdefault(finding.diagnostic, finding)
    return [by_diagnostic[diagnostic] for diagnostic in arrange(by_diagnostic)]

"""A project as an editor has it: its files, with the texts that are being edited in the place of theirs."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from dashgen.compile.prepare import ProjectSpecs, prepare
from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.errors import DashgenError
from dashgen.model.genai_conventions import all_metrics
from dashgen.model.metrics_spec import Metric, labels_of, series_names
from dashgen.project.lint.lint_project import LintOptions
from dashgen.project.lint.run_lint import LintRun, spec_overlay
from dashgen.project.lint.text_fixes import diagnostics_with_fixes
from dashgen.source.components import Component
from dashgen.source.load import Document, load_file
from dashgen.source.shipped_components import library_component, library_names
from dashgen.workspace.workspace import open_workspace


class MetricHelp(Struct, frozen=True):
    """A metric of the contract: the name of a series, its metric, its labels, and where it is described."""

    name: str
    metric: Metric
    labels: frozenset[str]
    document: Document
    family: str


class OpenProject(Struct):
    """A project, and the texts that an editor has of its files, by their names below it."""

    root: Path
    texts: dict[str, str] = {}

    def findings(self, name: str) -> list[Diagnostic]:
        """What is wrong with one file, with fixes as edits of text."""
        run = self._run(name)
        try:
            outcome = run.lint()
        except DashgenError as error:
            # A rule that does not exist, or one of the project that cannot be read.
            return [Diagnostic("lint/settings", str(error), Location(name))]
        texts = {**run.texts_of_specs(), **self.texts}
        return [*outcome.report.problems, *diagnostics_with_fixes(outcome.findings, texts)]

    def _run(self, name: str) -> LintRun:
        only = frozenset((name,))
        return LintRun(open_workspace(self.root), LintOptions(), only=only, texts=self.texts, is_partial=True)

    def specs(self) -> ProjectSpecs:
        """What dashboards depend on: components, metrics, data sources."""
        workspace = open_workspace(self.root)
        with spec_overlay(workspace.spec_files(), self.texts) as files:
            return prepare(workspace, files, workspace.project.format)

    def documents(self) -> Iterator[Document]:
        """Every document of every spec file, as it is written."""
        with spec_overlay(open_workspace(self.root).spec_files(), self.texts) as files:
            for file in files:
                yield from load_file(file.path, file.name).documents

    def components(self) -> Mapping[str, Component]:
        """The components of the project by name, and those that dashgen ships."""
        shipped = {name: one for name in library_names() if (one := library_component(name)) is not None}
        return {**self.specs().documents.components, **shipped}

    def metrics(self) -> dict[str, MetricHelp]:
        """The series of the metric contract by name."""
        return {
            series: MetricHelp(series, metric, labels_of(series, metric), contract.resolved.document, family)
            for contract in self.specs().documents.of("Metrics")
            for family, metric in all_metrics(contract.model).items()
            for series in series_names(family, metric)
        }

    def name_of(self, path: Path) -> str:
        """The name of a file below the project."""
        return open_workspace(self.root).show(path.resolve())

"""Compile a proposed spec as the build does, in memory."""

from pathlib import Path as FilePath
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from dashgen.check.built_files import check_built_dashboard
from dashgen.check.check_report import Report
from dashgen.compile.compile_dashboards import Compiler
from dashgen.compile.settle.settle_data_sources import Sources
from dashgen.compile.settled_json import dashboard_json
from dashgen.core.diagnostics import Diagnostic, Location, Severity, Span
from dashgen.core.json_values import Json
from dashgen.formats.panel_tree import every_panel
from dashgen.formats.upgrade.upgrade_panels import with_defaults
from dashgen.model.data_source_spec import DataSourceRef
from dashgen.model.settled_dashboard import SettledDashboard
from dashgen.source.load import Document, load_text
from dashgen.source.provenance import Resolved
from dashgen.source.resolve import resolve
from dashgen.source.source import Path, Source, compose
from dashgen.source.spec_text import spec_text

Fault: TypeAlias = tuple[Path, str]
"""A path in a spec, and what keeps the build from taking what stands there."""


class BuiltSpec(Struct, frozen=True):
    """What a spec compiles to, with its findings and the places of the errors among them."""

    settled: SettledDashboard
    data: Json
    problems: list[Diagnostic]
    faults: list[Fault]

    def panels(self) -> list[Json]:
        """The JSON of every panel, in the order of the spec, with the defaults of its plugin."""
        by_id = self._by_id()
        return [with_defaults(by_id[panel.id]) for row in self.settled.rows for panel in row.panels]

    def headers(self) -> list[Json]:
        """The header of every row and tab, in the order of the spec; empty for one without a header."""
        by_id = self._by_id()
        return [{} if row.title is None else by_id[row.id] for row in self.settled.rows]

    def _by_id(self) -> dict[int, Json]:
        return {panel["id"]: panel for panel in every_panel(self.data["panels"])}


def with_sources(compiler: Compiler, sources: dict[str, DataSourceRef]) -> Compiler:
    """The same compiler with the data sources of an imported dashboard.

    Scalers draw nothing: what they drew on a dashboard is there already, as any of its queries and panels.
    """
    all_sources = Sources(sources, default=compiler.context.sources.default)
    context = replace(compiler.context, sources=all_sources, scalers={})
    return replace(compiler, context=context)


class RefusedSpec(Struct, frozen=True):
    """A spec that does not compile: its findings, and the places of the errors among them."""

    problems: list[Diagnostic]
    faults: list[Fault]


class _NumberedPaths(Source):
    """Stands for the text of a spec in memory: the line of a location is the number of its path.

    A location has a line and a column, and a proposal has neither. So the number of a path in `paths` takes
    the line's place, and leads back from an error to the path in the spec. Writing the spec out for each
    proposal took most of the time.
    """

    paths: list[Path] = []

    def span(self, document: int, path: Path, *, key: bool = False) -> Span:  # noqa: ARG002
        self.paths.append(path)
        return Span(len(self.paths), 1, len(self.paths), 1)

    def faults(self, problems: list[Diagnostic]) -> list[Fault]:
        """The errors among problems, with the paths that their locations were made for."""
        errors = [problem for problem in problems if problem.severity is Severity.ERROR]
        # A value that the project's defaults add has its location in the file of the project.
        located = [(error.location, error.message) for error in errors if error.location is not None]
        return [
            (self.paths[location.span.line - 1], message)
            for location, message in located
            if location.file == self.file and location.span is not None
        ]


def compile_spec(compiler: Compiler, spec: Json) -> BuiltSpec | RefusedSpec:
    """Compile the keys of a spec as the build does, without writing and reading its text."""
    source = _NumberedPaths("imported.yaml", "", compose("imported.yaml", "{}\n").roots)
    resolved = Resolved(Document(source, 0, {}), {key: value for key, value in spec.items() if key != "kind"})
    settled, problems = compiler.settled(resolved)
    faults = source.faults(problems)
    if settled is None:
        return RefusedSpec(problems, faults)
    return BuiltSpec(settled, dashboard_json(settled, compiler.context.sources.by_name), problems, faults)


def refused(compiler: Compiler, built: BuiltSpec, spec: Json) -> list[Fault]:
    """What a server would refuse of a dashboard, as faults of the spec that it was built from.

    These findings need places in a text, so the spec is written out; only one that has such findings pays for
    that.
    """
    # Finding the places of errors needs the text of the spec, and most dashboards have no errors.
    types = {ref.uid: ref.type for ref in compiler.context.sources.by_name.values()}
    if not _has_errors(built.data, types):
        return []
    loaded = load_text("imported.yaml", spec_text([spec]))
    resolved, problems = resolve(loaded.documents[0], compiler.scope) if loaded.documents else ([], [])
    if loaded.diagnostics or problems or len(resolved) != 1:
        return []
    settled, diagnostics = compiler.settled(resolved[0])
    if settled is None:
        return []
    data = dashboard_json(settled, compiler.context.sources.by_name)
    return [
        (part.path, problem.message)
        for problem, part in compiler.refused(settled, resolved[0], data, diagnostics)
        if problem.severity is Severity.ERROR and part is not None
    ]


class _Nowhere:
    """A dashboard in memory, whose findings are only counted."""

    def __init__(self, data: Json) -> None:
        self.file = "imported.json"
        self.data = data

    def location(self, path: Path = (), *, key: bool = False) -> Location:  # noqa: ARG002
        return Location(self.file)


def _has_errors(data: Json, types: dict[str, str]) -> bool:
    report = Report(_Nowhere(data), FilePath("imported.json"))
    check_built_dashboard(report, types)
    return any(problem.severity is Severity.ERROR for problem in report.problems)

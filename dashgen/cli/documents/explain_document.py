"""What ``dashgen explain`` prints as JSON."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct

from dashgen.core.diagnostics import Location
from dashgen.core.json_values import Json
from dashgen.core.reporters.json_report import OutputDocument
from dashgen.model.settled_dashboard import SettledDashboard
from dashgen.model.settled_report import SettledReport
from dashgen.project.explanation import Explanation
from dashgen.project.report_explanation import ExplainedPart, explained_facts

SpecFile = Annotated[str, Meta(description="The spec file.")]
SpecLine = Annotated[int | None, Meta(description="The line in it, from 1.")]
PanelPath = Annotated[str, Meta(description="The panel as `dashboard-uid/panel-key`.")]


class ExplainedPlace(Struct, frozen=True):
    """A line of a spec."""

    file: SpecFile
    line: SpecLine


class ExplainedUse(Struct, frozen=True):
    """A component that the panel comes through."""

    name: Annotated[str, Meta(description="The component.")]
    body: Annotated[ExplainedPlace, Meta(description="Where it is defined.")]
    used: Annotated[ExplainedPlace, Meta(description="Where it is used.")]


class ExplainedFact(Struct, frozen=True):
    """Something that was derived."""

    name: Annotated[str, Meta(description="What it is.")]
    value: Annotated[str, Meta(description="Its value.")]
    reason: Annotated[str, Meta(description="What it was derived from.")]


class ExplainedLine(Struct, frozen=True):
    """A key of the spec and what it became."""

    key: Annotated[str, Meta(description="The key.")]
    file: SpecFile
    line: SpecLine
    default: Annotated[bool, Meta(description="Whether it comes from `defaults:`.")]
    json: Annotated[list[str], Meta(description="The paths in the panel's JSON that it became.")]


class ExplainedPanel(Struct, frozen=True):
    """A panel in the list of a dashboard's."""

    path: PanelPath
    id: Annotated[int, Meta(description="Its id in the dashboard.")]
    type: Annotated[str, Meta(description="Its type.")]
    title: Annotated[str, Meta(description="Its title.")]
    file: SpecFile
    line: SpecLine
    sections: Annotated[list[str], Meta(description="The titles of the tabs and rows around it.")] = []


class DashboardDocument(OutputDocument, frozen=True, kw_only=True):
    """The panels of a dashboard."""

    dashboard: Annotated[str, Meta(description="The dashboard's uid.")]
    title: Annotated[str, Meta(description="Its title.")]
    panels: Annotated[list[ExplainedPanel], Meta(description="Its panels, in their order.")]


class PanelDocument(OutputDocument, frozen=True, kw_only=True):
    """Where everything in a panel comes from."""

    path: PanelPath
    title: Annotated[str, Meta(description="Its title.")]
    type: Annotated[str, Meta(description="Its type.")]
    file: SpecFile
    line: SpecLine
    components: Annotated[list[ExplainedUse], Meta(description="The components that it comes through.")]
    facts: Annotated[list[ExplainedFact], Meta(description="What was derived.")]
    lines: Annotated[list[ExplainedLine], Meta(description="What each line became.")]
    panel: Annotated[Json, Meta(description="The panel's JSON.")]


class ExplainedReportPart(Struct, frozen=True):
    """A figure, table or chart of a report."""

    kind: Annotated[str, Meta(description="Which of them it is.")]
    name: Annotated[str, Meta(description="The name of a figure in texts; the panel of a chart.")]
    title: Annotated[str, Meta(description="Its title.")]
    unit: Annotated[str, Meta(description="Grafana's unit of its numbers.")]
    reason: Annotated[str, Meta(description="What the unit was derived from.")]
    datasource: Annotated[str, Meta(description="The type and uid of its data source.")]
    query: Annotated[str, Meta(description="Its query.")]
    file: SpecFile
    line: SpecLine


class ReportExplanationDocument(OutputDocument, frozen=True, kw_only=True):
    """Where everything in a report comes from."""

    report: Annotated[str, Meta(description="The report's uid.")]
    title: Annotated[str, Meta(description="Its title.")]
    file: SpecFile
    line: SpecLine
    facts: Annotated[dict[str, str], Meta(description="What it is about, when it is sent, and to whom.")]
    parts: Annotated[list[ExplainedReportPart], Meta(description="Its figures, tables and charts.")]


def report_explanation(report: SettledReport, parts: Sequence[ExplainedPart]) -> ReportExplanationDocument:
    """The explanation of a report."""
    location = explained_place(report.location)
    return ReportExplanationDocument(
        report=report.spec.uid,
        title=report.spec.title,
        file=location.file,
        line=location.line,
        facts=dict(explained_facts(report)),
        parts=[
            ExplainedReportPart(
                part.kind, part.name, part.title, part.unit, part.reason, part.source, part.query,
                part.location.file, explained_place(part.location).line,
            )
            for part in parts
        ],
    )  # fmt: skip


def panel_document(explanation: Explanation) -> PanelDocument:
    """The explanation of a panel."""
    location = explained_place(explanation.location)
    return PanelDocument(
        path=f"{explanation.uid}/{explanation.key}",
        title=explanation.title,
        type=explanation.type,
        file=location.file,
        line=location.line,
        components=[
            ExplainedUse(use.name, explained_place(use.body), explained_place(use.used))
            for use in explanation.components
        ],
        facts=[ExplainedFact(fact.name, fact.value, fact.reason) for fact in explanation.facts],
        lines=[
            ExplainedLine(
                line.key,
                line.location.file,
                explained_place(line.location).line,
                line.default,
                list(line.json),
            )
            for line in explanation.lines
        ],
        panel=dict(explanation.data),
    )


def dashboard_document(settled: SettledDashboard, panels: list[ExplainedPanel]) -> DashboardDocument:
    """A dashboard and its panels."""
    return DashboardDocument(dashboard=settled.uid, title=settled.dashboard.title, panels=panels)


def explained_place(location: Location) -> ExplainedPlace:
    """The file and line of a location."""
    return ExplainedPlace(location.file, location.span.line if location.span else None)

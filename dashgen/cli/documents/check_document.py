"""What ``dashgen check --live`` prints as JSON."""

from typing import Annotated

from msgspec import Meta, Struct

from dashgen.core.reporters.json_report import OutputDocument
from dashgen.doctor.live.check_live import LiveReport
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.live.panel_verdict import PanelVerdict, QueryVerdict, by_panel

State = Annotated[str, Meta(description="`data`, or what is wrong.")]


class ReportedCause(Struct, frozen=True):
    """Why something does not work."""

    what: Annotated[str, Meta(description="What does not work.")]
    evidence: Annotated[str, Meta(description="What was observed.")]
    cause: Annotated[str, Meta(description="The likely cause.")]
    fix: Annotated[str, Meta(description="What mends it.")]
    certain: Annotated[bool, Meta(description="False if it may be right as it is.")]


class QueriedSource(Struct, frozen=True):
    """A data source."""

    type: Annotated[str, Meta(description="Its type.")]
    uid: Annotated[str, Meta(description="Its uid.")]


class CheckedQuery(Struct, frozen=True):
    """A query of a panel, and its answer."""

    ref: Annotated[str, Meta(description="Its letter in the panel.")]
    datasource: Annotated[QueriedSource, Meta(description="Where it is run.")]
    expr: Annotated[str, Meta(description="The query, with variables filled in.")]
    instant: Annotated[bool, Meta(description="Whether it is for one moment.")]
    state: State
    rows: Annotated[int, Meta(description="The number of rows or values.")]
    series: Annotated[int, Meta(description="The number of series.")]
    seconds: Annotated[float, Meta(description="How long it took.")]
    samples: Annotated[int | None, Meta(description="The samples that were read; null if unknown.")]
    bytes: Annotated[int | None, Meta(description="The bytes that were read; null if unknown.")]
    remarks: Annotated[list[str], Meta(description="Warnings of the server.")]
    finding: Annotated[ReportedCause | None, Meta(description="What is wrong; null if nothing is.")]
    location: Annotated[str | None, Meta(description="The spec, as `file:line:column`; null if unknown.")]


class CheckedPanel(Struct, frozen=True):
    """A panel, and whether it shows data."""

    dashboard: Annotated[str, Meta(description="The dashboard's uid.")]
    panel: Annotated[str, Meta(description="The panel's title.")]
    id: Annotated[int, Meta(description="Its id in the dashboard.")]
    state: State
    rows: Annotated[int, Meta(description="The rows of all of its queries.")]
    queries: Annotated[list[CheckedQuery], Meta(description="Its queries.")]


class CheckDocument(OutputDocument, frozen=True, kw_only=True):
    """Which panels show data."""

    panels: Annotated[list[CheckedPanel], Meta(description="The panels.")]
    servers: Annotated[list[ReportedCause], Meta(description="The servers that do not answer.")]


def check_document(checked: LiveReport) -> CheckDocument:
    """The verdicts on all panels."""
    return CheckDocument(
        panels=[_panel(panel) for panel in by_panel(checked.verdicts)],
        servers=[reported_cause(finding) for finding in checked.servers],
    )


def reported_cause(finding: LiveFinding) -> ReportedCause:
    """Why something does not work."""
    return ReportedCause(finding.what, finding.evidence, finding.cause, finding.fix, finding.certain)


def _panel(panel: PanelVerdict) -> CheckedPanel:
    query = panel.worst.query
    return CheckedPanel(
        query.dashboard,
        query.panel,
        query.panel_id,
        str(panel.worst.state),
        panel.rows,
        [_query(verdict) for verdict in panel.verdicts],
    )


def _query(verdict: QueryVerdict) -> CheckedQuery:
    answer, query = verdict.answer, verdict.query
    return CheckedQuery(
        ref=query.ref_id,
        datasource=QueriedSource(query.source_type, query.source_uid),
        expr=query.expr,
        instant=query.instant,
        state=str(verdict.state),
        rows=answer.rows,
        series=answer.series,
        seconds=round(answer.seconds, 3),
        samples=answer.cost.samples,
        bytes=answer.cost.bytes,
        remarks=list(answer.remarks),
        finding=reported_cause(verdict.finding) if verdict.finding else None,
        location=str(query.location) if query.location else None,
    )

"""The reports of a project, and what their evaluation needs of it."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from dashgen.core.diagnostics import Diagnostic, Severity, nearest
from dashgen.core.errors import DashgenError
from dashgen.doctor.live.series_views import scrape_intervals
from dashgen.model.settled_report import SettledReport
from dashgen.project.inspection import Inspection, inspect_project
from dashgen.report.evaluate_report import ReportRequest
from dashgen.report.periods import Period


class ReportBook(Struct, frozen=True):
    """The reports of a project that was read."""

    inspection: Inspection

    @property
    def reports(self) -> Sequence[SettledReport]:
        """All reports, in the order of their files."""
        return self.inspection.reports

    def find(self, uid: str) -> SettledReport:
        """The report with a uid.

        Raises:
            DashgenError: there is none.
        """
        report = next((one for one in self.reports if one.spec.uid == uid), None)
        if report is None:
            names = [one.spec.uid for one in self.reports]
            hint = nearest(uid, names) or "describe it in a `kind: Report` document"
            raise DashgenError(f"there is no report `{uid}`; {hint}")
        return report

    def faults(self, reports: Sequence[SettledReport]) -> list[Diagnostic]:
        """The errors in the specs of reports; those elsewhere keep no report from being sent."""
        files = {report.document.resolved.file for report in reports}
        return [one for one in self.inspection.diagnostics if _is_error(one) and _concerns(one, files)]

    def request(self, report: SettledReport, period: Period, now: datetime, *, draws: bool) -> ReportRequest:
        """What is to be evaluated for a period.

        Args:
            report: the report.
            period: the period.
            now: the present moment.
            draws: whether charts are drawn.
        """
        uids = {chart.dashboard for section in report.sections for chart in section.charts}
        dashboards: dict[str, dict[str, Any]] = {}
        for dashboard in self.inspection.dashboards:
            if dashboard.settled.uid in uids:
                data: Any = self.inspection.json_of(dashboard)
                dashboards[dashboard.settled.uid] = data or {}
        return ReportRequest(
            report,
            period,
            now,
            dashboards,
            scrape_intervals(self.inspection),
            self.inspection.workspace.project.grafana_url,
            draws,
        )


def open_book(project: Path, environment: str | None) -> ReportBook:
    """Read the specs of a project."""
    return ReportBook(inspect_project(project, environment))


def _is_error(finding: Diagnostic) -> bool:
    return finding.severity is Severity.ERROR


def _concerns(finding: Diagnostic, files: set[str]) -> bool:
    """Whether a finding is about reports, in their files or in a component that one of them uses."""
    locations = [finding.location, *(related.location for related in finding.related)]
    in_files = any(location is not None and location.file in files for location in locations)
    return in_files or finding.rule.startswith("report/")

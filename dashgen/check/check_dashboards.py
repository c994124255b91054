"""Dashboards in the classic model, as dashgen writes them and as others do."""

from msgspec import Struct

from dashgen.check.check_names import check_length, check_uid
from dashgen.check.check_report import Path, Report, entries, text_of
from dashgen.check.check_times import check_times
from dashgen.check.dashboard_panels import check_panels, check_panels_together
from dashgen.check.dashboard_schema import LATEST
from dashgen.check.dashboard_shape import check_loosely, core_shape, is_ours
from dashgen.check.dashboard_sources import check_sources
from dashgen.check.field_values import check_field_values
from dashgen.check.inventory import Inventory
from dashgen.check.lenient_reading import lenient_shape
from dashgen.core.diagnostics import Severity
from dashgen.core.json_values import Json, mapping
from dashgen.formats.panel_tree import located_panels

MAX_TITLE = 5000
MAX_TAG = 50
# From this version on Grafana's migrations leave the fields of panels as they are (DashboardMigrator.ts).
_MIGRATED_SINCE = 37


class CheckedDashboard(Struct, frozen=True):
    """A dashboard in a file.

    ``base`` is its path there, ``ours`` whether it is checked as strictly as dashgen's own.
    """

    report: Report
    base: Path
    data: Json
    uid: str
    uid_path: Path
    ours: bool

    @property
    def title(self) -> str:
        """The title."""
        return text_of(self.data.get("title"))


def classic_dashboard(report: Report) -> CheckedDashboard:
    """The dashboard of a classic JSON file."""
    data = mapping(report.data)
    version = data.get("schemaVersion")
    ours = is_ours(data) and isinstance(version, int) and version >= LATEST
    return CheckedDashboard(report, (), data, text_of(data.get("uid")), ("uid",), ours)


def check_dashboard(dashboard: CheckedDashboard, inventory: Inventory) -> None:
    """Check one dashboard in the classic model."""
    report, base, data = dashboard.report, dashboard.base, dashboard.data
    if not isinstance(report.data, dict):
        report.error("dashboard/wrong-type", (), "a dashboard is a JSON object", "look for the right file")
        return
    check_alone(dashboard, inventory)
    check_panels_together(report, base, data, strict=dashboard.ours, is_final=_is_final(dashboard))


def _is_final(dashboard: CheckedDashboard) -> bool:
    """Whether Grafana migrates nothing of a dashboard any more."""
    return dashboard.ours or _severity(dashboard.data) is Severity.ERROR


def check_alone(dashboard: CheckedDashboard, inventory: Inventory) -> None:
    """Check the head of a dashboard and each of its panels, but not the panels together."""
    report, base, data = dashboard.report, dashboard.base, dashboard.data
    if dashboard.ours:
        core_shape().check(report, base, data)
        _check_file_name(dashboard)
    else:
        check_loosely(report, base, data)
        _check_foreign(dashboard)
        if (severity := _severity(data)) is not None:
            lenient_shape().check(report, base, data, severity)
    _check_head(dashboard)
    _check_variables(dashboard)
    severity = Severity.ERROR if dashboard.ours else Severity.WARNING
    is_final = _is_final(dashboard)
    check_times(report, base, data, Severity.ERROR if is_final else Severity.WARNING)
    check_field_values(report, base, data, severity)
    check_panels(report, base, data, strict=dashboard.ours, is_final=is_final)
    check_sources(report, base, data, inventory, strict=is_final)


def _severity(data: Json) -> Severity | None:
    """The severity of a value that Grafana cannot use.

    Nothing for versions whose migrations may repair it.
    """
    version = data.get("schemaVersion")
    if not isinstance(version, int) or version < _MIGRATED_SINCE:
        return None
    return Severity.ERROR if version >= LATEST else Severity.WARNING


def _check_file_name(dashboard: CheckedDashboard) -> None:
    name = dashboard.report.path.name
    if dashboard.uid and name and name != f"{dashboard.uid}.json":
        message = f"the file is called `{name}`, its dashboard has the uid `{dashboard.uid}`"
        hint = f"call it `{dashboard.uid}.json`"
        dashboard.report.warning("dashboard/file-name", dashboard.uid_path, message, hint)


def _check_foreign(dashboard: CheckedDashboard) -> None:
    report, base, version = dashboard.report, dashboard.base, dashboard.data.get("schemaVersion")
    if version is None or (isinstance(version, int) and version < LATEST):
        shown = "no schemaVersion" if version is None else f"schemaVersion {version}"
        where = base if version is None else (*base, "schemaVersion")
        message = (
            f"{shown}: Grafana migrates the dashboard to {LATEST} when it opens it; it was checked loosely"
        )
        report.info("dashboard/old-schema", where, message)
    elif isinstance(version, int) and version > LATEST:
        message = f"schemaVersion {version} is newer than {LATEST}, the newest of Grafana 12.4"
        hint = "export it from an older Grafana"
        report.warning("dashboard/new-schema", (*base, "schemaVersion"), message, hint)
    if not dashboard.uid:
        message = "the dashboard has no uid: Grafana makes one up, so nothing can link to it"
        report.warning("dashboard/no-uid", base, message, "add `uid`")


def _check_head(dashboard: CheckedDashboard) -> None:
    report, base, data = dashboard.report, dashboard.base, dashboard.data
    if not dashboard.title.strip():
        where = (*base, "title") if "title" in data else base
        message = "the dashboard will be missing: Dashboard title cannot be empty"
        report.error("dashboard/title", where, message, "add a title")
    check_length(report, (*base, "title"), dashboard.title, MAX_TITLE, "the title")
    check_uid(report, dashboard.uid_path, dashboard.uid, "dashboard/uid", "the dashboard")
    tags = data.get("tags")
    for index, tag in enumerate(tags if isinstance(tags, list) else []):
        check_length(report, (*base, "tags", index), tag, MAX_TAG, "the tag")


def _check_variables(dashboard: CheckedDashboard) -> None:
    report, base = dashboard.report, dashboard.base
    seen: set[str] = set()
    for index, variable in entries(mapping(dashboard.data.get("templating")).get("list")):
        name = text_of(variable.get("name"))
        if name in seen:
            where = (*base, "templating", "list", index, "name")
            message = f"the variable `{name}` is defined twice"
            report.error("dashboard/duplicate-variable", where, message, "rename one")
        seen.add(name)
    for path, panel in located_panels(dashboard.data.get("panels")):
        repeat = text_of(panel.get("repeat"))
        if repeat and repeat not in seen:
            message = f"the panel is repeated by `{repeat}`, and there is no such variable"
            hint = "name a variable of the dashboard"
            report.error("dashboard/unknown-variable", (*base, *path, "repeat"), message, hint)

"""Dashboards in Grafana's resource form, and forms that Grafana does not read from files."""

from dashgen.check.check_dashboards import CheckedDashboard
from dashgen.check.check_report import Path, Report, entries, text_of
from dashgen.check.check_v2 import check_v2, classic_form
from dashgen.check.dashboard_schema import LATEST
from dashgen.check.dashboard_shape import is_ours
from dashgen.core.diagnostics import nearest
from dashgen.core.json_values import Json, mapping

_GROUP = "dashboard.grafana.app/"
CLASSIC = ("v0alpha1", "v1beta1", "v1")
V2 = ("v2alpha1", "v2beta1", "v2")
FOLDER = "grafana.app/folder"


def resource_dashboard(report: Report) -> CheckedDashboard | None:
    """Check the envelope of a resource; its dashboard, in the classic form if it is in schema v2."""
    data = mapping(report.data)
    version = text_of(data.get("apiVersion")).removeprefix(_GROUP)
    if version not in (*CLASSIC, *V2):
        message = f"`{_GROUP}{version}` is not a version of the dashboard API"
        report.error("resource/version", ("apiVersion",), message, nearest(version, (*CLASSIC, *V2)))
        return None
    spec = _check_envelope(report, data)
    if spec is None:
        return None
    uid = text_of(mapping(data.get("metadata")).get("name"))
    if version in V2:
        ours = is_ours(spec)
        check_v2(report, spec, version, ours=ours)
        located, classic = classic_form(report, spec, uid)
        return CheckedDashboard(located, (), classic, uid, ("uid",), ours)
    for key in ("id", "uid", "version"):
        if key in spec:
            message = f"`{key}` does not belong into `spec`"
            report.warning("resource/spec", ("spec", key), message, "remove it", key=True)
    classic = {key: value for key, value in spec.items() if key not in ("id", "version")}
    ours = is_ours(spec) and spec.get("schemaVersion") == LATEST
    return CheckedDashboard(report, ("spec",), {**classic, "uid": uid}, uid, ("metadata", "name"), ours)


def _check_envelope(report: Report, data: Json) -> Json | None:
    if data.get("kind") != "Dashboard":
        where: Path = ("kind",) if "kind" in data else ()
        message = "the kind of a dashboard resource is `Dashboard`"
        report.error("resource/kind", where, message, "write `Dashboard`")
    if not text_of(mapping(data.get("metadata")).get("name")):
        where = ("metadata",) if "metadata" in data else ()
        message = "the resource has no name, which is the dashboard's uid"
        report.error("resource/name", where, message, "add `metadata.name`")
    spec = data.get("spec")
    if not isinstance(spec, dict):
        message = "the resource has no `spec`"
        report.error("resource/spec", ("spec",), message, "put the dashboard into `spec`")
        return None
    return spec


def check_bare_v2(report: Report) -> None:
    """Report a v2 dashboard without its envelope."""
    message = "a v2 dashboard without its envelope does not appear in Grafana, and no log mentions it"
    hint = f"wrap it: `apiVersion: {_GROUP}v2`, `kind: Dashboard`, `metadata` and `spec`"
    report.error("resource/bare-v2", (), message, hint)


def check_api_body(report: Report) -> None:
    """Report the body of an API request in the place of a dashboard."""
    message = "this is the body of an API request: Grafana looks for a title beside `dashboard`, not in it"
    report.error("dashboard/api-body", ("dashboard",), message, "keep only what is in `dashboard`", key=True)


def check_resource_folder(report: Report, providers: list[Report]) -> None:
    """Report a folder annotation that is not the folder of any provider of the tree."""
    folder = text_of(mapping(mapping(mapping(report.data).get("metadata")).get("annotations")).get(FOLDER))
    uids = {
        text_of(provider.get("folderUid"))
        for file in providers
        for _index, provider in entries(mapping(file.data).get("providers"))
    }
    if folder and providers and folder not in uids:
        message = (
            f"the folder annotation `{folder}` is not the `folderUid` of any provider: the file is refused"
        )
        hint = nearest(folder, uids - {""}) or "remove the annotation, or set `folderUid`"
        report.error("resource/folder", ("metadata", "annotations", FOLDER), message, hint)

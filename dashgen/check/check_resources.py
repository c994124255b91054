"""Dashboards in Grafana's resource form, and forms that Grafana does not read from files."""

from collections.abc import Iterator
from typing import Any

from dashgen.check.check_dashboards import CheckedDashboard
from dashgen.check.check_queries import check_query
from dashgen.check.check_report import Path, Report, entries, text_of
from dashgen.check.dashboard_schema import LATEST
from dashgen.check.dashboard_shape import is_ours
from dashgen.core.diagnostics import nearest
from dashgen.core.json_values import Json, mapping

_GROUP = "dashboard.grafana.app/"
CLASSIC = ("v0alpha1", "v1beta1", "v1")
V2 = ("v2alpha1", "v2beta1", "v2")
_SINCE_13 = ("v1", "v2")
_LAYOUTS = ("GridLayout", "RowsLayout", "AutoGridLayout", "TabsLayout")
FOLDER = "grafana.app/folder"


def resource_dashboard(report: Report) -> CheckedDashboard | None:
    """Check the envelope of a resource; its dashboard if that is in the classic model."""
    data = mapping(report.data)
    version = text_of(data.get("apiVersion")).removeprefix(_GROUP)
    if version not in (*CLASSIC, *V2):
        message = f"`{_GROUP}{version}` is not a version of the dashboard API"
        report.error("resource/version", ("apiVersion",), message, nearest(version, (*CLASSIC, *V2)))
        return None
    if version in _SINCE_13:
        message = f"`{version}` exists since Grafana 13: 12.4 does not read it"
        report.warning("resource/version", ("apiVersion",), message, f"write `{_GROUP}{version}beta1`")
    spec = _check_envelope(report, data)
    if spec is None:
        return None
    if version in V2:
        _check_v2(report, spec)
        return None
    for key in ("id", "uid", "version"):
        if key in spec:
            message = f"`{key}` does not belong into `spec`"
            report.warning("resource/spec", ("spec", key), message, "remove it", key=True)
    uid = text_of(mapping(data.get("metadata")).get("name"))
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


def _check_v2(report: Report, spec: Json) -> None:
    if not text_of(spec.get("title")).strip():
        report.error("dashboard/title", ("spec",), "the dashboard has no title", "add a title")
    elements, layout = mapping(spec.get("elements")), mapping(spec.get("layout"))
    if layout.get("kind") not in _LAYOUTS:
        where: Path = ("spec", "layout", "kind") if "kind" in layout else ("spec",)
        message = "the layout has none of the known kinds"
        report.error("resource/layout", where, message, nearest(text_of(layout.get("kind")), _LAYOUTS))
    _check_v2_queries(report, spec)
    shown: set[str] = set()
    for path, name in _element_references(layout, ("spec", "layout")):
        shown.add(name)
        if name not in elements:
            report.error("resource/element", path, f"there is no element `{name}`", nearest(name, elements))
    for name in elements:
        if name not in shown:
            message, where = (
                f"the element `{name}` is in no layout: it is not shown",
                ("spec", "elements", name),
            )
            report.warning("resource/element", where, message, "add it to the layout", key=True)


def _check_v2_queries(report: Report, spec: Json) -> None:
    """Check the queries of panels.

    An element is ``{"spec": {"data": {"spec": {"queries": [{"spec": {"query": {"group": "prometheus", "spec":
    {…}}}}]}}}}``.
    """
    variables = frozenset(_variable_names({"variables": spec.get("variables"), "layout": spec.get("layout")}))
    for name, element in mapping(spec.get("elements")).items():
        data = mapping(mapping(mapping(element).get("spec")).get("data"))
        queries = mapping(data.get("spec")).get("queries")
        for index, entry in entries(queries):
            query = mapping(mapping(entry.get("spec")).get("query"))
            # The data source's type is the `kind` in v2alpha1, and the `group` since v2beta1.
            kind = text_of(query.get("group")) or text_of(query.get("kind"))
            model = mapping(query.get("spec"))
            queries_path: Path = ("spec", "elements", name, "spec", "data", "spec", "queries")
            if text_of(model.get("expr") or model.get("query")).strip():
                path = (*queries_path, index, "spec", "query", "spec")
                check_query(report, path, model, kind, "panel", variables)


def _variable_names(value: Any) -> Iterator[str]:
    """The names of the variables of a dashboard and, in its layout, of its rows and tabs."""
    todo = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, dict):
            for _index, variable in entries(item.get("variables")):
                yield text_of(mapping(variable.get("spec")).get("name"))
            todo += [child for key, child in item.items() if key != "variables"]
        elif isinstance(item, list):
            todo += item


def _element_references(value: object, path: Path) -> list[tuple[Path, str]]:
    references: list[tuple[Path, str]] = []
    todo: list[tuple[Any, Path]] = [(value, path)]
    while todo:
        item, where = todo.pop()
        if isinstance(item, dict):
            if item.get("kind") == "ElementReference":
                references.append(((*where, "name"), text_of(item.get("name"))))
            todo += [(child, (*where, key)) for key, child in item.items()]
        elif isinstance(item, list):
            todo += [(child, (*where, index)) for index, child in enumerate(item)]
    return references


def check_bare_v2(report: Report) -> None:
    """Report a v2 dashboard without its envelope."""
    message = "a v2 dashboard without its envelope does not appear in Grafana, and no log mentions it"
    hint = f"wrap it: `apiVersion: {_GROUP}v2beta1`, `kind: Dashboard`, `metadata` and `spec`"
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

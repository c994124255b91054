"""The schema v2 at its three versions, which differ in where a data source, a plugin and a transformation are named.

From Grafana's source, apps/dashboard/pkg/migration/conversion: v2alpha1_to_v2beta1.go (commit 0ad2d6d1),
v2beta1_to_v2.go (5a45c339) and v2_to_v2beta1.go (170c8134). What an older version does not have is dropped, as a Go
struct drops it.
"""

from collections.abc import Callable
from copy import deepcopy

from tests.grafana.fake.classic_to_v2 import Json

_NEWER_IN_PANELS = ("subtitle",)
_NEWER_IN_OPTIONS = ("timeCompare",)


def at_version(spec: Json, version: str) -> Json:
    """The `spec` of a dashboard in the form of `v2` as one of the three versions has it."""
    shown = deepcopy(spec)
    if version == "v2":
        return shown
    _each_panel(shown, _older_panel)
    _each_layout(shown.get("layout"), lambda section: section.pop("variables", None))
    if version == "v2alpha1":
        _each_panel(shown, _oldest_panel)
        for annotation in shown.get("annotations") or []:
            _apart(annotation["spec"])
        for variable in shown.get("variables") or []:
            _oldest_variable(variable)
    return shown


def from_version(spec: Json, version: str) -> Json:
    """What one of the three versions has, in the form of `v2`."""
    shown = deepcopy(spec)
    if version == "v2":
        return shown
    if version == "v2alpha1":
        _each_panel(shown, _younger_panel)
        for annotation in shown.get("annotations") or []:
            _together(annotation["spec"])
        for variable in shown.get("variables") or []:
            _younger_variable(variable)
    _each_panel(shown, _newest_panel)
    return shown


def _each_panel(spec: Json, change: Callable[[Json], object]) -> None:
    for element in (spec.get("elements") or {}).values():
        if element.get("kind") == "Panel":
            change(element["spec"])


def _each_layout(layout: Json | None, change: Callable[[Json], object]) -> None:
    inner = (layout or {}).get("spec") or {}
    for section in (*(inner.get("rows") or []), *(inner.get("tabs") or [])):
        change(section["spec"])
        _each_layout(section["spec"].get("layout"), change)


def _older_panel(panel: Json) -> None:
    data = panel["data"]["spec"]
    data["transformations"] = [
        {"kind": one["group"], "spec": {"id": one["group"], **one["spec"]}}
        for one in data.get("transformations") or []
    ]
    for key in _NEWER_IN_PANELS:
        panel.pop(key, None)
    for key in _NEWER_IN_OPTIONS:
        (data.get("queryOptions") or {}).pop(key, None)


def _newest_panel(panel: Json) -> None:
    data = panel["data"]["spec"]
    data["transformations"] = [
        {
            "kind": "Transformation",
            "group": one["kind"],
            "spec": {k: v for k, v in one["spec"].items() if k != "id"},
        }
        for one in data.get("transformations") or []
    ]


def _oldest_panel(panel: Json) -> None:
    looks = panel["vizConfig"]
    panel["vizConfig"] = {
        "kind": looks["group"],
        "spec": {"pluginVersion": looks.get("version", ""), **looks["spec"]},
    }
    for query in panel["data"]["spec"].get("queries") or []:
        _apart(query["spec"])


def _younger_panel(panel: Json) -> None:
    looks = panel["vizConfig"]
    rest = {key: value for key, value in looks["spec"].items() if key != "pluginVersion"}
    version = looks["spec"].get("pluginVersion", "")
    panel["vizConfig"] = {"kind": "VizConfig", "group": looks["kind"], "version": version, "spec": rest}
    for query in panel["data"]["spec"].get("queries") or []:
        _together(query["spec"])


def _apart(spec: Json) -> None:
    """A query with its data source beside it."""
    query = spec.get("query") or {}
    name = (query.get("datasource") or {}).get("name")
    spec["query"] = {"kind": query.get("group", ""), "spec": query.get("spec") or {}}
    if name:
        spec["datasource"] = {"type": query.get("group", ""), "uid": name}


def _together(spec: Json) -> None:
    query, source = spec.get("query") or {}, spec.pop("datasource", None) or {}
    named = {"datasource": {"name": source["uid"]}} if source.get("uid") else {}
    group = source.get("type") or query.get("kind", "")
    spec["query"] = {
        "kind": "DataQuery",
        "group": group,
        "version": "v0",
        **named,
        "spec": query.get("spec") or {},
    }


def _oldest_variable(variable: Json) -> None:
    if variable["kind"] == "QueryVariable":
        _apart(variable["spec"])
    elif variable["kind"] in ("AdhocVariable", "GroupByVariable"):
        name = (variable.pop("datasource", None) or {}).get("name")
        type_ = variable.pop("group", "")
        if name:
            variable["spec"]["datasource"] = {"type": type_, "uid": name}


def _younger_variable(variable: Json) -> None:
    if variable["kind"] == "QueryVariable":
        _together(variable["spec"])
    elif variable["kind"] in ("AdhocVariable", "GroupByVariable"):
        source = variable["spec"].pop("datasource", None) or {}
        variable["group"] = source.get("type", "")
        if source.get("uid"):
            variable["datasource"] = {"name": source["uid"]}

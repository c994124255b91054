"""Resources of Grizzly (`grr pull`) in the forms that the importer reads.

Each file has an envelope, ``{apiVersion: grizzly.grafana.com/v1alpha1, kind, metadata, spec}``, around
what an API of Grafana or Mimir answers. Source: the handlers in pkg/grafana and pkg/mimir of
grafana/grizzly (2025).
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec.structs import replace

from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.json_values import Json, mapping, text
from dashgen.importer.exported_inputs import ImportInput

_GROUP: Final = "grizzly.grafana.com/"
_ROOT: Final = ("", "general")
_READ_AS_IT_IS: Final = ("Dashboard", "AlertRuleGroup")
_ELSEWHERE: Final = {
    "Datasource": "write it in a document of kind `DataSources`",
    "DashboardFolder": "write a document of kind `Folder`",
    "LibraryElement": "dashboards get the models of library panels when they are imported from a Grafana",
    "SyntheticMonitoringCheck": "keep it where it is: dashgen has no such checks",
}
"""The kinds that nothing is made of, and what to do instead."""


def opened_resource(source: ImportInput) -> ImportInput | Diagnostic:
    """A resource of Grizzly without its envelope, or why it cannot be imported; any other input as it is."""
    data = mapping(source.data)
    if not text(data.get("apiVersion")).startswith(_GROUP):
        return source
    kind, spec = text(data.get("kind")), mapping(data.get("spec"))
    if kind in _READ_AS_IT_IS:
        return source if kind == "Dashboard" else replace(source, data=spec)
    if kind in _FORMS:
        return replace(source, data=_FORMS[kind](spec))
    hint = _ELSEWHERE.get(kind, f"what can be imported are {', '.join((*_READ_AS_IT_IS, *_FORMS))}")
    return Diagnostic("import/kind", f"a `{kind}` of Grizzly is not imported", Location(source.name), hint)


def folder_of_resource(data: Any) -> str:
    """The uid of the folder that a dashboard of Grizzly is in; empty at the root and for other inputs."""
    document = mapping(data)
    if not text(document.get("apiVersion")).startswith(_GROUP):
        return ""
    folder = text(mapping(document.get("metadata")).get("folder"))
    return "" if folder in _ROOT else folder


def _rule_file(spec: Json) -> Json:
    return {"groups": [spec]}


def _contact_point(spec: Json) -> Json:
    receiver = {key: value for key, value in spec.items() if key not in ("name", "provenance")}
    return {"contactPoints": [{"orgId": 1, "name": spec.get("name"), "receivers": [receiver]}]}


def _policies(spec: Json) -> Json:
    return {"policies": [{"orgId": 1, **{key: part for key, part in spec.items() if key != "provenance"}}]}


def _template(spec: Json) -> Json:
    return {"templates": [{"orgId": 1, "name": spec.get("name"), "template": spec.get("template")}]}


_FORMS: Final[Mapping[str, Callable[[Json], Json]]] = {
    "PrometheusRuleGroup": _rule_file,
    "AlertContactPoint": _contact_point,
    "AlertNotificationPolicy": _policies,
    "AlertNotificationTemplate": _template,
}

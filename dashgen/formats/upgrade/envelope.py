"""Find the dashboard in a file: without its envelope, with the constants of its export filled in."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.formats.dashboard_envelope import OpenedDashboard, is_in_folder, open_dashboard
from dashgen.formats.upgrade.library_panels import models_of, with_models
from dashgen.formats.v2 import DashboardNote, extended_dashboard, is_v2
from dashgen.formats.v2.export_labels import label_notes
from dashgen.source.spec_text import printable

_INPUT = lazy_pattern(r"\$\{([\w-]+)\}")
_MOST_LEVELS = 60


class NotADashboardError(ValueError):
    """The data is not a dashboard that can be imported: the message says why, the hint what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class SourceDashboard(Struct, frozen=True):
    """A dashboard of any version in the classic form, before its upgrade.

    Attributes:
        dashboard: its classic JSON.
        folder: the title of its folder, if its envelope has one.
        inputs: the plugin types of the data sources that it was exported with, by the name of the input.
        notes: what became of parts that the classic form has no place for.
    """

    dashboard: Json
    folder: str | None = None
    inputs: dict[str, str] = {}
    notes: tuple[DashboardNote, ...] = ()


def find_dashboard(data: Any) -> SourceDashboard:
    """Find the dashboard in an export, in an answer of Grafana's API, or in a Kubernetes-style resource.

    Before: ``{"__inputs": [{"name": "DS_PROM", "type": "datasource", "pluginId": "prometheus"}],
    "panels": […]}``
    After: the dashboard and ``inputs={"DS_PROM": "prometheus"}``

    Raises:
        NotADashboardError: there is none, or one of a form that is not read.
    """
    if not isinstance(data, dict):
        raise NotADashboardError("it is not a dashboard", "export the dashboard as JSON")
    if is_too_deep(data):
        raise NotADashboardError("it is nested too deeply to be a dashboard")
    # Control characters cannot be written to YAML, so they go before anything reads the texts.
    data = printable(data)
    opened = open_dashboard(data)
    # An export keeps the models of library panels beside the dashboard, which is inside the envelope of
    # the API.
    models = models_of(mapping(data.get("dashboard")) or data)
    data, notes = _classic(opened)
    data, inlined = with_models(data, models)
    notes = (*notes, *inlined, *_stored(text(opened.meta.get("storedAs"))))
    if not isinstance(data.get("panels"), list) and not isinstance(data.get("rows"), list):
        _explain(data)
    inputs = {text(item.get("name")): item for item in mappings(data.get("__inputs"))}
    constants = {name: item.get("value") for name, item in inputs.items() if item.get("type") == "constant"}
    sources = {
        name: text(item.get("pluginId")) for name, item in inputs.items() if item.get("type") == "datasource"
    }
    if constants:
        data = _with_constants(data, constants)
    folder = text(opened.meta.get("folderTitle")) if is_in_folder(opened.meta) else ""
    return SourceDashboard(data, folder or None, sources, notes)


def is_too_deep(data: object) -> bool:
    """Whether data is nested deeper than anything that Grafana holds."""
    # Level by level instead of by recursion: the data may be deeper than Python's stack.
    level: list[object] = [data]
    for _ in range(_MOST_LEVELS):
        inner: list[object] = []
        for part in level:
            inner += part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
        level = inner
    return bool(level)


def _classic(opened: OpenedDashboard) -> tuple[Json, tuple[DashboardNote, ...]]:
    if is_v2(opened.data):
        extended = extended_dashboard(opened.data, opened.uid)
        return extended.dashboard, (*extended.notes, *label_notes(opened.data))
    return {"uid": opened.uid, **opened.data} if opened.uid else opened.data, ()


def _stored(version: str) -> tuple[DashboardNote, ...]:
    what = f"it is stored in the new schema ({version}), and read as Grafana converts it to the classic form"
    return (("converted", what),) if version else ()


def _explain(data: Json) -> None:
    if "title" in data and "templating" in data:
        return  # a dashboard without panels
    hint = "export the dashboard as JSON"
    if "type" in data and "gridPos" in data:
        raise NotADashboardError("it is a single panel, not a dashboard", hint)
    raise NotADashboardError("it is not a dashboard: it has neither panels nor rows", hint)


def _with_constants(value: object, constants: Mapping[str, Any]) -> Any:
    """The value with the constants of an export in place of ``${VAR_NAME}``, as Grafana imports it."""
    if isinstance(value, dict):
        return {key: _with_constants(part, constants) for key, part in value.items()}
    if isinstance(value, list):
        return [_with_constants(part, constants) for part in value]
    if not isinstance(value, str) or "${" not in value:
        return value
    return _INPUT.sub(lambda m: str(constants.get(m[1], m[0])), value)

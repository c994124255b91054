"""The dashboard inside a file: without the envelope it came in, with the constants it was exported with."""

import re
from dataclasses import dataclass, field
from typing import Any

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.formats.dashboard_envelope import OpenedDashboard, is_in_folder, open_dashboard
from dashgen.formats.upgrade.library_panels import models_of, with_models
from dashgen.formats.upgrade.v2_dashboard import UpgradeNote, classic_dashboard, is_v2
from dashgen.source.spec_text import printable

_INPUT = re.compile(r"\$\{(DS_[\w-]+|VAR_[\w-]+|[\w-]+)\}")
_MOST_LEVELS = 60


class NotADashboardError(ValueError):
    """The data is not a dashboard that can be imported; the message has the reason, the hint what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class SourceDashboard:
    """A dashboard as it was found.

    Attributes:
        dashboard: its classic JSON.
        folder: the title of its folder, where the envelope says it.
        inputs: the plugin types of the data sources that it was exported with, by the name of the input.
        notes: what became of parts that the classic form has no place for.
    """

    dashboard: Json
    folder: str | None = None
    inputs: dict[str, str] = field(default_factory=dict)
    notes: tuple[UpgradeNote, ...] = ()


def find_dashboard(data: Any) -> SourceDashboard:
    """The dashboard in an export, in an answer of Grafana's API, or in an envelope.

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
        data = _filled(data, constants)
    folder = text(opened.meta.get("folderTitle")) if is_in_folder(opened.meta) else ""
    return SourceDashboard(data, folder or None, sources, notes)


def is_too_deep(data: Any) -> bool:
    """Whether data is nested deeper than anything that Grafana holds."""
    return _depth(data) > _MOST_LEVELS


def _depth(data: Any) -> int:
    level, parts = 0, [data]
    while parts and level <= _MOST_LEVELS:
        inner: list[Any] = []
        for part in parts:
            inner += part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
        parts, level = inner, level + 1
    return level


def _classic(opened: OpenedDashboard) -> tuple[Json, tuple[UpgradeNote, ...]]:
    if is_v2(opened.data):
        converted = classic_dashboard(opened.data, opened.uid)
        return converted.dashboard, tuple(converted.notes)
    return {"uid": opened.uid, **opened.data} if opened.uid else opened.data, ()


def _stored(version: str) -> tuple[UpgradeNote, ...]:
    what = f"it is stored in the new schema ({version}), and read as Grafana itself converts it to the classic form"
    return (("converted", what),) if version else ()


def _explain(data: Json) -> None:
    if "title" in data and "templating" in data:
        return  # a dashboard without panels
    hint = "export the dashboard as JSON"
    if "type" in data and "gridPos" in data:
        raise NotADashboardError("it is a single panel, not a dashboard", hint)
    raise NotADashboardError("it is not a dashboard: it has neither panels nor rows", hint)


def _filled(value: Any, constants: Json) -> Any:
    if isinstance(value, dict):
        return {key: _filled(part, constants) for key, part in value.items()}
    if isinstance(value, list):
        return [_filled(part, constants) for part in value]
    if not isinstance(value, str) or "${" not in value:
        return value
    return _INPUT.sub(lambda m: str(constants[m[1]]) if m[1] in constants else m[0], value)

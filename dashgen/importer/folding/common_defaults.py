"""Move what the panels of a dashboard have in common to its ``defaults``."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from dashgen.compile.lower.panels import panel_types
from dashgen.compile.lower.panels.plugin import PluginPanel
from dashgen.core.json_values import Json
from dashgen.importer.folding.panel_shapes import exact
from dashgen.importer.key_probes import is_decided_by_raw
from dashgen.model.base import fields_of
from dashgen.model.panel_spec import Panel
from dashgen.model.parse import DEFAULT_PANEL_TYPE
from dashgen.model.project_file import Defaults

_OWN = frozenset(
    {"at", "columns", "content", "description", "key", "name", "queries", "query", "repeat", "title", "type"}
    | {"uid"}
)
"""Keys that are a panel's own, even when all panels have the same value."""
# These belong to the single `query` of a panel; one with `queries` has them there.
_OF_ONE_QUERY = frozenset({"legend", "exemplars"})
_LEAST = 3
_LEAST_SAVED = 4
_LIBRARY = "library"


def common_defaults(lists: Sequence[list[Json]], project: Defaults) -> Json:
    """Take what panels have in common out of them.

    Before: ``[{"title": "A", "unit": "s"}, {"title": "B", "unit": "s"}, {"title": "C", "unit": "s"}]``
    After: ``[{"title": "A"}, {"title": "B"}, {"title": "C"}]``, ``{"panels": {"timeseries": {"unit": "s"}}}``

    Args:
        lists: the panels; changed.
        project: the project's defaults of panels.

    Returns:
        The dashboard's ``defaults``; empty when they would save too little.
    """
    by_kind: dict[str, list[Json]] = {}
    for panel in (panel for panels in lists for panel in panels):
        by_kind.setdefault(panel.get("type", DEFAULT_PANEL_TYPE), []).append(panel)
    # A library panel has a title and a uid of its own, and nothing else.
    by_kind.pop(_LIBRARY, None)
    common = {kind: _common_keys(kind, panels, project) for kind, panels in by_kind.items()}
    saved = sum(count for shared_keys in common.values() for _, _, count in shared_keys)
    if saved < _LEAST_SAVED:
        return {}
    of_kind: dict[str, Json] = {}
    for kind, shared_keys in common.items():
        for key, value, _ in shared_keys:
            of_kind.setdefault(kind, {})[key] = value
        for panel in by_kind[kind]:
            _remove_defaults(panel, kind, of_kind.get(kind, {}), project)
    return _sorted(of_kind, set(by_kind))


def _common_keys(kind: str, panels: list[Json], project: Defaults) -> list[tuple[str, Any, int]]:
    """The keys with the value that most panels of a type have, and how many lines each saves."""
    if len(panels) < _LEAST:
        return []
    names = dict.fromkeys(key for panel in panels for key in panel if key not in _OWN)
    common = []
    for key in names:
        if key == "raw":
            value, count = _common_raw(panels), len(panels)
        else:
            value, count = _commonest_value(key, panels, _default_of(kind, key, project))
        if count >= _LEAST and value not in (None, {}):
            common.append((key, value, count - 1))
    return common


def _commonest_value(name: str, panels: list[Json], default: object) -> tuple[Any, int]:
    """The commonest value of a key, and how many lines it saves as a default."""
    able = [panel for panel in panels if name not in _OF_ONE_QUERY or "query" in panel]
    values = {exact(panel[name]): panel[name] for panel in able if name in panel}
    counts = Counter(exact(panel[name]) for panel in able if name in panel)
    lacking = sum(name not in panel for panel in able)
    # Each panel that lacks the key has to undo the default in a line of its own.
    key, count = counts.most_common(1)[0] if counts else ("", 0)
    if not count or (lacking and (default is None or lacking * 3 > count)):
        return None, 0
    return values[key], count - lacking


def _common_raw(panels: list[Json]) -> Json:
    """The values that are in the ``raw:`` of all panels."""
    common: Any = panels[0].get("raw", {})
    for panel in panels[1:]:
        common = _intersection(common, panel.get("raw", {}))
    return dict(common)


def _intersection(first: Json, second: Json) -> Json:
    common: Json = {}
    for key, value in first.items():
        other = second.get(key)
        if isinstance(value, dict) and isinstance(other, dict):
            if inner := _intersection(value, other):
                common[key] = inner
        elif key in second and exact(value) == exact(other):
            common[key] = value
    return common


def _remove_defaults(panel: Json, kind: str, defaults: Json, project: Defaults) -> None:
    """Leave out what the defaults have, and undo those that a panel must not have."""
    for key, value in defaults.items():
        if key == "raw":
            rest = _difference(panel["raw"], value)
            panel.pop("raw")
            if rest:
                panel["raw"] = rest
        elif key not in panel:
            cls = panel_types().get(kind, PluginPanel)
            is_read = key not in _OF_ONE_QUERY or "query" in panel
            if is_read and not is_decided_by_raw(cls, key, panel.get("raw", {})):
                panel[key] = _default_of(kind, key, project)
        elif exact(panel[key]) == exact(value):
            del panel[key]


def _difference(raw: Json, common: Json) -> Json:
    rest: Json = {}
    for key, value in raw.items():
        if key not in common:
            rest[key] = value
        elif (
            isinstance(value, dict)
            and isinstance(common[key], dict)
            and (inner := _difference(value, common[key]))
        ):
            rest[key] = inner
    return rest


def _default_of(kind: str, key: str, project: Defaults) -> Any:
    """The value that a panel has without a key; nothing when no value of the key is the same."""
    for defaults in (project.panels.get(kind, {}), project.panel):
        if key in defaults:
            return defaults[key]
    cls = panel_types().get(kind, PluginPanel)
    default = next((f.default for f in fields_of(cls) if f.encode_name == key), None)
    return default if isinstance(default, str | int | float) and default != "" else None


def _sorted(of_kind: dict[str, Json], kinds: set[str]) -> Json:
    """The defaults, with those that all types share once under ``panel``."""
    shared = dict(_shared(of_kind)) if len(kinds) > 1 and set(of_kind) == kinds else {}
    rest = {
        kind: {key: value for key, value in keys.items() if key not in shared}
        for kind, keys in of_kind.items()
    }
    panels = {kind: keys for kind, keys in rest.items() if keys}
    return {**({"panel": shared} if shared else {}), **({"panels": panels} if panels else {})}


def _shared(of_kind: dict[str, Json]) -> Iterator[tuple[str, Any]]:
    every = list(of_kind.values())
    general = {f.encode_name for f in fields_of(Panel)}
    for key, value in every[0].items():
        if key in general and all(key in keys and exact(keys[key]) == exact(value) for keys in every):
            yield key, value

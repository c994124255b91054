"""The normal form of a panel."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from dashgen.core.json_values import Json, mapping, mappings, scalar_text
from dashgen.formats.normal import ignored_defaults
from dashgen.formats.normal.grid_packing import place_of
from dashgen.formats.normal.normal_dynamic import normal_dynamic
from dashgen.formats.normal.normal_shape import FIELD_SHAPES, PANEL, shaped
from dashgen.formats.normal.normal_targets import normal_targets
from dashgen.formats.normal.plain_values import without, without_defaults, without_empty
from dashgen.formats.panel_options import CUSTOM, CUSTOM_OF_ANY

_ROW_KEYS = ("id", "type", "title", "collapsed", "repeat", "gridPos")
_REPETITION = ("repeat", "repeatDirection", "maxPerRow")
# Older dashboards have more about links of panels, which Grafana does not read; schema v2 has these only.
_LINK_KEYS = ("title", "url", "targetBlank")


def normal_panel(panel: Json) -> Json:
    """A panel without defaults, nulls and what the server adds; its place is always written out."""
    panel = shaped(panel, PANEL)
    kind = scalar_text(panel.get("type"))
    grid_pos = place_of(panel)
    # A row draws its title only; targets and options that it has are left from another type.
    if kind == "row":
        row = without_empty({key: panel[key] for key in _ROW_KEYS if key in panel})
        return {**without_defaults(row, ignored_defaults.PANEL), **_dynamic(panel), "gridPos": grid_pos}
    # Grafana fills a library panel with its model when it loads a dashboard, and drops it when it saves one.
    library = mapping(panel.get("libraryPanel"))
    if library.get("uid"):
        shown = {key: panel[key] for key in ("id", "title", *_repetition(panel)) if panel.get(key)}
        shown = without_defaults(shown, ignored_defaults.PANEL)
        reference = {"libraryPanel": {"uid": library["uid"]}, **_dynamic(panel)}
        return {**shown, **reference, "gridPos": grid_pos}
    normal = without(panel, ignored_defaults.DROPPED_FROM_PANEL)
    normal["targets"], normal["datasource"] = normal_targets(panel.get("targets"), panel.get("datasource"))
    normal["links"] = [normal_link(_panel_link(link)) for link in mappings(panel.get("links"))]
    normal["fieldConfig"] = _field_config(mapping(panel.get("fieldConfig")), kind)
    options = ignored_defaults.OPTIONS.get(kind, {})
    normal["options"] = without_defaults(mapping(without_empty(panel.get("options"))), options)
    normal["transformations"] = [_transformation(item) for item in mappings(panel.get("transformations"))]
    normal["dynamic"] = normal_dynamic(mapping(panel.get("dynamic")))
    normal = without(normal, frozenset(_REPETITION).difference(_repetition(panel)))
    normal_form: Json = without_empty(without_defaults(normal, ignored_defaults.PANEL))
    return {**normal_form, "gridPos": grid_pos}


def _repetition(panel: Json) -> tuple[str, ...]:
    """The keys that say how a panel is repeated; without a variable the others mean nothing."""
    return _REPETITION if panel.get("repeat") else ()


def _panel_link(link: Json) -> Json:
    return {key: link[key] for key in _LINK_KEYS if key in link}


def _dynamic(panel: Json) -> Json:
    dynamic = normal_dynamic(mapping(panel.get("dynamic")))
    return {"dynamic": dynamic} if dynamic else {}


def normal_link(link: Mapping[str, Any]) -> Json:
    """A link of a dashboard, a panel or a field."""
    normal_form: Json = without_empty(without_defaults(link, ignored_defaults.LINK))
    return normal_form


def _field_config(config: Json, kind: str) -> Json:
    fields = mapping(without_empty(config.get("defaults")))
    fields |= {key: normal(fields[key]) for key, normal in _FIELD_OPTIONS.items() if key in fields}
    custom_defaults = {**CUSTOM_OF_ANY, **CUSTOM.get(kind, {})}
    fields["custom"] = without_defaults(mapping(fields.get("custom")), custom_defaults)
    overrides = [_override(item) for item in mappings(config.get("overrides"))]
    return {**config, "defaults": fields, "overrides": [item for item in overrides if item.get("properties")]}


def _override(override: Mapping[str, Any]) -> Json:
    properties = [_property(item) for item in mappings(override.get("properties"))]
    # No property is set twice by an editor, so the order of the properties means nothing.
    properties.sort(key=lambda item: str(item.get("id")))
    normal_form: Json = without_empty({**override, "properties": properties})
    return normal_form


def _property(item: Json) -> Json:
    """A property whose value has the shape of the field option that it names."""
    name = scalar_text(item.get("id"))
    shape = FIELD_SHAPES.get(name)
    if shape is None:
        return item
    value = shaped(item.get("value"), shape)
    return {**item, "value": _FIELD_OPTIONS[name](value) if value and name in _FIELD_OPTIONS else value}


def _thresholds(thresholds: Any) -> Json:
    """Thresholds without a zero in the first step, which Grafana takes as minus infinity whatever it is.

    Converters to schema v2 wrote it while the schema had no null there. Source: ``ThresholdsConfig`` in
    ``kinds/dashboard/dashboard_kind.cue``.
    """
    normal = without_defaults(thresholds, {"mode": "absolute"})
    steps = mappings(normal.get("steps"))
    if steps and not steps[0].get("value") and "valueExpr" not in steps[0]:
        normal["steps"] = [without(steps[0], frozenset(("value",))), *steps[1:]]
    return normal


def _links(links: Any) -> list[Json]:
    return [normal_link(link) for link in mappings(links)]


_FIELD_OPTIONS: Final[dict[str, Callable[[Any], Any]]] = {"thresholds": _thresholds, "links": _links}


def _transformation(item: Mapping[str, Any]) -> Json:
    normal_form: Json = without_empty(without_defaults(item, {"disabled": False}))
    return normal_form

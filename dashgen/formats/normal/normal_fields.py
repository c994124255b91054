"""The normal form of the field options of a panel: of all fields, and of those that an override names."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from dashgen.core.json_values import Json, mapping, mappings, scalar_text
from dashgen.formats.normal import ignored_defaults
from dashgen.formats.normal.normal_shape import FIELD_SHAPES, shaped
from dashgen.formats.normal.plain_values import without, without_defaults, without_empty
from dashgen.formats.panel_options import CUSTOM, CUSTOM_OF_ANY
from dashgen.formats.upgrade.upgrade_fields import read_color, today_mappings


def normal_field_config(config: Json, kind: str) -> Json:
    """The field options of a panel without defaults and what its type does not read.

    Args:
        config: the panel's ``fieldConfig``.
        kind: the panel's type.
    """
    fields = mapping(without_empty(config.get("defaults")))
    fields |= {key: normal(fields[key]) for key, normal in _FIELD_OPTIONS.items() if key in fields}
    custom_defaults = {**CUSTOM_OF_ANY, **_SOLID, **CUSTOM.get(kind, {})}
    fields["custom"] = without_defaults(mapping(fields.get("custom")), custom_defaults)
    overrides = [_override(item) for item in mappings(config.get("overrides"))]
    return {**config, "defaults": fields, "overrides": [item for item in overrides if item.get("properties")]}


_SOLID: Final[Json] = {"lineStyle": {"fill": "solid"}}
"""The line that is drawn anyway, in every type that draws one; bar charts keep it from their time as graphs."""


def normal_link(link: Mapping[str, Any]) -> Json:
    """A link of a dashboard, a panel or a field."""
    normal_form: Json = without_empty(without_defaults(link, ignored_defaults.LINK))
    return normal_form


def _override(override: Mapping[str, Any]) -> Json:
    properties = [_property(item) for item in mappings(override.get("properties"))]
    # No property is set twice by an editor, so the order of the properties means nothing.
    properties.sort(key=lambda item: str(item.get("id")))
    normal_form: Json = without_empty({**override, "properties": properties})
    return normal_form


def _property(item: Json) -> Json:
    """A property whose value has the shape of the field option that it names."""
    name = scalar_text(item.get("id"))
    # A property without a value takes the option away, and cells are aligned by what is in them then.
    if name == "custom.align" and item.get("value") is None:
        return {**item, "value": "auto"}
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


_FIELD_OPTIONS: Final[dict[str, Callable[[Any], Any]]] = {
    "thresholds": _thresholds,
    "links": _links,
    "mappings": today_mappings,
    "color": lambda color: read_color(mapping(color)),
}

"""Overrides: other field options for some series or columns."""

from collections.abc import Iterator, Mapping
from typing import Any

from dashgen.compile.lower import lower_fields
from dashgen.compile.lower.lower_links import LinkScope, data_links
from dashgen.compile.lower.panel_keys import FieldKeys
from dashgen.compile.settle.settle_thresholds import ThresholdText, settle_thresholds
from dashgen.core.json_values import Json
from dashgen.model.panel_spec import FieldOptions, Override

MATCHERS = {"name": "byName", "regex": "byRegexp", "type": "byType", "query": "byFrameRefID"}


def thresholds(spec_thresholds: Mapping[str, ThresholdText]) -> Json:
    """Thresholds as today's JSON: the base step has no value."""
    settled = settle_thresholds(spec_thresholds)
    return {
        "mode": "percentage" if settled.percentage else "absolute",
        "steps": [lower_fields.threshold_step(step) for step in settled.steps],
    }


def field_properties(options: FieldOptions, scope: LinkScope) -> list[Json]:
    """The properties that field options set."""
    properties: list[tuple[str, Any]] = [
        ("displayName", options.display_name),
        ("unit", options.unit),
        ("decimals", None if options.decimals == "auto" else options.decimals),
        ("min", options.min),
        ("max", options.max),
        ("noValue", options.no_value),
        ("color", None if options.color is None else lower_fields.color(options.color)),
        ("thresholds", None if options.thresholds is None else thresholds(options.thresholds)),
        ("mappings", lower_fields.mappings(options.mappings) or None),
        ("links", data_links(options.links, scope) or None),
    ]
    return [{"id": name, "value": value} for name, value in properties if value is not None]


def matcher(override: Override) -> Json:
    """Which fields an override is for."""
    for key, kind in MATCHERS.items():
        value = getattr(override, key)
        if value is not None:
            return {"id": kind, "options": value}
    if override.matcher:
        kind, options = next(iter(override.matcher.items()))
        return {"id": kind, "options": options}
    return {"id": "byName", "options": ""}


def _properties(override: Override, field_keys: FieldKeys, scope: LinkScope) -> Iterator[Json]:
    yield from field_properties(override, scope)
    for name, value in override.custom.items():
        key = field_keys.get(name)
        if key is not None:
            yield {"id": f"custom.{key.property}", "value": key.convert(value)}
    for name, value in override.properties.items():
        yield {"id": name, "value": value}


def overrides(spec_overrides: list[Override], field_keys: FieldKeys, scope: LinkScope) -> list[Json]:
    """Overrides as Grafana's JSON, in the order in which they are written."""
    return [
        {"matcher": matcher(o), "properties": list(_properties(o, field_keys, scope))} for o in spec_overrides
    ]

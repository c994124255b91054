"""Find the keys for overrides of fields, and for the columns of tables."""

from typing import Any

import msgspec

from dashgen.compile.lower.lower_links import LinkScope
from dashgen.compile.lower.lower_overrides import MATCHERS
from dashgen.compile.lower.lower_overrides import overrides as lowered_overrides
from dashgen.compile.lower.panel_type import PanelType
from dashgen.core.json_values import ABSENT, Json, mapping, mappings, same, text
from dashgen.importer.import_fields import READERS, links
from dashgen.model.base import fields_of
from dashgen.model.panel_spec import Override

_MATCHERS = {kind: word for word, kind in MATCHERS.items()}
_PLAIN = {
    "displayName": "display_name", "unit": "unit", "decimals": "decimals", "min": "min", "max": "max",
    "noValue": "no_value",
}  # fmt: skip
_CUSTOM = "custom."


def overrides(value: object, cls: type[PanelType], scope: LinkScope) -> Any:
    """Overrides in the keys of a panel type, or `ABSENT` when one of them has no keys."""
    spec_overrides = []
    for item in mappings(value):
        keys = _override(item, cls, scope)
        if keys is None:
            return ABSENT
        spec_overrides.append(keys)
    return spec_overrides


def _override(item: Json, cls: type[PanelType], scope: LinkScope) -> Json | None:
    """The shortest keys that build to an override, else its properties as they are.

    Before: ``{"matcher": {"id": "byName", "options": "cost"}, "properties": [{"id": "unit", "value": "s"}]}``
    After: ``{"name": "cost", "unit": "s"}``
    """
    base = _matcher_keys(mapping(item.get("matcher")))
    if base is None or set(item) - {"matcher", "properties"}:
        return None
    short = {**base, **_property_keys(mappings(item.get("properties")), cls, scope)}
    plain = {**base, "properties": {p["id"]: p.get("value") for p in mappings(item.get("properties"))}}
    return next((keys for keys in (short, plain) if _is_same_override(keys, item, cls, scope)), None)


def _matcher_keys(matcher: Json) -> Json | None:
    """The key for the fields of an override, or Grafana's matcher as it is."""
    kind, options = text(matcher.get("id")), matcher.get("options")
    if not kind or set(matcher) - {"id", "options"} or "options" not in matcher:
        return None
    if kind in _MATCHERS and isinstance(options, str):
        return {_MATCHERS[kind]: options}
    return {"matcher": {kind: options}}


def _is_same_override(keys: Json, item: Json, cls: type[PanelType], scope: LinkScope) -> bool:
    """Whether keys build to an override, whose properties may come in any order."""
    try:
        lowered = lowered_overrides([msgspec.convert(keys, Override)], cls.field_keys, scope)[0]
    except (msgspec.ValidationError, TypeError, ValueError):
        return False
    return same(_ordered(lowered), _ordered(item))


def _ordered(item: Json) -> Json:
    properties = sorted(mappings(item.get("properties")), key=lambda p: str(p.get("id")))
    return {**item, "properties": properties}


def same_overrides(first: object, second: object) -> bool:
    """Whether two lists of overrides set the same properties."""
    return same([_ordered(i) for i in mappings(first)], [_ordered(i) for i in mappings(second)])


def _property_keys(properties: list[Json], cls: type[PanelType], scope: LinkScope) -> Json:
    keys: Json = {}
    custom: Json = {}
    others: Json = {}
    for item in properties:
        name, value = text(item.get("id")), item.get("value")
        if name in _PLAIN and value not in (None, ""):
            keys[_PLAIN[name]] = value
        elif name in READERS and (read := READERS[name](value)) is not ABSENT:
            keys[name] = read
        elif name == "links" and (aims := links(value, scope)) is not ABSENT:
            keys["links"] = aims
        elif name.startswith(_CUSTOM) and (short := _custom(name, value, cls)):
            custom[short[0]] = short[1]
        else:
            others[name] = value
    if custom:
        keys["custom"] = custom
    if others:
        keys["properties"] = others
    return keys


def _custom(name: str, value: object, cls: type[PanelType]) -> tuple[str, Any] | None:
    """The key of a panel type for a property of its own, and the key's value."""
    for key, option in cls.field_keys.items():
        if _CUSTOM + option.property == name and (key_value := _value(key, value, cls)) is not ABSENT:
            return key, key_value
    return None


def _value(key: str, goal: object, cls: type[PanelType]) -> Any:
    """The value of a key that converts to a property's, found by trying: nothing inverts the conversions."""
    kind = _type_of(cls.field_keys_of or cls, key)
    candidates = [*_listed(kind), goal]
    if isinstance(goal, dict):
        candidates += goal.values()
        if goal and all(isinstance(part, bool) for part in goal.values()):
            # A mapping of switches may be a list of the names that are on.
            candidates.append([name for name, on in goal.items() if on])
    for candidate in candidates:
        try:
            value = msgspec.convert(candidate, kind)
            if same(cls.field_keys[key].convert(value), goal):
                return value
        except (msgspec.ValidationError, TypeError, ValueError, KeyError, AttributeError):
            continue  # a candidate of another type than the key takes
    return ABSENT


def _listed(kind: object) -> list[Any]:
    schema = msgspec.json.schema(kind)
    choices = list(schema.get("enum", []))
    for part in schema.get("anyOf", []):
        choices += part.get("enum", [])
    return choices


def _type_of(cls: type[msgspec.Struct], name: str) -> Any:
    return next((f.type for f in fields_of(cls) if f.name == name), Any)


def columns(value: object, cls: type[PanelType], scope: LinkScope) -> tuple[Json, list[Json]]:
    """The ``columns`` of a table from the overrides that it starts with, and the other overrides."""
    items = mappings(value)
    if cls.field_keys_of is None:
        return {}, items
    columns_by_name: Json = {}
    for number, item in enumerate(items):
        matcher = mapping(item.get("matcher"))
        name = text(matcher.get("options"))
        keys = _column(mappings(item.get("properties")), cls, scope)
        # Columns come first when a spec is built, so the first override that cannot be one ends them.
        is_column = matcher.get("id") == "byName" and name and name not in columns_by_name
        if not is_column or keys is None or set(item) - {"matcher", "properties"}:
            return columns_by_name, items[number:]
        columns_by_name[name] = keys
    return columns_by_name, []


def _column(properties: list[Json], cls: type[PanelType], scope: LinkScope) -> Json | None:
    keys = _property_keys(properties, cls, scope)
    if "properties" in keys or len({p.get("id") for p in properties}) < len(properties) or not properties:
        return None
    custom = keys.pop("custom", {})
    keys |= custom
    try:
        msgspec.convert(keys, cls.field_keys_of or cls)
    except msgspec.ValidationError:
        return None
    return keys

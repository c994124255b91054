"""Which fields of a frame are names, values, labels or config of others, row by row.

Source: features/transformers/fieldToConfigMapping of Grafana 12.4.3.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from dashgen.core.json_values import Json, items, mapping, mappings, text
from dashgen.drawing.fields.field_names import display_name
from dashgen.drawing.fields.frames import Cell, Frame, number_or_none
from dashgen.drawing.fields.value_mappings import cell_text

NAME, VALUE, LABEL, IGNORED = "field.name", "field.value", "field.label", "__ignore"
_KEYS: Final = {
    "max": "max", "maximum": "max", "min": "min", "minimum": "min", "unit": "unit", "decimals": "decimals",
    "displayname": "displayName",
}  # fmt: skip


def handlers_of(frame: Frame, options: Json, frames: Sequence[Frame] = ()) -> dict[str, str]:
    """What each field of a frame is for, by the name that viewers see: as configured, or by its name."""
    written = {
        text(one.get("fieldName")): text(one.get("handlerKey")) for one in mappings(options.get("mappings"))
    }
    handlers = {}
    for one in frame.fields:
        name = display_name(one, frame, frames)
        usual = name.lower() if name.lower() in _KEYS or name.lower() == "color" else ""
        handlers[name] = written.get(name) or usual
    return handlers


def row_config(frame: Frame, row: int, handlers: Mapping[str, str]) -> Json:
    """The field config that a row of a frame has in its fields."""
    config: Json = {}
    for one in frame.fields:
        handler = handlers.get(display_name(one, frame), "")
        value = one.values[row] if -len(one.values) <= row < len(one.values) else None
        if value is not None and handler:
            _set_config(config, handler, value)
    return config


def _set_config(config: Json, handler: str, value: Cell) -> None:
    key = _KEYS.get(handler.lower())
    if key:
        config[key] = value
    elif handler == "color":
        config["color"] = {"mode": "fixed", "fixedColor": cell_text(value)}
    elif handler.startswith("threshold") and number_or_none(value) is not None:
        written = mapping(config.get("thresholds"))
        steps = items(written.get("steps")) or [{"value": None, "color": "green"}]
        config["thresholds"] = {"mode": "absolute", "steps": [*steps, {"value": value, "color": "red"}]}

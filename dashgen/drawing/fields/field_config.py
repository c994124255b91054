"""A panel's field config put upon the fields of its frames.

Source: field/fieldOverrides.ts of @grafana/data 12.4.3.
"""

import math
import re
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from dashgen.core.json_values import Json, items, mapping, mappings, text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.drawing.fields.field_matchers import FieldTest, field_test
from dashgen.drawing.fields.field_names import display_name, labels_text
from dashgen.drawing.fields.frames import Field, Frame, kind_of, number_or_none
from dashgen.drawing.fields.value_mappings import cell_text

_REFERENCE = lazy_pattern(r"\$\{__(field|series|data)\.([^}]*)\}|\$__(cell)_(\d+)|\$\{__cell_(\d+)\}")
_LABEL = lazy_pattern(r"labels(?:\.([\w]+)|\[\"?([^\]\"]+)\"?\])")


def with_field_config(frames: Sequence[Frame], field_config: Json) -> list[Frame]:
    """Copies of frames whose fields have the panel's defaults and overrides.

    Args:
        frames: what the transformations gave.
        field_config: `fieldConfig` of the panel.

    Returns:
        Frames with fields that have config, title, number, and bounds of their values.
    """
    defaults = mapping(field_config.get("defaults"))
    rules = [
        (field_test(mapping(rule.get("matcher"))), mappings(rule.get("properties")))
        for rule in mappings(field_config.get("overrides"))
    ]
    widest = _widest_bounds(frames)
    configured = []
    number = 0
    for frame in frames:
        fields = []
        for one in frame.fields:
            kind = kind_of(one.values) if one.kind == "other" else one.kind
            config = _configured(one, frame, frames, (defaults, rules))
            bounds = _bounds(config, one, widest) if kind == "number" else None
            fields.append(replace(one, kind=kind, config=config, series_index=number, bounds=bounds))
            number += kind != "time"
        configured.append(replace(frame, fields=fields))
    _set_titles(configured)
    return configured


_Rules = Sequence[tuple[FieldTest, Sequence[Json]]]


def _configured(field: Field, frame: Frame, frames: Sequence[Frame], rules: tuple[Json, _Rules]) -> Json:
    defaults, overrides = rules
    config = _defaulted(field.config, defaults)
    # Overrides find fields by the names that the defaults give them.
    named = field
    if text(config.get("displayName")):
        named = replace(
            field, config={**config, "displayName": _title(replace(field, config=config), frame, frames)}
        )
    for matches, properties in overrides:
        if matches(named, frame, frames):
            for one in properties:
                _set_property(config, text(one.get("id")), one.get("value"))
    if "color" not in config and config.get("thresholds"):
        config["color"] = {"mode": "thresholds"}
    return config


def _defaulted(own: Json, defaults: Json) -> Json:
    """A config with defaults under it; parts that are in only one of them are shared with it."""
    config = dict(defaults)
    for key, value in own.items():
        if isinstance(value, dict) and isinstance(config.get(key), dict):
            config[key] = _defaulted(value, config[key])
        elif value is not None:
            config[key] = value
    return config


def _set_property(config: Json, path: str, value: object) -> None:
    # What is changed is copied first, as fields share the parts of their defaults.
    target = config
    *steps, last = path.split(".")
    for step in steps:
        inner = target.get(step, {})
        if not isinstance(inner, dict):
            return
        target[step] = dict(inner)
        target = target[step]
    if value is None:
        target.pop(last, None)
    elif isinstance(value, list) and isinstance(target.get(last), list):
        target[last] = [*value, *target[last]]
    else:
        target[last] = value


def _widest_bounds(frames: Sequence[Frame]) -> tuple[float, float] | None:
    numbers = [
        number
        for frame in frames
        for field in frame.fields
        if field.kind == "number"
        for number in field.numbers()
        if number is not None and math.isfinite(number)
    ]
    return (min(numbers), max(numbers)) if numbers else None


def _bounds(config: Json, field: Field, widest: tuple[float, float] | None) -> tuple[float, float]:
    measured = widest
    if config.get("fieldMinMax"):
        numbers = [number for number in field.numbers() if number is not None and math.isfinite(number)]
        measured = (min(numbers), max(numbers)) if numbers else None
    low, high = number_or_none(config.get("min")), number_or_none(config.get("max"))
    lowest, highest = measured or (0.0, 100.0)
    low, high = lowest if low is None else low, highest if high is None else high
    return (low, high) if low <= high else (high, low)


def _set_titles(frames: Sequence[Frame]) -> None:
    for frame in frames:
        for field in frame.fields:
            field.title = _title(field, frame, frames)


def _title(field: Field, frame: Frame, frames: Sequence[Frame]) -> str:
    """The name of a field with the references of its configured name filled in."""
    title = display_name(field, frame, frames)
    if "$" not in title:
        return title
    plain = replace(field, config={**field.config, "displayName": None})
    name = _plain_name(plain, field, frame, frames)
    return _filled(title, plain, frame, name) or name


def _plain_name(plain: Field, field: Field, frame: Frame, frames: Sequence[Frame]) -> str:
    # The copy stands in the place of the field among those of one name.
    fields = [plain if one is field else one for one in frame.fields]
    if all(one is not plain for one in fields):
        fields = [plain if one.values is field.values else one for one in frame.fields]
    return display_name(plain, replace(frame, fields=fields), frames)


def _filled(title: str, field: Field, frame: Frame, name: str) -> str:
    def text_of(kind: str, path: str) -> str:
        if kind == "series":
            return _series_name(frame) or name
        if kind == "data":
            return frame.name
        if path in {"name", "displayName"}:
            return field.name if path == "name" else name
        return _label_text(path, field.labels or {})

    def replaced(match: re.Match[str]) -> str:
        groups = match.groups()
        column = groups[3] or groups[4]
        if column is not None:
            index = int(column)
            cells = frame.fields[index].values if index < len(frame.fields) else []
            return cell_text(cells[0]) if cells else ""
        return text_of(groups[0], groups[1])

    return _REFERENCE.sub(replaced, title)


def _series_name(frame: Frame) -> str:
    labelled = next((one.labels for one in frame.fields if one.labels), None)
    return frame.name or labels_text(labelled or {})


def _label_text(path: str, labels: Mapping[str, str]) -> str:
    if path == "labels":
        return ", ".join(f"{name}={value}" for name, value in sorted(labels.items()))
    match = _LABEL.fullmatch(path)
    return labels.get(match[1] or match[2], "") if match else ""


def links_of(field: Field) -> list[Json]:
    """The data links of a field."""
    return [link for link in items(field.config.get("links")) if isinstance(link, dict)]

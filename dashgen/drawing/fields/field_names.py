"""The names of fields as viewers see them. Source: field/fieldState.ts of @grafana/data 12.4.3."""

from collections.abc import Mapping, Sequence

from dashgen.core.json_values import mapping, text
from dashgen.drawing.fields.frames import TIME_NAME, VALUE_NAME, Field, Frame


def display_name(field: Field, frame: Frame, frames: Sequence[Frame] = ()) -> str:
    """A field's name: as configured, as in the answer of its data source, or made of its labels.

    Args:
        field: one of the frame's fields.
        frame: the frame that has it.
        frames: all frames, which decide which labels tell series apart.
    """
    is_comparison = mapping(frame.meta.get("timeCompare")).get("isTimeShiftQuery") is True
    name = _own_name(field, frame, frames)
    return f"{name} (comparison)" if is_comparison and field.kind != "time" else name


def _own_name(field: Field, frame: Frame, frames: Sequence[Frame]) -> str:
    configured = text(field.config.get("displayName")) or text(field.config.get("displayNameFromDS"))
    if configured:
        return configured
    if field.kind == "time" and not field.labels:
        return field.name or TIME_NAME
    parts = _name_parts(field, frame, frames)
    name = " ".join(parts) or field.name or VALUE_NAME
    return _numbered(field, frame) if name == field.name else name


def _name_parts(field: Field, frame: Frame, frames: Sequence[Frame]) -> list[str]:
    parts = []
    names_differ = len({one.name for one in frames}) > 1
    if names_differ and frame.name:
        parts.append(frame.name)
    if field.name and field.name != VALUE_NAME:
        parts.append(field.name)
    labels = _label_part(field, frames or [frame])
    if labels:
        parts.append(labels)
    elif frame.name and not names_differ and field.name == VALUE_NAME:
        parts.append(frame.name)
    return parts


def _label_part(field: Field, frames: Sequence[Frame]) -> str:
    if not field.labels:
        return ""
    names = {name for frame in frames for one in frame.fields for name in one.labels or ()}
    if len(names) == 1:
        return field.labels.get(next(iter(names)), "")
    return labels_text(field.labels)


def labels_text(labels: Mapping[str, str]) -> str:
    """Labels in braces, in the order of their names."""
    inner = ", ".join(f'{name}="{value}"' for name, value in sorted(labels.items()))
    return f"{{{inner}}}" if inner else ""


def _numbered(field: Field, frame: Frame) -> str:
    alike = [one for one in frame.fields if one.name == field.name]
    if len(alike) < 2:
        return field.name
    return f"{field.name} {next(index for index, one in enumerate(alike) if one is field) + 1}"

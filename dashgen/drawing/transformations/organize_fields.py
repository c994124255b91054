"""Order, hide and rename fields."""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from dashgen.core.json_values import Json, mapping, text
from dashgen.drawing.fields.field_matchers import is_global, script_pattern
from dashgen.drawing.fields.field_names import display_name
from dashgen.drawing.fields.frames import Field, Frame
from dashgen.drawing.transformations.filter_frames import keep_fields

_LAST = 2**53


def organize(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """Hide fields, put them in order and rename them, by the names that viewers see."""
    included = [name for name, value in mapping(options.get("includeByName")).items() if value]
    excluded = [name for name, value in mapping(options.get("excludeByName")).items() if value]
    filtered = list(frames)
    if excluded or included:
        filtered = keep_fields(
            frames,
            {"id": "byNames", "options": {"names": included}} if included else None,
            {"id": "byNames", "options": {"names": excluded}} if excluded else None,
        )
    return rename_fields(order_fields(filtered, options), options)


def order_fields(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """Put fields in the order of their indices; those without one stay behind the others."""
    indices = mapping(options.get("indexByName"))

    def index_of(field: Field, frame: Frame) -> int:
        value = indices.get(display_name(field, frame, frames))
        return value if isinstance(value, int) else _LAST

    return [
        replace(frame, fields=sorted(frame.fields, key=lambda field: index_of(field, frame)))
        for frame in frames
    ]


def rename_fields(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """Give fields new names."""
    names = mapping(options.get("renameByName"))
    return [
        _renamed(frame, [text(names.get(display_name(one, frame))) for one in frame.fields])
        for frame in frames
    ]


def rename_by_regex(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """Give fields whose names match a pattern new ones; `$1` is a group of the pattern."""
    written = text(options.get("regex")) or "(.*)"
    pattern = script_pattern(written)
    if pattern is None:
        return list(frames)
    count = 0 if is_global(written) else 1
    replacement = re.sub(r"\$(\d)", r"\\\1", text(options.get("renamePattern")).replace("\\", r"\\"))
    renamed = []
    for frame in frames:
        titles = [display_name(one, frame) for one in frame.fields]
        renamed.append(
            _renamed(frame, [_replaced(pattern, replacement, title, count) for title in titles]),
        )
    return renamed


def _replaced(pattern: re.Pattern[str], replacement: str, title: str, count: int) -> str:
    try:
        return pattern.sub(replacement, title, count=count) if pattern.search(title) else ""
    except (re.error, IndexError):
        return ""


def _renamed(frame: Frame, names: Sequence[str]) -> Frame:
    pairs = zip(frame.fields, names, strict=True)
    fields = [
        replace(one, config={**one.config, "displayName": name}) if name else one for one, name in pairs
    ]  # fmt: skip
    return replace(frame, fields=fields)

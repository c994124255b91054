"""Keep some fields, frames or rows, and sort rows."""

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from dashgen.core.json_values import Json, items, mapping, mappings, text, whole
from dashgen.drawing.fields.field_matchers import field_test, is_compared, script_pattern, unanchored_pattern
from dashgen.drawing.fields.field_names import display_name
from dashgen.drawing.fields.frames import Cell, Frame, number_or_none
from dashgen.drawing.fields.value_mappings import cell_text


def keep_fields(frames: Sequence[Frame], include: Json | None, exclude: Json | None) -> list[Frame]:
    """Frames with the fields that one matcher takes and another does not; without fields they go."""
    takes = field_test(include) if include else None
    leaves = field_test(exclude) if exclude else None
    filtered = []
    for frame in frames:
        fields = [
            one
            for one in frame.fields
            if not (leaves and leaves(one, frame, frames)) and (takes is None or takes(one, frame, frames))
        ]
        if fields:
            filtered.append(replace(frame, fields=fields))
    return filtered


def filter_fields_by_name(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """Keep fields by names and patterns."""
    include, exclude = (_name_matcher(mapping(options.get(key))) for key in ("include", "exclude"))
    return keep_fields(frames, include, exclude) if include or exclude else list(frames)


def _name_matcher(options: Json) -> Json | None:
    names, pattern = items(options.get("names")), text(options.get("pattern"))
    if not names and not pattern:
        return None
    if not pattern:
        return {"id": "byNames", "options": {"names": names}}
    return {"id": "byRegexpOrNames", "options": options}


def filter_by_ref_id(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """Keep the frames of some queries."""
    pattern = script_pattern(text(options.get("include")))
    if pattern is None or not text(options.get("include")):
        return list(frames)
    return [frame for frame in frames if pattern.search(frame.ref_id)]


def filter_by_value(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """Keep or leave out the rows whose values pass all or any of some tests."""
    filters = mappings(options.get("filters"))
    if not filters:
        return list(frames)
    combine = all if options.get("match") == "all" else any
    is_included = options.get("type", "include") == "include"
    filtered = []
    for frame in frames:
        columns = {display_name(one, frame, frames): one for one in frame.fields}
        tests = [(columns.get(text(one.get("fieldName"))), _cell_test(one)) for one in filters]
        rows = [
            row
            for row in range(frame.length)
            if combine(column is not None and test(column.values[row]) for column, test in tests)
            is is_included
        ]
        filtered.append(with_rows(frame, rows))
    return filtered


def with_rows(frame: Frame, rows: Sequence[int]) -> Frame:
    """A frame with some of its rows, in the order given."""
    return replace(
        frame, fields=[replace(one, values=[one.values[row] for row in rows]) for one in frame.fields]
    )


def _cell_test(written: Json) -> Callable[[Cell], bool]:
    config = mapping(written.get("config"))
    kind, options = text(config.get("id")), mapping(config.get("options"))
    limit = options.get("value")
    comparison = _COMPARISONS.get(kind)
    if comparison in {"==", "!="}:
        return lambda value: is_compared(_comparable(value), comparison, _comparable(limit))
    if comparison:
        # JavaScript takes nothing as 0 where it compares sizes.
        return lambda value: is_compared(
            _comparable(0 if value is None else value), comparison, _comparable(limit)
        )
    if kind in {"between", "range"}:
        low, high = number_or_none(options.get("from")), number_or_none(options.get("to"))
        return lambda value: (
            (number := number_or_none(value)) is not None
            and (low is None or number > low)
            and (high is None or number < high)
        )
    if kind in {"isNull", "isNotNull"}:
        return lambda value: (value is None) is (kind == "isNull")
    if kind in {"substring", "notSubstring"}:
        part = cell_text(limit).lower()
        return lambda value: value is not None and (part in cell_text(value).lower()) is (kind == "substring")
    if kind == "regex":
        pattern = unanchored_pattern(cell_text(limit))
        return lambda value: pattern is not None and pattern.search(cell_text(value)) is not None
    return lambda _value: False


_COMPARISONS = {
    "equal": "==", "notEqual": "!=", "greater": ">", "greaterOrEqual": ">=", "lower": "<",
    "lowerOrEqual": "<=",
}  # fmt: skip


def _comparable(value: Cell) -> Cell:
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value
    return float(value) if isinstance(value, int | float) else value


def limit_rows(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """Keep the first rows, or the last for a number below 0."""
    written = options.get("limitField", 10)
    limit = (
        int(written) if isinstance(written, str) and written.lstrip("-").isdecimal() else whole(written, 10)
    )
    limited = []
    for frame in frames:
        rows = range(frame.length)
        limited.append(with_rows(frame, rows[:limit] if limit >= 0 else rows[limit:]))
    return limited


def sort_rows(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """Sort rows by a field."""
    orders = mappings(options.get("sort"))
    if not orders:
        return list(frames)
    name, is_falling = text(orders[0].get("field")), bool(orders[0].get("desc"))
    return [sorted_by(frame, name, is_falling=is_falling) for frame in frames]


def sorted_by(frame: Frame, name: str, *, is_falling: bool) -> Frame:
    """A frame with its rows in the order of the field that viewers see under a name."""
    column = next((one for one in frame.fields if name in {display_name(one, frame), one.title}), None)
    if column is None:
        return frame
    # JavaScript takes nothing as 0 among numbers, and as a text among texts.
    absent: Cell = 0 if column.kind in {"number", "time", "boolean"} else "null"
    values = [absent if value is None else value for value in column.values]
    rows = sorted(range(frame.length), key=lambda row: sort_key(values[row]), reverse=is_falling)
    return with_rows(frame, rows)


def sort_key(value: Cell) -> tuple[int, float, str]:
    """What a value is sorted by: nothing first, then numbers, then texts without regard to case."""
    if value is None:
        return 0, 0, ""
    if isinstance(value, int | float):
        return 1, value, ""
    return 2, 0, cell_text(value).lower()

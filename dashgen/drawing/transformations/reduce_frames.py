"""Each series as one row or value."""

from collections.abc import Sequence

from msgspec.structs import replace

from dashgen.core.json_values import Json, items, mapping, text
from dashgen.drawing.fields.field_matchers import FieldTest, field_test
from dashgen.drawing.fields.field_names import display_name
from dashgen.drawing.fields.frames import Cell, Field, Frame, kind_of
from dashgen.drawing.fields.reducers import reduce_field, reducer_name

_SAME_KIND = {"first", "firstNotNull", "last", "lastNotNull"}


def reduce_frames(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """Calculate values of fields: a row for each series, or a frame of one row for each frame."""
    calcs = [text(calc) for calc in items(options.get("reducers"))]
    if not calcs:
        return list(frames)
    chosen = mapping(options.get("fields"))
    takes = field_test(chosen) if chosen else _no_time
    if options.get("mode") == "reduceFields":
        if not chosen and options.get("includeTimeField"):
            takes = _every
        return _reduced_fields(frames, calcs, takes)
    return _rows(frames, calcs, takes, has_labels=bool(options.get("labelsToFields")))


def _no_time(field: Field, _frame: Frame, _frames: Sequence[Frame]) -> bool:
    return field.kind != "time"


def _every(_field: Field, _frame: Frame, _frames: Sequence[Frame]) -> bool:
    return True


def _rows(
    frames: Sequence[Frame], calcs: Sequence[str], takes: FieldTest, *, has_labels: bool
) -> list[Frame]:
    sources = [(one, frame) for frame in frames for one in frame.fields if takes(one, frame, frames)]
    if not frames:
        return []
    labels = list(dict.fromkeys(name for one, _ in sources for name in one.labels or ()))
    names: list[Cell] = [
        one.name if has_labels else display_name(one, frame, frames) for one, frame in sources
    ]  # fmt: skip
    columns = [Field("Field", "string", names)]
    if has_labels:
        columns += [
            Field(name, "string", [(one.labels or {}).get(name) for one, _ in sources]) for name in labels
        ]
    for calc in calcs:
        values = [reduce_field(one, calc) for one, _ in sources]
        columns.append(Field(reducer_name(calc), kind_of(values), values))
    return [Frame(columns, "reduce-" + "-".join(frame.ref_id for frame in frames))]


def _reduced_fields(frames: Sequence[Frame], calcs: Sequence[str], takes: FieldTest) -> list[Frame]:
    reduced = []
    for frame in frames:
        fields = [
            _reduced(one, calc, is_labelled=len(calcs) > 1)
            for one in frame.fields
            if takes(one, frame, frames)
            for calc in calcs
        ]
        if fields:
            reduced.append(replace(frame, fields=fields))
    return reduced


def _reduced(field: Field, calc: str, *, is_labelled: bool) -> Field:
    labels = {**(field.labels or {}), "reducer": reducer_name(calc)} if is_labelled else field.labels
    kind = field.kind if calc in _SAME_KIND else "number"
    return replace(field, kind=kind, values=[reduce_field(field, calc)], labels=labels)


def time_series_table(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """A table of the series of each query: their labels, and a column of trends with their last values."""
    tables = []
    for ref_id in dict.fromkeys(frame.ref_id for frame in frames):
        series = [frame for frame in frames if frame.ref_id == ref_id and frame.first("time")]
        names = list(
            dict.fromkeys(name for frame in series for one in frame.fields for name in one.labels or ())
        )
        calc = text(mapping(options.get(ref_id)).get("stat")) or "lastNotNull"
        values = [one for frame in series if (one := frame.first("number"))]
        columns = [Field(name, "string", [(one.labels or {}).get(name) for one in values]) for name in names]
        trends: list[Cell] = [
            {
                "trend": [number for number in one.numbers() if number is not None],
                "value": reduce_field(one, calc),
            }
            for one in values
        ]
        columns.append(Field(f"Trend #{ref_id}" if ref_id else "Trend", "other", trends))
        tables.append(Frame(columns, ref_id))
    return tables

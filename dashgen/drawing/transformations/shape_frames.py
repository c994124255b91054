"""Rows as columns, buckets of values, and series in other shapes.

Source: transformers/transpose.ts and histogram.ts of @grafana/data, and features/transformers of Grafana
12.4.3.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from msgspec.structs import replace

from dashgen.core.json_values import Json, items, mapping, text, whole
from dashgen.drawing.fields.field_matchers import field_test
from dashgen.drawing.fields.field_names import display_name
from dashgen.drawing.fields.frames import TIME_NAME, VALUE_NAME, Cell, Field, Frame, number_or_none
from dashgen.drawing.fields.value_mappings import cell_text
from dashgen.drawing.transformations.combine_frames import join_by_field
from dashgen.drawing.transformations.field_mappings import handlers_of, row_config

_BUCKETS: Final = 30
_EMPTY: Final[Mapping[str, str]] = {"null": "", "zero": "0", "true": "true", "false": "false"}
_MOST_DEGREE: Final = 5
_MOST_BUCKETS: Final = 10_000


def transpose(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """Rows as columns: the texts or times of the first field become the names."""
    return [_transposed(frame, frames, options) if frame.fields else frame for frame in frames]


def _transposed(frame: Frame, frames: Sequence[Frame], options: Json) -> Frame:
    first = frame.fields[0]
    first_name = text(options.get("firstFieldName")) or "Field"
    rest_name = text(options.get("restFieldsName")) or "Value"
    empty = _EMPTY.get(text(options.get("emptyValue")), "")
    has_names = first.kind in {"string", "time"}
    rest = frame.fields[1:] if has_names else frame.fields
    kinds = {one.kind for one in rest}
    kind = kinds.pop() if len(kinds) == 1 else "string"
    names: list[Cell] = [display_name(one, frame, frames) for one in rest]
    columns = [Field(first_name, "string", names)]
    for row in range(frame.length):
        cells = [one.values[row] for one in rest]
        values: list[Cell] = [empty if cell is None else cell_text(cell) for cell in cells]
        label = (first.name, cell_text(first.values[row])) if has_names else ("row", str(row + 1))
        columns.append(Field(rest_name, kind, values if kind == "string" else cells, {label[0]: label[1]}))
    return replace(frame, fields=columns, ref_id=f"transpose-{frame.ref_id}")


def _bucket_sizes() -> list[float]:
    return [number * 10.0**power for power in range(-9, 28) for number in (1, 2, 2.5, 4, 5)]


def histogram(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """How many values of each field are in each bucket."""
    fields = [one for frame in frames for one in frame.fields if one.kind == "number"]
    if not fields:
        return []
    numbers = [_finite_numbers(one) for one in fields]
    size = _option_number(options.get("bucketSize")) or _bucket_size([one for own in numbers for one in own])
    offset = _option_number(options.get("bucketOffset")) or 0.0
    counts = [_bucket_counts(own, size, offset) for own in numbers]
    lows = sorted(set().union(*counts))[:_MOST_BUCKETS]
    config = next((one.config for one in fields if one.config.get("unit")), {})
    columns = [
        Field("xMin", "number", list(lows), config=dict(config)),
        Field("xMax", "number", [low + size for low in lows], config=dict(config)),
    ]
    if options.get("combine") is True:
        total = sum(counts, Counter[float]())
        columns.append(
            Field("count", "number", [total[low] for low in lows], config={"displayName": "Count"})
        )
    else:
        pairs = zip(fields, counts, strict=True)
        columns += [_count_field(one, [count[low] for low in lows]) for one, count in pairs]
    return [Frame(columns, "histogram")]


def _finite_numbers(field: Field) -> list[float]:
    return [number for number in field.numbers() if number is not None and math.isfinite(number)]


def _bucket_counts(numbers: Sequence[float], size: float, offset: float) -> Counter[float]:
    """How many numbers are in each bucket, by its lower bound."""
    # Rounded, so that the bounds of a bucket are equal in all fields.
    return Counter(round(math.floor((number - offset) / size) * size + offset, 9) for number in numbers)


def _count_field(field: Field, counts: list[Cell]) -> Field:
    # A count of values has not their unit.
    config = {key: value for key, value in field.config.items() if key != "unit"}
    return replace(field, values=counts, config=config)


def _option_number(value: object) -> float | None:
    try:
        number = float(value) if isinstance(value, int | float | str) else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) and number > 0 else None


def _bucket_size(numbers: Sequence[float]) -> float:
    ordered = sorted(set(numbers))
    if not ordered:
        return 1.0
    smallest = 1.0 if len(numbers) == 1 else min((b - a for a, b in pairwise(ordered)), default=math.inf)
    target = (ordered[-1] - ordered[0]) / _BUCKETS
    return next((size for size in _bucket_sizes() if target < size and size >= smallest), 1.0)


def join_by_labels(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """A table of labels, with a column for each value of one label."""
    label, joined = text(options.get("value")), [text(one) for one in items(options.get("join"))]
    rows: dict[tuple[str, ...], dict[str, Cell]] = {}
    names: dict[str, None] = {}
    labels = joined or sorted(
        {name for frame in frames for one in frame.fields for name in one.labels or () if name != label}
    )
    for frame in frames:
        for one in frame.fields:
            if one.labels and label in one.labels and one.values:
                key = tuple(one.labels.get(name, "") for name in labels)
                names.setdefault(one.labels[label])
                rows.setdefault(key, {})[one.labels[label]] = one.values[-1]
    if not rows:
        return list(frames)
    columns = [Field(name, "string", [key[index] for key in rows]) for index, name in enumerate(labels)]
    columns += [Field(name, "number", [cells.get(name) for cells in rows.values()]) for name in names]
    return [Frame(columns, "joinByLabels")]


def prepare_time_series(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """Series in one frame (`wide`), one frame each (`multi`, `many`), or under each other (`long`)."""
    form = text(options.get("format")) or "wide"
    series = [frame for frame in frames if frame.first("time")]
    if form == "wide":
        return join_by_field(series, {}) if len(series) > 1 else series
    parts = [part for frame in series for part in _one_value_each(frame)]
    return parts if form in {"multi", "many"} else _long(parts)


def _one_value_each(frame: Frame) -> list[Frame]:
    time = frame.first("time")
    if time is None:
        return []
    texts = [one for one in frame.fields if one.kind == "string"]
    numbers = [one for one in frame.fields if one.kind in {"number", "boolean"}]
    if not texts:
        return [replace(frame, fields=[time, one]) for one in numbers]
    groups: dict[tuple[str, ...], list[int]] = {}
    for row in range(frame.length):
        groups.setdefault(tuple(cell_text(one.values[row]) for one in texts), []).append(row)
    parts = []
    for key, rows in groups.items():
        labels = {one.name: value for one, value in zip(texts, key, strict=True)}
        for one in numbers:
            values = [one.values[row] for row in rows]
            own = replace(one, values=values, labels={**(one.labels or {}), **labels})
            parts.append(
                replace(frame, fields=[replace(time, values=[time.values[row] for row in rows]), own])
            )
    return parts


def _long(parts: Sequence[Frame]) -> list[Frame]:
    names = sorted({name for frame in parts for name in frame.fields[1].labels or ()})
    rows: list[tuple[Cell, Cell, Mapping[str, str]]] = []
    for frame in parts:
        time, value = frame.fields
        rows += [(at, one, value.labels or {}) for at, one in zip(time.values, value.values, strict=True)]
    rows.sort(key=lambda row: number_or_none(row[0]) or 0.0)
    columns = [Field(TIME_NAME, "time", [row[0] for row in rows])]
    columns += [Field(name, "string", [row[2].get(name) for row in rows]) for name in names]
    return [Frame([*columns, Field(VALUE_NAME, "number", [row[1] for row in rows])])]


def regression(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """The frames, and a line or curve that comes closest to their points."""
    x_name, y_name = text(options.get("xFieldName")), text(options.get("yFieldName"))
    pair = next(
        (
            (x, y)
            for frame in frames
            if (x := _named(frame, frames, x_name, "time"))
            and (y := _named(frame, frames, y_name, "number"))
            and x is not y
        ),
        None,
    )
    if pair is None:
        return list(frames)
    points = [
        (x, y)
        for x, y in zip(pair[0].numbers(), pair[1].numbers(), strict=True)
        if x is not None and y is not None
    ]  # fmt: skip
    count = whole(options.get("predictionCount"), 100)
    degree = (
        min(max(whole(options.get("degree"), 2), 1), _MOST_DEGREE)
        if options.get("modelType") == "polynomial"
        else 1
    )
    if len(points) <= degree or not 1 < count <= _MOST_BUCKETS:
        return list(frames)
    xs = [x for x, _ in points]
    low, high = min(xs), max(xs)
    # Between 0 and 1, as powers of times in milliseconds are beyond what floats tell apart.
    weights = _fitted([((x - low) / ((high - low) or 1), y) for x, y in points], degree)
    shares = [index / (count - 1) for index in range(count)]
    values: list[Cell] = [
        sum(weight * share**power for power, weight in enumerate(weights)) for share in shares
    ]
    kind = "Linear" if degree == 1 else "Polynomial"
    line = Frame(
        [
            Field(pair[0].name, pair[0].kind, [low + (high - low) * share for share in shares]),
            Field(f"{kind} regression", "number", values, config=dict(pair[1].config)),
        ],
        name=f"{kind} regression",
    )
    return [*frames, line]


def _named(frame: Frame, frames: Sequence[Frame], name: str, kind: str) -> Field | None:
    if name:
        return next((one for one in frame.fields if display_name(one, frame, frames) == name), None)
    return next((one for one in frame.fields if one.kind == kind), None)


def _fitted(points: Sequence[tuple[float, float]], degree: int) -> list[float]:
    """The weights of the powers of x with the least squares, by elimination of the normal equations."""
    size = degree + 1
    rows = [
        [sum(x ** (row + column) for x, _ in points) for column in range(size)]
        + [sum(y * x**row for x, y in points)]
        for row in range(size)
    ]
    for pivot in range(size):
        best = max(range(pivot, size), key=lambda row: abs(rows[row][pivot]))
        rows[pivot], rows[best] = rows[best], rows[pivot]
        scale = rows[pivot][pivot] or 1e-12
        rows[pivot] = [value / scale for value in rows[pivot]]
        for row in range(size):
            if row != pivot:
                factor = rows[row][pivot]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[pivot], strict=True)]
    return [row[-1] for row in rows]


def config_from_data(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """Minimum, maximum, unit, colour and thresholds of fields out of the last row of one query."""
    ref_id = text(options.get("configRefId")) or "config"
    source = next((frame for frame in frames if frame.ref_id == ref_id), None)
    if source is None:
        return list(frames)
    config = row_config(source, -1, handlers_of(source, options, frames))
    takes = field_test(mapping(options.get("applyTo")) or {"id": "numeric"})
    return [
        replace(
            frame,
            fields=[
                replace(one, config={**one.config, **config}) if takes(one, frame, frames) else one
                for one in frame.fields
            ],
        )
        for frame in frames
        if frame is not source
    ]

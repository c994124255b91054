"""A field computed from others."""

import math
from collections.abc import Callable, Sequence
from itertools import accumulate

from msgspec.structs import replace

from dashgen.core.json_values import Json, items, mapping, text
from dashgen.drawing.fields.field_names import display_name
from dashgen.drawing.fields.frames import Cell, Field, Frame, number_or_none
from dashgen.drawing.fields.reducers import reduce_values, reducer_name
from dashgen.drawing.transformations.combine_frames import join_by_field

_Numbers = Sequence[float | None]
_BINARY: dict[str, Callable[[float, float], float]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right if right else math.copysign(math.inf, left) if left else math.nan,
}
_UNARY: dict[str, Callable[[float], float]] = {
    "abs": abs,
    "exp": math.exp,
    "ln": lambda number: math.log(number) if number > 0 else math.nan if number else -math.inf,
    "floor": math.floor,
    "ceil": math.ceil,
    "round": lambda number: math.floor(number + 0.5),
}


def calculate_field(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """Add a field to each frame; with `replaceFields`, leave the others out but the times."""
    is_joined = options.get("timeSeries") is not False and len(frames) > 1
    is_joined = is_joined and all(one.first("time") for one in frames)
    sources = join_by_field(frames, {}) if is_joined else list(frames)
    # In JavaScript a value that a join leaves undefined makes a result that is no number, and null counts
    # as 0.
    operands = join_by_field(frames, {}, math.nan) if is_joined else sources
    binary = mapping(options.get("binary"))
    by_type = mapping(mapping(binary.get("left")).get("matcher"))
    if options.get("mode") == "binary" and by_type.get("id") == "byType":
        return _each_of_type(operands, options, text(by_type.get("options")))
    calculated = []
    for frame, operand in zip(sources, operands, strict=True):
        values = _values(operand, operands, options)
        if values is None:
            if not options.get("replaceFields"):
                calculated.append(frame)
            continue
        field = Field(_name(options), "number", values)
        if options.get("replaceFields"):
            times = [one for one in frame.fields if one.kind == "time"]
            calculated.append(replace(frame, fields=[*times, field]))
        else:
            calculated.append(replace(frame, fields=[*frame.fields, field]))
    return calculated


def _each_of_type(frames: Sequence[Frame], options: Json, kind: str) -> list[Frame]:
    """A field beside each field of a kind."""
    binary = mapping(options.get("binary"))
    calculated = []
    for frame in frames:
        columns = _columns_of(frame, frames)
        fields: list[Field] = []
        for one in frame.fields:
            if one.kind == "time" or not options.get("replaceFields"):
                fields.append(one)
            values = _binary_values(columns, {**binary, "left": one}, frame.length)
            if one.kind == kind and values is not None:
                operator, right = text(binary.get("operator")) or "+", _operand_name(binary.get("right"))
                fields.append(replace(one, name=f"{one.name} {operator} {right}", values=values))
        calculated.append(replace(frame, fields=fields))
    return calculated


def _columns_of(frame: Frame, frames: Sequence[Frame]) -> "_Columns":
    columns = {
        display_name(one, frame, frames): one for one in frame.fields if one.kind in {"number", "boolean"}
    }  # fmt: skip
    return columns | {one.name: one for one in columns.values()}


def _values(frame: Frame, frames: Sequence[Frame], options: Json) -> list[Cell] | None:
    columns = _columns_of(frame, frames)
    mode = text(options.get("mode")) or "reduceRow"
    if mode == "index":
        is_share = bool(mapping(options.get("index")).get("asPercentile"))
        return [row / frame.length if is_share else row for row in range(frame.length)]
    return _MODES.get(mode, _row_values)(
        columns, mapping(options.get(_OPTION_KEYS.get(mode, mode))), frame.length
    )


_Columns = dict[str, Field]


def _row_values(columns: _Columns, options: Json, length: int) -> list[Cell]:
    chosen = [text(name) for name in items(options.get("include"))]
    used = {id(one): one for name, one in columns.items() if not chosen or name in chosen}
    rows = ([one.values[row] for one in used.values()] for row in range(length))
    calc = text(options.get("reducer")) or "sum"
    if calc == "count":
        return [len(used)] * length
    return [reduce_values(row, calc) for row in rows]


def _binary_values(columns: _Columns, options: Json, length: int) -> list[Cell] | None:
    left, right = (_operand(options.get(side), columns, length) for side in ("left", "right"))
    operator = _BINARY.get(text(options.get("operator")) or "+")
    if left is None or right is None or operator is None:
        return None
    return [_safe(operator, one, other) for one, other in zip(left, right, strict=True)]


def _safe(operator: Callable[..., float], *numbers: float | None) -> Cell:
    # JavaScript takes nothing as 0.
    try:
        return operator(*(number or 0.0 for number in numbers))
    except (ArithmeticError, ValueError):
        return None


def _operand(written: object, columns: _Columns, length: int) -> _Numbers | None:
    if isinstance(written, Field):
        return _operands(written)
    options = mapping(written)
    name = text(mapping(options.get("matcher")).get("options")) or text(written)
    if name in columns:
        return _operands(columns[name])
    fixed = options.get("fixed", name)
    try:
        return [float(str(fixed))] * length
    except ValueError:
        return None


def _operands(field: Field) -> _Numbers:
    """The numbers of a field, also those that are none."""
    return [value if isinstance(value, float) else number_or_none(value) for value in field.values]


def _unary_values(columns: _Columns, options: Json, _length: int) -> list[Cell] | None:
    column = columns.get(text(options.get("fieldName")))
    operator = text(options.get("operator")) or "abs"
    if column is None or not (operator in _UNARY or operator == "percent"):
        return None
    numbers = [number or 0.0 for number in column.numbers()]
    if operator == "percent":
        total = sum(number for number in numbers if math.isfinite(number)) or 1.0
        return [number / total for number in numbers]
    return [_safe(_UNARY[operator], number) for number in numbers]


def _cumulative_values(columns: _Columns, options: Json, _length: int) -> list[Cell] | None:
    column = columns.get(text(options.get("field"))) or next(iter(columns.values()), None)
    if column is None:
        return None
    totals = list(accumulate(number or 0.0 for number in column.numbers()))
    if options.get("reducer") == "mean":
        return [total / row for row, total in enumerate(totals, start=1)]
    return list(totals)


def _window_values(columns: _Columns, options: Json, length: int) -> list[Cell] | None:
    column = columns.get(text(options.get("field"))) or next(iter(columns.values()), None)
    if column is None:
        return None
    size = number_or_none(options.get("windowSize")) or 0.1
    is_share = text(options.get("windowSizeMode")) != "fixed"
    width = max(1, math.ceil(size * length) if is_share else int(size))
    ahead = math.ceil(width / 2) - 1 if options.get("windowAlignment") == "centered" else 0
    calc = text(options.get("reducer")) or "mean"
    numbers = column.numbers()
    if calc == "mean" and not ahead and options.get("windowAlignment") != "centered":
        return _trailing_means(numbers, width)
    windows = (numbers[max(0, row + ahead - width + 1) : row + ahead + 1] for row in range(length))
    return [reduce_values(window, calc) or 0.0 for window in windows]


def _trailing_means(numbers: _Numbers, width: int) -> list[Cell]:
    # Grafana leaves the value that has gone out of the window in the sum where the newest one is missing.
    total, count = 0.0, 0
    means: list[Cell] = []
    for row, number in enumerate(numbers):
        if number is not None:
            total, count = total + number, count + 1
            leaving = numbers[row - width] if row >= width else None
            if leaving is not None:
                total, count = total - leaving, count - 1
        means.append(total / count if count else 0.0)
    return means


_MODES: dict[str, Callable[[_Columns, Json, int], list[Cell] | None]] = {
    "reduceRow": _row_values,
    "binary": _binary_values,
    "unary": _unary_values,
    "cumulativeFunctions": _cumulative_values,
    "windowFunctions": _window_values,
}
_OPTION_KEYS = {"reduceRow": "reduce", "cumulativeFunctions": "cumulative", "windowFunctions": "window"}


def _operand_name(written: object) -> str:
    options = mapping(written)
    return text(mapping(options.get("matcher")).get("options")) or text(options.get("fixed")) or text(written)


def _name(options: Json) -> str:
    alias, mode = text(options.get("alias")), text(options.get("mode")) or "reduceRow"
    if alias:
        return alias
    details = mapping(options.get(_OPTION_KEYS.get(mode, mode)))
    field = f"({details['field']})" if details.get("field") else ""
    names = {
        "reduceRow": reducer_name(text(details.get("reducer")) or "sum"),
        "binary": f"{_operand_name(details.get('left'))} {text(details.get('operator')) or '+'} "
        f"{_operand_name(details.get('right'))}",
        "unary": f"{text(details.get('operator'))}({text(details.get('fieldName'))})",
        "cumulativeFunctions": f"cumulative {text(details.get('reducer'))}{field}",
        "windowFunctions": f"{text(details.get('windowAlignment'))} moving "
        f"{text(details.get('reducer'))}{field}",
        "index": "Row",
    }
    return names.get(mode, "math")

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
    "**": lambda left, right: left**right,
    "%": math.fmod,
}
_UNARY: dict[str, Callable[[float], float]] = {
    "abs": abs,
    "exp": math.exp,
    "ln": math.log,
    "floor": math.floor,
    "ceil": math.ceil,
    "round": round,
    "trunc": math.trunc,
}


def calculate_field(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """Add a field to each frame; with `replaceFields`, leave the others out but the times."""
    is_joined = options.get("timeSeries") is not False and len(frames) > 1
    sources = (
        join_by_field(frames, {}) if is_joined and all(one.first("time") for one in frames) else list(frames)
    )
    calculated = []
    for frame in sources:
        values = _values(frame, sources, options)
        if values is None:
            calculated.append(frame)
            continue
        field = Field(_name(options), "number", values)
        if options.get("replaceFields"):
            times = [one for one in frame.fields if one.kind == "time"]
            calculated.append(replace(frame, fields=[*times, field]))
        else:
            calculated.append(replace(frame, fields=[*frame.fields, field]))
    return calculated


def _values(frame: Frame, frames: Sequence[Frame], options: Json) -> list[Cell] | None:
    columns = {
        display_name(one, frame, frames): one for one in frame.fields if one.kind in {"number", "boolean"}
    }  # fmt: skip
    columns |= {one.name: one for one in columns.values()}
    mode = text(options.get("mode")) or "reduceRow"
    if mode == "index":
        rows = range(frame.length)
        return [row / max(frame.length - 1, 1) if options.get("asPercentile") else row for row in rows]
    return _MODES.get(mode, _row_values)(
        columns, mapping(options.get(_OPTION_KEYS.get(mode, mode))), frame.length
    )


_Columns = dict[str, Field]


def _row_values(columns: _Columns, options: Json, length: int) -> list[Cell]:
    chosen = [text(name) for name in items(options.get("include"))]
    used = {id(one): one for name, one in columns.items() if not chosen or name in chosen}
    rows = ([one.values[row] for one in used.values()] for row in range(length))
    calc = text(options.get("reducer")) or "sum"
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
    options = mapping(written)
    name = text(mapping(options.get("matcher")).get("options")) or text(written)
    if name in columns:
        return columns[name].numbers()
    fixed = options.get("fixed", name)
    try:
        return [float(str(fixed))] * length
    except ValueError:
        return None


def _unary_values(columns: _Columns, options: Json, _length: int) -> list[Cell] | None:
    column = columns.get(text(options.get("fieldName")))
    operator = text(options.get("operator")) or "abs"
    if column is None:
        return None
    numbers = column.numbers()
    if operator == "percent":
        total = sum(number for number in numbers if number is not None and math.isfinite(number))
        return [None if number is None or not total else number / total for number in numbers]
    return [None if number is None else _safe(_UNARY.get(operator, abs), number) for number in numbers]


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
    ahead = width // 2 if options.get("windowAlignment") == "centered" else 0
    calc = text(options.get("reducer")) or "mean"
    return [
        reduce_values(column.values[max(0, row + ahead - width + 1) : row + ahead + 1], calc)
        for row in range(length)
    ]


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

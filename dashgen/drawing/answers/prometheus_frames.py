"""Frames of an answer of Prometheus.

Source: pkg/promlib/converter and querydata/response.go (names), and packages/grafana-prometheus
result_transformer.ts (tables, heatmaps) of Grafana 12.4.3.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from dashgen.core.json_values import Json, items, mapping, mappings, text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.drawing.fields.field_names import display_name
from dashgen.drawing.fields.frames import TIME_NAME, VALUE_NAME, Cell, Field, Frame
from dashgen.drawing.values.javascript_numbers import number_text

_LEGEND_PART = lazy_pattern(r"\{\{\s*(.+?)\s*\}\}")
_METRIC = "__name__"


def prometheus_frames(
    answer: Json, target: Json, *, step_ms: int = 0, table_targets: int = 1
) -> list[Frame]:  # fmt: skip
    """The frames of one query.

    Args:
        answer: `data` of an answer to `/query_range` or `/query`: `resultType` and `result`.
        target: the panel's target: `refId`, `expr`, `format`, `legendFormat`.
        step_ms: the milliseconds between two values of a range; wider gaps break lines.
        table_targets: how many targets of the panel are tables, as more than one number their values.

    Returns:
        One frame for each series, or one table, or one heatmap; no frames for an empty answer.
    """
    series = _series(answer)
    if target.get("format") == "table":
        return [_table(series, target, is_numbered=table_targets > 1)] if series else []
    if target.get("format") == "heatmap":
        return _heatmap(series, target, step_ms)
    return [_series_frame(labels, points, target, step_ms) for labels, points in series]


def name_series(frames: Sequence[Frame], targets: Iterable[Mapping[str, Any]]) -> None:
    """Name the series of selectors whose legends are automatic after the labels that tell them apart.

    Without it the name of the metric would stand twice, as it is that of the field too.
    Source: `transformV2` of @grafana/prometheus 12.4.0, result_transformer.

    Args:
        frames: those of all targets of a panel; their fields get their names.
        targets: the targets.
    """
    automatic = {text(target.get("refId")) for target in targets if target.get("legendFormat") == "__auto"}
    for frame in frames:
        for one in frame.fields if frame.ref_id in automatic else ():
            if one.labels and one.labels.get(_METRIC) == one.name:
                title = display_name(replace(one, name=VALUE_NAME), frame, frames)
                one.config = {**one.config, "displayNameFromDS": title}


_Points = list[tuple[int, float | None]]


def _series(answer: Json) -> list[tuple[dict[str, str], _Points]]:
    result = answer.get("result")
    if answer.get("resultType") in {"scalar", "string"}:
        return [({}, [_point(items(result))])]
    series = []
    for one in mappings(result):
        labels = {name: text(value) for name, value in mapping(one.get("metric")).items()}
        points = items(one.get("values")) or [one.get("value")]
        series.append((labels, [_point(items(point)) for point in points if items(point)]))
    return series


def _point(point: Sequence[object]) -> tuple[int, float | None]:
    at, value = (point[0], point[1]) if len(point) > 1 else (0, "NaN")
    try:
        if type(value) is float and type(at) is float:
            # As sample data has them.
            return round(at * 1000), value
        number = float(str(value))
        return round(float(str(at)) * 1000), number
    except (ValueError, OverflowError):
        return 0, None


def legend_text(labels: Mapping[str, str], target: Json) -> str:
    """The name of a series: its legend's pattern filled, or its metric and labels; empty for automatic."""
    pattern = text(target.get("legendFormat"))
    if pattern == "__auto":
        return "" if labels else _automatic_name(labels, target)
    if pattern:
        return _LEGEND_PART.sub(lambda match: labels.get(match[1], ""), pattern)
    return _automatic_name(labels, target)


def _automatic_name(labels: Mapping[str, str], target: Json) -> str:
    inner = ", ".join(f'{name}="{value}"' for name, value in sorted(labels.items()) if name != _METRIC)
    metric = labels.get(_METRIC, "")
    if not inner:
        return metric or text(target.get("expr"))
    return f"{metric}{{{inner}}}"


def _series_frame(labels: dict[str, str], points: _Points, target: Json, step_ms: int) -> Frame:
    legend = legend_text(labels, target)
    time = Field(TIME_NAME, "time", [at for at, _ in points], config={"interval": step_ms} if step_ms else {})
    # The name of the metric is that of its field where the query keeps it.
    value = Field(
        labels.get(_METRIC) or VALUE_NAME,
        "number",
        [number for _, number in points],
        labels=dict(labels),
        config={"displayNameFromDS": legend} if legend else {},
    )
    return Frame([time, value], text(target.get("refId")), legend)


def _table(
    series: Sequence[tuple[dict[str, str], _Points]], target: Json, *, is_numbered: bool
) -> Frame:  # fmt: skip
    ref_id = text(target.get("refId"))
    names = sorted({name for labels, _ in series for name in labels})
    rows = [(at, labels, number) for labels, points in series for at, number in points]
    columns = [Field(TIME_NAME, "time", [at for at, _, _ in rows])]
    columns += [
        Field(name, "string", [labels.get(name, "") for _, labels, _ in rows], config={"filterable": True})
        for name in names
    ]
    value = f"{VALUE_NAME} #{ref_id}" if is_numbered else VALUE_NAME
    columns.append(Field(value, "number", [number for _, _, number in rows]))
    return Frame(columns, ref_id)


def _heatmap(
    series: Sequence[tuple[dict[str, str], _Points]], target: Json, step_ms: int
) -> list[Frame]:  # fmt: skip
    # One column for each bucket, holding what is in it alone; Prometheus' buckets hold all below them too.
    buckets = sorted(((_bound(labels), points) for labels, points in series), key=lambda bucket: bucket[0])
    times = sorted({at for _, points in buckets for at, _ in points})
    columns = [Field(TIME_NAME, "time", list(times), config={"interval": step_ms} if step_ms else {})]
    below: dict[int, float] = {}
    for bound, points in buckets:
        counts = {at: number for at, number in points if number is not None}
        values: list[Cell] = [max(counts.get(at, 0) - below.get(at, 0), 0) for at in times]
        below = {**below, **counts}
        name = "+Inf" if math.isinf(bound) else number_text(bound)
        columns.append(Field(name, "number", values, {"le": name}, {"displayNameFromDS": name}))
    return [Frame(columns, text(target.get("refId")), meta={"type": "heatmap-rows"})] if buckets else []


def _bound(labels: Mapping[str, str]) -> float:
    try:
        return float(labels.get("le", "NaN"))
    except ValueError:
        return math.nan

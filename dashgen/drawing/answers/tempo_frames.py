"""Frames of an answer of Tempo: traces that a search finds, series of TraceQL metrics, one trace.

Source: public/app/plugins/datasource/tempo/resultTransformer.ts and pkg/tsdb/tempo/traceql/metrics.go
(12fc0dba) of grafana/grafana.
"""

from collections.abc import Iterator
from typing import Final

from dashgen.core.json_values import Json, items, mapping, mappings, scalar_text, text
from dashgen.drawing.answers.trace_graph_frames import trace_graph_frames
from dashgen.drawing.fields.frames import TIME_NAME, Cell, Field, Frame, kind_of

_TABLE: Final = {"preferredVisualisationType": "table"}
_MILLION: Final = 1_000_000
_SHORTEST: Final = "<1ms"


def tempo_frames(answer: Json, target: Json, *, step_ms: int = 0) -> list[Frame]:
    """The frames of one query.

    Args:
        answer: the body of an answer to `/api/search`, `/api/metrics/query_range` or `/api/traces/ID`.
        target: the panel's target: `refId`, `tableType`, `legendFormat`.
        step_ms: the milliseconds between two values of a range.

    Returns:
        A table of traces or of spans, a frame for each series, or a trace with its graph.
    """
    ref_id = text(target.get("refId"))
    if "series" in answer:
        return [_series_frame(one, ref_id, step_ms) for one in mappings(answer.get("series"))]
    batches = mappings(answer.get("batches")) or mappings(mapping(answer.get("trace")).get("resourceSpans"))
    if batches:
        trace = _trace_frame(batches, ref_id)
        return [trace, *trace_graph_frames(trace)]
    traces = sorted(mappings(answer.get("traces")), key=_start_of, reverse=True)
    if not traces:
        return []
    return [
        _spans_table(traces, ref_id) if target.get("tableType") == "spans" else _traces_table(traces, ref_id)
    ]


def _number(value: object) -> float:
    try:
        return float(scalar_text(value) or 0)
    except ValueError:
        return 0.0


def _milliseconds(nanoseconds: object) -> float:
    return _number(nanoseconds) / _MILLION


def _start_of(trace: Json) -> float:
    return _number(trace.get("startTimeUnixNano"))


def _column(name: str, shown: str, values: list[Cell], width: int = 0, **config: str) -> Field:
    custom = {"custom": {"width": width}} if width else {}
    return Field(name, kind_of(values), values, config={"displayNameFromDS": shown, **config, **custom})


def _traces_table(traces: list[Json], ref_id: str) -> Frame:
    durations: list[Cell] = [_number(one.get("durationMs")) or _SHORTEST for one in traces]
    duration = _column("traceDuration", "Duration", durations, 120, unit="ms")
    duration.kind = "number"
    times: list[Cell] = [_milliseconds(one.get("startTimeUnixNano")) for one in traces]
    start = _column("startTime", "Start time", times, 200)
    start.kind = "time"
    fields = [
        _column("traceID", "Trace ID", [text(one.get("traceID")) for one in traces], 200, unit="string"),
        start,
        _column("traceService", "Service", [text(one.get("rootServiceName")) for one in traces], 200),
        _column("traceName", "Name", [text(one.get("rootTraceName")) for one in traces], 200),
        duration,
    ]
    return Frame(fields, ref_id, "Traces", {**_TABLE, "uniqueRowIdFields": [0]})


def _spans_table(traces: list[Json], ref_id: str) -> Frame:
    rows = [row for trace in traces for row in _spans_of(trace)]
    names = sorted({name for _, _, attributes in rows for name in attributes})
    times: list[Cell] = [_milliseconds(span.get("startTimeUnixNano")) for _, span, _ in rows]
    spans: list[Cell] = [text(span.get("spanID")) for _, span, _ in rows]
    fields = [
        Field(
            "traceIdHidden",
            "string",
            [text(trace.get("traceID")) for trace, _, _ in rows],
            config={"custom": {"hidden": True}},
        ),
        _column(
            "traceService", "Trace Service", [text(one.get("rootServiceName")) for one, _, _ in rows], 200
        ),
        _column("traceName", "Trace Name", [text(one.get("rootTraceName")) for one, _, _ in rows], 200),
        _column("spanID", "Span ID", spans, 200, unit="string"),
        Field("time", "time", times, config={"displayNameFromDS": "Start time"}),
    ]
    if any(text(span.get("name")) for _, span, _ in rows):
        fields.append(_column("name", "Name", [text(span.get("name")) for _, span, _ in rows]))
    fields += [_column(name, name, [attributes.get(name) for _, _, attributes in rows]) for name in names]
    durations: list[Cell] = [_number(span.get("durationNanos")) for _, span, _ in rows]
    fields.append(_column("duration", "Duration", durations, 120, unit="ns"))
    return Frame(fields, ref_id, "Spans", dict(_TABLE))


def _spans_of(trace: Json) -> Iterator[tuple[Json, Json, dict[str, Cell]]]:
    sets = mappings(trace.get("spanSets")) or [mapping(trace.get("spanSet"))]
    for one in sets:
        for span in mappings(one.get("spans")):
            listed = [*mappings(one.get("attributes")), *mappings(span.get("attributes"))]
            yield trace, span, {text(part.get("key")): attribute_value(part.get("value")) for part in listed}


def attribute_value(value: object) -> Cell:
    """The value of an attribute: `{"stringValue": "a"}`, `{"intValue": "7"}`, …; lists as texts."""
    parts = mapping(value)
    if "stringValue" in parts:
        return text(parts["stringValue"])
    if "boolValue" in parts:
        return parts["boolValue"] is True
    for name in ("intValue", "doubleValue"):
        if name in parts:
            return _number(parts[name])
    if "arrayValue" in parts:
        listed = mappings(mapping(parts["arrayValue"]).get("values"))
        return ", ".join(scalar_text(attribute_value(one)) for one in listed)
    return ""


def _series_frame(series: Json, ref_id: str, step_ms: int) -> Frame:
    pairs = [
        (text(one.get("key")), attribute_value(one.get("value"))) for one in mappings(series.get("labels"))
    ]
    labels = {key: f'"{value}"' if isinstance(value, str) else _plain(value) for key, value in pairs}
    name = _plain(pairs[0][1]) if len(pairs) == 1 else ""
    if len(pairs) > 1:
        name = "{" + ", ".join(f"{key}={value}" for key, value in labels.items()) + "}"
    samples = mappings(series.get("samples"))
    times: list[Cell] = [round(_number(one.get("timestampMs"))) for one in samples]
    values: list[Cell] = [_number(one.get("value")) for one in samples]
    time = Field(TIME_NAME, "time", times, config={"interval": step_ms} if step_ms else {})
    config = {"displayName": name} if name else {}
    return Frame([time, Field(name or "Value", "number", values, labels, config)], ref_id, name)


def _plain(value: Cell) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _trace_frame(batches: list[Json], ref_id: str) -> Frame:
    columns: dict[str, list[Cell]] = {
        name: []
        for name in (
            "traceID", "spanID", "parentSpanID", "operationName", "serviceName", "kind", "statusCode",
            "statusMessage", "serviceTags", "startTime", "duration", "tags",
        )
    }  # fmt: skip
    for batch in batches:
        resource = mappings(mapping(batch.get("resource")).get("attributes"))
        for span in _batch_spans(batch):
            for name, value in _span_row(span, resource).items():
                columns[name].append(value)
    numbers, others = {"statusCode", "startTime", "duration"}, {"serviceTags", "tags"}
    fields = [
        Field(name, "number" if name in numbers else "other" if name in others else "string", values)
        for name, values in columns.items()
    ]
    meta: Json = {"preferredVisualisationType": "trace", "custom": {"traceFormat": "otlp"}}
    return Frame(fields, ref_id, "Trace", meta)


def _batch_spans(batch: Json) -> Iterator[Json]:
    for key in ("scopeSpans", "instrumentationLibrarySpans"):
        for scope in mappings(batch.get(key)):
            yield from mappings(scope.get("spans"))


def _span_row(span: Json, resource: list[Json]) -> dict[str, Cell]:
    start, end = _milliseconds(span.get("startTimeUnixNano")), _milliseconds(span.get("endTimeUnixNano"))
    status = mapping(span.get("status"))
    services = [
        text(mapping(one.get("value")).get("stringValue"))
        for one in resource
        if one.get("key") == "service.name"
    ]
    return {
        "traceID": text(span.get("traceId")),
        "spanID": text(span.get("spanId")),
        "parentSpanID": text(span.get("parentSpanId")),
        "operationName": text(span.get("name")),
        "serviceName": next(iter(services), "") or "OTLPResourceNoServiceName",
        "kind": scalar_text(span.get("kind")).lower().rpartition("_")[2],
        "statusCode": _STATUS.get(scalar_text(status.get("code")), 0),
        "statusMessage": text(status.get("message")),
        "serviceTags": _tags(resource),
        "startTime": start,
        "duration": max(end - start, 0.0),
        "tags": _tags(mappings(span.get("attributes"))),
    }


_STATUS: Final = {"STATUS_CODE_OK": 1, "STATUS_CODE_ERROR": 2, "1": 1, "2": 2}


def _tags(attributes: list[Json]) -> Json:
    return {text(one.get("key")): attribute_value(one.get("value")) for one in items(attributes)}

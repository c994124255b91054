"""Frames of an answer of Loki.

Source: pkg/tsdb/loki/frame.go and parse_response.go of Grafana 12.4.3.
"""

from dashgen.core.json_values import Json, items, mapping, mappings, text
from dashgen.drawing.answers.prometheus_frames import legend_text, prometheus_frames
from dashgen.drawing.fields.field_names import labels_text
from dashgen.drawing.fields.frames import TIME_NAME, Field, Frame


def loki_frames(answer: Json, target: Json, *, step_ms: int = 0) -> list[Frame]:
    """The frames of one query.

    Args:
        answer: `data` of an answer: `resultType` (streams, matrix or vector) and `result`.
        target: the panel's target: `refId`, `expr`, `legendFormat`.
        step_ms: the milliseconds between two values of a range.

    Returns:
        One frame of all lines, the newest first, or one frame for each series.
    """
    if answer.get("resultType") == "vector":
        # Grafana makes a table of what a query gives for one moment.
        return prometheus_frames(answer, {**target, "format": "table"}, table_targets=2)
    if answer.get("resultType") != "streams":
        return [_named(frame, target) for frame in prometheus_frames(answer, target, step_ms=step_ms)]
    lines = [
        (text(items(entry)[0]), text(items(entry)[1]), mapping(stream.get("stream")))
        for stream in mappings(answer.get("result"))
        for entry in items(stream.get("values"))
        if len(items(entry)) > 1
    ]
    # Nanoseconds are texts of one length, so that they are in order as texts.
    lines.sort(key=lambda line: (len(line[0]), line[0]), reverse=True)
    if not lines:
        return []
    fields = [
        Field("labels", "other", [labels for _, _, labels in lines]),
        Field(TIME_NAME, "time", [_milliseconds(at) for at, _, _ in lines]),
        Field("Line", "string", [line for _, line, _ in lines]),
        Field("tsNs", "string", [at for at, _, _ in lines]),
        Field("id", "string", [f"{at}_{index}" for index, (at, _, _) in enumerate(lines)]),
    ]
    return [Frame(fields, text(target.get("refId")), meta={"preferredVisualisationType": "logs"})]


def _milliseconds(nanoseconds: str) -> int:
    return int(nanoseconds) // 1_000_000 if nanoseconds.isdecimal() else 0


def _named(frame: Frame, target: Json) -> Frame:
    for one in frame.fields:
        if one.labels is not None:
            pattern = text(target.get("legendFormat"))
            name = legend_text(one.labels, target) if pattern else labels_text(one.labels)
            one.config = {"displayNameFromDS": name} if name else {}
            frame.name = name
    return frame

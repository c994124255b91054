"""The events on a dashboard's time axes, from queries of its annotations.

Source: `processAnnotationResponse` in packages/grafana-prometheus/src/datasource.ts and `annotationQuery`
of the Loki data source: values above zero that are at most a step apart are one event with a length; each
log line is one.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from msgspec.structs import replace

from dashgen.core.json_values import Json, items, mapping, mappings, text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.doctor.live.live_queries import PanelQuery
from dashgen.doctor.live.live_variables import Interpolation
from dashgen.doctor.live.query_answer import Answer
from dashgen.doctor.live.query_moments import seconds
from dashgen.drawing.fields.frames import Frame
from dashgen.drawing.panel_data import AnnotationMark
from dashgen.preview.views.view_time import panel_window
from dashgen.preview.views.view_variables import view_values
from dashgen.preview.views.viewed_dashboard import ViewedDashboard

STEP: Final = 60.0
_LABEL: Final = lazy_pattern(r"\{\{\s*(.+?)\s*\}\}")
_MOST: Final = 500
_MOST_STEPS: Final = 11_000


def queried_annotations(dashboard: Json) -> list[Json]:
    """The annotations of a dashboard that are shown and have a query."""
    listed = mappings(mapping(dashboard.get("annotations")).get("list"))
    return [one for one in listed if one.get("enable") is True and annotation_query(one)]


def annotation_query(annotation: Json) -> str:
    """The query of an annotation; empty without one."""
    return text(mapping(annotation.get("target")).get("expr")) or text(annotation.get("expr"))


def annotation_step(annotation: Json) -> float:
    """How far values of one event are apart at most, in seconds."""
    target = mapping(annotation.get("target"))
    written = text(target.get("interval")) or text(annotation.get("step"))
    return seconds(written) or STEP


def annotation_panel_query(
    annotation: Json, viewed: ViewedDashboard, now_ms: int, most: int = _MOST_STEPS
) -> PanelQuery:
    """The query of an annotation, as that of a panel of the dashboard.

    Args:
        annotation: the annotation.
        viewed: its dashboard.
        now_ms: the present.
        most: how many steps it has at most.
    """
    window = panel_window(viewed.dashboard, {}, now_ms)
    window = replace(window, step=max(annotation_step(annotation), window.length / most))
    kind = text(mapping(annotation.get("datasource")).get("type")) or "prometheus"
    values = view_values(viewed.dashboard, {}, viewed.view)
    written = annotation_query(annotation)
    filling = Interpolation(values, window, viewed.dashboard, kind)
    return PanelQuery(
        dashboard=text(viewed.dashboard.get("uid")),
        dashboard_title=text(viewed.dashboard.get("title")),
        panel="",
        panel_id=0,
        ref_id="Anno",
        source_type=kind,
        source_uid="",
        expr=filling(written),
        written=written,
        instant=False,
        window=window,
    )


def is_on_panel(annotation: Json, panel: Json) -> bool:
    """Whether an annotation shows on a panel, by its filter of panels."""
    chosen = mapping(annotation.get("filter"))
    ids = items(chosen.get("ids"))
    if not chosen or (not ids and chosen.get("exclude") is not True):
        return True
    return (panel.get("id") in ids) != (chosen.get("exclude") is True)


def annotation_marks(annotation: Json, answer: Answer) -> list[AnnotationMark]:
    """The events of one annotation."""
    if answer.result is None:
        return []
    if answer.query.source_type == "loki":
        return list(_line_marks(annotation, answer.result.data))[:_MOST]
    marks = [
        mark
        for series in answer.result.series
        for mark in _series_marks(annotation, series.labels, series.points)
    ]
    return sorted(marks, key=lambda mark: mark.start)[:_MOST]


def frame_marks(annotation: Json, frames: Iterable[Frame]) -> list[AnnotationMark]:
    """The events of one annotation in frames of series, or of log lines."""
    marks: list[AnnotationMark] = []
    for frame in frames:
        time, value, line = frame.first("time"), frame.first("number"), frame.first("string")
        if time is not None and value is not None:
            pairs = zip(time.values, value.numbers(), strict=True)
            points = [(at / 1000, number) for at, number in pairs if isinstance(at, int | float) and number]
            marks += _series_marks(annotation, value.labels or {}, points)
        elif time is not None and line is not None:
            labels = frame.first("other")
            marks += [
                _line_mark(annotation, round(at), str(shown), mapping(labels.values[row]) if labels else {})
                for row, (at, shown) in enumerate(zip(time.values, line.values, strict=True))
                if isinstance(at, int | float)
            ]
    return sorted(marks, key=lambda mark: mark.start)[:_MOST]


def _series_marks(
    annotation: Json, labels: Mapping[str, str], points: Iterable[tuple[float, float]]
) -> list[AnnotationMark]:
    if annotation.get("useValueForTime") in (True, "on"):
        moments = [int(value) for _, value in points if value > 0]
    else:
        moments = [round(at * 1000) for at, value in points if value > 0]
    step = annotation_step(annotation) * 1000
    spans: list[list[int]] = []
    for moment in moments:
        if spans and spans[-1][1] + step >= moment:
            spans[-1][1] = moment
        else:
            spans.append([moment, moment])
    shown = _text(annotation, labels)
    tags = _tags(annotation, labels)
    color = text(annotation.get("iconColor"))
    return [AnnotationMark(start, shown, end if end > start else None, tags, color) for start, end in spans]


def _text(annotation: Json, labels: Mapping[str, str]) -> str:
    patterns = (text(annotation.get("titleFormat")), text(annotation.get("textFormat")))
    filled = [_filled(pattern, labels) for pattern in patterns if pattern]
    return "\n".join(filled) or text(annotation.get("name"))


def _filled(pattern: str, labels: Mapping[str, str]) -> str:
    return _LABEL.sub(lambda match: labels.get(match[1], match[1]), pattern)


def _tags(annotation: Json, labels: Mapping[str, str]) -> tuple[str, ...]:
    names = [name.strip() for name in text(annotation.get("tagKeys")).split(",")]
    return tuple(labels[name] for name in names if name in labels)


def _line_marks(annotation: Json, data: Mapping[str, object]) -> Iterable[AnnotationMark]:
    for stream in mappings(data.get("result")):
        for entry in items(stream.get("values")):
            at, line = text(items(entry)[0]), text(items(entry)[1])
            start = int(at) // 1_000_000 if at.isdecimal() else 0
            yield _line_mark(annotation, start, line, mapping(stream.get("stream")))


def _line_mark(annotation: Json, start: int, line: str, stream: Json) -> AnnotationMark:
    labels = {name: text(value) for name, value in stream.items()}
    has_format = annotation.get("titleFormat") or annotation.get("textFormat")
    shown = _text(annotation, labels) if has_format else line
    return AnnotationMark(start, shown, None, _tags(annotation, labels), text(annotation.get("iconColor")))

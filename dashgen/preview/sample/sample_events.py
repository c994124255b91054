"""Made-up events on time axes, and single observations with traces, near the series of a panel."""

from collections.abc import Iterator
from typing import Final

from dashgen.core.json_values import Json, items, mapping, text
from dashgen.doctor.live.query_answer import Answer
from dashgen.drawing.panel_data import AnnotationMark
from dashgen.preview.sample.made_up_curves import chance
from dashgen.preview.sample.sample_traces import trace_id_of

_MOST_EVENTS: Final = 3
_MOST_SERIES, _EXEMPLARS = 3, 12


def stored_events(annotation: Json, time_range: tuple[int, int]) -> list[AnnotationMark]:
    """Events that people wrote into Grafana: one for each of the tags that an annotation looks for.

    Args:
        annotation: the annotation of a dashboard, whose data source is Grafana itself.
        time_range: the milliseconds shown.
    """
    target = mapping(annotation.get("target"))
    tags = [
        one
        for one in items(target.get("tags")) or items(annotation.get("tags"))
        if isinstance(one, str) and one
    ]
    start, end = time_range
    marks = []
    for index, tag in enumerate(tags[:_MOST_EVENTS]):
        share = (index + chance(tag, low=0.2, high=0.8)) / max(len(tags[:_MOST_EVENTS]), 1)
        at = round(start + (end - start) * share)
        shown = tag.replace("-", " ").replace("_", " ").capitalize()
        marks.append(AnnotationMark(at, f"{shown} (sample)", None, (tag,), text(annotation.get("iconColor"))))
    return sorted(marks, key=lambda mark: mark.start)


def sample_exemplars(answer: Answer) -> list[Json]:
    """Observations with the ids of traces, as a Prometheus answers: some at each of the first series."""
    if answer.result is None:
        return []
    return [
        {
            "seriesLabels": dict(one.labels),
            "exemplars": list(_observations(one.points, f"{answer.query.expr}{index}")),
        }
        for index, one in enumerate(answer.result.series[:_MOST_SERIES])
        if one.points
    ]


def _observations(points: tuple[tuple[float, float], ...], key: str) -> Iterator[Json]:
    for index in range(min(_EXEMPLARS, len(points))):
        name = f"{key} {index}"
        at, value = points[int(len(points) * chance(name))]
        height = value * chance(f"{name}v", low=0.5, high=1.5)
        yield {"labels": {"trace_id": trace_id_of(name)}, "value": height, "timestamp": at}

"""The picture of a panel: frames of its answers, drawn as SVG, and that as PNG."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashgen.core.json_values import Json
from dashgen.doctor.live.query_answer import Answer
from dashgen.drawing.answers.loki_frames import loki_frames
from dashgen.drawing.answers.prometheus_frames import name_series, prometheus_frames
from dashgen.drawing.drawing_context import DrawingContext
from dashgen.drawing.fields.frames import Frame
from dashgen.drawing.panel_data import PanelData
from dashgen.drawing.panel_svg import panel_svg
from dashgen.drawing.png import png
from dashgen.report.draw_charts import ChartScene
from dashgen.servers.telemetry.results import Result

_SCALE: Final = 2.0
"""Mail programs show pictures at their size in HTML: twice as many points are sharp on every screen."""


def chart_picture(panel: Mapping[str, Any], answers: Sequence[Answer], scene: ChartScene) -> bytes:
    """The picture of a panel as PNG.

    Args:
        panel: the panel's JSON.
        answers: the answers to its queries.
        scene: the time, size and variables.

    Raises:
        DashgenError: pictures cannot be made here.
    """
    tables = sum(answer.query.target.get("format") == "table" for answer in answers)
    frames = [frame for answer in answers for frame in _frames(answer, max(1, tables))]
    name_series(frames, [answer.query.target for answer in answers])
    start, end = round(scene.period.start * 1000), round(scene.period.until * 1000)
    context = DrawingContext((start, end), end, "light", scene.period.zone, dict(scene.variables))
    # The title stands above the picture, as text that can be read without it.
    svg = panel_svg({**panel, "title": "", "description": ""}, PanelData(frames), scene.size, context)
    return png(svg, _SCALE)


def _frames(answer: Answer, tables: int) -> list[Frame]:
    if answer.result is None:
        return []
    target = dict(answer.query.target)
    step = round(answer.query.window.step * 1000)
    if answer.query.source_type == "loki":
        return loki_frames(_decoded(answer.result), target, step_ms=step)
    return prometheus_frames(_decoded(answer.result), target, step_ms=step, table_targets=tables)


def _decoded(result: Result) -> Json:
    """A result in the form in which Prometheus sends it; Loki's numbers have the same."""
    key = "value" if result.kind in {"vector", "scalar"} else "values"
    items: list[Json] = []
    for series in result.series:
        points = [[at, repr(number)] for at, number in series.points]
        items.append(
            {"metric": dict(series.labels), key: points[-1] if key == "value" and points else points}
        )
    return {"resultType": "vector" if key == "value" else "matrix", "result": items}

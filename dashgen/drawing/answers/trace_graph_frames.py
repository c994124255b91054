"""The spans of a trace as nodes and edges of a node graph.

Source: public/app/plugins/datasource/tempo/graphTransform.ts of grafana/grafana at 02badfdb.
"""

from collections.abc import Sequence
from typing import Final

from dashgen.core.json_values import Json
from dashgen.drawing.fields.frames import Cell, Field, Frame
from dashgen.drawing.values.javascript_numbers import number_text

_META: Final[Json] = {"preferredVisualisationType": "nodeGraph"}
_Span = tuple[float, float]


def trace_graph_frames(trace: Frame) -> list[Frame]:
    """A frame of nodes and one of edges.

    Args:
        trace: with the fields `spanID`, `parentSpanID`, `serviceName`, `operationName`, and `startTime` and
            `duration` in milliseconds.
    """
    columns = {one.name: one.values for one in trace.fields}
    spans = [str(one) for one in columns.get("spanID", [])]
    parents = [str(one) for one in columns.get("parentSpanID", [])]
    times = [
        (_float(start), _float(start) + _float(length))
        for start, length in zip(columns.get("startTime", []), columns.get("duration", []), strict=True)
    ]
    whole = max((end for _, end in times), default=0.0) - min((start for start, _ in times), default=0.0)
    children: dict[str, list[_Span]] = {}
    for parent, time in zip(parents, times, strict=True):
        children.setdefault(parent, []).append(time)
    own = [
        end - start - _covered(children.get(span, []))
        for span, (start, end) in zip(spans, times, strict=True)
    ]
    totals: list[Cell] = [f"total: {_part(end - start, whole)}" for start, end in times]
    selves: list[Cell] = [
        f"self: {_part(part, end - start)}" for part, (start, end) in zip(own, times, strict=True)
    ]
    shares: list[Cell] = [part / whole if whole else 0.0 for part in own]
    nodes = [
        Field("id", "string", list(spans)),
        Field("title", "string", list(columns.get("serviceName", []))),
        Field("subtitle", "string", list(columns.get("operationName", []))),
        Field("mainstat", "string", totals),
        Field("secondarystat", "string", selves),
        Field("color", "number", shares, config={"color": {"mode": "continuous-GrYlRd"}}),
    ]
    span_ids = set(spans)
    edges = [(parent, span) for parent, span in zip(parents, spans, strict=True) if parent in span_ids]
    edge_fields = [
        Field("id", "string", [f"{parent}--{span}" for parent, span in edges]),
        Field("target", "string", [span for _, span in edges]),
        Field("source", "string", [parent for parent, _ in edges]),
    ]
    return [
        Frame(nodes, trace.ref_id, "nodes", dict(_META)),
        Frame(edge_fields, trace.ref_id, "edges", dict(_META)),
    ]


def _float(value: Cell) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _part(length: float, whole: float) -> str:
    share = length / whole * 100 if whole else 0.0
    return f"{number_text(round(length, 2))}ms ({number_text(round(share, 2))}%)"


def _covered(spans: Sequence[_Span]) -> float:
    covered, reached = 0.0, float("-inf")
    for start, end in sorted(spans):
        covered += max(end - max(start, reached), 0.0)
        reached = max(reached, end)
    return covered

"""The service map of Tempo, which Grafana makes of metrics that Tempo writes into a Prometheus.

Source: `mapPromMetricsToServiceMap` in public/app/plugins/datasource/tempo/graphTransform.ts of
grafana/grafana.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeAlias

from msgspec import Struct

from dashgen.core.json_values import Json
from dashgen.drawing.fields.frames import Cell, Field, Frame

SERVICE_METRICS: Final[Mapping[str, str]] = {
    "total": "traces_service_graph_request_total",
    "seconds": "traces_service_graph_request_server_seconds_sum",
    "failed": "traces_service_graph_request_failed_total",
}
"""The metric of each number on the map."""
_META: Final[Json] = {"preferredVisualisationType": "nodeGraph"}
_NAMESPACES: Final = ("client_service_namespace", "server_service_namespace")


LabelledNumber: TypeAlias = tuple[Mapping[str, str], float]
"""A number of a series at one moment, with its labels."""


class _Traffic(Struct):
    name: str
    namespace: str = ""
    total: float = 0.0
    seconds: float = 0.0
    failed: float = 0.0


def service_map_query(kind: str) -> str:
    """The PromQL of a number on the map, for the time shown; `$__range` stands for its length."""
    labels = ", ".join(("client", "server", *_NAMESPACES))
    return f"sum by ({labels}) (rate({SERVICE_METRICS[kind]}[$__range]))"


def service_map_frames(answers: Mapping[str, Iterable[LabelledNumber]], ref_id: str) -> list[Frame]:
    """A frame of nodes and one of edges; none when there are no requests.

    Args:
        answers: the numbers of a Prometheus for one moment, by their kind.
        ref_id: of the target.
    """
    nodes: dict[str, _Traffic] = {}
    edges: dict[tuple[str, str], _Traffic] = {}
    for kind in SERVICE_METRICS:
        for labels, value in answers.get(kind, ()):
            if not math.isfinite(value):
                continue
            client, server = _identity(labels, "client"), _identity(labels, "server")
            for traffic in (
                edges.setdefault((client, server), _Traffic("")),
                nodes.setdefault(server, _Traffic(labels.get("server", ""), labels.get(_NAMESPACES[1], ""))),
            ):
                setattr(traffic, kind, getattr(traffic, kind) + value)
            nodes.setdefault(client, _Traffic(labels.get("client", ""), labels.get(_NAMESPACES[0], "")))
    if not nodes:
        return []
    return [_nodes_frame(nodes, ref_id), _edges_frame(edges, ref_id)]


def _identity(labels: Mapping[str, str], side: str) -> str:
    namespace = labels.get(f"{side}_service_namespace", "")
    return f"{namespace}/{labels.get(side, '')}" if namespace else labels.get(side, "")


def _nodes_frame(nodes: Mapping[str, _Traffic], ref_id: str) -> Frame:
    def values(of: Callable[[_Traffic], Cell]) -> list[Cell]:
        return [of(one) for one in nodes.values()]

    fields = [
        Field("id", "string", list(nodes)),
        Field("title", "string", values(lambda one: one.name), config={"displayName": "Service name"}),
        Field(
            "subtitle",
            "string",
            values(lambda one: one.namespace),
            config={"displayName": "Service namespace"},
        ),
        *_numbers(list(nodes.values())),
        _arc("success", "green", values(lambda one: 1 - _failed(one))),
        _arc("failed", "red", values(_failed)),
    ]
    return Frame(fields, ref_id, "Nodes", dict(_META))


def _edges_frame(edges: Mapping[tuple[str, str], _Traffic], ref_id: str) -> Frame:
    fields = [
        Field("id", "string", [f"{client}_{server}" for client, server in edges]),
        Field("source", "string", [client for client, _ in edges]),
        Field("target", "string", [server for _, server in edges]),
        *_numbers(list(edges.values())),
    ]
    return Frame(fields, ref_id, "Edges", dict(_META))


def _numbers(all_traffic: list[_Traffic]) -> list[Field]:
    # What handles no requests itself has no numbers.
    times: list[Cell] = [one.seconds / one.total * 1000 if one.total else None for one in all_traffic]
    rates: list[Cell] = [round(one.total, 2) if one.total else None for one in all_traffic]
    return [
        Field("mainstat", "number", times, config={"unit": "ms/r", "displayName": "Average response time"}),
        Field(
            "secondarystat", "number", rates, config={"unit": "r/sec", "displayName": "Requests per second"}
        ),
    ]


def _failed(one: _Traffic) -> float:
    return min(one.failed, one.total) / one.total if one.total else 0.0


def _arc(name: str, color: str, values: list[Cell]) -> Field:
    config = {"displayName": name.capitalize(), "color": {"fixedColor": color, "mode": "fixed"}}
    return Field(f"arc__{name}", "number", values, config=config)

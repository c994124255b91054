"""Targets that grafanalib lacks, and its Prometheus target with today's keys."""

# ruff: noqa: N815  # grafanalib names its arguments like the keys of the JSON

import attr
from grafanalib import core
from msgspec import Struct

from dashgen.compile.lower.objects import attrs
from dashgen.core.json_values import Json


@attrs
class PrometheusTarget(core.Target):  # type: ignore[misc]
    """A Prometheus query over time, now, or both, with or without exemplars."""

    intervalFactor = attr.ib(default=1)
    range = attr.ib(default=True)
    exemplar = attr.ib(default=False)

    def to_json_data(self) -> Json:
        """What today's editor writes; grafanalib's own JSON has keys of Graphite and no others."""
        json: Json = {
            "refId": self.refId,
            "expr": self.expr,
            "format": self.format,
            "legendFormat": self.legendFormat,
            "instant": self.instant,
            "range": self.range,
            "exemplar": self.exemplar,
            "editorMode": "code",
            "datasource": self.datasource,
        }
        if self.hide:
            json["hide"] = True
        if self.interval:
            json["interval"] = self.interval
        if self.intervalFactor != 1:
            json["intervalFactor"] = self.intervalFactor
        return json


class ModernTarget(Struct):
    """A query of a data source that grafanalib has no class for; ``model`` is what its editor writes."""

    refId: str
    datasource: dict[str, str]
    model: Json = {}
    hide: bool = False

    def to_json_data(self) -> Json:
        """The query's JSON; a null in the fields of a plugin's query is as good as nothing."""
        fields = {key: value for key, value in self.model.items() if value is not None}
        json: Json = {"refId": self.refId, "datasource": self.datasource, **fields}
        if self.hide:
            json["hide"] = True
        return json


class LokiTarget(ModernTarget, kw_only=True):
    """A LogQL query for log lines or numbers."""

    expr: str = ""
    queryType: str = "range"
    legendFormat: str = ""
    maxLines: int | None = None
    step: str = ""
    direction: str = "backward"

    def to_json_data(self) -> Json:
        """The query's JSON."""
        json = super().to_json_data()
        json["expr"] = self.expr
        json["queryType"] = self.queryType
        json["editorMode"] = "code"
        json["direction"] = self.direction
        json["legendFormat"] = self.legendFormat
        if self.maxLines is not None:
            json["maxLines"] = self.maxLines
        if self.step:
            json["step"] = self.step
        return json


class TempoTarget(ModernTarget, kw_only=True):
    """A TraceQL query, a search for traces, or the service graph."""

    queryType: str = "traceql"
    query: str = ""
    filters: list[Json] = []
    limit: int = 20
    spss: int = 3
    tableType: str = "traces"
    serviceMapQuery: str | None = None

    def to_json_data(self) -> Json:
        """The query's JSON; ``filters`` is a list that Grafana requires of every type."""
        json = super().to_json_data()
        json["queryType"] = self.queryType
        json["query"] = self.query
        json["filters"] = self.filters
        json["limit"] = self.limit
        json["spss"] = self.spss
        json["tableType"] = self.tableType
        if self.serviceMapQuery is not None:
            json["serviceMapQuery"] = self.serviceMapQuery
        return json


EXPRESSIONS = {"type": "__expr__", "uid": "__expr__"}


class ExpressionTarget(ModernTarget, kw_only=True):
    """Arithmetic, a reduction, a resampling or a threshold, computed by Grafana from other queries."""

    kind: str = "math"
    expression: str = ""

    def to_json_data(self) -> Json:
        """The query's JSON."""
        json = super().to_json_data()
        json["type"] = self.kind
        json["expression"] = self.expression
        return json

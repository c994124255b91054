"""The types of data sources where a dashboard leaves them open, as dashboards of other people often do."""

from collections.abc import Mapping
from typing import Final

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.formats.panel_tree import every_variable

_REFERENCE: Final = lazy_pattern(r"\$\{?(\w+)(?::\w+)?\}?")
_SELECTOR: Final = lazy_pattern(r"\s*(?:\w+\s*(?:by|without)?\s*\([^{]*)*\{[^}]*\}\s*(?:\|[=~>]|\||!=|!~|$)")
_SHARED: Final = frozenset({"-- Dashboard --", "-- Mixed --", "-- Grafana --", "grafana", "__expr__", "-100"})
_KEYS: Final = (
    ("rawSql", "sql"), ("rawQueryText", "sql"), ("measurement", "influxdb"), ("metricName", "cloudwatch"),
    ("bucketAggs", "elasticsearch"), ("target", "graphite"), ("azureMonitor", "azure-monitor"),
)  # fmt: skip


_ALIASES: Final = {
    "grafana-amazonprometheus-datasource": "prometheus",
    "grafana-azureprometheus-datasource": "prometheus",
    "victoriametrics-metrics-datasource": "prometheus",
    "camptocamp-prometheus-alertmanager-datasource": "alertmanager",
}
"""Data sources that have the queries of another one."""


def typed_dashboard(dashboard: Json) -> Json:
    """A dashboard whose targets all have the type of a data source.

    Args:
        dashboard: in the extended classic form.
    """
    types = source_types(dashboard)
    return _typed(dashboard, types)


def source_types(dashboard: Json) -> Mapping[str, str]:
    """The types of data sources by the names of the variables and inputs that stand for them."""
    inputs = {text(one.get("name")): text(one.get("pluginId")) for one in mappings(dashboard.get("__inputs"))}
    variables = {
        text(one.get("name")): text(one.get("query"))
        for one in every_variable(dashboard)
        if one.get("type") == "datasource"
    }
    return {**inputs, **variables}


def typed_panel(panel: Json, types: Mapping[str, str]) -> Json:
    """A panel whose targets all have the type of a data source.

    Args:
        panel: its JSON.
        types: the types by the names of variables.
    """
    own = mapping(panel.get("datasource"))
    targets = [_typed_target(target, own, types) for target in mappings(panel.get("targets"))]
    return {**panel, "targets": targets} if targets else panel


def _typed_target(target: Json, panel_source: Json, types: Mapping[str, str]) -> Json:
    source = mapping(target.get("datasource")) or panel_source
    kind, uid = text(source.get("type")), text(source.get("uid"))
    if text(panel_source.get("uid")) == "-- Mixed --" and not target.get("datasource"):
        source, kind, uid = {}, "", ""
    if kind in _ALIASES:
        return {**target, "datasource": {**source, "type": _ALIASES[kind]}}
    if (kind and kind not in {"datasource", "mixed"}) or uid in _SHARED - {"-- Mixed --"}:
        return target if target.get("datasource") else {**target, "datasource": source}
    match = _REFERENCE.fullmatch(uid)
    kind = types.get(match[1], "") if match else ""
    kind = _ALIASES.get(kind, kind)
    return {**target, "datasource": {**source, "type": kind or _guessed_type(target)}}


def _guessed_type(target: Json) -> str:
    expr = text(target.get("expr"))
    if expr:
        return (
            "loki"
            if _SELECTOR.match(expr) and ("|" in expr or expr.lstrip().startswith("{"))
            else "prometheus"
        )
    for key, kind in _KEYS:
        if target.get(key):
            return kind
    query = text(target.get("query")).lstrip()
    if query.lower().startswith("select"):
        return "influxdb"
    return "tempo" if query.startswith("{") else "other" if query else "prometheus"


def _typed(element: Json, types: Mapping[str, str]) -> Json:
    panels = [_typed(typed_panel(panel, types), types) for panel in mappings(element.get("panels"))]
    return {**element, "panels": panels} if "panels" in element else element

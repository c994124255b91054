"""Panels of grafanalib in the form that dashgen's own have before they are migrated."""

from collections.abc import Callable
from typing import Any, TypeAlias

from dashgen.formats.legacy.legacy_alertlist import alertlist
from dashgen.formats.legacy.legacy_graph import graph
from dashgen.formats.legacy.legacy_heatmap import heatmap
from dashgen.formats.legacy.legacy_maps import discrete, statusmap, worldmap
from dashgen.formats.legacy.legacy_piechart import piechart
from dashgen.formats.legacy.legacy_references import References
from dashgen.formats.legacy.legacy_singlestat import singlestat

Json: TypeAlias = dict[str, Any]
_REF_IDS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DEFAULT_POINTS = 100

CONVERSIONS: dict[str, Callable[[Json], Json]] = {
    "alertlist": alertlist,
    "flant-statusmap-panel": statusmap,
    "grafana-piechart-panel": piechart,
    "grafana-worldmap-panel": worldmap,
    "graph": graph,
    "heatmap": heatmap,
    "natel-discrete-panel": discrete,
    "singlestat": singlestat,
}
"""Panel types that Grafana no longer runs, or whose options were others, and what becomes of them."""


def modernise_panel(panel: Json, references: References) -> Json:
    """A panel of a type that runs, with references to data sources, and without grafanalib's defaults.

    Before: ``{"type": "graph", "datasource": "Prometheus", "maxDataPoints": 100, …}``
    After: ``{"type": "timeseries", "datasource": {"uid": "Prometheus"}, "fieldConfig": {…}, "options": {…}, …}``
    """
    panel = dict(panel)
    if panel.get("type") == "row":
        panel["panels"] = [modernise_panel(child, references) for child in panel.get("panels") or []]
        return panel
    convert = CONVERSIONS.get(panel.get("type", ""))
    panel = _without_no_value(panel) if convert is None else convert(panel)
    if panel.get("maxDataPoints") == _DEFAULT_POINTS:
        del panel["maxDataPoints"]
    panel = references.resolved(panel)
    if panel.get("targets"):
        panel["targets"] = _targets(panel, references)
    return panel


def _targets(panel: Json, references: References) -> list[Json]:
    """Targets with a ref and a data source each; those of data sources other than Prometheus keep their own keys."""
    taken = {target["refId"] for target in panel["targets"] if target.get("refId")}
    free = (letter for letter in _REF_IDS if letter not in taken)
    found = []
    for given in panel["targets"]:
        target = references.resolved(given)
        target["refId"] = target.get("refId") or next(free, "Z")
        source = target.get("datasource") or panel.get("datasource")
        if source:
            target["datasource"] = source
        found.append(_own_keys(target))
    return found


def _own_keys(target: Json) -> Json:
    if "intervalFactor" not in target:
        return target
    if target.get("rawSql"):
        keys: tuple[str, ...] = ("refId", "datasource", "rawSql", "rawQuery", "format", "hide")
    elif target.get("target") and not target.get("expr"):
        keys = ("refId", "datasource", "target", "hide")
    elif (target.get("datasource") or {}).get("type") == "loki":
        keys = ("refId", "datasource", "expr", "legendFormat", "hide")
    else:
        return target
    return {key: target[key] for key in keys if target.get(key)}


def _without_no_value(panel: Json) -> Json:
    """The class `Stat` writes ``noValue: none``, which Grafana would show."""
    config = panel.get("fieldConfig") or {}
    defaults = config.get("defaults") or {}
    if panel.get("type") != "stat" or defaults.get("noValue") != "none":
        return panel
    kept = {key: value for key, value in defaults.items() if key != "noValue"}
    return {**panel, "fieldConfig": {**config, "defaults": kept}}

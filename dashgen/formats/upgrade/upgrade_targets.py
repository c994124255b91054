"""Upgrade queries: without what their editors store for themselves, and with today's keys for old ones."""

from collections.abc import Callable
from typing import Any

from dashgen.core.json_values import Json, mapping, mappings, text, without_nulls
from dashgen.formats.upgrade.loss_reasons import target_reasons
from dashgen.formats.upgrade.notes import Notes
from dashgen.formats.upgrade.upgrade_data_sources import References

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def upgrade_targets(panel: Json, references: References, notes: Notes) -> list[Json]:
    """The queries of a panel, each with a ref and a data source."""
    old_targets = mappings(panel.get("targets"))
    taken = {text(target.get("refId")) for target in old_targets}
    free = iter([ref for ref in _refs() if ref not in taken])
    own = panel.get("datasource")
    upgraded = []
    for item in old_targets:
        target = without_nulls(item)
        # Queries of a mixed panel name their data source each; all others may leave it to the panel.
        is_mixed = mapping(own).get("uid") == "-- Mixed --"
        source = references.find(target.pop("datasource", None)) or (None if is_mixed else own)
        if reference := source or references.default(target):
            target["datasource"] = dict(reference)
        target["refId"] = text(target.get("refId")) or next(free)
        if set(target) - {"datasource", "refId", "hide"}:
            upgraded.append(_by_type(target))
        elif source:
            notes.drop("queries without anything in them", harmless=True)
    seen: set[str] = set()
    for target in upgraded:
        if target["refId"] in seen:
            target["refId"] = next(free)
        seen.add(target["refId"])
    return upgraded


def _refs() -> list[str]:
    return [*_LETTERS, *(f"{letter}{number}" for number in range(1, 40) for letter in _LETTERS)]


def _by_type(target: Json) -> Json:
    kind = text(mapping(target.get("datasource")).get("type"))
    if not target.get("hide"):
        target.pop("hide", None)
    query = {key: value for key, value in target.items() if key not in target_reasons(kind)}
    return _FORMS[kind](query) if kind in _FORMS else query


def _prometheus(query: Json) -> Json:
    """A query for Prometheus with every key that today's editor writes.

    Before: ``{"refId": "A", "expr": "up", "intervalFactor": 1, "step": 10, "format": 0}``
    After: ``{"refId": "A", "expr": "up", "instant": false, "range": true, "format": "time_series", …}``
    """
    instant = bool(query.get("instant"))
    query["instant"] = instant
    # A query that is neither of a range nor of an instant runs as one of a range.
    query["range"] = bool(query.get("range", not instant)) or not instant
    query["exemplar"] = bool(query.get("exemplar"))
    query["format"] = _FORMATS.get(query.get("format"), "time_series")
    query.setdefault("legendFormat", "")
    query.setdefault("expr", "")
    query["editorMode"] = "code"
    # 1 is the default that old versions wrote down; other factors still divide the resolution.
    if query.get("intervalFactor") == 1:
        del query["intervalFactor"]
    for key in ("interval", "hide", "stepMode"):
        if not query.get(key):
            query.pop(key, None)
    return query


_FORMATS: dict[Any, str] = {
    0: "time_series", 1: "table", 2: "heatmap",
    "time_series": "time_series", "table": "table", "heatmap": "heatmap",
}  # fmt: skip


def _loki(query: Json) -> Json:
    """A query for Loki, whose type has stood in ``queryType`` since Grafana 8.

    Before: ``{"refId": "A", "expr": "{app='shop'}", "instant": true}``
    After: ``{"refId": "A", "expr": "{app='shop'}", "queryType": "instant", "direction": "backward", …}``
    """
    instant = query.pop("instant", None)
    query.pop("range", None)
    query["queryType"] = text(query.get("queryType")) or ("instant" if instant else "range")
    query.setdefault("expr", "")
    query.setdefault("legendFormat", "")
    query.setdefault("direction", "backward")
    query["editorMode"] = "code"
    return {key: value for key, value in query.items() if value != "" or key in ("expr", "legendFormat")}


def _tempo(query: Json) -> Json:
    """A query in TraceQL with the defaults of its options (``public/app/plugins/datasource/tempo``)."""
    if query.get("queryType", "traceql") in ("traceql", "traceqlSearch"):
        query = {"filters": [], "limit": 20, "spss": 3, "tableType": "traces", **query}
    return query


def _expression(query: Json) -> Json:
    """An expression that names its query without ``$``, which Grafana removes (``pkg/expr/commands.go``)."""
    if query.get("type") in ("reduce", "resample") and text(query.get("expression")):
        query["expression"] = query["expression"].lstrip("$").strip("{}")
    return query


_FORMS: dict[str, Callable[[Json], Json]] = {
    "__expr__": _expression,
    "loki": _loki,
    "prometheus": _prometheus,
    "tempo": _tempo,
}

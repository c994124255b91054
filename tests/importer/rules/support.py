"""Alert rules as Grafana holds them."""

from typing import Any

from dashgen.importer.rules.built_rules import GroupContext
from dashgen.model.data_source_spec import DataSourceRef

SOURCES = {name: DataSourceRef(name, f"{name}-uid") for name in ("prometheus", "loki")}
# A project knows its data sources by alias and by uid.
KNOWN = {**SOURCES, **{ref.uid: ref for ref in SOURCES.values()}}
AROUND = GroupContext(sources=SOURCES, panels={("shop", 7): "query-rate"})


def query(expr: str, ref: str = "A", **more: Any) -> dict[str, Any]:
    """An instant query of Prometheus, as the editor leaves it."""
    model = {
        "refId": ref, "expr": expr, "instant": True, "range": False, "editorMode": "code", "intervalMs": 1000,
        "legendFormat": "__auto", "maxDataPoints": 43200, **more.pop("model", {}),
    }  # fmt: skip
    entry = {"refId": ref, "queryType": "", "relativeTimeRange": {"from": 600, "to": 0}}
    return {**entry, "datasourceUid": "prometheus-uid", "model": model, **more}


def over_time(expr: str, ref: str = "A", **more: Any) -> dict[str, Any]:
    """A query of Prometheus over time."""
    return query(expr, ref, model={"instant": False, "range": True, **more.pop("model", {})}, **more)


def logs(expr: str, ref: str = "A", kind: str = "instant") -> dict[str, Any]:
    """A query of Loki."""
    return {
        "refId": ref, "queryType": kind, "relativeTimeRange": {"from": 600, "to": 0},
        "datasourceUid": "loki-uid", "model": {"refId": ref, "expr": expr, "queryType": kind},
    }  # fmt: skip


def computed(
    ref: str, kind: str, expression: str = "", uid: str = "__expr__", **model: Any
) -> dict[str, Any]:
    """An expression, with what the editor leaves in it."""
    built = {
        "refId": ref,
        "type": kind,
        "expression": expression,
        "datasource": {"type": "__expr__", "uid": uid},
        **model,
    }
    return {"refId": ref, "relativeTimeRange": {"from": 0, "to": 0}, "datasourceUid": uid, "model": built}


def reduced(of: str, ref: str = "B", by: str = "last", mode: str = "") -> dict[str, Any]:
    """A reduction, with the condition that the editor leaves in it."""
    left = [
        {
            "evaluator": {"params": [], "type": "gt"},
            "reducer": {"params": [], "type": "last"},
            "type": "query",
        }
    ]
    settings = {"settings": {"mode": mode}} if mode else {}
    return computed(ref, "reduce", of, reducer=by, conditions=left, **settings)


def threshold(of: str, kind: str = "gt", *numbers: float, ref: str = "C", **more: Any) -> dict[str, Any]:
    """The condition."""
    return computed(
        ref, "threshold", of, conditions=[{"evaluator": {"type": kind, "params": list(numbers)}, **more}]
    )


def rule(*data: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A rule in Grafana's API; its condition is its last entry."""
    return {
        "id": 3, "uid": "slow-answers", "orgID": 1, "folderUID": "shop", "ruleGroup": "service",
        "title": "SlowAnswers", "condition": data[-1]["refId"], "data": list(data), "noDataState": "OK",
        "execErrState": "Error", "for": "5m", "keep_firing_for": "0s", "labels": {}, "annotations": {},
        "isPaused": False, "notification_settings": None, "record": None, "provenance": "api", **more,
    }  # fmt: skip

"""Queries are checked wherever a server would read them."""

from typing import Any

import pytest

from .conftest import Check

_SOURCE = {"type": "prometheus", "uid": "p"}
_LOKI = {"type": "loki", "uid": "l"}
_DASHBOARD = {"uid": "x", "title": "X", "schemaVersion": 42, "panels": []}


def _rule(kind: str, expr: str) -> dict[str, Any]:
    model = {"refId": "A", "expr": expr, "datasource": {"type": kind, "uid": "u"}}
    query = {"refId": "A", "datasourceUid": "u", "relativeTimeRange": {"from": 60, "to": 0}, "model": model}
    rule = {"uid": "r", "title": "T", "condition": "A", "for": "0s", "data": [query]}
    return {"apiVersion": 1, "groups": [{"name": "g", "folder": "F", "interval": "1m", "rules": [rule]}]}


def _variable(query: Any, source: dict[str, str]) -> dict[str, Any]:
    variable = {"type": "query", "name": "v", "datasource": source, "query": query}
    return {**_DASHBOARD, "templating": {"list": [variable]}}


def _annotation(**words: Any) -> dict[str, Any]:
    annotation = {"name": "a", "enable": True, "iconColor": "red", "datasource": _SOURCE, **words}
    return {**_DASHBOARD, "annotations": {"list": [annotation]}}


def _v2(group: str, spec: dict[str, Any]) -> dict[str, Any]:
    query = {
        "kind": "PanelQuery",
        "spec": {"refId": "A", "query": {"kind": "DataQuery", "group": group, "spec": spec}},
    }
    panel = {
        "kind": "Panel",
        "spec": {"id": 1, "title": "T", "data": {"kind": "QueryGroup", "spec": {"queries": [query]}}},
    }
    item = {"kind": "GridLayoutItem", "spec": {"element": {"kind": "ElementReference", "name": "p"}}}
    return {
        "apiVersion": "dashboard.grafana.app/v2beta1", "kind": "Dashboard", "metadata": {"name": "d"},
        "spec": {"title": "D", "elements": {"p": panel}, "layout": {"kind": "GridLayout", "spec": {"items": [item]}}},
    }  # fmt: skip


PLACES: list[tuple[str, dict[str, Any], str]] = [
    ("rules/loki/r.yaml", {"groups": [{"name": "g", "rules": [{"alert": "A", "expr": '{a="b"}'}]}]}, "query/result"),
    ("rules/loki/r.yaml", {"groups": [{"name": "g", "rules": [{"alert": "A", "expr": "{} | jsn"}]}]}, "query/syntax"),
    ("rules/prometheus/r.yaml", {"groups": [{"name": "g", "rules": [{"record": "a", "expr": "up[5m]"}]}]}, "query/result"),
    ("provisioning/alerting/r.yaml", _rule("loki", '{a="b"}'), "query/result"),
    ("provisioning/alerting/r.yaml", _rule("loki", "{a=b}"), "query/syntax"),
    ("provisioning/alerting/r.yaml", _rule("prometheus", "up[5m]"), "query/result"),
    ("x.json", _variable("label_value(up, job)", _SOURCE), "query/syntax"),
    ("x.json", _variable({"query": "query_result(sum()", "refId": "v"}, _SOURCE), "query/syntax"),
    ("x.json", _variable({"label": "a", "stream": "", "type": 1, "refId": "v"}, _LOKI), ""),
    ("x.json", _variable("label_values(up, job)", _SOURCE), ""),
    ("x.json", _annotation(expr="sum("), "query/syntax"),
    ("x.json", _annotation(target={"expr": 'up{a="$nope"}', "refId": "A"}), "query/variable"),
    ("x.json", _annotation(expr="changes(up[5m]) > 0"), ""),
    ("d.json", _v2("prometheus", {"expr": "sum("}), "query/syntax"),
    ("d.json", _v2("loki", {"expr": "{a=b}"}), "query/syntax"),
    ("d.json", _v2("tempo", {"query": "{ a = 1 }", "queryType": "traceql"}), "query/syntax"),
    ("d.json", _v2("prometheus", {"expr": "up"}), ""),
]  # fmt: skip


@pytest.mark.parametrize(("file", "data", "rule"), PLACES)
def test_a_query_is_checked_in_its_place(check: Check, file: str, data: dict[str, Any], rule: str) -> None:
    found = [problem.rule for problem in check({file: data}) if problem.rule.startswith("query/")]
    assert found == ([rule] if rule else [])

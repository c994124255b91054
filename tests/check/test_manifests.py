"""Kubernetes resources are read like the files in them, and findings stand at the right line inside."""

import base64
import gzip
import json
from typing import Any

import pytest

from .conftest import Check

_DASHBOARD = '{"uid": "x", "title": "X", "schemaVersion": 42, "panels": [],\n "refresh": "nope"}'
_RULES = "groups:\n  - name: g\n    rules:\n      - {alert: A, expr: 'sum((', for: 5m}\n"


def _indented(text: str, width: int = 4) -> str:
    return "".join(" " * width + line + "\n" for line in text.splitlines())


_PROMETHEUS_RULE = f"""\
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {{name: x}}
spec:
{_indented(_RULES, 2)}"""
_CONFIG_MAP = f"""\
apiVersion: v1
kind: ConfigMap
metadata: {{name: d}}
data:
  readme.txt: not a dashboard
  d.json: |-
{_indented(_DASHBOARD)}  r.yaml: |
{_indented(_RULES)}"""
_GRAFANA_DASHBOARD = f"""\
apiVersion: grafana.integreatly.org/v1beta1
kind: GrafanaDashboard
metadata: {{name: d}}
spec:
  instanceSelector: {{}}
  json: >-
{_indented(_DASHBOARD)}"""
_AFTER_A_SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: s}\n---\n"

PLACES: list[tuple[str, str, list[str]]] = [
    ("PrometheusRule", _PROMETHEUS_RULE, ["query/syntax 8:33"]),
    ("ConfigMap", _CONFIG_MAP, ["dashboard/refresh 8:17", "query/syntax 13:35"]),
    ("GrafanaDashboard", _GRAFANA_DASHBOARD, ["dashboard/refresh 8:17"]),
    ("second document", _AFTER_A_SERVICE + _PROMETHEUS_RULE, ["query/syntax 12:33"]),
    (
        "broken JSON",
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  d.json: '{\"panels\": [,]}'\n",
        ["json/syntax 4:24"],
    ),
    (
        "rules of the Loki operator",
        _PROMETHEUS_RULE.replace("PrometheusRule", "AlertingRule").replace(
            "spec:\n", "spec:\n  tenantID: application\n"
        ),
        ["query/syntax 9:33"],
    ),
]


@pytest.mark.parametrize(("text", "expected"), [p[1:] for p in PLACES], ids=[p[0] for p in PLACES])
def test_a_mistake_stands_at_its_line_in_the_resource(check: Check, text: str, expected: list[str]) -> None:
    found = check({"x.yaml": text}, "x.yaml")
    places = [
        f"{d.rule} {d.location.span.line}:{d.location.span.column}"
        for d in found
        if d.location and d.location.span
    ]
    assert places == expected


def test_a_list_of_resources_as_json_is_opened(check: Check) -> None:
    items: list[Any] = [
        {"apiVersion": "v1", "kind": "ConfigMap", "data": {"d.json": _DASHBOARD}},
        {"apiVersion": "monitoring.coreos.com/v1", "kind": "PrometheusRule", "spec": {"groups": [
            {"name": "g", "rules": [{"alert": "A", "expr": "sum(("}]}]}},
    ]  # fmt: skip
    found = check({"x.json": {"apiVersion": "v1", "kind": "List", "items": items}}, "x.json")
    assert [d.rule for d in found] == ["dashboard/refresh", "query/syntax"]


def test_a_compressed_dashboard_is_opened(check: Check) -> None:
    packed = base64.b64encode(gzip.compress(_DASHBOARD.encode())).decode()
    spec = {
        "apiVersion": "grafana.integreatly.org/v1beta1",
        "kind": "GrafanaDashboard",
        "spec": {"gzipJson": packed},
    }
    assert [d.rule for d in check({"x.yaml": spec}, "x.yaml")] == ["dashboard/refresh"]


@pytest.mark.parametrize("packed", ["", "%%", base64.b64encode(b"plain").decode(), "é"])
def test_what_is_not_compressed_is_nothing(check: Check, packed: str) -> None:
    spec = {
        "apiVersion": "grafana.integreatly.org/v1beta1",
        "kind": "GrafanaDashboard",
        "spec": {"gzipJson": packed},
    }
    assert [d.rule for d in check({"x.yaml": spec}, "x.yaml")] == ["file/unknown"]


def test_a_resource_of_another_kind_is_nobodys_business(check: Check) -> None:
    files = {
        "a.yaml": _AFTER_A_SERVICE,
        "b.yaml": "apiVersion: v1\nkind: ConfigMap\ndata: {app.json: '{broken', x.yaml: 'a: [', y: 1}\n",
        "c.json": json.dumps({"apiVersion": "v1", "kind": "List", "items": [1, None, {"kind": "List"}]}),
        "d.yaml": "apiVersion: v1\nkind: PrometheusRule\nspec: []\n",
    }
    assert [found.rule for found in check(files)] == ["file/none"]

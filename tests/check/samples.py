"""Artifacts that nothing is wrong with, to be broken one place at a time."""

import copy
import json
from typing import Any

PROM = {"type": "prometheus", "uid": "prom"}

DATA_SOURCES: dict[str, Any] = {
    "apiVersion": 1,
    "prune": True,
    "datasources": [
        {
            "name": "Prometheus", "uid": "prom", "type": "prometheus", "access": "proxy",
            "url": "http://prom:9090",
            "isDefault": True, "editable": False,
            "jsonData": {"httpMethod": "POST", "exemplarTraceIdDestinations": [{"name": "trace_id",
            "datasourceUid": "tempo"}]},
        },
        {
            "name": "Loki", "uid": "loki", "type": "loki", "url": "http://loki:3100",
            "jsonData": {
                "maxLines": "1000",
                "derivedFields": [{"name": "T", "matcherRegex": r"id=(\w+)$", "url": "$${__value.raw}",
                "datasourceUid": "tempo"}],
            },
            "secureJsonData": {"basicAuthPassword": "$LOKI_PASSWORD"},
        },
        {"name": "Tempo", "uid": "tempo", "type": "tempo", "url": "http://tempo:3200"},
    ],
}  # fmt: skip

PROVIDERS: dict[str, Any] = {
    "apiVersion": 1,
    "providers": [
        {
            "name": "dashgen", "orgId": 1, "type": "file", "disableDeletion": False, "allowUiUpdates": False,
            "updateIntervalSeconds": 30,
            "options": {"path": "/var/lib/grafana/dashboards", "foldersFromFilesStructure": True},
        }
    ],
}  # fmt: skip

RULE: dict[str, Any] = {
    "uid": "error-rate",
    "title": "HighErrorRate",
    "condition": "C",
    "data": [
        {
            "refId": "A",
            "relativeTimeRange": {"from": 600, "to": 0},
            "datasourceUid": "prom",
            "model": {"refId": "A", "expr": "sum(rate(x_total[5m]))", "instant": True, "range": False},
        },
        {
            "refId": "C",
            "relativeTimeRange": {"from": 0, "to": 0},
            "datasourceUid": "__expr__",
            "model": {
                "refId": "C", "type": "threshold", "expression": "A",
                "conditions": [{"evaluator": {"type": "gt", "params": [0.1]}}],
            },
        },
    ],
    "noDataState": "OK",
    "execErrState": "Error",
    "for": "5m",
    "keepFiringFor": "0s",
    "labels": {"severity": "critical"},
    "annotations": {"summary": "Error rate is {{ $values.A.Value }}"},
    "notification_settings": {"receiver": "ops", "mute_time_intervals": ["weekends"]},
}  # fmt: skip

ALERTING: dict[str, Any] = {
    "apiVersion": 1,
    "groups": [{"orgId": 1, "name": "service", "folder": "Dubai Estate AI", "interval": "1m",
    "rules": [RULE]}],
    "deleteRules": [{"orgId": 1, "uid": "old-rule"}],
    "contactPoints": [
        {
            "orgId": 1,
            "name": "ops",
            "receivers": [
                {"uid": "ops-mail", "type": "email", "settings": {"addresses": "$OPS_MAIL;ops@example.com"}},
                {
                    "uid": "ops-slack", "type": "slack",
                    "settings": {"url": "${SLACK_URL}", "title": '{{ template "ops.title" . }}'},
                },
            ],
        }
    ],
    "policies": [
        {
            "orgId": 1,
            "receiver": "ops",
            "group_by": ["alertname"],
            "group_wait": "30s",
            "routes": [
                {"receiver": "ops", "object_matchers": [["severity", "=~", "critical|page"]],
                 "repeat_interval": "1h"},
                {"receiver": "ops", "matchers": ['team="web"'], "mute_time_intervals": ["weekends"]},
            ],
        }
    ],
    "muteTimes": [
        {
            "orgId": 1,
            "name": "weekends",
            "time_intervals": [
                {
                    "times": [{"start_time": "06:00", "end_time": "24:00"}], "weekdays": ["saturday",
                    "monday:friday"],
                    "days_of_month": ["1:7", "-3:-1"], "months": ["june:august", "12"],
                    "years": ["2026:2027"],
                    "location": "Asia/Dubai",
                }
            ],
        }
    ],
    "templates": [
        {"orgId": 1, "name": "ops",
         "template": '{{ define "ops.title" }}{{ range .Alerts }}$x{{ end }}{{ end }}'}
    ],
}  # fmt: skip

PROMETHEUS_RULES: dict[str, Any] = {
    "groups": [
        {
            "name": "service",
            "interval": "1m",
            "rules": [
                {
                    "alert": "HighErrorRate", "expr": "sum(rate(x_total[5m])) > 0.1", "for": "5m",
                    "keep_firing_for": "1m",
                    "labels": {"severity": "critical"}, "annotations": {"summary": "{{ $value | humanize }}"},
                },
                {"record": "job:x:rate5m", "expr": "sum by (job) (rate(x_total[5m]))",
                 "labels": {"team": "web"}},
            ],
        }
    ]
}  # fmt: skip

PANEL: dict[str, Any] = {
    "id": 1,
    "type": "timeseries",
    "title": "Query rate",
    "datasource": PROM,
    "gridPos": {"x": 0, "y": 1, "w": 12, "h": 8},
    "targets": [
        {
            "refId": "A", "datasource": PROM, "expr": "sum(rate(x_total[$__rate_interval]))", "range": True,
            "instant": False,
            "editorMode": "code", "legendFormat": "{{status}}",
        }
    ],
    "fieldConfig": {
        "defaults": {
            "unit": "reqps",
            "color": {"mode": "palette-classic"},
            "custom": {"drawStyle": "line", "lineWidth": 2, "spanNulls": False, "stacking": {"mode": "none",
            "group": "A"}},
            "mappings": [{"type": "value", "options": {"0": {"text": "none", "index": 0}}}],
            "thresholds": {"mode": "absolute", "steps": [{"color": "green", "value": None}, {"color": "red",
            "value": 80}]},
            "links": [{"title": "Logs", "url": "/d/logs", "targetBlank": True}],
        },
        "overrides": [
            {"matcher": {"id": "byName", "options": "errors"}, "properties": [{"id": "custom.lineWidth",
             "value": 3}]}
        ],
    },
    "options": {
        "legend": {"showLegend": True, "displayMode": "list", "placement": "bottom", "calcs": ["mean"]},
        "tooltip": {"mode": "multi", "sort": "desc"},
    },
    "transformations": [{"id": "organize", "options": {}}],
}  # fmt: skip

DASHBOARD: dict[str, Any] = {
    "uid": "mission-control",
    "title": "🚀 Mission Control",
    "tags": ["dashgen"],
    "timezone": "browser",
    "editable": True,
    "graphTooltip": 1,
    "schemaVersion": 42,
    "refresh": "30s",
    "time": {"from": "now-6h", "to": "now"},
    "timepicker": {},
    "weekStart": "",
    "fiscalYearStartMonth": 0,
    "liveNow": False,
    "links": [{"title": "Docs", "type": "link", "url": "https://example.com", "tags": [],
    "asDropdown": False}],
    "annotations": {
        "list": [
            {
                "builtIn": 1, "datasource": {"type": "grafana", "uid": "-- Grafana --"}, "enable": True,
                "hide": True,
                "iconColor": "rgba(0, 211, 255, 1)", "name": "Annotations & Alerts", "type": "dashboard",
            }
        ]
    },
    "templating": {
        "list": [
            {
                "type": "query", "name": "tier", "label": "Tier", "datasource": PROM, "refresh": 1, "sort": 1,
                "query": {"qryType": 1, "query": "label_values(x_total, tier)",
                "refId": "PrometheusVariableQueryEditor"},
                "definition": "label_values(x_total, tier)", "current": {}, "options": [], "hide": 0,
                "regex": "",
            }
        ]
    },
    "panels": [
        {"id": 10, "type": "row", "title": "Traffic", "collapsed": False, "gridPos": {"x": 0, "y": 0,
         "w": 24, "h": 1}, "panels": []},
        PANEL,
        {
            "id": 11, "type": "row", "title": "Details", "collapsed": True, "gridPos": {"x": 0, "y": 9,
            "w": 24, "h": 1},
            "panels": [
                {
                    "id": 2, "type": "text", "title": "Notes", "gridPos": {"x": 0, "y": 10, "w": 24, "h": 4},
                    "options": {"mode": "markdown", "content": "# Hello"},
                }
            ],
        },
    ],
}  # fmt: skip

SCALED_OBJECT: dict[str, Any] = {
    "apiVersion": "keda.sh/v1alpha1",
    "kind": "ScaledObject",
    "metadata": {"name": "shop"},
    "spec": {
        "scaleTargetRef": {"name": "shop"},
        "minReplicaCount": 1,
        "maxReplicaCount": 5,
        "triggers": [
            {
                "type": "prometheus",
                "metadata": {
                    "serverAddress": "http://p:9090", "query": "sum(up)", "threshold": "3", "ignoreNullValues": "false",
                },
            }
        ],
    },
}  # fmt: skip
AUTOSCALER: dict[str, Any] = {
    "apiVersion": "autoscaling/v2",
    "kind": "HorizontalPodAutoscaler",
    "metadata": {"name": "shop"},
    "spec": {
        "scaleTargetRef": {"kind": "Deployment", "name": "shop"},
        "minReplicas": 1,
        "maxReplicas": 5,
        "behavior": {"scaleDown": {"policies": [{"type": "Pods", "value": 1, "periodSeconds": 60}]}},
    },
}
PROMETHEUS_RULE: dict[str, Any] = {
    "apiVersion": "monitoring.coreos.com/v1",
    "kind": "PrometheusRule",
    "metadata": {"name": "shop"},
    "spec": {"groups": [{"name": "g", "rules": [{"alert": "Down", "expr": "up == 0", "for": "5m"}]}]},
}
GRAFANA_FOLDER: dict[str, Any] = {
    "apiVersion": "folder.grafana.app/v1beta1",
    "kind": "Folder",
    "metadata": {"name": "The_Shop"},
    "spec": {"title": "Shop"},
}
CONFIG_MAP: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "shop"},
    "data": {"a.txt": "x"},
}
TREE: dict[str, Any] = {
    "dashboards/Dubai Estate AI/mission-control.json": DASHBOARD,
    "provisioning/dashboards/dashgen.yaml": PROVIDERS,
    "provisioning/datasources/dashgen.yaml": DATA_SOURCES,
    "provisioning/alerting/dashgen.yaml": ALERTING,
    "rules/prometheus/service.yaml": PROMETHEUS_RULES,
    "kubernetes/keda/shop.yaml": SCALED_OBJECT,
    "kubernetes/hpa/shop.yaml": AUTOSCALER,
    "kubernetes/prometheus-rules/shop.yaml": PROMETHEUS_RULE,
    "kubernetes/sidecar/shop.yaml": CONFIG_MAP,
    "git-sync/Shop/_folder.json": GRAFANA_FOLDER,
}

REMOVED = object()


def changed(sample: Any, path: str, value: Any) -> Any:
    """A copy of the sample with another value at a dotted path, or without it when the value is REMOVED."""
    copied = json.loads(json.dumps(sample))
    *above, name = path.split(".")
    place = copied
    for step in above:
        place = place[int(step) if isinstance(place, list) else step]
    last: Any = int(name) if isinstance(place, list) else name
    if value is REMOVED:
        del place[last]
    elif isinstance(place, list) and last == len(place):
        place.append(copy.deepcopy(value))
    else:
        place[last] = copy.deepcopy(value)
    return copied

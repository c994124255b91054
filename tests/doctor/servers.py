"""What healthy servers of the small project answer."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dashgen.doctor.rules_link import written_rules
from tests.doctor.project import METRICS
from tests.telemetry.running import ReceivedRequest

LINES = {"app": ["bot"], "level": ["info", "error"]}
_COSTS = {
    "max by (query, model, user_id)": [
        ({"query": "Compare every area of Dubai", "model": "large", "user_id": "7"}, 0.04),
        ({"query": "Hello", "model": "small", "user_id": "9"}, 0.001),
    ],
    'sum by (model) (sum_over_time({app="bot"} | json | __error__="" | cost > 0 | unwrap cost': [
        ({"model": "large"}, 0.4),
        ({"model": "small"}, 0.01),
    ],
    "unwrap tokens": [({"model": "large"}, 40_000.0), ({"model": "small"}, 10_000.0)],
    "sum by (user_id)": [({"user_id": "7"}, 0.4)],
    "sum by (tool)": [({"tool": "compare_areas"}, 0.4)],
}


def app_answers() -> dict[str, Any]:
    return {"/metrics": (200, METRICS.encode())}


def prometheus_answers(rules: Path, app_url: str) -> dict[str, Any]:
    """A Prometheus that scrapes the application, has the rules loaded, and a value for every query."""
    return {
        "/-/ready": (200, b"Prometheus Server is Ready.\n"),
        "/metrics": (
            200,
            b"# TYPE prometheus_config_last_reload_successful gauge\nprometheus_config_last_reload_successful 1\n",
        ),
        "/api/v1/status/buildinfo": {"data": {"version": "3.14.0"}},
        "/api/v1/status/runtimeinfo": {"data": {"storageRetention": "90d or 8GB"}},
        "/api/v1/targets": {"data": {"activeTargets": [target("bot", f"{app_url}/metrics")]}},
        "/api/v1/rules": rules_answer(rules),
        "/api/v1/query": {"data": {"resultType": "vector", "result": [{"metric": {}, "value": [1, "1"]}]}},
        "/api/v1/query_range": {
            "data": {"resultType": "matrix", "result": [{"metric": {}, "values": [[1, "1"]]}]}
        },
    }


def target(job: str, url: str, error: str = "") -> dict[str, Any]:
    health = "down" if error else "up"
    labels = {"job": job, "instance": urlsplit(url).netloc}
    return {"labels": labels, "scrapeUrl": url, "health": health, "lastError": error}


def rules_answer(folder: Path, **changes: Any) -> dict[str, Any]:
    """The rules of a folder as loaded; changes are for every rule."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for rule in written_rules(folder):
        loaded = {"name": rule.name, "type": rule.kind, "query": rule.query, "health": "ok", "lastError": ""}
        groups.setdefault(rule.group, []).append({**loaded, **changes})
    return {"data": {"groups": [{"name": name, "rules": rules} for name, rules in groups.items()]}}


def loki_answers(labels: Mapping[str, list[str]] | None = None, rules: Path | None = None) -> dict[str, Any]:
    """A Loki that has lines with these labels, and the rules of a folder if it has a ruler."""
    known = LINES if labels is None else labels
    stream = {"stream": {}, "values": [["1", "line"]]}
    values: dict[str, Any] = {
        f"/loki/api/v1/label/{name}/values": {"data": some} for name, some in known.items()
    }
    return {
        "/ready": (200, b"ready\n"),
        "/loki/api/v1/status/buildinfo": {"version": "3.7.6"},
        "/loki/api/v1/labels": {"data": list(known)},
        **values,
        **({"/prometheus/api/v1/rules": rules_answer(rules, query="spelt otherwise")} if rules else {}),
        "/loki/api/v1/query": _costs,
        "/loki/api/v1/query_range": {"data": {"resultType": "streams", "result": [stream]}},
    }


def _costs(asked: ReceivedRequest) -> dict[str, Any]:
    expr = asked.fields["query"][0]
    found = next(rows for part, rows in _COSTS.items() if part in expr)
    return {
        "data": {"resultType": "vector", "result": [{"metric": m, "value": [1, str(v)]} for m, v in found]}
    }


def tempo_answers() -> dict[str, Any]:
    return {
        "/ready": (200, b"ready\n"),
        "/api/echo": (200, b"echo"),
        "/api/search": {"traces": [{"traceID": "a"}], "metrics": {}},
    }

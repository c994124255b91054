"""How rules were evaluated and notifications delivered."""

from typing import TYPE_CHECKING, Any

from tests.grafana.fake.accounts import Actor
from tests.grafana.fake.wire import Answer, Call

if TYPE_CHECKING:
    from tests.grafana.fake.routes import Handler
    from tests.grafana.fake.server import FakeGrafana


def _rules(grafana: "FakeGrafana", _call: Call, _actor: Actor, _names: dict[str, str]) -> Answer:
    store = grafana.store
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for rule in store.rules.values():
        error = store.rule_errors.get(rule["title"], "")
        state = {"name": rule["title"], "uid": rule["uid"], "type": "alerting", "state": "inactive"}
        health = {"health": "error", "lastError": error} if error else {"health": "ok"}
        groups.setdefault((rule["folderUID"], rule["ruleGroup"]), []).append({**state, **health})
    listed = [
        {"name": name, "file": store.folder_title(folder), "folderUid": folder, "rules": rules}
        for (folder, name), rules in groups.items()
    ]
    return Answer(200, {"status": "success", "data": {"groups": listed}})


def _receivers(grafana: "FakeGrafana", _call: Call, _actor: Actor, _names: dict[str, str]) -> Answer:
    receivers: dict[str, list[dict[str, Any]]] = {}
    for point in grafana.store.contact_points.values():
        error = grafana.store.delivery_errors.get(point["name"], "")
        attempt = {"lastNotifyAttempt": "2026-11-23T10:00:00Z" if error else "0001-01-01T00:00:00.000Z"}
        attempt |= {"lastNotifyAttemptError": error} if error else {}
        receivers.setdefault(point["name"], []).append(
            {"name": point["type"], "sendResolve": True, **attempt}
        )
    return Answer(
        200, [{"name": name, "active": True, "integrations": ones} for name, ones in receivers.items()]
    )


ROUTES: "list[tuple[str, str, str, Handler]]" = [
    ("GET", "/api/prometheus/grafana/api/v1/rules", "alert.rules:read", _rules),
    ("GET", "/api/alertmanager/grafana/config/api/v1/receivers", "alert.provisioning:read", _receivers),
]

"""Annotations."""

import time
from typing import TYPE_CHECKING, Any

from tests.grafana.fake.accounts import Actor
from tests.grafana.fake.wire import Answer, Call, refuse

if TYPE_CHECKING:
    from tests.grafana.fake.routes import Handler
    from tests.grafana.fake.server import FakeGrafana

_CHANGEABLE = ("text", "tags", "time", "timeEnd")


def _create(grafana: "FakeGrafana", call: Call, actor: Actor, _names: dict[str, str]) -> Answer:
    body = call.json
    if not body.get("text"):
        raise refuse(400, "Failed to save annotation")
    number, moment = grafana.store.next_number("annotation"), time.time_ns() // 1_000_000
    start = body.get("time") or moment
    panel = {"panelId": body["panelId"]} if body.get("panelId") else {}
    grafana.store.annotations[number] = {
        "id": number,
        "dashboardUID": body.get("dashboardUID") or "",
        **panel,
        "created": moment,
        "updated": moment,
        "time": start,
        "timeEnd": body.get("timeEnd") or start,
        "text": body["text"],
        "tags": body.get("tags") or [],
        "login": actor.login,
        "email": f"{actor.login}@localhost",
        "avatarUrl": "/avatar/46d229b033af06a191ff2267bca9ae56",
        "data": {},
    }
    return Answer(200, {"id": number, "message": "Annotation added"})


def _list(grafana: "FakeGrafana", call: Call, _actor: Actor, _names: dict[str, str]) -> Answer:
    tags, uid = set(call.query.get("tags", [])), call.one("dashboardUID")
    start, end = int(call.one("from", "0")), int(call.one("to", "0"))

    def fits(item: dict[str, Any]) -> bool:
        inside = not (start and end) or (item["time"] <= end and item["timeEnd"] >= start)
        return inside and tags <= set(item["tags"]) and uid in {"", item["dashboardUID"]}

    matching = sorted((a for a in grafana.store.annotations.values() if fits(a)), key=lambda a: -a["timeEnd"])
    return Answer(200, matching[: int(call.one("limit", "100"))])


def _patch(grafana: "FakeGrafana", call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    annotation = grafana.store.annotations.get(int(names["number"]))
    if annotation is None:
        raise refuse(404, "Annotation not found")
    annotation |= {key: call.json[key] for key in _CHANGEABLE if call.json.get(key)}
    annotation["updated"] = time.time_ns() // 1_000_000
    return Answer(200, {"message": "Annotation patched"})


def _delete(grafana: "FakeGrafana", _call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    grafana.store.annotations.pop(int(names["number"]), None)
    return Answer(200, {"message": "Annotation deleted"})


ROUTES: "list[tuple[str, str, str, Handler]]" = [
    ("GET", "/api/annotations", "annotations:read", _list),
    ("POST", "/api/annotations", "annotations:create", _create),
    ("PATCH", "/api/annotations/{number}", "annotations:write", _patch),
    ("DELETE", "/api/annotations/{number}", "annotations:delete", _delete),
]

"""Data sources; there is nothing behind them, so queries have no data."""

import re
import uuid
from typing import TYPE_CHECKING, Any

from tests.grafana.fake.accounts import Actor
from tests.grafana.fake.store import Store
from tests.grafana.fake.wire import Answer, Call, Stop, refuse

if TYPE_CHECKING:
    from tests.grafana.fake.routes import Handler
    from tests.grafana.fake.server import FakeGrafana

_TAKEN = "data source with the same {} already exists"
_STALE = "Datasource has already been updated by someone else. Please reload and try again"
_LOGOS = {"prometheus": "prometheus_logo", "loki": "loki_icon", "tempo": "tempo_logo"}
_PLAIN = ("url", "user", "database", "basicAuthUser")


def _logo(kind: str) -> str:
    if kind in _LOGOS:
        return f"public/plugins/{kind}/img/{_LOGOS[kind]}.svg"
    return "public/img/icn-datasource.svg"


def _view(store: Store, source: dict[str, Any]) -> dict[str, Any]:
    secrets = store.data_source_secrets.get(source["uid"], {})
    return {**source, "secureJsonFields": dict.fromkeys(secrets, True), "apiVersion": ""}


def _row(source: dict[str, Any]) -> dict[str, Any]:
    hidden = {"version", "basicAuthUser", "withCredentials"}
    row = {key: value for key, value in source.items() if key not in hidden}
    return {**row, "typeName": source["type"].capitalize()}


def _source_of(store: Store, uid: str) -> dict[str, Any]:
    if uid not in store.data_sources:
        raise refuse(404, "Data source not found")
    return store.data_sources[uid]


def _content(body: dict[str, Any], uid: str, number: int, version: int) -> dict[str, Any]:
    return {
        "id": number,
        "uid": uid,
        "orgId": 1,
        "name": body["name"],
        "type": body["type"],
        "typeLogoUrl": _logo(body["type"]),
        "access": body.get("access", "proxy"),
        **{key: body.get(key) or "" for key in _PLAIN},
        "basicAuth": bool(body.get("basicAuth")),
        "withCredentials": bool(body.get("withCredentials")),
        "isDefault": bool(body.get("isDefault")),
        "jsonData": body.get("jsonData") or {},
        "version": version,
        "readOnly": False,
    }


def _list(grafana: "FakeGrafana", _call: Call, _actor: Actor, _names: dict[str, str]) -> Answer:
    sources = sorted(grafana.store.data_sources.values(), key=lambda item: item["name"].lower())
    return Answer(200, [_row(item) for item in sources])


def _get(grafana: "FakeGrafana", _call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    return Answer(200, _view(grafana.store, _source_of(grafana.store, names["uid"])))


def _create(grafana: "FakeGrafana", call: Call, _actor: Actor, _names: dict[str, str]) -> Answer:
    store, body = grafana.store, call.json
    uid = body.get("uid") or uuid.uuid4().hex[:14]
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", uid):
        message = "Invalid datasource UID."
        raise Stop(Answer(400, {"statusCode": 400, "messageId": "datasource.uidInvalid", "message": message}))
    if any(item["name"] == body["name"] for item in store.data_sources.values()):
        raise refuse(409, _TAKEN.format("name"))
    if uid in store.data_sources:
        raise refuse(409, _TAKEN.format("uid"))
    return _saved(store, _content(body, uid, store.next_number("data source"), 1), body, "Datasource added")


def _update(grafana: "FakeGrafana", call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    store, body = grafana.store, call.json
    source, version = _source_of(store, names["uid"]), body.get("version", 0)
    if source["readOnly"]:
        raise refuse(403, "Cannot update read-only data source")
    if version and source["version"] > version:
        raise refuse(409, _STALE)
    return _saved(store, _content(body, names["uid"], source["id"], version + 1), body, "Datasource updated")


def _saved(store: Store, content: dict[str, Any], body: dict[str, Any], message: str) -> Answer:
    if content["isDefault"]:
        for other in store.data_sources.values():
            other["isDefault"] = False
    store.data_sources[content["uid"]] = content
    store.data_source_secrets.setdefault(content["uid"], {}).update(body.get("secureJsonData") or {})
    view = _view(store, content)
    return Answer(200, {"datasource": view, "id": content["id"], "message": message, "name": content["name"]})


def _delete(grafana: "FakeGrafana", _call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    source = _source_of(grafana.store, names["uid"])
    if source["readOnly"]:
        raise refuse(403, "Cannot delete read-only data source")
    del grafana.store.data_sources[names["uid"]]
    grafana.store.data_source_secrets.pop(names["uid"], None)
    return Answer(200, {"id": source["id"], "message": "Data source deleted"})


def _health(grafana: "FakeGrafana", _call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    source = _source_of(grafana.store, names["uid"])
    name = source["type"].capitalize()
    if names["uid"] in grafana.store.healthy:
        details = {"application": name, "features": {"rulerApiEnabled": False}}
        message = f"Successfully queried the {name} API."
        return Answer(200, {"details": details, "message": message, "status": "OK"})
    message = f"Unable to connect with {name}. Please check the server logs for more details."
    raise Stop(Answer(400, {"message": message, "status": "ERROR"}))


def _query(grafana: "FakeGrafana", call: Call, _actor: Actor, _names: dict[str, str]) -> Answer:
    results = {}
    for query in call.json["queries"]:
        # Expressions have a data source that Grafana does not list (pkg/expr/models.go).
        if query["datasource"]["uid"] != "__expr__":
            _source_of(grafana.store, query["datasource"]["uid"])
        expression = query.get("expr") or query.get("expression", "")
        bad = expression.count("(") != expression.count(")")
        error = {"error": "bad_data: parse error", "errorSource": "downstream", "status": 400}
        results[query["refId"]] = (
            error if bad else {"status": 200, "frames": grafana.store.frames.get(expression, [])}
        )
    failed = any("error" in result for result in results.values())
    return Answer(400 if failed else 200, {"results": results})


_ONE = "/api/datasources/uid/{uid}"
ROUTES: "list[tuple[str, str, str, Handler]]" = [
    ("GET", "/api/datasources", "datasources:read", _list),
    ("POST", "/api/datasources", "datasources:create", _create),
    ("GET", _ONE, "datasources:read", _get),
    ("PUT", _ONE, "datasources:write", _update),
    ("DELETE", _ONE, "datasources:delete", _delete),
    ("GET", _ONE + "/health", "datasources:query", _health),
    ("POST", "/api/ds/query", "datasources:query", _query),
]

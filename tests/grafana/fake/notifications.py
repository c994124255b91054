"""Contact points, policies, mute timings and templates."""

import hashlib
import json
import uuid
from collections.abc import Iterator
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from tests.grafana.fake.accounts import Actor
from tests.grafana.fake.store import DEFAULT_POLICY, Store
from tests.grafana.fake.wire import Answer, Call, Stop, refuse

if TYPE_CHECKING:
    from tests.grafana.fake.routes import Handler
    from tests.grafana.fake.server import FakeGrafana

_REDACTED = "[REDACTED]"
SECRET_SETTINGS = {
    "email": (),
    "slack": ("url", "token"),
    "webhook": ("password", "authorization_credentials"),
    "telegram": ("bottoken",),
    "pagerduty": ("integrationKey",),
    "discord": ("url",),
    "opsgenie": ("apiKey",),
    "teams": (),
}
_REQUIRED = {"email": "addresses", "webhook": "url", "telegram": "chatid"}
_ROUTE = "Invalid format of the submitted route: {}. Correct the payload and try again."


def _provenance(call: Call) -> str:
    return "" if call.header("X-Disable-Provenance") is not None else "api"


def _marked(item: dict[str, Any], call: Call) -> dict[str, Any]:
    item = {key: value for key, value in item.items() if key != "provenance"}
    return {**item, "provenance": _provenance(call)} if _provenance(call) else item


def _envelope(status: int, slug: str, message: str, extra: dict[str, Any] | None = None) -> Stop:
    body: dict[str, Any] = {
        "statusCode": status,
        "messageId": f"alerting.notifications.{slug}",
        "message": message,
    }
    return Stop(Answer(status, {**body, "extra": extra} if extra else body))


def _require_provenance(item: dict[str, Any], call: Call) -> None:
    before, after = item.get("provenance", ""), _provenance(call)
    if before not in {"", after}:
        message = (
            f"Resource with provenance status '{before}' cannot be managed via API that handles '{after}'"
        )
        raise _envelope(403, "invalidProvenance", message)


def _hidden(point: dict[str, Any]) -> dict[str, Any]:
    secret = SECRET_SETTINGS[point["type"]]
    settings = {k: _REDACTED if k in secret and v else v for k, v in point["settings"].items()}
    return {**point, "settings": settings}


def _points(grafana: "FakeGrafana", call: Call, _actor: Actor, _names: dict[str, str]) -> Answer:
    name = call.one("name")
    points = [_hidden(p) for p in grafana.store.contact_points.values() if name in {"", p["name"]}]
    return Answer(200, sorted(points, key=lambda point: (point["name"], point["uid"])))


def _check_point(point: dict[str, Any]) -> None:
    kind, uid = point["type"], point.get("uid", "")
    if kind not in SECRET_SETTINGS:
        raise refuse(400, f"invalid object specification: unknown integration type: {kind}")
    needed = _REQUIRED.get(kind)
    if needed and not point["settings"].get(needed):
        where = f'failed to validate integration "{point["name"]}" (UID {uid}) of type "{kind}"'
        raise refuse(400, f"invalid object specification: {where}: could not find {needed} in settings")


def _point(body: dict[str, Any]) -> dict[str, Any]:
    keys = ("uid", "name", "type", "settings")
    return {
        **{key: body[key] for key in keys},
        "disableResolveMessage": bool(body.get("disableResolveMessage")),
    }


def _add_point(grafana: "FakeGrafana", call: Call, _actor: Actor, _names: dict[str, str]) -> Answer:
    store, body = grafana.store, call.json
    body["uid"] = body.get("uid") or uuid.uuid4().hex[:14]
    _check_point(body)
    taken = store.contact_points.get(body["uid"])
    if taken:
        message = (
            f"Receiver configuration with UID '{body['uid']}' already exists in contact point "
            f"'{taken['name']}'. Please use unique identifiers for receivers across all contact points."
        )
        extra = {"Name": taken["name"], "UID": body["uid"]}
        raise _envelope(409, "contact-points.uidInUse", message, extra)
    point = _point(body)
    store.contact_points[body["uid"]] = _marked(point, call)
    return Answer(202, _hidden(point))


def _put_point(grafana: "FakeGrafana", call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    store, body = grafana.store, {**call.json, "uid": names["uid"]}
    existing = store.contact_points.get(names["uid"])
    if existing is None:
        raise refuse(404, "contact point not found")
    if existing.get("provenance", "") not in {"", _provenance(call)}:
        raise refuse(500, "Internal Server Error")
    old = existing["settings"]
    body["settings"] = {k: old.get(k) if v == _REDACTED else v for k, v in body["settings"].items()}
    _check_point(body)
    store.contact_points[names["uid"]] = _marked(_point(body), call)
    return Answer(202, {"message": "contactpoint updated"})


def _drop_point(grafana: "FakeGrafana", _call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    store = grafana.store
    point = store.contact_points.get(names["uid"])
    if point:
        siblings = sum(p["name"] == point["name"] for p in store.contact_points.values())
        used = any(route.get("receiver") == point["name"] for route in routes_of(store.policies))
        if siblings == 1 and used:
            raise _envelope(409, "contact-points.referenced", "Contact point is currently in use")
        del store.contact_points[names["uid"]]
    return Answer(202, {"message": "contactpoint deleted"})


def routes_of(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield tree
    for route in tree.get("routes", []):
        yield from routes_of(route)


def _policies(grafana: "FakeGrafana", _call: Call, _actor: Actor, _names: dict[str, str]) -> Answer:
    return Answer(200, grafana.store.policies)


def _put_policies(grafana: "FakeGrafana", call: Call, _actor: Actor, _names: dict[str, str]) -> Answer:
    store, tree = grafana.store, call.json
    _require_provenance(store.policies, call)
    receivers = {"empty", *(p["name"] for p in store.contact_points.values())}
    for route in routes_of(tree):
        receiver = route.get("receiver")
        missing = [t for t in route.get("mute_time_intervals", []) if t not in store.mute_timings]
        error = f"mute time interval '{missing[0]}' does not exist" if missing else ""
        if receiver and receiver not in receivers:
            error = f"receiver '{receiver}' does not exist"
        if error:
            raise _envelope(400, "routes.invalidFormat", _ROUTE.format(error), {"Error": error})
    store.policies = _marked(tree, call)
    return Answer(202, {"message": "policies updated"})


def _reset_policies(grafana: "FakeGrafana", _call: Call, _actor: Actor, _names: dict[str, str]) -> Answer:
    grafana.store.policies = deepcopy(DEFAULT_POLICY)
    return Answer(202, DEFAULT_POLICY)


def timing_version(item: dict[str, Any]) -> str:
    content = {key: value for key, value in item.items() if key not in {"version", "provenance"}}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def _require_version(existing: dict[str, Any], sent: str) -> None:
    if sent and sent != existing["version"]:
        message = f"Provided version {sent} does not match current version {existing['version']}"
        raise _envelope(409, "conflict", message)


def _collection(store: Store, kind: str) -> dict[str, dict[str, Any]]:
    return store.mute_timings if kind == "mute-timings" else store.templates


def _named(grafana: "FakeGrafana", _call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    return Answer(200, list(_collection(grafana.store, names["kind"]).values()))


def _one_named(grafana: "FakeGrafana", _call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    item = _collection(grafana.store, names["kind"]).get(names["name"])
    return Answer(200, item) if item else Answer(404)


def _store_named(store: Store, kind: str, item: dict[str, Any], call: Call) -> dict[str, Any]:
    saved = _marked({**item, "version": timing_version(item)}, call)
    _collection(store, kind)[item["name"]] = saved
    return saved


def _add_timing(grafana: "FakeGrafana", call: Call, _actor: Actor, _names: dict[str, str]) -> Answer:
    body = call.json
    if body["name"] in grafana.store.mute_timings:
        message = "Time interval with this name already exists. Use a different name or update existing one."
        raise _envelope(400, "time-intervals.nameExists", message)
    return Answer(201, _store_named(grafana.store, "mute-timings", body, call))


def _put_timing(grafana: "FakeGrafana", call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    store, existing = grafana.store, grafana.store.mute_timings.get(names["name"])
    if existing is None:
        return Answer(404)
    _require_provenance(existing, call)
    _require_version(existing, call.json.get("version", ""))
    return Answer(202, _store_named(store, "mute-timings", {**call.json, "name": names["name"]}, call))


def _put_template(grafana: "FakeGrafana", call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    store, body = grafana.store, call.json
    if body["template"].count("{{") != body["template"].count("}}"):
        error = 'invalid template: template: :1: unexpected "}" in define clause'
        message = "Template is in invalid format. Correct the payload and try again."
        raise _envelope(400, "templates.invalidFormat", message, {"Error": error})
    existing = store.templates.get(names["name"])
    if existing:
        _require_provenance(existing, call)
        _require_version(existing, body.get("version", ""))
    item = {"name": names["name"], "template": body["template"]}
    return Answer(202, _store_named(store, "templates", item, call))


def _drop_named(grafana: "FakeGrafana", call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    store = grafana.store
    collection = _collection(store, names["kind"])
    existing = collection.get(names["name"])
    if existing:
        _require_provenance(existing, call)
        _require_version(existing, call.one("version"))
        if any(names["name"] in route.get("mute_time_intervals", []) for route in routes_of(store.policies)):
            raise _envelope(409, "time-intervals.used", "Conflict", {"UsedByRoutes": True})
        del collection[names["name"]]
    return Answer(204)


_BASE = "/api/v1/provisioning/"
_READ, _WRITE = "alert.provisioning:read", "alert.provisioning:write"
_KIND = _BASE + "(?P<kind>mute-timings|templates)"
ROUTES: "list[tuple[str, str, str, Handler]]" = [
    ("GET", _BASE + "contact-points", _READ, _points),
    ("POST", _BASE + "contact-points", _WRITE, _add_point),
    ("PUT", _BASE + "contact-points/{uid}", _WRITE, _put_point),
    ("DELETE", _BASE + "contact-points/{uid}", _WRITE, _drop_point),
    ("GET", _BASE + "policies", _READ, _policies),
    ("PUT", _BASE + "policies", _WRITE, _put_policies),
    ("DELETE", _BASE + "policies", _WRITE, _reset_policies),
    ("POST", _BASE + "mute-timings", _WRITE, _add_timing),
    ("PUT", _BASE + "mute-timings/{name}", _WRITE, _put_timing),
    ("PUT", _BASE + "templates/{name}", _WRITE, _put_template),
    ("GET", _KIND, _READ, _named),
    ("GET", _KIND + "/{name}", _READ, _one_named),
    ("DELETE", _KIND + "/{name}", _WRITE, _drop_named),
]

"""Library elements."""

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from tests.grafana.fake.accounts import Actor
from tests.grafana.fake.store import Store
from tests.grafana.fake.wire import Answer, Call, refuse

if TYPE_CHECKING:
    from tests.grafana.fake.routes import Handler
    from tests.grafana.fake.server import FakeGrafana


def _found(store: Store, uid: str) -> dict[str, Any]:
    if uid not in store.library:
        raise refuse(404, "library element could not be found")
    return store.library[uid]


def _connections(store: Store, uid: str) -> int:
    return sum(
        any((panel.get("libraryPanel") or {}).get("uid") == uid for panel in d.spec.get("panels", []))
        for d in store.dashboards.values()
    )


def _get(grafana: "FakeGrafana", _call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    return Answer(200, {"result": deepcopy(_found(grafana.store, names["uid"]))})


def _list(grafana: "FakeGrafana", call: Call, _actor: Actor, _names: dict[str, str]) -> Answer:
    size, page = int(call.one("perPage", "100")), int(call.one("page", "1"))
    elements = sorted(grafana.store.library.values(), key=lambda item: item["name"])
    result = {
        "totalCount": len(elements),
        "elements": elements[size * (page - 1) : size * page],
        "page": page,
        "perPage": size,
    }
    return Answer(200, {"result": result})


def _create(grafana: "FakeGrafana", call: Call, _actor: Actor, _names: dict[str, str]) -> Answer:
    body, library = call.json, grafana.store.library
    folder = (body.get("folderUid", ""), body["name"])
    if body["uid"] in library or folder in {(e["folderUid"], e["name"]) for e in library.values()}:
        raise refuse(400, "library element with that name or UID already exists")
    keys = ("uid", "name", "kind", "model")
    element = {**{key: body[key] for key in keys}, "folderUid": folder[0], "version": 1, "orgId": 1}
    library[body["uid"]] = element
    return Answer(200, {"result": deepcopy(element)})


def _patch(grafana: "FakeGrafana", call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    body, element = call.json, _found(grafana.store, names["uid"])
    if body.get("version") != element["version"]:
        raise refuse(412, "the library element has been changed by someone else")
    changes = {key: body[key] for key in ("name", "model", "folderUid") if key in body}
    element |= {**changes, "version": element["version"] + 1}
    return Answer(200, {"result": deepcopy(element)})


def _delete(grafana: "FakeGrafana", _call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    _found(grafana.store, names["uid"])
    if _connections(grafana.store, names["uid"]):
        raise refuse(403, "the library element has connections")
    del grafana.store.library[names["uid"]]
    return Answer(200, {"message": "Library element deleted"})


_ONE = "/api/library-elements/{uid}"
ROUTES: "list[tuple[str, str, str, Handler]]" = [
    ("GET", "/api/library-elements", "dashboards:read", _list),
    ("POST", "/api/library-elements", "library.panels:create", _create),
    ("GET", _ONE, "dashboards:read", _get),
    ("PATCH", _ONE, "library.panels:write", _patch),
    ("DELETE", _ONE, "library.panels:delete", _delete),
]

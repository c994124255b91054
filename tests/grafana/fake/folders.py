"""Folders, over both APIs."""

import re
import uuid
from typing import TYPE_CHECKING, Any

from tests.grafana.fake.accounts import Actor
from tests.grafana.fake.managed import require_folder, require_manager
from tests.grafana.fake.objects import no_such_resource, not_found, success, taken
from tests.grafana.fake.store import PREFIX, Store, StoredFolder, now, slug
from tests.grafana.fake.wire import Answer, Call, Stop, refuse

if TYPE_CHECKING:
    from tests.grafana.fake.routes import Handler
    from tests.grafana.fake.server import FakeGrafana

_CHANGED = "The dashboard has been changed by someone else"
_TAKEN = "the folder has been changed by someone else"


def _view(store: Store, folder: StoredFolder) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": folder.number,
        "uid": folder.uid,
        "orgId": 1,
        "title": folder.title,
        "url": f"/dashboards/f/{folder.uid}/{slug(folder.title)}",
        "hasAcl": False,
        "canSave": True,
        "canEdit": True,
        "canAdmin": True,
        "canDelete": True,
        "createdBy": "admin",
        "created": folder.created,
        "updatedBy": "Anonymous",
        "updated": folder.created,
        "version": folder.version,
    }
    if folder.parent_uid:
        body["parentUid"] = folder.parent_uid
        if folder.parent_uid in store.folders:
            parent = _view(store, store.folders[folder.parent_uid])
            body["parents"] = [*parent.pop("parents", []), parent]
    manager = folder.annotations.get(PREFIX + "managedBy")
    return {**body, "managedBy": manager} if manager else body


def _found(store: Store, uid: str) -> StoredFolder:
    if uid not in store.folders:
        raise refuse(404, "folder not found", status="not-found")
    return store.folders[uid]


def _list(grafana: "FakeGrafana", call: Call, _actor: Actor, _names: dict[str, str]) -> Answer:
    parent, limit, page = call.one("parentUid"), int(call.one("limit", "1000")), int(call.one("page", "1"))
    folders = [f for f in grafana.store.folders.values() if f.parent_uid == parent]
    folders.sort(key=lambda f: (f.title.lower(), -f.number))
    rows = [
        {"id": f.number, "uid": f.uid, "title": f.title, **({"parentUid": parent} if parent else {})}
        for f in folders[limit * (page - 1) : limit * page]
    ]
    return Answer(200, rows)


def _get(grafana: "FakeGrafana", _call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    return Answer(200, _view(grafana.store, _found(grafana.store, names["uid"])))


def _create(grafana: "FakeGrafana", call: Call, _actor: Actor, _names: dict[str, str]) -> Answer:
    store, body = grafana.store, call.json
    title, uid = body.get("title") or "", body.get("uid") or uuid.uuid4().hex[:14]
    if not title:
        raise refuse(400, "folder title cannot be empty")
    if len(uid) > 40:
        raise refuse(400, "uid too long, max 40 characters")
    if "/" in uid:
        message = f"metadata.name: Invalid value: \"{uid}\": may not contain '/'"
        raise refuse(422, f'Folder.folder.grafana.app "{uid}" is invalid: {message}')
    if not re.fullmatch(r"[A-Za-z0-9_-]+", uid):
        raise refuse(400, "uid contains illegal characters")
    if uid in store.folders:
        raise refuse(412, _TAKEN)
    require_folder(grafana, body.get("parentUid") or "", {})
    folder = _new(store, uid, title, body.get("parentUid") or "")
    folder.description = body.get("description") or ""
    if _depth(store, folder) > 5:
        del store.folders[uid]
        raise refuse(400, "folder max depth exceeded, max depth is 4")
    return Answer(200, _view(store, folder))


def _new(store: Store, uid: str, title: str, parent_uid: str) -> StoredFolder:
    number, version = store.next_number("object"), store.resource_version()
    folder = StoredFolder(uid, title, number, parent_uid, now(), str(uuid.uuid4()), version)
    store.folders[uid] = folder
    return folder


def _depth(store: Store, folder: StoredFolder) -> int:
    parent = store.folders.get(folder.parent_uid)
    return 1 + (_depth(store, parent) if parent else 0)


def _update(grafana: "FakeGrafana", call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    folder, body = _found(grafana.store, names["uid"]), call.json
    require_manager(grafana, folder.annotations)
    if body.get("version", 0) != folder.version and not body.get("overwrite"):
        raise refuse(412, _CHANGED)
    title = body.get("title") or ""
    if not title:
        raise refuse(400, "folder title cannot be empty")
    about = body.get("description", folder.description)
    if (title, about) != (folder.title, folder.description):
        folder.title, folder.description, folder.version = title, about, folder.version + 1
    return Answer(200, _view(grafana.store, folder))


def _move(grafana: "FakeGrafana", call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    folder = _found(grafana.store, names["uid"])
    require_manager(grafana, folder.annotations)
    require_folder(grafana, call.json.get("parentUid") or "", folder.annotations)
    folder.parent_uid = call.json.get("parentUid") or ""
    folder.version += 1
    return Answer(200, _view(grafana.store, folder))


def _inside(store: Store, uid: str) -> set[str]:
    """A folder and those below it."""
    below = {f.uid for f in store.folders.values() if f.parent_uid == uid}
    return {uid}.union(*(_inside(store, child) for child in below))


def _counts(grafana: "FakeGrafana", _call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    store = grafana.store
    _found(store, names["uid"])
    inside = _inside(store, names["uid"])
    return Answer(
        200,
        {
            "folder": len(inside) - 1,
            "dashboard": sum(d.folder_uid in inside for d in store.dashboards.values()),
            "alertrule": sum(r["folderUID"] in inside for r in store.rules.values()),
            "librarypanel": sum(p["folderUid"] in inside for p in store.library.values()),
        },
    )


def _delete(grafana: "FakeGrafana", call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    store, uid = grafana.store, names["uid"]
    if uid not in store.folders:
        raise refuse(404, f'folders.folder.grafana.app "{uid}" not found')
    require_manager(grafana, store.folders[uid].annotations)
    inside = _inside(store, uid)
    rules = [key for key, rule in store.rules.items() if rule["folderUID"] in inside]
    if rules and call.one("forceDeleteRules") != "true":
        body = {
            "statusCode": 400,
            "messageId": "folder.not-empty",
            "message": "Folder cannot be deleted: folder is not empty",
        }
        raise Stop(Answer(400, body))
    for key in rules:
        del store.rules[key]
    for key in [d.uid for d in store.dashboards.values() if d.folder_uid in inside]:
        del store.dashboards[key]
    for key in inside:
        del store.folders[key]
    return Answer(200, {"message": "Folder deleted"})


def _require_version(grafana: "FakeGrafana", names: dict[str, str]) -> None:
    if grafana.config.major < 12:
        raise refuse(404, "Not found")
    if names["version"] not in grafana.config.groups["folder"]:
        raise Stop(no_such_resource())


def _object(folder: StoredFolder, namespace: str, version: str) -> dict[str, Any]:
    made_classic = folder.manager == "grafana"
    return {
        "kind": "Folder",
        "apiVersion": f"folder.grafana.app/{version}",
        "metadata": {
            "name": folder.uid,
            "namespace": namespace,
            "uid": folder.object_uid,
            "resourceVersion": folder.resource_version,
            "generation": folder.version,
            "creationTimestamp": folder.created,
            "labels": {PREFIX + "deprecatedInternalID": str(folder.number)},
            "annotations": {PREFIX + "createdBy": "user:bg55jvph6ae4gf", **folder.annotations},
            "managedFields": [
                {
                    "manager": folder.manager,
                    "operation": "Update",
                    "apiVersion": "folder.grafana.app/v1beta1",
                    "time": folder.created,
                    "fieldsType": "FieldsV1",
                    "fieldsV1": {},
                }
            ],
        },
        "spec": {
            "title": folder.title,
            **({"description": folder.description} if made_classic or folder.description else {}),
        },
    }


def _object_list(grafana: "FakeGrafana", _call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    _require_version(grafana, names)
    folders = sorted(grafana.store.folders.values(), key=lambda folder: folder.uid)
    body = {
        "kind": "FolderList",
        "apiVersion": f"folder.grafana.app/{names['version']}",
        "metadata": {"resourceVersion": grafana.store.resource_version()},
        "items": [_object(folder, names["namespace"], names["version"]) for folder in folders],
    }
    return Answer(200, body)


def _object_get(grafana: "FakeGrafana", _call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    _require_version(grafana, names)
    folder = grafana.store.folders.get(names["uid"])
    if folder is None:
        raise not_found("folders", "folder.grafana.app", names["uid"])
    return Answer(200, _object(folder, names["namespace"], names["version"]))


def _object_create(grafana: "FakeGrafana", call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    metadata, spec = call.json["metadata"], call.json["spec"]
    if metadata["name"] in grafana.store.folders:
        raise taken(412, _TAKEN)
    annotations = dict(metadata.get("annotations", {}))
    parent = annotations.get(PREFIX + "folder", "")
    folder = _new(grafana.store, metadata["name"], spec["title"], parent)
    folder.annotations = annotations
    folder.manager = (call.header("User-Agent") or "unknown").split("/")[0]
    return Answer(201, _object(folder, names["namespace"], names["version"]))


def _object_delete(grafana: "FakeGrafana", _call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    folder = grafana.store.folders.pop(names["uid"], None)
    if folder is None:
        raise not_found("folders", "folder.grafana.app", names["uid"])
    return success("folders", "folder.grafana.app", folder.uid, folder.object_uid)


_OBJECTS = "/apis/folder.grafana.app/{version}/namespaces/{namespace}/folders"
ROUTES: "list[tuple[str, str, str, Handler]]" = [
    ("GET", "/api/folders", "folders:read", _list),
    ("POST", "/api/folders", "folders:create", _create),
    ("GET", "/api/folders/{uid}", "folders:read", _get),
    ("PUT", "/api/folders/{uid}", "folders:write", _update),
    ("DELETE", "/api/folders/{uid}", "folders:delete", _delete),
    ("POST", "/api/folders/{uid}/move", "folders:write", _move),
    ("GET", "/api/folders/{uid}/counts", "folders:read", _counts),
    ("GET", _OBJECTS, "folders:read", _object_list),
    ("GET", _OBJECTS + "/{uid}", "folders:read", _object_get),
    ("POST", _OBJECTS, "folders:create", _object_create),
    ("DELETE", _OBJECTS + "/{uid}", "folders:delete", _object_delete),
]

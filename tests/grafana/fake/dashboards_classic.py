"""Dashboards over the classic API."""

import re
import uuid
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from tests.grafana.fake.accounts import Actor
from tests.grafana.fake.conversion import converted
from tests.grafana.fake.store import PREFIX, Snapshot, Store, StoredDashboard, new_dashboard, renew, slug
from tests.grafana.fake.wire import Answer, Call, refuse

if TYPE_CHECKING:
    from tests.grafana.fake.routes import Handler
    from tests.grafana.fake.server import FakeGrafana

_SERVER_KEYS = ("id", "uid", "version")


def _save(grafana: "FakeGrafana", call: Call, _actor: Actor, _names: dict[str, str]) -> Answer:
    store, body = grafana.store, call.json
    sent = body.get("dashboard")
    if not isinstance(sent, dict):
        raise refuse(400, "bad request data")
    uid = sent.get("uid") or uuid.uuid4().hex[:14]
    _check(store, sent, uid, body)
    dashboard = store.dashboards.get(uid)
    if dashboard is not None:
        _check_existing(dashboard, sent, overwrite=bool(body.get("overwrite")))
    spec = {key: value for key, value in sent.items() if key not in _SERVER_KEYS}
    texts = {PREFIX + "folder": body.get("folderUid") or "", PREFIX + "message": body.get("message") or ""}
    annotations = {key: text for key, text in texts.items() if text}
    if dashboard is None:
        saved = new_dashboard(store, uid, spec, annotations, "v0alpha1")
    else:
        saved = _overwritten(store, dashboard, spec, annotations)
    saved.manager, saved.sent = "grafana", sorted(sent)
    store.save(saved)
    return Answer(
        200,
        {
            "folderUid": saved.folder_uid,
            "id": saved.number,
            "slug": slug(saved.title),
            "status": "success",
            "uid": uid,
            "url": f"{grafana.config.prefix}/d/{uid}/{slug(saved.title)}",
            "version": saved.generation,
        },
    )


def _check(store: Store, sent: dict[str, Any], uid: str, body: dict[str, Any]) -> None:
    if not sent.get("title"):
        raise refuse(400, "Dashboard title cannot be empty", status="empty-name")
    if len(uid) > 40:
        raise refuse(400, "uid too long, max 40 characters")
    if not re.fullmatch(r"[A-Za-z0-9_-]+", uid):
        raise refuse(400, "uid contains illegal characters")
    if sent.get("id") and all(d.number != sent["id"] for d in store.dashboards.values()):
        raise refuse(404, "Dashboard not found", status="not-found")
    folder = body.get("folderUid") or ""
    if folder and folder not in store.folders:
        raise refuse(400, "folder not found")
    if len(body.get("message") or "") > 500:
        raise refuse(400, "message too long, max 500 characters")


def _check_existing(dashboard: StoredDashboard, sent: dict[str, Any], *, overwrite: bool) -> None:
    if dashboard.provisioned:
        raise refuse(400, "Cannot save provisioned dashboard")
    if dashboard.annotations.get(PREFIX + "managedBy") == "repo":
        raise refuse(403, "Can not remove resource manager from resource")
    if sent.get("version", 0) != dashboard.generation and not overwrite:
        raise refuse(412, "The dashboard has been changed by someone else", status="version-mismatch")


def _overwritten(
    store: Store, dashboard: StoredDashboard, spec: dict[str, Any], annotations: dict[str, str]
) -> StoredDashboard:
    """The save rebuilds the annotations; the same content again makes no further generation."""
    created = dashboard.annotations[PREFIX + "createdBy"]
    same = dashboard.spec == spec and dashboard.folder_uid == annotations.get(PREFIX + "folder", "")
    edit_marks = (
        {k: v for k, v in dashboard.annotations.items() if k.startswith(PREFIX + "updated")} if same else {}
    )
    dashboard.annotations = {PREFIX + "createdBy": created, **edit_marks, **annotations}
    dashboard.spec, dashboard.stored_as = deepcopy(spec), "v0alpha1"
    if same:
        dashboard.resource_version = store.resource_version()
    else:
        renew(store, dashboard)
    return dashboard


def _get(grafana: "FakeGrafana", _call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    dashboard = _dashboard_of(grafana.store, names["uid"])
    # What is stored in schema v2 is shown converted (pkg/api/dashboard.go of 13.x: no 406 any more; stored file
    # 54134187646, `GetDashboard`).
    shown, _ = converted(dashboard.spec, dashboard.stored_as, "v0alpha1")
    content = {
        **shown,
        "id": dashboard.number,
        "uid": dashboard.uid,
        "version": dashboard.generation,
    }
    return Answer(200, {"meta": _meta(grafana, dashboard), "dashboard": content})


def _meta(grafana: "FakeGrafana", dashboard: StoredDashboard) -> dict[str, Any]:
    store, prefix = grafana.store, grafana.config.prefix
    folder = store.folders.get(dashboard.folder_uid)
    who = "admin" if PREFIX + "updatedBy" in dashboard.annotations else "Anonymous"
    rights = {"canAdd": True, "canEdit": True, "canDelete": True}
    can = dict.fromkeys(("canSave", "canEdit", "canAdmin", "canStar", "canDelete"), True)
    stored = {"apiVersion": dashboard.stored_as} if grafana.config.major >= 12 else {}
    return {
        "type": "db",
        **can,
        "slug": slug(dashboard.title),
        "url": f"{prefix}/d/{dashboard.uid}/{slug(dashboard.title)}",
        "expires": "0001-01-01T00:00:00Z",
        "created": dashboard.created,
        "updated": dashboard.updated,
        "updatedBy": who,
        "createdBy": who,
        "version": dashboard.generation,
        "hasAcl": False,
        "isFolder": False,
        **stored,
        "folderId": folder.number if folder else 0,
        "folderUid": dashboard.folder_uid,
        "folderTitle": store.folder_title(dashboard.folder_uid),
        "folderUrl": f"{prefix}/dashboards/f/{folder.uid}/{slug(folder.title)}" if folder else "",
        "provisioned": dashboard.provisioned,
        "provisionedExternalId": dashboard.annotations.get(PREFIX + "sourcePath", "")
        if dashboard.provisioned
        else "",
        "annotationsPermissions": {"dashboard": rights, "organization": rights},
    }


def _dashboard_of(store: Store, uid: str) -> StoredDashboard:
    if uid not in store.dashboards:
        raise refuse(404, "Dashboard not found")
    return store.dashboards[uid]


def _delete(grafana: "FakeGrafana", _call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    dashboard = _dashboard_of(grafana.store, names["uid"])
    if dashboard.provisioned:
        raise refuse(400, "provisioned dashboard cannot be deleted")
    del grafana.store.dashboards[dashboard.uid]
    message = f"Dashboard {dashboard.title} deleted"
    return Answer(200, {"message": message, "title": dashboard.title, "uid": dashboard.uid})


def _versions(grafana: "FakeGrafana", call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    dashboard = _dashboard_of(grafana.store, names["uid"])
    limit = int(call.one("limit", "0")) or 1000
    rows = [_version(dashboard, saved) for saved in reversed(dashboard.history[-20:])][:limit]
    for row in rows:
        row["createdBy"] = "admin"
        if row["version"] == 1:
            row["message"] = "Initial save"
    if grafana.config.major < 12:
        return Answer(200, [{key: value for key, value in row.items() if key != "data"} for row in rows])
    return Answer(200, {"continueToken": "", "versions": rows})


def _one_version(grafana: "FakeGrafana", _call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    dashboard = _dashboard_of(grafana.store, names["uid"])
    saves = [saved for saved in dashboard.history if str(saved.generation) == names["version"]]
    if not saves:
        raise refuse(404, "Dashboard version not found")
    return Answer(200, _version(dashboard, saves[-1]))


def _version(dashboard: StoredDashboard, saved: Snapshot) -> dict[str, Any]:
    return {
        "id": saved.generation,
        "dashboardId": dashboard.number,
        "uid": dashboard.uid,
        "parentVersion": saved.generation - 1,
        "restoredFrom": 0,
        "version": saved.generation,
        "created": saved.created,
        "message": saved.annotations.get(PREFIX + "message", ""),
        "data": {
            **converted(saved.spec, saved.stored_as, "v0alpha1")[0],
            "uid": dashboard.uid,
            "version": saved.generation,
        },
        "createdBy": "admin" if saved.generation > 1 else "Anonymous",
    }


def _restore(grafana: "FakeGrafana", call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    store, dashboard = grafana.store, _dashboard_of(grafana.store, names["uid"])
    saves = [saved for saved in dashboard.history if saved.generation == call.json["version"]]
    if not saves:
        raise refuse(404, "Dashboard version not found")
    if saves[-1].spec == dashboard.spec:
        raise refuse(400, "Current dashboard is identical to the specified version")
    dashboard.spec = deepcopy(saves[-1].spec)
    renew(store, dashboard)
    store.save(dashboard)
    return Answer(200, {"status": "success", "uid": dashboard.uid, "version": dashboard.generation})


_SAVE = "any of dashboards:create, dashboards:write"
ROUTES: "list[tuple[str, str, str, Handler]]" = [
    ("POST", "/api/dashboards/db", _SAVE, _save),
    ("GET", "/api/dashboards/uid/{uid}", "dashboards:read", _get),
    ("DELETE", "/api/dashboards/uid/{uid}", "dashboards:delete", _delete),
    ("GET", "/api/dashboards/uid/{uid}/versions", "dashboards:write", _versions),
    ("GET", "/api/dashboards/uid/{uid}/versions/{version}", "dashboards:write", _one_version),
    ("POST", "/api/dashboards/uid/{uid}/restore", "dashboards:write", _restore),
]

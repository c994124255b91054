"""Dashboards over the Kubernetes-style API, on the same store as the classic one."""

import base64
import json
from copy import deepcopy
from functools import partial
from typing import TYPE_CHECKING, Any

from tests.grafana.fake.accounts import Actor
from tests.grafana.fake.config import FakeConfig
from tests.grafana.fake.conversion import as_v1, complaints, converted
from tests.grafana.fake.managed import require_folder, require_manager
from tests.grafana.fake.objects import failure, no_such_resource, not_found, success, taken
from tests.grafana.fake.store import PREFIX, Snapshot, StoredDashboard, new_dashboard, renew
from tests.grafana.fake.v2_validation import V2_KEYS, undecodable, v2_complaints
from tests.grafana.fake.v2_versions import from_version
from tests.grafana.fake.wire import Answer, Call, Stop

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.grafana.fake.routes import Handler
    from tests.grafana.fake.server import FakeGrafana

GROUP = "dashboard.grafana.app"
_SERVER_MARKS = ("createdBy", "updatedBy", "updatedTimestamp")
_UNSET = {
    "annotations": None,
    "cursorSync": "",
    "elements": None,
    "layout": {"kind": "GridLayout", "spec": {"items": None}},
    "links": None,
    "preload": False,
    "tags": None,
    "title": "",
    "variables": None,
}
_CHANGED = "the object has been modified; please apply your changes to the latest version and try again"


def _require(grafana: "FakeGrafana", actor: Actor, names: dict[str, str], action: str) -> None:
    if names["version"] not in grafana.config.dashboard_versions:
        raise Stop(no_such_resource())
    if not actor.may(action):
        stop = taken(403, "")
        del stop.answer.body["message"]
        raise stop


def _shown(
    config: FakeConfig, dashboard: StoredDashboard, version: str, *, whole: bool = True
) -> dict[str, Any]:
    """A dashboard as this Grafana shows it, with the faults that it is made to have."""
    view = _view(dashboard, version, whole=whole)
    if not config.tells_conversions:
        view["status"] = {}
    if dashboard.uid in config.failing_conversions and version != dashboard.stored_as:
        failed = {"failed": True, "storedVersion": dashboard.stored_as, "error": "migration failed"}
        return {**view, "spec": {}, "status": {"conversion": failed}}
    return view


def _view(dashboard: StoredDashboard, version: str, *, whole: bool = True) -> dict[str, Any]:
    metadata = {
        "name": dashboard.uid,
        "namespace": "default",
        "uid": dashboard.object_uid,
        "resourceVersion": dashboard.resource_version,
        "generation": dashboard.generation,
        "creationTimestamp": dashboard.created,
        "labels": {PREFIX + "deprecatedInternalID": str(dashboard.number)},
        "annotations": dict(dashboard.annotations),
        "managedFields": [
            {
                "manager": dashboard.manager,
                "operation": "Update",
                "apiVersion": f"{GROUP}/{dashboard.stored_as}",
                "time": dashboard.updated,
                "fieldsType": "FieldsV1",
                "fieldsV1": {},
            }
        ],
    }
    shown, error = converted(dashboard.spec, dashboard.stored_as, version) if whole else ({}, "")
    return {
        "kind": "Dashboard",
        "apiVersion": f"{GROUP}/{version}",
        "metadata": metadata,
        "spec": shown,
        "status": _status(dashboard.stored_as, version, error),
    }


def _status(stored_as: str, version: str, error: str) -> dict[str, Any]:
    """`v1beta1` is `v1` under another name, so nothing is converted between them."""
    if version == stored_as or {version, stored_as} <= {"v1", "v1beta1"}:
        return {}
    conversion = {"failed": bool(error), "storedVersion": stored_as}
    return {"conversion": conversion | ({"error": error} if error else {})}


def _dashboard_of(grafana: "FakeGrafana", uid: str) -> StoredDashboard:
    if uid not in grafana.store.dashboards:
        raise not_found("dashboards", GROUP, uid)
    return grafana.store.dashboards[uid]


def _get(grafana: "FakeGrafana", _call: Call, actor: Actor, names: dict[str, str]) -> Answer:
    _require(grafana, actor, names, "dashboards:read")
    return Answer(200, _shown(grafana.config, _dashboard_of(grafana, names["uid"]), names["version"]))


def _list(grafana: "FakeGrafana", call: Call, actor: Actor, names: dict[str, str]) -> Answer:
    _require(grafana, actor, names, "dashboards:read")
    uid, version = call.one("fieldSelector").removeprefix("metadata.name="), names["version"]
    heads = grafana.config.lists_heads and "PartialObjectMetadataList" in (call.header("Accept") or "")
    views: list[Callable[[], dict[str, Any]]]
    if "get-history" in call.one("labelSelector"):
        dashboard = _dashboard_of(grafana, uid)
        # Of 13 the documentation says so (docs/sources/developer-resources/api-reference/http-api, "Resource
        # history": on all stable versions, beta and alpha ones may not support it); 12.4.3 is recorded.
        has_history = grafana.config.major < 13 or version in ("v1", "v2")
        saves = dashboard.history if has_history else []
        views = [partial(_past, dashboard, saved, version) for saved in reversed(saves)]
    else:
        everything = sorted(grafana.store.dashboards.values(), key=lambda d: d.uid)
        views = [
            partial(_shown, grafana.config, d, version, whole=not heads)
            for d in everything
            if uid in {"", d.uid}
        ]
    limit = int(call.one("limit", "0")) or len(views)
    token = call.one("continue")
    start = json.loads(base64.b64decode(token))["o"] if token else 0
    metadata = {"resourceVersion": grafana.store.resource_version()}
    if start + limit < len(views):
        position = {"o": start + limit, "v": int(metadata["resourceVersion"]), "s": False}
        metadata["continue"] = base64.b64encode(json.dumps(position).encode()).decode()
    page = [view() for view in views[start : start + limit]]
    if heads:
        return Answer(200, _heads(page, metadata))
    body = {
        "kind": "DashboardList",
        "apiVersion": f"{GROUP}/{names['version']}",
        "metadata": metadata,
        "items": page,
    }
    return Answer(200, body)


def _heads(views: list[dict[str, Any]], metadata: dict[str, Any]) -> dict[str, Any]:
    """A listing of all but the contents, as Kubernetes' API machinery makes it on request."""
    kind = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"}
    return {
        "kind": "PartialObjectMetadataList",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": metadata,
        "items": [{**kind, "metadata": view["metadata"]} for view in views],
    }


def _past(dashboard: StoredDashboard, saved: Snapshot, version: str) -> dict[str, Any]:
    view = _view(dashboard, version)
    view["metadata"] |= {
        "generation": saved.generation,
        "resourceVersion": saved.resource_version,
        "annotations": dict(saved.annotations),
    }
    view["metadata"]["managedFields"][0] |= {
        "apiVersion": f"{GROUP}/{saved.stored_as}",
        "time": saved.created,
    }
    shown, error = converted(saved.spec, saved.stored_as, version)
    return {**view, "spec": shown, "status": _status(saved.stored_as, version, error)}


def _create(grafana: "FakeGrafana", call: Call, actor: Actor, names: dict[str, str]) -> Answer:
    _require(grafana, actor, names, "dashboards:create")
    uid = call.json["metadata"]["name"]
    _validate(grafana, call, uid, names["version"])
    if uid in grafana.store.dashboards:
        details = {"name": uid, "group": GROUP, "kind": "dashboards"}
        raise failure(409, f'dashboards.{GROUP} "{uid}" already exists', "AlreadyExists", details)
    return _create_new(grafana, call, uid, names["version"])


def _create_new(grafana: "FakeGrafana", call: Call, uid: str, version: str) -> Answer:
    dry = call.one("dryRun") == "All"
    marks = _sent_marks(call, dry=dry)
    require_folder(grafana, marks.get(PREFIX + "folder", ""), marks)
    saved = new_dashboard(grafana.store, uid, _stored(call.json["spec"], version), marks, version)
    saved.manager = _manager(call)
    if not dry:
        grafana.store.save(saved)
    view = _view(saved, version)
    if dry:
        del view["metadata"]["resourceVersion"], view["metadata"]["labels"]
        del view["metadata"]["annotations"][PREFIX + "createdBy"]
    return Answer(201, view)


def _update(grafana: "FakeGrafana", call: Call, actor: Actor, names: dict[str, str]) -> Answer:
    _require(grafana, actor, names, "dashboards:write")
    store, uid = grafana.store, names["uid"]
    _validate(grafana, call, uid, names["version"])
    dashboard = store.dashboards.get(uid)
    if dashboard is None:
        return _create_new(grafana, call, uid, names["version"])
    expected = call.json["metadata"].get("resourceVersion")
    if expected and expected != dashboard.resource_version:
        raise _modified(uid)
    marks = _sent_marks(call, dry=False)
    require_manager(grafana, dashboard.annotations, marks)
    require_folder(grafana, marks.get(PREFIX + "folder", ""), marks)
    server_marks = {k: v for k, v in dashboard.annotations.items() if k.removeprefix(PREFIX) in _SERVER_MARKS}
    new = deepcopy(dashboard) if call.one("dryRun") == "All" else dashboard
    new.annotations = {**marks, **server_marks}
    new.spec, new.stored_as = _stored(call.json["spec"], names["version"]), names["version"]
    new.manager = _manager(call)
    renew(store, new)
    if new is dashboard:
        store.save(dashboard)
    return Answer(200, _view(new, names["version"]))


def _delete(grafana: "FakeGrafana", call: Call, actor: Actor, names: dict[str, str]) -> Answer:
    _require(grafana, actor, names, "dashboards:delete")
    dashboard = _dashboard_of(grafana, names["uid"])
    expected = ((call.json or {}).get("preconditions") or {}).get("resourceVersion")
    if expected and expected != dashboard.resource_version:
        raise _modified(dashboard.uid)
    require_manager(grafana, dashboard.annotations)
    del grafana.store.dashboards[dashboard.uid]
    return success("dashboards", GROUP, dashboard.uid, dashboard.object_uid)


def _modified(uid: str) -> Exception:
    details = {"name": uid, "group": GROUP, "kind": "dashboards"}
    message = f'Operation cannot be fulfilled on dashboards.{GROUP} "{uid}": {_CHANGED}'
    return failure(409, message, "Conflict", details)


def _validate(grafana: "FakeGrafana", call: Call, uid: str, version: str) -> None:
    spec, mode = call.json["spec"], call.one("fieldValidation")
    if version.startswith("v2") and (reason := undecodable(spec, strict=mode == "Strict")):
        message = f'Dashboard in version "{version}" cannot be handled as a Dashboard: {reason}'
        raise failure(400, message, "BadRequest", {})
    # Without a mode the schema is checked as strictly (`getFieldValidationMode` in
    # pkg/registry/apis/dashboard/mutate.go).
    if not version.startswith("v0") and mode in ("", "Strict"):
        is_v2 = version.startswith("v2")
        _require_valid(v2_complaints(from_version(spec, version)) if is_v2 else complaints(spec), uid)
    folder = call.json["metadata"].get("annotations", {}).get(PREFIX + "folder", "")
    if folder and folder not in grafana.store.folders and call.one("dryRun") != "All":
        raise not_found("folders", "folder.grafana.app", folder)


def _require_valid(complaint_list: list[tuple[str, str]], uid: str) -> None:
    if not complaint_list:
        return
    causes = [
        {"reason": "FieldValueInvalid", "message": message, "field": field}
        for field, message in complaint_list
    ]
    listed = ", ".join(f"{field}: {message}" for field, message in complaint_list)
    message = listed if len(complaint_list) == 1 else f"[{listed}]"
    details = {"name": uid, "group": GROUP, "kind": "Dashboard", "causes": causes}
    raise failure(422, f'Dashboard.{GROUP} "{uid}" is invalid: {message}', "Invalid", details)


def _sent_marks(call: Call, *, dry: bool) -> dict[str, str]:
    sent = call.json["metadata"].get("annotations", {})
    hidden = set() if dry else {PREFIX + "grant-permissions", *(PREFIX + name for name in _SERVER_MARKS)}
    return {key: value for key, value in sent.items() if key not in hidden}


def _stored(spec: dict[str, Any], version: str) -> dict[str, Any]:
    if version.startswith("v2"):
        # A Go struct: what it does not have is dropped, and lists that were not sent are null.
        return {**_UNSET, **{key: value for key, value in deepcopy(spec).items() if key in V2_KEYS}}
    clean = {key: value for key, value in spec.items() if key not in {"id", "uid", "version"}}
    return as_v1(clean) if version.startswith("v1") else deepcopy(clean)


def _manager(call: Call) -> str:
    return (call.header("User-Agent") or "unknown").split("/")[0]


_BASE = f"/apis/{GROUP}/{{version}}/namespaces/{{space}}/dashboards"
ROUTES: "list[tuple[str, str, str, Handler]]" = [
    ("GET", _BASE, "", _list),
    ("POST", _BASE, "", _create),
    ("GET", _BASE + "/{uid}", "", _get),
    ("PUT", _BASE + "/{uid}", "", _update),
    ("DELETE", _BASE + "/{uid}", "", _delete),
]

"""Notifications over ``/apis/notifications.alerting.grafana.app``, on the same store as the provisioning API.

Sources, Grafana 13.3 (commits 01c8a967 and 0aff354e of grafana/grafana):

- pkg/registry/apps/alerting/notifications/*/legacy_storage.go: what create, update and delete look at; names of
  receivers, time intervals and templates are made by the server (``object's metadata.name should be empty``), a
  deletion takes the resourceVersion from its preconditions.
- pkg/registry/apps/alerting/notifications/*/conversions.go: the shape of objects.
- pkg/services/ngalert/notifier/receiver_svc.go: an update has to have the version; secure fields that are named keep
  what is stored; a renamed receiver is renamed in routes; one that is used is not deleted.
- pkg/services/ngalert/notifier/legacy_storage/receivers.go: uids of integrations are unique, the uid of a receiver is
  its name in base64.
- pkg/services/ngalert/notifier/inhibition_rules/service.go, legacy_storage/v1/inhibition_rules.go: validation, order by
  uid, imported rules are read only, the version is optional.
- pkg/services/ngalert/notifier/routes/service.go: only the tree ``user-defined`` while named trees are switched off; an
  update has to have the version, a deletion resets.
- pkg/services/ngalert/provisioning/validation: a provenance is kept, or changed by those who may.
- pkg/services/ngalert/models/errors.go: the words of errors; pkg/apimachinery/errutil/errors.go (`Error.Status`): their
  shape, with the message id as the uid of the details and data as causes.
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import partial
from typing import TYPE_CHECKING, Any

from tests.grafana.fake.accounts import Actor
from tests.grafana.fake.notifications import SECRET_SETTINGS, routes_of, timing_version
from tests.grafana.fake.objects import failure, no_such_resource, not_found, success
from tests.grafana.fake.store import DEFAULT_POLICY, Store
from tests.grafana.fake.wire import Answer, Call, Stop

if TYPE_CHECKING:
    from tests.grafana.fake.routes import Handler
    from tests.grafana.fake.server import FakeGrafana

GROUP = "notifications.alerting.grafana.app"
PROVENANCE = "grafana.com/provenance"
Object = dict[str, Any]
_NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_KINDS = {
    "receivers": "Receiver",
    "routingtrees": "RoutingTree",
    "templategroups": "TemplateGroup",
    "timeintervals": "TimeInterval",
    "inhibitionrules": "InhibitionRule",
}
_DEFAULT_TEMPLATE = {"title": "default_template", "content": '{{ define "__subject" }}…{{ end }}'}


def uid_of(name: str) -> str:
    """The name of an object, from the title that people give it."""
    return base64.urlsafe_b64encode(name.encode()).decode().rstrip("=")


def _fingerprint(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def _object(kind: str, name: str, spec: Object, version: str, provenance: str) -> Object:
    return {
        "kind": _KINDS[kind],
        "metadata": {
            "name": name,
            "namespace": "default",
            "uid": uid_of(f"{kind}/{name}")[:36],
            "resourceVersion": version,
            "annotations": {PROVENANCE: provenance or "none"},
        },
        "spec": deepcopy(spec),
    }


# From the store to objects.


def _receivers(store: Store) -> Iterator[Object]:
    names = dict.fromkeys(point["name"] for point in store.contact_points.values())
    for name in names:
        points = [point for point in store.contact_points.values() if point["name"] == name]
        spec = {"title": name, "integrations": [_integration(point) for point in points]}
        provenance = next((p["provenance"] for p in points if p.get("provenance")), "")
        # The version covers secrets, which the object does not show.
        yield _object("receivers", uid_of(name), spec, _fingerprint(points), provenance)


def _integration(point: Object) -> Object:
    secrets = SECRET_SETTINGS[point["type"]]
    settings = {key: value for key, value in point["settings"].items() if key not in secrets}
    secure = {key: True for key in secrets if point["settings"].get(key)}
    return {
        "uid": point["uid"],
        "type": point["type"],
        "version": "v1",
        "disableResolveMessage": point["disableResolveMessage"],
        "settings": settings,
        **({"secureFields": secure} if secure else {}),
    }


def _timings(store: Store) -> Iterator[Object]:
    for timing in store.mute_timings.values():
        spec = {"name": timing["name"], "time_intervals": timing["time_intervals"]}
        yield _object(
            "timeintervals", uid_of(timing["name"]), spec, timing["version"], timing.get("provenance", "")
        )


def _templates(store: Store) -> Iterator[Object]:
    yield _object("templategroups", "__default__", _DEFAULT_TEMPLATE, "", "system")
    for template in store.templates.values():
        spec = {"title": template["name"], "content": template["template"], "kind": "grafana"}
        name = uid_of(template["name"])
        yield _object("templategroups", name, spec, template["version"], template.get("provenance", ""))


def _inhibitions(store: Store) -> Iterator[Object]:
    for name, rule in sorted(store.inhibition_rules.items()):
        yield _object("inhibitionrules", name, rule["spec"], _fingerprint(rule["spec"]), rule["provenance"])


def _trees(store: Store) -> Iterator[Object]:
    tree = store.policies
    defaults = {key: tree[key] for key in ("receiver", "group_by", *_TIMES) if tree.get(key)}
    spec = {"defaults": defaults, "routes": [_route(route) for route in tree.get("routes", [])]}
    version = _fingerprint({key: value for key, value in tree.items() if key != "provenance"})
    yield _object("routingtrees", "user-defined", spec, version, tree.get("provenance", ""))


_TIMES = ("group_wait", "group_interval", "repeat_interval")
_ROUTE_KEYS = ("receiver", "group_by", "mute_time_intervals", "active_time_intervals", *_TIMES)


def _route(route: Object) -> Object:
    matchers = [{"label": a, "type": b, "value": c} for a, b, c in route.get("object_matchers", [])]
    return {
        **{key: route[key] for key in _ROUTE_KEYS if route.get(key)},
        **({"matchers": matchers} if matchers else {}),
        "continue": bool(route.get("continue")),
        "routes": [_route(inner) for inner in route.get("routes", [])],
    }


_LISTED: dict[str, Callable[[Store], Iterator[Object]]] = {
    "receivers": _receivers,
    "routingtrees": _trees,
    "templategroups": _templates,
    "timeintervals": _timings,
    "inhibitionrules": _inhibitions,
}


# What every kind has in common.


def _refused(code: int, slug: str, message: str) -> Stop:
    reason = {400: "BadRequest", 403: "Forbidden", 409: "Conflict"}[code]
    causes = [{"field": "Error", "message": json.dumps(message)}]
    return failure(code, message, reason, {"uid": f"alerting.notifications.{slug}", "causes": causes})


def _require(grafana: "FakeGrafana", names: dict[str, str]) -> None:
    served = grafana.config.groups.get("notifications.alerting", ())
    is_kind = names["kind"] in _KINDS and (names["kind"] != "inhibitionrules" or grafana.config.major >= 13)
    if names["version"] not in served or names["space"] != grafana.config.namespace or not is_kind:
        raise Stop(no_such_resource())


def _versioned(item: Object, version: str) -> Object:
    return {"apiVersion": f"{GROUP}/{version}", **item}


def _find(store: Store, kind: str, name: str) -> Object:
    found = next((one for one in _LISTED[kind](store) if one["metadata"]["name"] == name), None)
    if found is None:
        raise not_found(kind, GROUP, name)
    return found


def _provenance(item: Object) -> str:
    value = str((item["metadata"].get("annotations") or {}).get(PROVENANCE, ""))
    return "" if value == "none" else value


def _require_provenance(before: str, after: str) -> None:
    """Who may write at all may keep it; nobody takes it away from a file or from what was imported."""
    if before in ("file", "converted_prometheus") or (before and before != after):
        message = (
            f"Resource with provenance status '{before}' cannot be managed via API that handles '{after}'"
        )
        raise _refused(403, "invalidProvenance", message)


def _require_version(found: Object, sent: str, *, needed: bool) -> None:
    current = found["metadata"]["resourceVersion"]
    if sent != current and (sent or needed):
        message = f"Provided version {sent} does not match current version {current}"
        raise _refused(409, "conflict", message)


def _list(grafana: "FakeGrafana", _call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    _require(grafana, names)
    kind, version = names["kind"], names["version"]
    items = [_versioned(one, version) for one in _LISTED[kind](grafana.store)]
    return Answer(
        200,
        {"kind": f"{_KINDS[kind]}List", "apiVersion": f"{GROUP}/{version}", "metadata": {}, "items": items},
    )


def _get(grafana: "FakeGrafana", _call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    _require(grafana, names)
    return Answer(200, _versioned(_find(grafana.store, names["kind"], names["name"]), names["version"]))


def _create(grafana: "FakeGrafana", call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    _require(grafana, names)
    body, kind = call.json, names["kind"]
    name = body["metadata"].get("name", "")
    if kind == "routingtrees":
        message = "multiple routes are not supported, see feature toggle alertingMultiplePolicies"
        raise _refused(400, "routes.multipleNotSupported", message)
    if kind != "inhibitionrules" and name:
        raise _refused(400, "invalid", "object's metadata.name should be empty")
    stored = _SAVES[kind](grafana.store, body, None)
    return Answer(201, _versioned(_find(grafana.store, kind, stored), names["version"]))


def _update(grafana: "FakeGrafana", call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    _require(grafana, names)
    body, kind = call.json, names["kind"]
    found = _find(grafana.store, kind, names["name"])
    needed = kind in ("receivers", "routingtrees")
    _require_version(found, body["metadata"].get("resourceVersion", ""), needed=needed)
    _require_provenance(_provenance(found), _provenance(body))
    stored = _SAVES[kind](grafana.store, body, found)
    return Answer(200, _versioned(_find(grafana.store, kind, stored), names["version"]))


def _delete(grafana: "FakeGrafana", call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    _require(grafana, names)
    kind, name = names["kind"], names["name"]
    found = _find(grafana.store, kind, name)
    preconditions = (call.json or {}).get("preconditions") or {}
    _require_version(found, preconditions.get("resourceVersion", ""), needed=False)
    # A deletion is judged by the provenance that the object has.
    _require_provenance(_provenance(found), _provenance(found))
    _REMOVALS[kind](grafana.store, found)
    return success(kind, GROUP, name, found["metadata"]["uid"])


# Receivers.


def _save_receiver(store: Store, body: Object, found: Object | None) -> str:
    spec, provenance = body["spec"], _provenance(body)
    title, before = spec["title"], found["spec"]["title"] if found else ""
    if title != before and title in {point["name"] for point in store.contact_points.values()}:
        message = "Receiver with this name already exists. Use a different name or update an existing one."
        raise _refused(409, "receivers.exists", message)
    uids = [one["uid"] for one in spec["integrations"]]
    others = {uid for uid, point in store.contact_points.items() if point["name"] != before}
    double = next((uid for uid in uids if uids.count(uid) > 1 or uid in others), "")
    if double:
        message = f"Invalid receiver: 'integration with UID \"{double}\" already exists'"
        raise _refused(400, "receivers.invalid", message)
    points = {one["uid"]: _stored_point(store, title, one, provenance) for one in spec["integrations"]}
    kept = {uid: point for uid, point in store.contact_points.items() if point["name"] != before}
    store.contact_points.clear()
    store.contact_points.update({**kept, **points})
    if before and title != before:
        for route in routes_of(store.policies):
            if route.get("receiver") == before:
                route["receiver"] = title
    return uid_of(title)


def _stored_point(store: Store, title: str, integration: Object, provenance: str) -> Object:
    kind = integration["type"]
    if kind not in SECRET_SETTINGS:
        raise _refused(400, "receivers.invalid", f"Invalid receiver: 'unknown integration type: {kind}'")
    old = store.contact_points.get(integration["uid"], {}).get("settings", {})
    kept = {
        key: old[key] for key, is_set in integration.get("secureFields", {}).items() if is_set and key in old
    }
    return {
        "uid": integration["uid"],
        "name": title,
        "type": kind,
        "settings": {**integration["settings"], **kept},
        "disableResolveMessage": bool(integration.get("disableResolveMessage")),
        **({"provenance": provenance} if provenance else {}),
    }


def _remove_receiver(store: Store, found: Object) -> None:
    title = found["spec"]["title"]
    trees = (store.policies, *store.named_trees.values())
    if any(route.get("receiver") == title for tree in trees for route in routes_of(tree)):
        message = "Receiver is used by one or many notification policies"
        raise _refused(409, "receivers.used", message)
    for uid in [uid for uid, point in store.contact_points.items() if point["name"] == title]:
        del store.contact_points[uid]


# Time intervals, templates, inhibition rules, the tree.


def _save_timing(store: Store, body: Object, found: Object | None) -> str:
    name = body["spec"]["name"]
    if found is None and name in store.mute_timings:
        message = "Time interval with this name already exists. Use a different name or update existing one."
        raise _refused(400, "time-intervals.nameExists", message)
    item = {"name": name, "time_intervals": body["spec"]["time_intervals"]}
    _store(store.mute_timings, item, body)
    return uid_of(name)


def _save_template(store: Store, body: Object, found: Object | None) -> str:
    title, content = body["spec"]["title"], body["spec"]["content"]
    if content.count("{{") != content.count("}}"):
        message = "Template is in invalid format. Correct the payload and try again."
        raise _refused(400, "templates.invalidFormat", message)
    if found is None and title in store.templates:
        raise _refused(400, "templates.nameExists", "Template with this name already exists.")
    _store(store.templates, {"name": title, "template": content}, body)
    return uid_of(title)


def _store(place: dict[str, Object], item: Object, body: Object) -> None:
    provenance = _provenance(body)
    item = {**item, "version": timing_version(item)}
    place[item["name"]] = {**item, "provenance": provenance} if provenance else item


def _save_inhibition(store: Store, body: Object, found: Object | None) -> str:
    name, spec = body["metadata"].get("name", ""), body["spec"]
    problem = ""
    if not _NAME.fullmatch(name) or len(name) > 40:
        problem = "uid must be a valid DNS subdomain"
    elif not spec.get("source_matchers") or not spec.get("target_matchers"):
        problem = "inhibition rule must have at least one matcher on each side"
    if problem:
        message = "Inhibition rule is in invalid format. Correct the payload and try again."
        raise _refused(400, "inhibition-rules.invalidFormat", f"{message} ({problem})")
    if found is None and name in store.inhibition_rules:
        raise _refused(400, "inhibition-rules.nameExists", "Inhibition rule already exists.")
    store.inhibition_rules[name] = {"spec": deepcopy(spec), "provenance": _provenance(body)}
    return str(name)


def _save_tree(store: Store, body: Object, _found: Object | None) -> str:
    spec = body["spec"]
    receivers = {"empty", "grafana-default-email", *(p["name"] for p in store.contact_points.values())}
    tree = {**spec["defaults"], "routes": [_stored_route(route) for route in spec.get("routes", [])]}
    for route in routes_of(tree):
        missing = [t for t in route.get("mute_time_intervals", []) if t not in store.mute_timings]
        error = f"mute time interval '{missing[0]}' does not exist" if missing else ""
        if route.get("receiver") and route["receiver"] not in receivers:
            error = f"receiver '{route['receiver']}' does not exist"
        if error:
            message = f"Invalid format of the submitted route: {error}. Correct the payload and try again."
            raise _refused(400, "routes.invalidFormat", message)
    if not tree["routes"]:
        del tree["routes"]
    provenance = _provenance(body)
    store.policies = {**tree, "provenance": provenance} if provenance else tree
    return "user-defined"


def _stored_route(route: Object) -> Object:
    matchers = [[one["label"], one["type"], one["value"]] for one in route.get("matchers", [])]
    inner = [_stored_route(one) for one in route.get("routes", [])]
    return {
        **{key: route[key] for key in _ROUTE_KEYS if route.get(key)},
        **({"object_matchers": matchers} if matchers else {}),
        **({"continue": True} if route["continue"] else {}),
        **({"routes": inner} if inner else {}),
    }


def _remove_timing(store: Store, found: Object) -> None:
    name = found["spec"]["name"]
    if any(name in route.get("mute_time_intervals", []) for route in routes_of(store.policies)):
        raise _refused(409, "time-intervals.used", "Time interval is used")
    del store.mute_timings[name]


def _remove_template(store: Store, found: Object) -> None:
    del store.templates[found["spec"]["title"]]


def _remove_inhibition(store: Store, found: Object) -> None:
    del store.inhibition_rules[found["metadata"]["name"]]


def _reset_tree(store: Store, _found: Object) -> None:
    store.policies = deepcopy(DEFAULT_POLICY)


_SAVES: dict[str, Callable[[Store, Object, Object | None], str]] = {
    "receivers": _save_receiver,
    "routingtrees": _save_tree,
    "templategroups": _save_template,
    "timeintervals": _save_timing,
    "inhibitionrules": _save_inhibition,
}
_REMOVALS: dict[str, Callable[[Store, Object], None]] = {
    "receivers": _remove_receiver,
    "routingtrees": _reset_tree,
    "templategroups": _remove_template,
    "timeintervals": _remove_timing,
    "inhibitionrules": _remove_inhibition,
}
_ALL = f"/apis/{GROUP}/{{version}}/namespaces/{{space}}/{{kind}}"
_READ, _WRITE = "alert.provisioning:read", "alert.provisioning:write"


def _locked(handler: "Handler") -> "Handler":
    return partial(_with_lock, handler)


def _with_lock(
    handler: "Handler", grafana: "FakeGrafana", call: Call, actor: Actor, names: dict[str, str]
) -> Answer:
    with grafana.store.lock:
        return handler(grafana, call, actor, names)


ROUTES: "list[tuple[str, str, str, Handler]]" = [
    ("GET", _ALL, _READ, _list),
    ("POST", _ALL, _WRITE, _locked(_create)),
    ("GET", _ALL + "/{name}", _READ, _get),
    ("PUT", _ALL + "/{name}", _WRITE, _locked(_update)),
    ("DELETE", _ALL + "/{name}", _WRITE, _locked(_delete)),
]

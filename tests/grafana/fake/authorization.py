"""What an account with single permissions may: the evaluators of each route, with scopes.

Sources, Grafana 13.3: pkg/api/api.go and pkg/services/ngalert/api/authorization.go (legacy routes),
pkg/registry/apps/alerting/{rules,notifications}/*/authorize.go (objects of alerting). Written apart from the table of
dashgen, which it proves.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tests.grafana.fake.accounts import forbidden
from tests.grafana.fake.wire import Answer, Call

if TYPE_CHECKING:
    from tests.grafana.fake.server import FakeGrafana

Held = Mapping[str, tuple[str, ...]]
Evaluator = Callable[["Request"], bool]
ROOT = "general"


class Request:
    """A request of an account with the parts of its path."""

    def __init__(self, grafana: "FakeGrafana", call: Call, held: Held, names: dict[str, str]) -> None:
        self.grafana, self.call, self.held, self.names = grafana, call, held, names

    def folder_scopes(self, uid: str) -> Iterator[str]:
        """A folder and those above it."""
        yield f"folders:uid:{uid or ROOT}"
        folder = self.grafana.store.folders.get(uid)
        if folder is not None and folder.parent_uid:
            yield from self.folder_scopes(folder.parent_uid)

    def dashboard_scopes(self, uid: str) -> Iterator[str]:
        yield f"dashboards:uid:{uid}"
        dashboard = self.grafana.store.dashboards.get(uid)
        if dashboard is not None:
            yield from self.folder_scopes(dashboard.folder_uid)

    def may(self, action: str, *scopes: str) -> bool:
        grants = self.held.get(action)
        if grants is None or not scopes:
            return grants is not None
        return any(
            grant in ("*", scope) or (grant.endswith("*") and scope.startswith(grant[:-1]))
            for grant in grants
            for scope in scopes
        )


def anywhere(action: str) -> Evaluator:
    return lambda request: request.may(action)


def any_of(*evaluators: Evaluator) -> Evaluator:
    return lambda request: any(evaluator(request) for evaluator in evaluators)


def all_of(*evaluators: Evaluator) -> Evaluator:
    return lambda request: all(evaluator(request) for evaluator in evaluators)


def in_folder(action: str, name: str = "folder") -> Evaluator:
    return lambda request: request.may(action, *request.folder_scopes(request.names[name]))


def on_dashboard(action: str) -> Evaluator:
    return lambda request: request.may(action, *request.dashboard_scopes(request.names["uid"]))


def on_source(action: str) -> Evaluator:
    return lambda request: request.may(action, f"datasources:uid:{request.names['uid']}")


def free(_request: Request) -> bool:
    return True


def _parent(request: Request) -> bool:
    return request.may("folders:create", *request.folder_scopes(request.call.json.get("parentUid") or ""))


def _saves(request: Request) -> bool:
    body = request.call.json
    uid, target = body["dashboard"].get("uid", ""), body.get("folderUid") or ""
    return _saves_into(request, uid, target)


def _saves_object(request: Request) -> bool:
    metadata = request.call.json["metadata"]
    return _saves_into(
        request, metadata["name"], metadata.get("annotations", {}).get("grafana.app/folder", "")
    )


def _saves_into(request: Request, uid: str, folder: str) -> bool:
    """A new dashboard is created in its folder, and so is one that comes into another."""
    stored = request.grafana.store.dashboards.get(uid)
    creates = request.may("dashboards:create", *request.folder_scopes(folder))
    if stored is None:
        return creates
    return request.may("dashboards:write", *request.dashboard_scopes(uid)) and (
        stored.folder_uid == folder or creates
    )


def _annotated(action: str) -> Evaluator:
    def evaluate(request: Request) -> bool:
        stored = request.grafana.store.annotations.get(int(request.names.get("uid", "0")), {})
        uid = (request.call.json or {}).get("dashboardUID") or stored.get("dashboardUID")
        scopes = request.dashboard_scopes(uid) if uid else ("annotations:type:organization",)
        return request.may(action, *scopes)

    return evaluate


def _queried(request: Request) -> bool:
    uids = [query["datasource"]["uid"] for query in request.call.json["queries"]]
    return all(request.may("datasources:query", f"datasources:uid:{uid}") for uid in uids)


def _rules_queried(request: Request) -> bool:
    """Each data source of the rules that are sent (pkg/services/ngalert/accesscontrol/rules.go)."""
    body = request.call.json or {}
    rules = body.get("rules") or ([body] if "data" in body else [])
    uids = {query["datasourceUid"] for rule in rules for query in rule["data"]} - {"__expr__"}
    return all(request.may("datasources:query", f"datasources:uid:{uid}") for uid in uids)


_MARK = anywhere("alert.provisioning.provenance:write")
_READS = any_of(anywhere("alert.provisioning:read"), anywhere("alert.provisioning.secrets:read"))
_SEES_RULES = all_of(in_folder("alert.rules:read"), in_folder("folders:read"))
_READS_RULES = any_of(_READS, anywhere("alert.rules.provisioning:read"))
_WRITES_RULES = any_of(anywhere("alert.provisioning:write"), anywhere("alert.rules.provisioning:write"))


def _changes_group(request: Request) -> bool:
    """A group is written whole: what is in it decides which permissions that takes."""
    group = (request.names["folder"], request.names["group"])
    stored = {
        uid
        for uid, rule in request.grafana.store.rules.items()
        if (rule["folderUID"], rule["ruleGroup"]) == group
    }
    sent = {rule["uid"] for rule in request.call.json["rules"]}
    wanted = {"create": sent - stored, "write": sent & stored, "delete": stored - sent}
    return all(in_folder(f"alert.rules:{verb}")(request) for verb, uids in wanted.items() if uids)


def _notification(kind: str, verb: str = "read", *, broad: str = "read", legacy: bool = True) -> Evaluator:
    single = any_of(anywhere(f"alert.notifications.{kind}:{verb}"), anywhere(f"alert.notifications:{broad}"))
    if not legacy:
        return single
    provisioning = any_of(
        anywhere(f"alert.provisioning:{broad}"), anywhere(f"alert.notifications.provisioning:{broad}")
    )
    if broad == "read":
        return any_of(provisioning, _READS, single)
    return any_of(provisioning, all_of(single, _MARK))


_PROVISIONING = "/api/v1/provisioning/"
_GROUP = _PROVISIONING + "folder/{folder}/rule-groups/{group}"
_BOARDS = "/apis/dashboard.grafana.app/{version}/namespaces/{space}/dashboards"
_FOLDERS = "/apis/folder.grafana.app/{version}/namespaces/{space}/folders"
_ALERTING = "/apis/notifications.alerting.grafana.app/{version}/namespaces/{space}/"
_LEGACY_KINDS = {
    "contact-points": ("receivers", "create", "write", "delete"),
    "mute-timings": ("time-intervals", "write", "write", "delete"),
    "templates": ("templates", "write", "write", "delete"),
    "policies": ("routes", "write", "write", "write"),
}
_OBJECT_KINDS = {
    "receivers": ("receivers", "create", "write", "delete"),
    "timeintervals": ("time-intervals", "write", "write", "delete"),
    "templategroups": ("templates", "write", "write", "delete"),
    "routingtrees": ("routes", "write", "write", "write"),
    "inhibitionrules": ("inhibition-rules", "write", "write", "delete"),
}


def _alerting_rules() -> Iterator[tuple[str, str, Evaluator]]:
    for path, (kind, create, write, delete) in _LEGACY_KINDS.items():
        for suffix in ("", "/{uid}"):
            base = _PROVISIONING + path + suffix
            yield "GET", base, _notification(kind)
            yield "POST", base, _notification(kind, create, broad="write")
            yield "PUT", base, _notification(kind, write, broad="write")
            yield "DELETE", base, _notification(kind, delete, broad="write")
    for path, (kind, create, write, delete) in _OBJECT_KINDS.items():
        for suffix in ("", "/{uid}"):
            base = _ALERTING + path + suffix
            yield "GET", base, _notification(kind, legacy=False)
            yield "POST", base, _notification(kind, create, broad="write", legacy=False)
            yield "PUT", base, _notification(kind, write, broad="write", legacy=False)
            yield "DELETE", base, _notification(kind, delete, broad="write", legacy=False)


_RULE_OBJECTS = "/apis/rules.alerting.grafana.app/{version}/namespaces/{space}/{kind}"


def _rule_object(verb: str) -> Evaluator:
    """A rule as an object: all of them need the permission to read rules, and their data sources are queried."""

    def evaluate(request: Request) -> bool:
        body = request.call.json or {}
        expressions = body.get("spec", {}).get("expressions", {}).values()
        uids = {one.get("datasourceUID", "") for one in expressions} - {"", "__expr__"}
        stored = request.grafana.store.rules.get(request.names.get("uid", ""), {})
        annotations = body.get("metadata", {}).get("annotations", {})
        folder = annotations.get("grafana.app/folder") or stored.get("folderUID", "")
        queries = verb == "delete" or all(
            request.may("datasources:query", f"datasources:uid:{uid}") for uid in uids
        )
        return (
            request.may("alert.rules:read")
            and request.may(f"alert.rules:{verb}", *request.folder_scopes(folder))
            and queries
        )

    return evaluate


_RULES: list[tuple[str, str, Evaluator]] = [
    ("GET", _RULE_OBJECTS, anywhere("alert.rules:read")),
    ("GET", _RULE_OBJECTS + "/{uid}", anywhere("alert.rules:read")),
    ("POST", _RULE_OBJECTS, _rule_object("create")),
    ("PUT", _RULE_OBJECTS + "/{uid}", _rule_object("write")),
    ("DELETE", _RULE_OBJECTS + "/{uid}", _rule_object("delete")),
    ("GET", "/api/org", anywhere("orgs:read")),
    ("GET", "/api/folders", anywhere("folders:read")),
    ("POST", "/api/folders", _parent),
    ("GET", "/api/folders/{uid}", in_folder("folders:read", "uid")),
    ("GET", "/api/folders/{uid}/counts", in_folder("folders:read", "uid")),
    ("PUT", "/api/folders/{uid}", in_folder("folders:write", "uid")),
    ("DELETE", "/api/folders/{uid}", in_folder("folders:delete", "uid")),
    ("POST", "/api/folders/{uid}/move", all_of(in_folder("folders:write", "uid"), _parent)),
    ("GET", _FOLDERS, anywhere("folders:read")),
    ("GET", _FOLDERS + "/{uid}", in_folder("folders:read", "uid")),
    ("GET", "/api/dashboards/uid/{uid}", on_dashboard("dashboards:read")),
    ("POST", "/api/dashboards/db", _saves),
    ("DELETE", "/api/dashboards/uid/{uid}", on_dashboard("dashboards:delete")),
    ("GET", "/api/dashboards/uid/{uid}/versions", on_dashboard("dashboards:write")),
    ("GET", "/api/dashboards/uid/{uid}/versions/{number}", on_dashboard("dashboards:write")),
    ("GET", _BOARDS, anywhere("dashboards:read")),
    ("POST", _BOARDS, _saves_object),
    ("GET", _BOARDS + "/{uid}", on_dashboard("dashboards:read")),
    ("PUT", _BOARDS + "/{uid}", _saves_object),
    ("DELETE", _BOARDS + "/{uid}", on_dashboard("dashboards:delete")),
    ("GET", "/api/search", anywhere("dashboards:read")),
    ("GET", "/api/datasources", anywhere("datasources:read")),
    ("POST", "/api/datasources", anywhere("datasources:create")),
    ("GET", "/api/datasources/uid/{uid}", on_source("datasources:read")),
    ("PUT", "/api/datasources/uid/{uid}", on_source("datasources:write")),
    ("DELETE", "/api/datasources/uid/{uid}", on_source("datasources:delete")),
    ("GET", "/api/datasources/uid/{uid}/health", on_source("datasources:query")),
    ("POST", "/api/ds/query", _queried),
    ("GET", "/api/annotations", anywhere("annotations:read")),
    ("POST", "/api/annotations", _annotated("annotations:create")),
    ("PATCH", "/api/annotations/{uid}", _annotated("annotations:write")),
    ("DELETE", "/api/annotations/{uid}", _annotated("annotations:delete")),
    ("GET", "/api/library-elements/{uid}", anywhere("library.panels:read")),
    ("POST", "/api/admin/provisioning/{kind}/reload", anywhere("provisioning:reload")),
    ("GET", "/api/prometheus/grafana/api/v1/rules", anywhere("alert.rules:read")),
    (
        "GET",
        "/api/alertmanager/grafana/config/api/v1/receivers",
        any_of(anywhere("alert.notifications:read"), anywhere("alert.notifications.receivers:read")),
    ),
    (
        "GET",
        _PROVISIONING + "alert-rules",
        any_of(_READS_RULES, all_of(anywhere("alert.rules:read"), anywhere("folders:read"))),
    ),
    (
        "GET",
        _PROVISIONING + "alert-rules/{uid}",
        any_of(_READS_RULES, all_of(anywhere("alert.rules:read"), anywhere("folders:read"))),
    ),
    ("GET", _GROUP, any_of(_READS_RULES, _SEES_RULES)),
    ("PUT", _GROUP, any_of(_WRITES_RULES, all_of(_SEES_RULES, _MARK, _changes_group, _rules_queried))),
    ("DELETE", _GROUP, any_of(_WRITES_RULES, all_of(_SEES_RULES, in_folder("alert.rules:delete"), _MARK))),
    *_alerting_rules(),
]
_FREE = re.compile(r"/api/(health|frontend/settings|user|access-control/user/permissions)|/apis(/[^/]+){0,2}")
_COMPILED = [
    (method, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern)), evaluator)
    for method, pattern, evaluator in _RULES
]


def authorise(grafana: "FakeGrafana", call: Call, held: Held) -> None:
    """Refuse a request for which an account lacks permissions; one of a route that is not listed too.

    Raises:
        Stop: with 403.
    """
    if _FREE.fullmatch(call.path):
        return
    for method, pattern, evaluator in _COMPILED:
        match = pattern.fullmatch(call.path)
        if method == call.method and match is not None:
            if evaluator(Request(grafana, call, held, match.groupdict())):
                return
            break
    raise forbidden(f"those of {call.method} {call.path}")


def visible(grafana: "FakeGrafana", call: Call, held: Held, answer: Answer) -> Answer:
    """A listing of folders without those that an account may not read."""
    if (call.method, call.path) != ("GET", "/api/folders"):
        return answer
    request = Request(grafana, call, held, {})
    body: list[dict[str, Any]] = answer.body
    seen = [folder for folder in body if request.may("folders:read", *request.folder_scopes(folder["uid"]))]
    return Answer(answer.status, seen, answer.headers)

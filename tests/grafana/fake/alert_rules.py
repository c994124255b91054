"""Alert rules and their groups."""

import re
import secrets
from copy import deepcopy
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.grafana.fake.accounts import RULE_WRITE, Actor
from tests.grafana.fake.store import Store
from tests.grafana.fake.wire import Answer, Call, Stop, refuse

if TYPE_CHECKING:
    from tests.grafana.fake.routes import Handler
    from tests.grafana.fake.server import FakeGrafana

_DURATION = re.compile(r"(\d+(ms|[smhdwy]))+|0")
_NO_DATA = {"NoData", "Alerting", "OK", "KeepLast"}
_MODEL = {"intervalMs": 1000, "maxDataPoints": 43200}
_ZERO = "0001-01-01T00:00:00Z"


def _view(rule: dict[str, Any], *, number: int, updated: str, provenance: str = "") -> dict[str, Any]:
    keys = ("uid", "orgID", "folderUID", "ruleGroup", "title", "condition", "data")
    states = ("noDataState", "execErrState", "for", "keep_firing_for", "annotations", "labels")
    view = {
        "id": number,
        **{key: rule.get(key) for key in keys},
        "updated": updated,
        **{key: rule.get(key) for key in states},
        **({"provenance": provenance} if provenance else {}),
        "isPaused": rule.get("isPaused", False),
        "notification_settings": rule.get("notification_settings"),
        "record": rule.get("record"),
    }
    return deepcopy(view)


def _shown(rule: dict[str, Any], *, with_provenance: bool = True) -> dict[str, Any]:
    provenance = rule["provenance"] if with_provenance else ""
    return _view(rule, number=rule["id"], updated=rule["updated"], provenance=provenance)


def _normal(rule: dict[str, Any]) -> dict[str, Any]:
    """As it is stored: the models have the defaults and their refId."""
    queries = [
        {
            "refId": q["refId"],
            "queryType": q.get("queryType") or q["model"].get("queryType", ""),
            "relativeTimeRange": q.get("relativeTimeRange") or {"from": 0, "to": 0},
            "datasourceUid": q["datasourceUid"],
            "model": {**_MODEL, **q["model"], "refId": q["refId"]},
        }
        for q in rule["data"]
    ]
    states: dict[str, Any] = {
        "condition": "",
        "noDataState": "",
        "execErrState": "",
        "for": "0s",
        "keep_firing_for": "0s",
        "annotations": {},
        "labels": {},
    }
    return {**states, **deepcopy(rule), "data": queries, "orgID": 1}


def _check(store: Store, rule: dict[str, Any]) -> None:
    for key in ("for", "keep_firing_for"):
        if not _DURATION.fullmatch(str(rule.get(key) or "0s")):
            raise refuse(400, "bad request data")
    uid = rule.get("uid") or ""
    bad = f"invalid alert rule\ncannot create rule with UID '{uid}': "
    if len(uid) > 40:
        raise refuse(400, bad + "UID is longer than 40 symbols")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", uid):
        raise refuse(400, bad + "invalid format of UID. Only letters, numbers, '-' and '_' are allowed")
    state, receiver = rule.get("noDataState"), (rule.get("notification_settings") or {}).get("receiver")
    for is_wrong, reason in (
        (not rule.get("title"), ": title is empty"),
        (not rule.get("data"), ": no queries or expressions are found"),
        (not rule.get("record") and state not in _NO_DATA, f": unknown NoData state option {state}"),
        (rule.get("folderUID") not in store.folders, ": folder does not exist"),
        (receiver and not has_receiver(store, receiver), f"\nreceiver {receiver} does not exist"),
    ):
        if is_wrong:
            raise refuse(400, f"invalid alert rule{reason}")


def has_receiver(store: Store, name: str) -> bool:
    return any(point["name"] == name for point in store.contact_points.values())


def _provenance(call: Call) -> str:
    return "" if call.header("X-Disable-Provenance") is not None else "api"


def put_rule(store: Store, rule: dict[str, Any], provenance: str) -> dict[str, Any]:
    existing = store.rules.get(rule["uid"])
    number = existing["id"] if existing else store.next_number("rule")
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    stored = {**_normal(rule), "id": number, "updated": moment, "provenance": provenance}
    store.rules[rule["uid"]] = stored
    return stored


def _list(grafana: "FakeGrafana", _call: Call, _actor: Actor, _names: dict[str, str]) -> Answer:
    rules = sorted(grafana.store.rules.values(), key=lambda r: (r["folderUID"], r["ruleGroup"]))
    return Answer(200, [_shown(rule) for rule in rules])


def _get(grafana: "FakeGrafana", _call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    rule = grafana.store.rules.get(names["uid"])
    return Answer(200, _shown(rule)) if rule else Answer(404)


def _create(grafana: "FakeGrafana", call: Call, _actor: Actor, _names: dict[str, str]) -> Answer:
    store, rule = grafana.store, call.json
    _check(store, rule)
    rule["uid"] = rule.get("uid") or secrets.token_hex(7)
    if rule["uid"] in store.rules:
        cause = "UNIQUE constraint failed: alert_rule.org_id, alert_rule.uid"
        where = f"Failed to save alert rule '{rule['uid']}' in organization 1 due to conflict"
        body = {
            "statusCode": 409,
            "messageId": "alerting.alert-rule.conflict",
            "message": f"{where}: {cause}",
            "extra": {"Error": cause, "OrgID": 1, "RuleUID": rule["uid"]},
        }
        raise Stop(Answer(409, body))
    store.intervals.setdefault((rule["folderUID"], rule["ruleGroup"]), 60)
    return Answer(201, _shown(put_rule(store, rule, _provenance(call))))


def _update(grafana: "FakeGrafana", call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    store, rule = grafana.store, {**call.json, "uid": names["uid"]}
    if names["uid"] not in store.rules:
        return Answer(404)
    _check(store, rule)
    before, after = store.rules[names["uid"]]["provenance"], _provenance(call)
    if before not in {"", after}:
        raise refuse(500, "Internal Server Error")
    return Answer(200, _shown(put_rule(store, rule, after)))


def _delete(grafana: "FakeGrafana", call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    rule = grafana.store.rules.get(names["uid"])
    if rule:
        _require_provenance([rule], _provenance(call))
        del grafana.store.rules[names["uid"]]
    return Answer(204)


def in_group(store: Store, folder: str, group_title: str) -> list[dict[str, Any]]:
    group = (folder, group_title)
    return [r for r in store.rules.values() if (r["folderUID"], r["ruleGroup"]) == group]


def _require_provenance(rules: list[dict[str, Any]], provenance: str) -> None:
    """A group may go from ``api`` to none and from none to anything."""
    for rule in rules:
        before = rule["provenance"]
        if before not in {"", provenance} and not (before == "api" and not provenance):
            message = f"cannot change provenance from '{before}' to '{provenance}'"
            body = {"statusCode": 409, "messageId": "alerting.provenanceMismatch", "message": message}
            raise Stop(Answer(409, body))


def _group(grafana: "FakeGrafana", _call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    rules = in_group(grafana.store, names["folder"], names["group"])
    if not rules:
        return Answer(404)
    return Answer(
        200,
        {
            "title": names["group"],
            "folderUid": names["folder"],
            "interval": grafana.store.intervals.get((names["folder"], names["group"]), 60),
            "rules": [_shown(rule, with_provenance=False) for rule in rules],
        },
    )


def _put_group(grafana: "FakeGrafana", call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    store, body = grafana.store, call.json
    group, interval = (names["folder"], names["group"]), body.get("interval", 0)
    if interval <= 0 or interval % 10:
        reason = f"interval ({interval}s) should be non-zero and divided exactly by scheduler interval: 10"
        raise refuse(400, f"invalid alert rule: {reason}")
    group_keys = {"folderUID": group[0], "ruleGroup": group[1]}
    sent = [{"orgID": 1, **rule, **group_keys} for rule in body.get("rules") or ()]
    if grafana.config.major < 10:
        _refuse_unknown(store, sent)
    for rule in sent:
        _check(store, rule)
        rule["uid"] = rule.get("uid") or secrets.token_hex(7)
    existing = in_group(store, names["folder"], names["group"])
    _require_provenance(existing, _provenance(call))
    if not grafana.config.swallows_groups:
        store.intervals[group] = interval
        if body.get("rules") is not None:
            _replace(store, existing, sent, _provenance(call))
    rules = [_view(rule, number=0, updated=_ZERO) for rule in sent]
    return Answer(
        200, {"title": names["group"], "folderUid": names["folder"], "interval": interval, "rules": rules}
    )


def _refuse_unknown(store: Store, sent: list[dict[str, Any]]) -> None:
    """Grafana 9 updates the rules that have a uid, and makes none (pkg/services/ngalert/store/deltas.go of 9.4)."""
    for rule in sent:
        if rule.get("uid") and rule["uid"] not in store.rules:
            message = f"failed to update rule with UID {rule['uid']} because could not find alert rule"
            raise Stop(Answer(500, {"message": message}))


def _replace(
    store: Store, existing: list[dict[str, Any]], sent: list[dict[str, Any]], provenance: str
) -> None:
    """Rules that are the same are not touched; the order is that of the request."""
    rules = {}
    for rule in sent:
        before = store.rules.pop(rule["uid"], None)
        after = {"id": None, "updated": None, "provenance": provenance}
        if before and {**before, "id": None, "updated": None} == {**_normal(rule), **after}:
            rules[rule["uid"]] = before
        else:
            if before:
                store.rules[rule["uid"]] = before
            rules[rule["uid"]] = put_rule(store, rule, provenance)
            del store.rules[rule["uid"]]
    for rule in existing:
        store.rules.pop(rule["uid"], None)
    store.rules |= rules


def _delete_group(grafana: "FakeGrafana", call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    rules = in_group(grafana.store, names["folder"], names["group"])
    if not rules:
        return Answer(404)
    _require_provenance(rules, _provenance(call))
    for rule in rules:
        del grafana.store.rules[rule["uid"]]
    return Answer(204)


def _export(grafana: "FakeGrafana", _call: Call, _actor: Actor, _names: dict[str, str]) -> Answer:
    store = grafana.store
    places = sorted({(r["folderUID"], r["ruleGroup"]) for r in store.rules.values()})
    groups = [
        {
            "orgId": 1,
            "name": group,
            "folder": store.folder_title(folder),
            "interval": f"{store.intervals[folder, group] // 60}m",
            "rules": [_exported(r) for r in in_group(store, folder, group)],
        }
        for folder, group in places
    ]
    return Answer(200, {"apiVersion": 1, "groups": groups})


def _exported(rule: dict[str, Any]) -> dict[str, Any]:
    data = [{key: value for key, value in query.items() if value != ""} for query in rule["data"]]
    linked = {
        "dashboardUid": rule["annotations"].get("__dashboardUid__"),
        "panelId": int(rule["annotations"].get("__panelId__", 0)),
    }
    states = {key: rule[key] for key in ("condition", "noDataState", "execErrState", "for")}
    if rule.get("record"):
        linked, states = {}, {"record": rule["record"]}
    plain = {key: rule[key] for key in ("uid", "title", "annotations", "labels", "isPaused")}
    return {**plain, **states, "data": data, **linked}


_RULES = "/api/v1/provisioning/alert-rules"
_GROUP = "/api/v1/provisioning/folder/{folder}/rule-groups/{group}"
ROUTES: "list[tuple[str, str, str, Handler]]" = [
    ("GET", _RULES, "alert.provisioning:read", _list),
    ("GET", _RULES + "/export", "alert.provisioning:read", _export),
    ("POST", _RULES, RULE_WRITE, _create),
    ("GET", _RULES + "/{uid}", "alert.provisioning:read", _get),
    ("PUT", _RULES + "/{uid}", RULE_WRITE, _update),
    ("DELETE", _RULES + "/{uid}", RULE_WRITE, _delete),
    ("GET", _GROUP, "alert.provisioning:read", _group),
    ("PUT", _GROUP, RULE_WRITE, _put_group),
    ("DELETE", _GROUP, RULE_WRITE, _delete_group),
]

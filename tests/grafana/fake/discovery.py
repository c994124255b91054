"""Health, accounts, settings, API groups, reloads."""

from typing import TYPE_CHECKING, Any

from tests.grafana.fake.accounts import ACTIONS, Actor
from tests.grafana.fake.objects import no_such_resource
from tests.grafana.fake.wire import Answer, Call, refuse

if TYPE_CHECKING:
    from tests.grafana.fake.routes import Handler
    from tests.grafana.fake.server import FakeGrafana

_UTF8 = {"Content-Type": "application/json; charset=UTF-8"}


def _health(grafana: "FakeGrafana", _call: Call, _actor: Actor, _names: dict[str, str]) -> Answer:
    if grafana.config.hide_version:
        return Answer(200, {"database": "ok"}, _UTF8)
    return Answer(200, {"database": "ok", "version": grafana.config.version, "commit": "NA"}, _UTF8)


def _settings(grafana: "FakeGrafana", _call: Call, _actor: Actor, _names: dict[str, str]) -> Answer:
    info = {"version": grafana.config.version, "commit": "NA", "edition": "Open Source"}
    return Answer(200, {"buildInfo": info, "namespace": grafana.config.namespace, "minRefreshInterval": "5s"})


def _organization(_grafana: "FakeGrafana", _call: Call, _actor: Actor, _names: dict[str, str]) -> Answer:
    address = dict.fromkeys(("address1", "address2", "city", "zipCode", "state", "country"), "")
    return Answer(200, {"id": 1, "name": "Main Org.", "address": address})


def _user(_grafana: "FakeGrafana", _call: Call, actor: Actor, _names: dict[str, str]) -> Answer:
    if not actor.login:
        raise refuse(404, "user not found")
    moment = "0001-01-01T00:00:00Z"
    off = dict.fromkeys(
        (
            "isGrafanaAdmin",
            "isDisabled",
            "isExternal",
            "isExternallySynced",
            "isGrafanaAdminExternallySynced",
            "isProvisioned",
        ),
        False,
    )
    body = {
        "id": 0,
        "uid": f"service-account:{actor.number}",
        "email": actor.login,
        "name": actor.name,
        "login": actor.login,
        "theme": "",
        "orgId": actor.org_id,
        "authLabels": None,
        "updatedAt": moment,
        "createdAt": moment,
        "avatarUrl": "",
        **off,
    }
    return Answer(200, body)


def _permissions(grafana: "FakeGrafana", _call: Call, actor: Actor, _names: dict[str, str]) -> Answer:
    if grafana.config.hides_permissions:
        raise refuse(404, "Not found")
    if actor.permissions is not None:
        return Answer(200, {action: list(scopes) for action, scopes in actor.permissions.items()})
    return Answer(200, {action: ["*"] for action in ACTIONS.get(actor.role, ())})


def _service(grafana: "FakeGrafana", call: Call, _actor: Actor, _names: dict[str, str]) -> Answer:
    return grafana.accounts.create_service(call.json)


def _token(grafana: "FakeGrafana", call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    return grafana.accounts.create_token(int(names["number"]), call.json)


def _groups(grafana: "FakeGrafana", call: Call, _actor: Actor, _names: dict[str, str]) -> Answer:
    _require_apis(grafana)
    groups = []
    for name in grafana.config.groups:
        group = _served(grafana, f"{name}.grafana.app")
        client = {"clientCIDR": "0.0.0.0/0", "serverAddress": call.header("Host")}
        groups.append({**group, "serverAddressByClientCIDRs": [client]})
    return Answer(200, {"kind": "APIGroupList", "groups": groups})


def _group(grafana: "FakeGrafana", _call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    _require_apis(grafana)
    if names["group"].removesuffix(".grafana.app") not in grafana.config.groups:
        return no_such_resource()
    return Answer(200, {"kind": "APIGroup", "apiVersion": "v1", **_served(grafana, names["group"])})


def _served(grafana: "FakeGrafana", name: str) -> dict[str, Any]:
    served = grafana.config.groups[name.removesuffix(".grafana.app")]
    versions = [{"groupVersion": f"{name}/{version}", "version": version} for version in served]
    return {"name": name, "versions": versions, "preferredVersion": versions[0]}


def _require_apis(grafana: "FakeGrafana") -> None:
    if not grafana.config.dashboard_versions:
        raise refuse(404, "Not found")


def _reload(grafana: "FakeGrafana", _call: Call, _actor: Actor, names: dict[str, str]) -> Answer:
    grafana.store.reloads.append(names["kind"])
    return Answer(200, {"message": f"{names['kind'].capitalize()} config reloaded"})


ROUTES: "list[tuple[str, str, str, Handler]]" = [
    ("GET", "/api/health", "", _health),
    ("GET", "/api/frontend/settings", "", _settings),
    ("GET", "/api/org", "orgs:read", _organization),
    ("GET", "/api/user", "", _user),
    ("GET", "/api/access-control/user/permissions", "", _permissions),
    ("POST", "/api/serviceaccounts", "serviceaccounts:create", _service),
    ("POST", "/api/serviceaccounts/{number}/tokens", "serviceaccounts:create", _token),
    ("GET", "/apis", "", _groups),
    ("GET", "/apis/{group}", "", _group),
    ("POST", "/api/admin/provisioning/{kind}/reload", "provisioning:reload", _reload),
]

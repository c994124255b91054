"""From a request to the handler of its route."""

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from tests.grafana.fake import (
    alert_rules,
    annotations,
    dashboards_classic,
    dashboards_kubernetes,
    data_sources,
    discovery,
    evaluation,
    folders,
    library,
    notifications,
    notifications_kubernetes,
    rules_api,
    search,
)
from tests.grafana.fake.accounts import Actor, forbidden
from tests.grafana.fake.authorization import authorise, visible
from tests.grafana.fake.objects import failure, no_such_resource
from tests.grafana.fake.wire import Answer, Call, Stop, refuse

if TYPE_CHECKING:
    from tests.grafana.fake.server import FakeGrafana

Handler = Callable[["FakeGrafana", Call, Actor, dict[str, str]], Answer]
_MODULES = (
    discovery,
    folders,
    dashboards_classic,
    dashboards_kubernetes,
    search,
    data_sources,
    alert_rules,
    rules_api,
    notifications,
    notifications_kubernetes,
    annotations,
    library,
    evaluation,
)
_PUBLIC = {"/api/health"}
_NAMESPACE = re.compile(r"/apis/[^/]+/[^/]+/namespaces/([^/]+)(?:/|$)")


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern))


_ROUTES: list[tuple[str, re.Pattern[str], str, Handler]] = [
    (method, _compiled(pattern), needed, handler)
    for module in _MODULES
    for method, pattern, needed, handler in module.ROUTES
]


def answer(grafana: "FakeGrafana", call: Call) -> Answer:
    """The answer to a request: who is it, may it, and the rest."""
    try:
        return _answer(grafana, call)
    except Stop as stop:
        return stop.answer


def _answer(grafana: "FakeGrafana", call: Call) -> Answer:
    if call.path in _PUBLIC:
        actor = Actor("", "")
    else:
        actor = grafana.accounts.authenticate(call, grafana.config.anonymous_role)
        _require_organization(call)
    _require_namespace(grafana, call)
    if actor.permissions is not None:
        authorise(grafana, call, actor.permissions)
        return visible(grafana, call, actor.permissions, _handled(grafana, call, actor))
    return _handled(grafana, call, actor)


def _handled(grafana: "FakeGrafana", call: Call, actor: Actor) -> Answer:
    for method, pattern, needed, handler in _ROUTES:
        match = pattern.fullmatch(call.path)
        if method != call.method or match is None:
            continue
        if needed and not _may(actor, needed):
            raise forbidden(needed)
        if call.body and call.method != "GET":
            _require_json(call)
        return handler(grafana, call, actor, {k: unquote(v) for k, v in match.groupdict().items()})
    if call.path.startswith("/apis/") and grafana.config.dashboard_versions:
        return no_such_resource()
    return Answer(404, {"message": "Not found"}, {"Content-Type": "application/json; charset=UTF-8"})


def _may(actor: Actor, needed: str) -> bool:
    """Whether an account has one of the permissions of a list like ``any of a:b, c:d``."""
    return any(actor.may(action) for action in re.findall(r"[a-z.]+:[a-z]+", needed))


def _require_organization(call: Call) -> None:
    """There is one organization; in another one nobody has any permission."""
    if call.header("X-Grafana-Org-Id") not in {None, "1"}:
        raise forbidden("orgs:read")


def _require_namespace(grafana: "FakeGrafana", call: Call) -> None:
    """An account is of one namespace; pkg/services/apiserver/auth/authorizer/namespace.go."""
    match = _NAMESPACE.match(call.path)
    if match and match[1] != grafana.config.namespace:
        raise failure(403, "invalid namespace", "Forbidden", {})


def _require_json(call: Call) -> Any:
    try:
        return json.loads(call.body)
    except ValueError:
        raise refuse(400, "bad request data") from None

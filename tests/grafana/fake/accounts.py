"""Who is asking and what that account may."""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from tests.grafana.fake.wire import Answer, Call, Stop

_NOTIFICATIONS = ("receivers", "templates", "time-intervals", "routes", "inhibition-rules")
_VIEWER = (
    "dashboards:read",
    "folders:read",
    "annotations:read",
    "datasources:query",
    "datasources:read",
    "alert.rules:read",
    "alert.provisioning:read",
    "orgs:read",
    "alert.notifications:read",
    *(f"alert.notifications.{kind}:read" for kind in _NOTIFICATIONS),
)
_EDITOR = (
    "dashboards:create",
    "dashboards:write",
    "dashboards:delete",
    "folders:create",
    "folders:write",
    "folders:delete",
    "annotations:create",
    "annotations:write",
    "annotations:delete",
    "alert.rules:create",
    "alert.rules:write",
    "alert.rules:delete",
    "alert.provisioning:write",
    "library.panels:create",
    "library.panels:write",
    "library.panels:delete",
    "alert.rules:write",
    "alert.rules:delete",
    "alert.provisioning.provenance:write",
    "alert.notifications:write",
    *(
        f"alert.notifications.{kind}:{verb}"
        for kind in _NOTIFICATIONS
        for verb in ("create", "write", "delete")
    ),
)
_ADMIN = (
    "datasources:create",
    "datasources:write",
    "datasources:delete",
    "provisioning:reload",
    "serviceaccounts:create",
)
ACTIONS = {"Viewer": _VIEWER, "Editor": _VIEWER + _EDITOR, "Admin": _VIEWER + _EDITOR + _ADMIN}
RULE_WRITE = (
    "any of alert.provisioning:write, alert.rules.provisioning:write, "
    "all of alert.rules:create, alert.provisioning.provenance:write"
)


@dataclass(frozen=True)
class Actor:
    """An account in its organization."""

    login: str
    role: str
    number: int = 0
    org_id: int = 1
    name: str = ""
    permissions: Mapping[str, tuple[str, ...]] | None = None
    """The scopes of each action, of an account that has single permissions instead of a role."""

    def may(self, action: str) -> bool:
        if self.permissions is not None:
            # With their scopes these are looked at by `authorise`.
            return True
        return action in ACTIONS.get(self.role, ())


class Accounts:
    """Tokens, users and service accounts."""

    def __init__(self) -> None:
        self.tokens: dict[str, Actor] = {}
        self.passwords = {"admin": "admin"}
        self.services: dict[int, Actor] = {}
        self.numbers = count(5)
        self.token_numbers = count(3)

    def token(self, role: str, name: str = "") -> str:
        """A new token of a service account with this role."""
        value = f"glsa_{secrets.token_hex(16)}_{secrets.token_hex(4)}"
        self.tokens[value] = Actor(name or f"sa-1-{role.lower()}", role, name=name or role.lower())
        return value

    def account(self, permissions: Mapping[str, tuple[str, ...]]) -> str:
        """A new token of a service account with single permissions and no role."""
        value = self.token("None", "least")
        self.tokens[value] = replace(self.tokens[value], permissions=permissions)
        return value

    def authenticate(self, call: Call, anonymous_role: str | None) -> Actor:
        """The account of a request.

        Raises:
            Stop: with 401, as Grafana words it.
        """
        header = call.header("Authorization") or ""
        kind, _, value = header.partition(" ")
        if kind == "Bearer":
            if value in self.tokens:
                return self.tokens[value]
            raise unauthorised("Invalid API key", "api-key.invalid")
        if kind == "Basic":
            user, _, password = base64.b64decode(value).decode().partition(":")
            if self.passwords.get(user) == password:
                return Actor(user, "Admin", number=1, name=user, org_id=_asked_org(call))
            raise unauthorised("Invalid username or password", "password-auth.failed")
        if anonymous_role:
            return Actor("", anonymous_role)
        raise unauthorised("Unauthorized", "auth.unauthorized")

    def create_service(self, body: dict[str, Any]) -> Answer:
        number = next(self.numbers)
        actor = Actor(f"sa-1-{body['name']}", body["role"], number=number, name=body["name"])
        self.services[number] = actor
        return Answer(
            201,
            {
                "id": number,
                "uid": secrets.token_hex(7),
                "name": body["name"],
                "login": actor.login,
                "orgId": 1,
                "isDisabled": False,
                "role": body["role"],
                "tokens": 0,
                "avatarUrl": "",
            },
        )

    def create_token(self, number: int, body: dict[str, Any]) -> Answer:
        key = f"glsa_{secrets.token_hex(16)}_{secrets.token_hex(4)}"
        self.tokens[key] = self.services[number]
        return Answer(200, {"id": next(self.token_numbers), "name": body["name"], "key": key})


def unauthorised(message: str, slug: str) -> Stop:
    body = {"extra": None, "message": message, "messageId": slug, "statusCode": 401, "traceID": ""}
    return Stop(Answer(401, body, {"Content-Type": "application/json; charset=UTF-8"}))


def forbidden(needed: str) -> Stop:
    reason = "You'll need additional permissions to perform this action. Permissions needed: "
    body = {
        "accessErrorId": f"ACE{secrets.randbelow(10**10):010d}",
        "message": reason + needed,
        "title": "Access denied",
    }
    return Stop(Answer(403, body, {"Content-Type": "application/json; charset=UTF-8"}))


def _asked_org(call: Call) -> int:
    return int(call.header("X-Grafana-Org-Id") or 1)

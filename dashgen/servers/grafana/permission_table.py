"""What Grafana wants to allow before it reads or writes something: one table, by kind, operation and API.

Sources, Grafana 13.3: pkg/api/accesscontrol.go (fixed roles, and which basic role has them);
pkg/services/ngalert/api/authorization.go (the provisioning API of alerting: any of several permissions);
pkg/services/ngalert/accesscontrol/ (roles of alerting; rules.go: a rule's data sources have to be queried);
pkg/registry/apps/alerting/{rules,notifications}/*/authorize.go (the newer APIs of alerting);
pkg/services/annotations/accesscontrol (scopes of annotations). Older Grafanas know fewer of the alternatives,
and the first that each row names is the least that 13 wants.
"""

from enum import StrEnum
from typing import Final, Literal

from msgspec import Struct

Api = Literal["any", "legacy", "apis"]


class ResourceAccess(StrEnum):
    """What is done with a resource."""

    READ = "read"
    QUERY = "query"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    RELOAD = "reload"


class Permission(Struct, frozen=True):
    """One permission: an action, and the scope that it is needed for.

    ``scope`` may have ``{uid}`` and ``{folder}``; empty for an action of the whole organization.
    """

    action: str
    scope: str = ""


class PermissionRow(Struct, frozen=True):
    """What one operation on one kind of resource needs.

    Attributes:
        kind: the kind of resource; those of `formats.resources`, and some that no push writes.
        operation: what is done with it.
        api: the API that is used, where both are served.
        alternatives: any of these suffices, each with all of its permissions; the least comes first.
        role: the fixed role that has the least.
        basic: the basic role that has it without role-based access control.
    """

    kind: str
    operation: ResourceAccess
    api: Api
    alternatives: tuple[tuple[Permission, ...], ...]
    role: str
    basic: str

    @property
    def least(self) -> tuple[Permission, ...]:
        """The permissions of an account that may do nothing else."""
        return self.alternatives[0]


def _one(action: str, scope: str = "") -> tuple[tuple[Permission, ...], ...]:
    return ((Permission(action, scope),),)


def _any_of(
    least: tuple[Permission, ...], *wider: str | tuple[str, ...]
) -> tuple[tuple[Permission, ...], ...]:
    """The least, or instead of it one of the wider actions, or all of several."""
    others = [(actions,) if isinstance(actions, str) else actions for actions in wider]
    return (least, *(tuple(map(Permission, actions)) for actions in others))


_READ, _QUERY, _CREATE, _UPDATE, _DELETE = (
    ResourceAccess.READ,
    ResourceAccess.QUERY,
    ResourceAccess.CREATE,
    ResourceAccess.UPDATE,
    ResourceAccess.DELETE,
)
_IN_FOLDER: Final = "folders:uid:{folder}"
_THIS_FOLDER: Final = "folders:uid:{uid}"
_DASHBOARD: Final = "dashboards:uid:{uid}"
_SOURCE: Final = "datasources:uid:{uid}"
_ORGANIZATION: Final = "annotations:type:organization"
_ON_DASHBOARDS: Final = "annotations:type:dashboard"
ON_DASHBOARD: Final = "dashboard-event"
"""The kind of an event on one dashboard, whose permissions count for it."""
_MARK: Final = "alert.provisioning.provenance:write"
_READS_ALERTING: Final = ("alert.provisioning:read", "alert.provisioning.secrets:read")
_VIEWER, _EDITOR, _ADMIN = "Viewer", "Editor", "Admin"


def _rule_rows() -> tuple[PermissionRow, ...]:
    """Rules: their folder counts.

    Over the legacy API a group is one resource, and writing it takes leave to set a provenance. New groups
    always go over it, and accounts that may only use that API do (`servers/grafana/kubernetes_rules.py`).
    """
    read = Permission("alert.rules:read", _IN_FOLDER)
    seen = (read, Permission("folders:read", _IN_FOLDER))
    reads = (*_READS_ALERTING, "alert.rules.provisioning:read")
    writes = ("alert.provisioning:write", "alert.rules.provisioning:write")
    reader, writer = "fixed:alerting.rules:reader", "fixed:alerting.rules:writer"
    rows = [
        PermissionRow("rule-group", _READ, "any", _any_of(seen, *reads), reader, _VIEWER),
    ]
    for operation, verb in ((_CREATE, "create"), (_UPDATE, "write"), (_DELETE, "delete")):
        write = Permission(f"alert.rules:{verb}", _IN_FOLDER)
        marked = (*seen, write, Permission(_MARK))
        role = f"{writer}` with `fixed:alerting.provisioning.provenance:writer"
        legacy: Api = "any" if operation is _CREATE else "legacy"
        rows.append(PermissionRow("rule-group", operation, legacy, _any_of(marked, *writes), role, _EDITOR))
        if operation is not _CREATE:
            apis = _any_of((*seen, write), *writes)
            rows.append(PermissionRow("rule-group", operation, "apis", apis, writer, _EDITOR))
    return tuple(rows)


def _notification_rows(
    kind: str, part: str, role: str, verbs: tuple[str, str, str]
) -> tuple[PermissionRow, ...]:
    """What is notified about: the scopes of its kinds are the whole organization's.

    Args:
        kind: the kind of resource.
        part: its part of the names of actions.
        role: its part of the names of fixed roles.
        verbs: the last part of the action that creates, updates and deletes.
    """
    reads = (*_READS_ALERTING, "alert.notifications.provisioning:read", "alert.notifications:read")
    writes = ("alert.provisioning:write", "alert.notifications.provisioning:write")
    read = Permission(f"alert.notifications.{part}:read")
    names = f"fixed:alerting.{role}:reader", f"fixed:alerting.{role}:writer"
    rows = [
        PermissionRow(kind, _READ, "legacy", _any_of((read,), *reads), names[0], _VIEWER),
        PermissionRow(kind, _READ, "apis", _any_of((read,), "alert.notifications:read"), names[0], _VIEWER),
    ]
    for operation, verb in zip((_CREATE, _UPDATE, _DELETE), verbs, strict=True):
        write = Permission(f"alert.notifications.{part}:{verb}")
        legacy = _any_of((write, Permission(_MARK)), *writes, ("alert.notifications:write", _MARK))
        marker = f"{names[1]}` with `fixed:alerting.provisioning.provenance:writer"
        rows += [
            PermissionRow(kind, operation, "legacy", legacy, marker, _EDITOR),
            PermissionRow(
                kind, operation, "apis", _any_of((write,), "alert.notifications:write"), names[1], _EDITOR
            ),
        ]
    return tuple(rows)


def _annotation_rows(kind: str, *, basic: str) -> tuple[PermissionRow, ...]:
    """Annotations on no dashboard."""
    role = "fixed:annotations:writer"
    return (
        PermissionRow(
            kind, _READ, "any", _one("annotations:read", _ORGANIZATION), "fixed:annotations:reader", _VIEWER
        ),
        PermissionRow(kind, _CREATE, "any", _one("annotations:create", _ORGANIZATION), role, basic),
        PermissionRow(kind, _UPDATE, "any", _one("annotations:write", _ORGANIZATION), role, basic),
        PermissionRow(kind, _DELETE, "any", _one("annotations:delete", _ORGANIZATION), role, basic),
    )


def _dashboard_event_rows() -> tuple[PermissionRow, ...]:
    """Annotations on one dashboard; before 11 their scope was that of all dashboards."""
    rows = []
    for operation, verb in ((_READ, "read"), (_CREATE, "create"), (_UPDATE, "write"), (_DELETE, "delete")):
        action = f"annotations:{verb}"
        alternatives = ((Permission(action, _DASHBOARD),), (Permission(action, _ON_DASHBOARDS),))
        role = "fixed:annotations.all:reader" if operation is _READ else "fixed:annotations.all:writer"
        basic = _VIEWER if operation is _READ else _EDITOR
        rows.append(PermissionRow(ON_DASHBOARD, operation, "any", alternatives, role, basic))
    return tuple(rows)


_FOLDER_WRITER: Final = "fixed:folders:writer"
_DASHBOARD_WRITER: Final = "fixed:dashboards:writer"
_SOURCE_WRITER: Final = "fixed:datasources:writer"
TABLE: Final[tuple[PermissionRow, ...]] = (
    PermissionRow(
        "folder", _READ, "any", _one("folders:read", _THIS_FOLDER), "fixed:folders:reader", _VIEWER
    ),
    PermissionRow("folder", _CREATE, "any", _one("folders:create", _IN_FOLDER), _FOLDER_WRITER, _EDITOR),
    PermissionRow("folder", _UPDATE, "any", _one("folders:write", _THIS_FOLDER), _FOLDER_WRITER, _EDITOR),
    PermissionRow("folder", _DELETE, "any", _one("folders:delete", _THIS_FOLDER), _FOLDER_WRITER, _EDITOR),
    PermissionRow(
        "dashboard", _READ, "any", _one("dashboards:read", _DASHBOARD), "fixed:dashboards:reader", _VIEWER
    ),
    PermissionRow(
        "dashboard", _CREATE, "any", _one("dashboards:create", _IN_FOLDER), _DASHBOARD_WRITER, _EDITOR
    ),
    PermissionRow(
        "dashboard", _UPDATE, "any", _one("dashboards:write", _DASHBOARD), _DASHBOARD_WRITER, _EDITOR
    ),
    PermissionRow(
        "dashboard", _DELETE, "any", _one("dashboards:delete", _DASHBOARD), _DASHBOARD_WRITER, _EDITOR
    ),
    PermissionRow(
        "datasource", _READ, "any", _one("datasources:read", _SOURCE), "fixed:datasources:reader", _VIEWER
    ),
    PermissionRow(
        "datasource", _QUERY, "any", _one("datasources:query", _SOURCE), "fixed:datasources:reader", _VIEWER
    ),
    PermissionRow(
        "datasource", _CREATE, "any", _one("datasources:create"), "fixed:datasources:creator", _ADMIN
    ),
    PermissionRow("datasource", _UPDATE, "any", _one("datasources:write", _SOURCE), _SOURCE_WRITER, _ADMIN),
    PermissionRow("datasource", _DELETE, "any", _one("datasources:delete", _SOURCE), _SOURCE_WRITER, _ADMIN),
    *_rule_rows(),
    *_notification_rows("contact-point", "receivers", "receivers", ("create", "write", "delete")),
    *_notification_rows("mute-timing", "time-intervals", "time-intervals", ("write", "write", "delete")),
    *_notification_rows("template", "templates", "templates", ("write", "write", "delete")),
    *_notification_rows("policies", "routes", "routes", ("write", "write", "write")),
    *_notification_rows(
        "inhibition-rule", "inhibition-rules", "inhibition-rules", ("write", "write", "delete")
    ),
    *_annotation_rows("event", basic=_EDITOR),
    *_dashboard_event_rows(),
    *_annotation_rows("note", basic=_EDITOR),
    PermissionRow(
        "library-panel",
        _READ,
        "any",
        _one("library.panels:read", _IN_FOLDER),
        "fixed:library.panels:reader",
        _VIEWER,
    ),
    PermissionRow("organization", _READ, "any", _one("orgs:read"), "fixed:organization:reader", _VIEWER),
    PermissionRow(
        "provisioning-file",
        ResourceAccess.RELOAD,
        "any",
        _one("provisioning:reload", "provisioners:{uid}"),
        "fixed:provisioning:writer",
        "Grafana Admin",
    ),
)
"""Every row. A `note` is what `sync/push/ledger.py` leaves in Grafana; a push does without where it may
not."""


def find_row(kind: str, operation: ResourceAccess, *, apis: bool = False) -> PermissionRow | None:
    """What an operation needs; nothing where the table has no row and only Grafana knows.

    Args:
        kind: the kind of resource.
        operation: what is done with it.
        apis: whether the Kubernetes-style API of the kind is used.
    """
    return _ROWS.get((kind, operation, "apis" if apis else "legacy"))


_ROWS: Final = {
    (entry.kind, entry.operation, api): entry
    for entry in TABLE
    for api in ("legacy", "apis")
    if entry.api in ("any", api)
}

"""Which permissions each command needs: from this the least roles and the reference are made."""

from collections.abc import Collection, Iterator
from typing import Final

from msgspec import Struct

from dashgen.formats import resources as kinds
from dashgen.servers.grafana.permission_table import (
    ON_DASHBOARD,
    Permission,
    PermissionRow,
    ResourceAccess,
    find_row,
)
from dashgen.sync.push.kinds import resource_kinds

PUSHED: Final = tuple(resource_kinds())
EXAMINED: Final = tuple(kind for kind in PUSHED if kind != kinds.EVENT)
"""What `dashgen doctor` reads."""
NOTE: Final = "note"
_READ, _CREATE, _UPDATE, _DELETE = (
    ResourceAccess.READ,
    ResourceAccess.CREATE,
    ResourceAccess.UPDATE,
    ResourceAccess.DELETE,
)


class CommandRow(Struct, frozen=True):
    """What a command does in a Grafana.

    Attributes:
        name: the command, with the option that decides.
        operations: what it does.
        kinds: with which kinds of resources; of `PUSHED` only those that the specs define.
        optional: operations on the notes that a push leaves; without them it only remembers on its machine.
        purpose: what it is for.
    """

    name: str
    operations: tuple[ResourceAccess, ...]
    kinds: tuple[str, ...]
    purpose: str
    optional: tuple[ResourceAccess, ...] = ()


COMMANDS: Final = (
    CommandRow("status", (_READ,), PUSHED, "compare a Grafana with the specs", (_READ,)),
    CommandRow("diff --target", (_READ,), PUSHED, "list what differs", (_READ,)),
    CommandRow("push --dry-run", (_READ,), PUSHED, "show what a push would do", (_READ,)),
    CommandRow(
        "pull", (_READ,), (kinds.FOLDER, kinds.DASHBOARD, kinds.RULE_GROUP), "take edits over", (_READ,)
    ),
    CommandRow(
        "push", (_READ, _CREATE, _UPDATE), PUSHED, "bring the specs there", (_READ, _CREATE, _UPDATE, _DELETE)
    ),
    CommandRow(
        "push --prune",
        (_READ, _CREATE, _UPDATE, _DELETE),
        PUSHED,
        "also delete what no spec defines any more",
        (_READ, _CREATE, _UPDATE, _DELETE),
    ),
    CommandRow(
        "apply", (_READ, _CREATE, _UPDATE), PUSHED, "apply a saved plan", (_READ, _CREATE, _UPDATE, _DELETE)
    ),
    CommandRow(
        "rollback",
        (_READ, _CREATE, _UPDATE),
        PUSHED,
        "put back what a push changed",
        (_READ, _CREATE, _UPDATE, _DELETE),
    ),
    CommandRow("annotate", (_READ, _CREATE), (kinds.EVENT,), "mark an event"),
    CommandRow(
        "import",
        (_READ,),
        (kinds.FOLDER, kinds.DASHBOARD, kinds.RULE_GROUP, "library-panel"),
        "read what is there",
    ),
    CommandRow("check --live", (ResourceAccess.QUERY,), (kinds.DATA_SOURCE,), "run the queries of panels"),
    CommandRow("report", (ResourceAccess.QUERY,), (kinds.DATA_SOURCE,), "run the queries of a report"),
    CommandRow(
        "doctor",
        (_READ, ResourceAccess.QUERY),
        EXAMINED,
        "find what is broken",
    ),
    CommandRow("install --reload", (ResourceAccess.RELOAD,), ("provisioning-file",), "have files read again"),
)
"""Every command that talks to a Grafana. `costs` and `metrics` query Prometheus and Loki themselves."""


def command_row(name: str) -> CommandRow | None:
    """The row of a command, or nothing when no command is called so."""
    return next((entry for entry in COMMANDS if entry.name == name), None)


class LeastPermission(Struct, frozen=True):
    """One permission of a least role, and the basic role that has it; an optional one may be left out."""

    permission: Permission
    basic: str
    optional: bool = False


def least_permissions(command: CommandRow, defined: Collection[str]) -> list[LeastPermission]:
    """The least permissions of an account that only runs a command, for everything of each kind.

    Args:
        command: the command.
        defined: the kinds of resources that the specs define.
    """
    permissions: dict[Permission, LeastPermission] = {}
    for entry in _rows(command, defined):
        for permission in map(_everywhere, entry.least):
            permissions.setdefault(permission, LeastPermission(permission, entry.basic))
    for note_row in filter(None, (find_row(NOTE, operation) for operation in command.optional)):
        for permission in map(_everywhere, note_row.least):
            permissions.setdefault(permission, LeastPermission(permission, note_row.basic, optional=True))
    return list(permissions.values())


def _rows(command: CommandRow, defined: Collection[str]) -> Iterator[PermissionRow]:
    for kind in command.kinds:
        # Folders are listed whatever is in them.
        if kind in PUSHED and kind not in defined and kind != kinds.FOLDER and command.name != "annotate":
            continue
        for operation in command.operations:
            if operation is ResourceAccess.QUERY and kind != kinds.DATA_SOURCE:
                continue
            yield from filter(None, _rows_of(kind, operation))


def _rows_of(kind: str, operation: ResourceAccess) -> Iterator[PermissionRow | None]:
    # What the older API of alerting needs covers the newer one.
    yield find_row(kind, operation, apis=kind == kinds.INHIBITION_RULE)
    if kind == kinds.EVENT and operation is not _READ:
        yield find_row(ON_DASHBOARD, operation)
    if kind == kinds.RULE_GROUP and operation in (_CREATE, _UPDATE):
        yield find_row(kinds.DATA_SOURCE, ResourceAccess.QUERY)


def _everywhere(permission: Permission) -> Permission:
    """A permission for everything of its kind."""
    scope = permission.scope
    if "{" in scope:
        scope = f"{scope.partition(':')[0]}:*"
    return Permission(permission.action, scope)

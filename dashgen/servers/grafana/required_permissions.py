"""Which permissions an account lacks for what is about to be done, all of them at once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.servers.grafana.grafana_errors import ForbiddenError
from dashgen.servers.grafana.permission_table import Permission, PermissionRow, ResourceAccess, find_row

ROOT: Final = "general"
"""The uid that scopes have for the folder at the root."""
_SETS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("folders:read", "dashboards:read", "annotations:read", "alert.rules:read"), "view"),
    **dict.fromkeys(("library.panels:read",), "view"),
    **dict.fromkeys(("folders:write", "folders:create", "folders:delete"), "edit"),
    **dict.fromkeys(("dashboards:write", "dashboards:create", "dashboards:delete"), "edit"),
    **dict.fromkeys(("annotations:create", "annotations:write", "annotations:delete"), "edit"),
    **dict.fromkeys(("alert.rules:create", "alert.rules:write", "alert.rules:delete"), "edit"),
}
"""The set of actions that each action is in: what a folder or a dashboard is shared for.

(pkg/services/accesscontrol/ossaccesscontrol/folder.go, `FolderViewActions` and `FolderEditActions`.)
"""
_ABOVE: Final = {"view": ("view", "edit", "admin"), "edit": ("edit", "admin")}
_MOST_NAMED: Final = 3
HINT: Final = "`dashgen permissions` lists all that a command needs"


class Need(Struct, frozen=True):
    """One operation that an account has to be allowed.

    Attributes:
        kind: the kind of resource, as in the table.
        operation: what is done with it.
        uid: the resource; empty for all of the kind.
        folders: the folder that it is in, and those above it, from the inside out.
        subject: the resource in a message.
        apis: whether the Kubernetes-style API of the kind is used.
        queried: the data sources that a rule queries.
    """

    kind: str
    operation: ResourceAccess
    uid: str = ""
    folders: tuple[str, ...] = ()
    subject: str = ""
    apis: bool = False
    queried: tuple[str, ...] = ()


class MissingPermission(Struct, frozen=True):
    """A permission that an account lacks, with a scope, and what needs it."""

    permission: Permission
    subjects: tuple[str, ...]
    role: str
    basic: str

    @property
    def message(self) -> str:
        """The permission, its scope, who needs it, and which roles have it."""
        scope = f" for `{self.permission.scope}`" if self.permission.scope else ""
        shown = ", ".join(self.subjects[:_MOST_NAMED])
        more = len(self.subjects) - _MOST_NAMED
        named = f"{shown} and {more} more" if more > 0 else shown
        role = f"role `{self.role}`, or {self.basic} in an open source Grafana"
        return f"`{self.permission.action}`{scope}, for {named} ({role})"


def missing_permissions(
    needs: Iterable[Need], held: Mapping[str, Sequence[str]] | None
) -> list[MissingPermission]:
    """What an account lacks, each permission once; nothing where Grafana hides what the account may do.

    Args:
        needs: what is about to be done.
        held: the scopes of each action, as Grafana lists them.
    """
    if held is None:
        return []
    lacking: dict[Permission, tuple[list[str], str, str]] = {}
    for need in needs:
        entry = find_row(need.kind, need.operation, apis=need.apis)
        if entry is None:
            # Only Grafana knows what an account lacks for a kind that the table does not have.
            continue
        for permission in _missing(need, entry, held):
            subjects, _, _ = lacking.setdefault(permission, ([], entry.role, entry.basic))
            if need.subject not in subjects:
                subjects.append(need.subject)
    return [
        MissingPermission(permission, tuple(subjects), role, basic)
        for permission, (subjects, role, basic) in lacking.items()
    ]


def _missing(need: Need, entry: PermissionRow, held: Mapping[str, Sequence[str]]) -> list[Permission]:
    """What the account lacks of the alternative that is named first; nothing when it has any of them."""
    alternatives = entry.alternatives
    queries = [Permission("datasources:query", f"datasources:uid:{uid}") for uid in need.queried]
    least = [
        *(_placed(permission, need) for permission in alternatives[0] if not _has(permission, need, held)),
        *(permission for permission in queries if not _covers(held, permission.action, (permission.scope,))),
    ]
    if any(all(_has(permission, need, held) for permission in wider) for wider in alternatives[1:]):
        return []
    return least


def _has(permission: Permission, need: Need, held: Mapping[str, Sequence[str]]) -> bool:
    return _covers(held, permission.action, _scopes(permission, need))


def _scopes(permission: Permission, need: Need) -> tuple[str, ...]:
    """The scopes any of which covers a permission: a folder's cover what is in it, at any depth."""
    scope = permission.scope
    if not scope or ("{uid}" in scope and not need.uid and not need.folders):
        return ()
    folders = tuple(f"folders:uid:{uid}" for uid in need.folders)
    if scope.startswith("folders:uid:{folder}"):
        return folders
    placed = scope.format(uid=need.uid, folder="")
    inherits = scope.startswith(("folders:", "dashboards:"))
    return (*((placed,) if need.uid or "{uid}" not in scope else ()), *(folders if inherits else ()))


def _placed(permission: Permission, need: Need) -> Permission:
    """The permission with the scope to give it for: a dashboard's folder, else the narrowest that works."""
    scopes = _scopes(permission, need)
    if need.kind == "dashboard" and need.folders and need.folders != (ROOT,):
        return Permission(permission.action, f"folders:uid:{need.folders[0]}")
    return Permission(permission.action, scopes[0] if scopes else "")


def _covers(held: Mapping[str, Sequence[str]], action: str, scopes: Sequence[str]) -> bool:
    """Whether an action is allowed for any of some scopes; without scopes, for anything."""
    granted = [*held.get(action, ()), *_of_sets(held, action)]
    if not scopes:
        return action in held or bool(granted)
    return any(_is_within(scope, grant) for scope in scopes for grant in granted)


def _of_sets(held: Mapping[str, Sequence[str]], action: str) -> Iterable[str]:
    """The scopes of the sets of actions that an action is in, such as `folders:edit`."""
    for name in _ABOVE.get(_SETS.get(action, ""), ()):
        yield from held.get(f"folders:{name}", ())
        yield from held.get(f"dashboards:{name}", ())


def _is_within(scope: str, grant: str) -> bool:
    if grant in ("", "*", scope):
        return True
    return grant.endswith("*") and scope.startswith(grant[:-1])


def permission_problems(
    missing: Iterable[MissingPermission], login: str, severity: Severity
) -> list[Diagnostic]:
    """What an account lacks, as findings."""
    account = f"the account `{login}`" if login else "the account"
    return [
        Diagnostic("grafana/permissions", f"{account} lacks {one.message}", severity=severity)
        for one in missing
    ]


def require_permissions(
    needs: Iterable[Need], held: Mapping[str, Sequence[str]] | None, login: str, undone: str
) -> None:
    """End a command before it does anything that Grafana would refuse.

    Args:
        needs: what is about to be done.
        held: the scopes of each action, as Grafana lists them; nothing where it hides them.
        login: the account.
        undone: what was not done, such as "nothing was pushed".

    Raises:
        ForbiddenError: the account lacks a permission; the message names all that it lacks.
    """
    missing = missing_permissions(needs, held)
    if not missing:
        return
    account = f"the account `{login}`" if login else "the account"
    listed = "; ".join(one.message for one in missing)
    raise ForbiddenError(f"{undone}, because {account} lacks {listed}", hint=HINT)

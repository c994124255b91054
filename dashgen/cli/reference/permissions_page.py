"""The page about the permissions that commands need, from the one table of them."""

from typing import Final

from dashgen.formats.resources import KINDS
from dashgen.servers.grafana.permission_table import TABLE, Permission, PermissionRow
from dashgen.sync.push.command_permissions import COMMANDS, NOTE, CommandRow

_INTRO: Final = """\
# Permissions

The permissions that an account of Grafana needs, by command, and by kind of resource. Each command checks
them before it writes anything; [the guide](../permissions.md) shows how to make such an account.
`dashgen permissions COMMAND` lists what a project needs.

## Commands

| command | for | reads and writes | optional, of notes |
|---|---|---|---|
"""
_TABLE_HEAD: Final = """
## Kinds of resources

`legacy` is `/api/v1/provisioning`, `apis` is `/apis/…alerting.grafana.app`; other kinds need the same over
both APIs. The least comes first; each of the others suffices instead. A permission on a folder counts for
everything in it and below.

| kind | to | API | needs | or | fixed role | basic role |
|---|---|---|---|---|---|---|
"""
_NAMES: Final = {
    "dashboard-event": "event on a dashboard",
    NOTE: "note of a push",
    "library-panel": "library panel",
    "organization": "organization",
    "provisioning-file": "provisioning files",
}


def permissions_page() -> str:
    """The page."""
    commands = "".join(f"{_command(entry)}\n" for entry in COMMANDS)
    rows = "".join(f"{_row(entry)}\n" for entry in TABLE)
    return f"{_INTRO}{commands}{_TABLE_HEAD}{rows}"


def _command(entry: CommandRow) -> str:
    kinds = ", ".join(map(_name, entry.kinds))
    operations = ", ".join(entry.operations)
    return f"| `{entry.name}` | {entry.purpose} | {operations}: {kinds} | {', '.join(entry.optional)} |"


def _row(entry: PermissionRow) -> str:
    others = "; ".join(" and ".join(map(_cell, wider)) for wider in entry.alternatives[1:])
    least = " and ".join(map(_cell, entry.least))
    api = "" if entry.api == "any" else entry.api
    cells = (_name(entry.kind), entry.operation, api, least, others, f"`{entry.role}`", entry.basic)
    return "| " + " | ".join(cells) + " |"


def _cell(permission: Permission) -> str:
    scope = permission.scope.replace("{uid}", "UID").replace("{folder}", "FOLDER")
    return f"`{permission.action}` for `{scope}`" if scope else f"`{permission.action}`"


def _name(kind: str) -> str:
    return KINDS.get(kind) or _NAMES[kind]

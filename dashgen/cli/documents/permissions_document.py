"""What ``dashgen permissions`` prints as JSON."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct

from dashgen.core.reporters.json_report import OutputDocument
from dashgen.sync.push.command_permissions import CommandRow, LeastPermission


class RolePermission(Struct, frozen=True, omit_defaults=True):
    """A permission, as Grafana's API of roles takes it."""

    action: Annotated[str, Meta(description="What may be done, such as `dashboards:write`.")]
    scope: Annotated[str, Meta(description="With what; absent for the whole organization.")] = ""


class CustomRole(Struct, frozen=True):
    """A role, as `POST /api/access-control/roles` takes it."""

    name: Annotated[str, Meta(description="Its name, which begins with `custom:`.")]
    displayName: Annotated[str, Meta(description="Its name for people.")]  # noqa: N815
    description: Annotated[str, Meta(description="What it is for.")]
    version: Annotated[int, Meta(description="Its version, which each change has to raise.")]
    permissions: Annotated[list[RolePermission], Meta(description="What an account with it may do.")]


class PermissionsDocument(OutputDocument, frozen=True, kw_only=True):
    """What an account needs to run a command."""

    command: Annotated[str, Meta(description="The command.")]
    role: Annotated[
        CustomRole, Meta(description="The least role for it, which Grafana's API takes as it is.")
    ]
    optional: Annotated[list[RolePermission], Meta(description="Those of them that it does without.")]


def permissions_document(command: CommandRow, permissions: Sequence[LeastPermission]) -> PermissionsDocument:
    """The least role for a command."""
    every = [RolePermission(one.permission.action, one.permission.scope) for one in permissions]
    slug = command.name.replace("--", "").replace(" ", ".")
    role = CustomRole(
        f"custom:dashgen.{slug}", f"dashgen {command.name}", f"What `dashgen {command.name}` needs.", 1, every
    )
    optional = [entry for entry, one in zip(every, permissions, strict=True) if one.optional]
    return PermissionsDocument(command=command.name, role=role, optional=optional)

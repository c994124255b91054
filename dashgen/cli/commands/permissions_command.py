"""``dashgen permissions``."""

import sys
from pathlib import Path
from typing import Annotated, Final

from dashgen.cli.documents.permissions_document import permissions_document
from dashgen.cli.options import (
    EXIT_FINDINGS,
    Environment,
    Format,
    ListFormat,
    ListOutputFormat,
    ProjectFolder,
    usage_error,
)
from dashgen.cli.output import print_json, report
from dashgen.cli.parameters import Argument
from dashgen.core.diagnostics import nearest
from dashgen.core.reporters.text_table import draw_table
from dashgen.sync.push.built_specs import build_for
from dashgen.sync.push.command_permissions import COMMANDS, command_row, least_permissions

_DEFAULT: Final = "push"


def permissions(
    command: Annotated[
        str,
        Argument(
            metavar="COMMAND",
            help="The command, such as `push` or `status`; default: `push`.",
            completion="grafana_commands",
        ),
    ] = _DEFAULT,
    project: ProjectFolder = Path(),
    env: Environment = None,
    output_format: ListOutputFormat = ListFormat.TEXT,
) -> None:
    """List the permissions that an account of Grafana needs to run a command.

    Only kinds of resources that the specs define count. As JSON, `role` is what Grafana's API of roles takes
    (Enterprise and Cloud); in an open source Grafana, the last column is the basic role that has the
    permission. Scopes are those of everything in the organization: narrow them to folders, as in
    `folders:uid:shop`.

    Example: dashgen permissions push --format json
    """
    chosen = command_row(command)
    if chosen is None:
        names = [entry.name for entry in COMMANDS]
        usage_error(f"`{command}` needs no permissions of Grafana", nearest(command, names))
    built = build_for(project, env)
    if built.failed:
        report(built.diagnostics, Format.TEXT, project)
        raise SystemExit(EXIT_FINDINGS)
    listed = least_permissions(chosen, {item.kind for item in built.desired.items})
    if output_format is ListFormat.JSON:
        print_json(permissions_document(chosen, listed))
        return
    rows = [
        (one.permission.action, one.permission.scope, one.basic, "optional" if one.optional else "")
        for one in listed
    ]
    sys.stdout.write(draw_table(("PERMISSION", "SCOPE", "BASIC ROLE", ""), rows))

"""``dashgen stack init``."""

import sys
from pathlib import Path
from typing import Annotated

from dashgen.cli.documents.small_documents import StackInitDocument
from dashgen.cli.options import ListFormat, ListOutputFormat
from dashgen.cli.output import print_json
from dashgen.cli.parameters import Option
from dashgen.sync.install.copy_files import shown
from dashgen.sync.install.stack_environment import password_file, write_environment

_MESSAGES = {
    "written": "{place}: written, with a random password for Grafana's administrator{name}",
    "completed": "{place}: a random password for Grafana's administrator was added{name}",
    "renewed": "{place}: a new password for Grafana's administrator{name}",
    "kept": "{place}: kept as it is; --renew makes a new password",
}
"""By the outcome that `write_environment` returns."""
_IN_ENV = " (GRAFANA_ADMIN_PASSWORD in it)"
# Grafana reads the password at its first start only, and keeps it in its database.
_RESET = (
    "a Grafana that has started before keeps its old password; give it the new one:\n"
    "  docker compose exec grafana sh -c 'grafana cli admin reset-admin-password \"$GF_SECURITY_ADMIN_PASSWORD\"'\n"
    "after `docker compose up -d grafana`"
)
_RESET_FROM_FILE = (
    "a Grafana that has started before keeps its old password; give it the new one:\n"
    "  docker compose up -d --force-recreate grafana\n"
    "  docker compose exec grafana sh -c 'grafana cli admin reset-admin-password \"$(cat /run/secrets/{name})\"'"
)


def init(
    folder: Annotated[Path, Option("--stack", metavar="DIR", help="Folder of compose.yaml.")] = Path("stack"),
    renew: Annotated[bool, Option("--renew", help="Replace the password with a new one.")] = False,
    output_format: ListOutputFormat = ListFormat.TEXT,
) -> None:
    """Create the stack's .env and secrets, with a random password for Grafana's administrator.

    Everything else in existing files stays, and the password is not printed.

    Example: dashgen stack init && docker compose -f stack/compose.yaml up -d
    """
    outcome = write_environment(folder, renew=renew)
    file = password_file(folder)
    location = shown(file) if file else folder / ".env"
    if output_format is ListFormat.JSON:
        print_json(StackInitDocument(file=str(location), outcome=str(outcome)))
        return
    message = _MESSAGES[outcome].format(place=location, name="" if file else _IN_ENV)
    sys.stdout.write(f"{message}\n")
    sys.stdout.flush()
    if outcome == "renewed":
        hint = _RESET_FROM_FILE.format(name=file.name) if file else _RESET
        sys.stderr.write(f"{hint}\n")

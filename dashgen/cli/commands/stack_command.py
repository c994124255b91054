"""``dashgen stack init``."""

from pathlib import Path
from typing import Annotated

import typer

stack_app = typer.Typer(
    help="The compose stack around the dashboards.", no_args_is_help=True, rich_markup_mode=None
)

_SAID = {
    "written": "{place}: written, with a random password for Grafana's administrator{name}",
    "completed": "{place}: a random password for Grafana's administrator was added{name}",
    "renewed": "{place}: a new password for Grafana's administrator{name}",
    "kept": "{place}: kept as it is; --renew makes a new password",
}
_IN_ENV = " (GRAFANA_ADMIN_PASSWORD in it)"
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


@stack_app.callback()
def _group() -> None:
    pass


@stack_app.command()
def init(
    folder: Annotated[
        Path, typer.Option("--stack", metavar="DIR", help="The folder of compose.yaml.")
    ] = Path("stack"),
    renew: Annotated[bool, typer.Option("--renew", help="Replace the password by a new one.")] = False,
) -> None:
    """Write the stack's .env and secrets, with a random password for Grafana's administrator.

    Nothing else in files that are there changes, and the password is not printed.

    Example: dashgen stack init && docker compose -f stack/compose.yaml up -d
    """
    from dashgen.sync.install.copy_files import shown  # noqa: PLC0415
    from dashgen.sync.install.stack_environment import password_file, write_environment  # noqa: PLC0415

    outcome = write_environment(folder, renew=renew)
    file = password_file(folder)
    place = shown(file) if file else folder / ".env"
    typer.echo(_SAID[outcome].format(place=place, name="" if file else _IN_ENV))
    if outcome == "renewed":
        typer.echo(_RESET_FROM_FILE.format(name=file.name) if file else _RESET, err=True)

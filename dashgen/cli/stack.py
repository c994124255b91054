"""``dashgen stack init``."""

from pathlib import Path
from typing import Annotated

import typer

stack_app = typer.Typer(
    help="The compose stack around the dashboards.", no_args_is_help=True, rich_markup_mode=None
)

_SAID = {
    "written": "{env}: written, with a random password for Grafana's administrator (GRAFANA_ADMIN_PASSWORD in it)",
    "completed": "{env}: a random password for Grafana's administrator was added (GRAFANA_ADMIN_PASSWORD in it)",
    "renewed": "{env}: a new password for Grafana's administrator (GRAFANA_ADMIN_PASSWORD in it)",
    "kept": "{env}: kept as it is; --renew makes a new password",
}
_RESET = (
    "a Grafana that has started before keeps its old password; give it the new one:\n"
    "  docker compose exec grafana sh -c 'grafana cli admin reset-admin-password \"$GF_SECURITY_ADMIN_PASSWORD\"'\n"
    "after `docker compose up -d grafana`"
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
    """Write the stack's .env with a random password for Grafana's administrator.

    Nothing else in an .env that is there changes, and the password is not printed.

    Example: dashgen stack init && docker compose -f stack/compose.yaml up -d
    """
    from dashgen.scaffold.stack_environment import write_environment  # noqa: PLC0415

    outcome = write_environment(folder, renew=renew)
    typer.echo(_SAID[outcome].format(env=folder / ".env"))
    if outcome == "renewed":
        typer.echo(_RESET, err=True)

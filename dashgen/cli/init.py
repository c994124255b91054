"""``dashgen init``."""

from pathlib import Path
from typing import Annotated

import typer

from dashgen.cli.options import usage_error


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder to fill; made if it is not there.")
    ],
) -> None:
    """Make a small working project: specs with comments, CI, pre-commit and editor settings.

    Nothing that exists is overwritten.

    Example: dashgen init my-dashboards
    """
    from dashgen.scaffold import conflicts, write_project  # noqa: PLC0415

    taken = conflicts(folder)
    if taken:
        shown = ", ".join(f"`{path}`" for path in taken)
        usage_error(f"nothing was written, because {folder} already has {shown}", "choose another folder")
    written = write_project(folder)
    typer.echo(f"{folder}/: {len(written)} files")
    for path in written:
        typer.echo(f"  + {path}")
    typer.echo(f"next: cd {folder} && dashgen build", err=True)

"""``dashgen init``."""

import sys
from pathlib import Path
from typing import Annotated

from dashgen.cli.options import usage_error
from dashgen.cli.parameters import Argument
from dashgen.cli.scaffold import conflicts, write_project

_MOST_PATHS = 5


def init(
    folder: Annotated[
        Path, Argument(metavar="DIR", help="Folder of the project; created if it is missing.")
    ] = Path(),
) -> None:
    """Create a small working project.

    It has commented specs, a CI workflow, pre-commit hooks and editor settings. Existing files are never
    overwritten.

    Example: dashgen init my-dashboards
    """
    if folder.exists() and not folder.is_dir():
        usage_error(f"nothing was written, because {folder} is a file", "name a folder")
    existing = conflicts(folder)
    if existing:
        shown = ", ".join(f"`{path}`" for path in existing[:_MOST_PATHS])
        hidden = len(existing) - _MOST_PATHS
        shown += f" and {hidden} more" if hidden > 0 else ""
        usage_error(f"nothing was written, because {folder} already has {shown}", "choose another folder")
    written = write_project(folder)
    sys.stdout.write(f"{folder}/: {len(written)} files\n")
    for path in written:
        sys.stdout.write(f"  + {path}\n")
    # The next step is a hint for people, and no part of the list of files.
    sys.stdout.flush()
    change_folder = "" if folder.resolve() == Path.cwd() else f"cd {folder} && "
    sys.stderr.write(f"next: {change_folder}dashgen build\n")

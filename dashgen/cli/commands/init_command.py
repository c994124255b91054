"""``dashgen init``."""

import sys
from pathlib import Path
from typing import Annotated

from dashgen.cli.options import usage_error
from dashgen.cli.parameters import Argument
from dashgen.cli.scaffold import conflicts, write_project

_MOST = 5


def init(
    folder: Annotated[Path, Argument(metavar="DIR", help="The folder to fill; made if it is not there.")],
) -> None:
    """Make a small working project.

    Specs with comments, a CI workflow, pre-commit hooks and editor settings. Nothing that exists is overwritten.

    Example: dashgen init my-dashboards
    """
    if folder.exists() and not folder.is_dir():
        usage_error(f"nothing was written, because {folder} is a file", "name a folder")
    taken = conflicts(folder)
    if taken:
        shown = ", ".join(f"`{path}`" for path in taken[:_MOST])
        shown += f" and {len(taken) - _MOST} more" if len(taken) > _MOST else ""
        usage_error(f"nothing was written, because {folder} already has {shown}", "choose another folder")
    written = write_project(folder)
    sys.stdout.write(f"{folder}/: {len(written)} files\n")
    for path in written:
        sys.stdout.write(f"  + {path}\n")
    sys.stdout.flush()
    here = folder.resolve() == Path.cwd()
    sys.stderr.write(f"next: {'' if here else f'cd {folder} && '}dashgen build\n")

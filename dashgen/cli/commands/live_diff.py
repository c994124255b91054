"""The part of ``dashgen diff`` that looks at running Grafanas."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dashgen.cli.connection_options import Builds, cleaner, note, targets
from dashgen.cli.progress_line import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dashgen.compare.render.render_summary import Comparison
    from dashgen.sync.push.push import Push

EXIT_SPECS = 2


def diff_live(
    project: Path,
    env: str | None,
    url: str,
    names: list[str] | None,
    show: "Callable[[Comparison], str] | None",
    *,
    unmanaged: bool = False,
    quiet: bool = False,
) -> int:
    """Print how running Grafanas differ from the specs; the exit code that it calls for.

    Args:
        project: the project's folder, or one inside it.
        env: the environment to build for.
        url: the address of a Grafana.
        names: targets of the project file.
        show: makes a report; the text with its three sides when absent.
        unmanaged: whether to list also what no spec made.
        quiet: whether to show no progress.
    """
    from dashgen.project.targets import Connection  # noqa: PLC0415
    from dashgen.sync.push.push import Request, open_push  # noqa: PLC0415
    from dashgen.sync.push.side_summary import comparison, text  # noqa: PLC0415

    workspace, chosen = targets(project, env, names, Connection(url))
    builds, code = Builds(workspace.root), 0
    for one in chosen:
        built = builds.of(one.environment)
        if built.failed:
            sys.stderr.write("nothing was compared\n")
            return EXIT_SPECS
        request = Request(writes=False)
        with (
            Progress(quiet=quiet) as progress,
            open_push(workspace.root, progress.watched(one), built.desired, os.environ, request) as push,
        ):
            strangers = list(_strangers(push)) if unmanaged else []
            progress.pause()
            note(push.notes, builds.notes)
            compared = comparison(push)
            hide = cleaner(push)
            compared.notes += [f"unmanaged {hide(line)}" for line in strangers]
            lines = [*map(hide, text(push)), *(f"? {hide(line)}" for line in strangers)]
            sys.stdout.write("".join(f"{line}\n" for line in lines) if show is None else show(compared))
            code = max(code, 1 if compared.changes else 0)
    return code


def _strangers(push: "Push") -> "Iterator[str]":
    from dashgen.sync.push.sync_status import unmanaged  # noqa: PLC0415

    for entry in unmanaged(push.grafana, push.sides):
        yield f"{entry.words}: {entry.reason}; {entry.link}"

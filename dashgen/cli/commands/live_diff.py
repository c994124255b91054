"""The part of ``dashgen diff`` that looks at running Grafanas."""

import os
import sys
from collections.abc import Callable, Iterator

from dashgen.cli.connection_options import CertificateOptions, GrafanaOptions
from dashgen.cli.grafana_targets import Builds, cleaner, note, targets
from dashgen.cli.progress_line import Progress
from dashgen.compare.render.render_summary import ReportedComparison
from dashgen.sync.push.push import Push, PushRequest, open_push
from dashgen.sync.push.side_summary import comparison, text
from dashgen.sync.push.sync_status import unmanaged

EXIT_SPECS = 2


def diff_live(
    grafanas: GrafanaOptions,
    show: Callable[[ReportedComparison], str] | None,
    *,
    unmanaged: bool = False,
    quiet: bool = False,
) -> int:
    """Print how running Grafanas differ from the specs; the exit code that it calls for.

    Args:
        grafanas: which Grafanas are compared, and the project.
        show: makes a report; the text with its three sides when absent.
        unmanaged: whether to list also what no spec made.
        quiet: whether to show no progress.
    """
    workspace, chosen = targets(grafanas, CertificateOptions())
    builds, code = Builds(workspace.root), 0
    for one in chosen:
        built = builds.of(one.environment)
        if built.failed:
            sys.stderr.write("nothing was compared\n")
            return EXIT_SPECS
        request = PushRequest(writes=False)
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


def _strangers(push: Push) -> Iterator[str]:
    for entry in unmanaged(push.grafana, push.sides):
        yield f"{entry.label}: {entry.reason}; {entry.link}"

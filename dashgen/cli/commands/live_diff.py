"""The part of ``dashgen diff`` that compares running Grafanas."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from dashgen.cli.connection_options import GrafanaOptions, TransferOptions
from dashgen.cli.grafana_targets import TargetRun, cleaner, targets
from dashgen.cli.options import EXIT_FINDINGS, EXIT_USAGE
from dashgen.compare.render.render_summary import ReportedComparison
from dashgen.project.targets import Chosen
from dashgen.sync.push.push import PushRequest
from dashgen.sync.push.side_summary import comparison, text
from dashgen.sync.push.sync_status import unmanaged


def diff_live(
    grafanas: GrafanaOptions,
    show: Callable[[Sequence[ReportedComparison], Path], None] | None,
    fails: Callable[[Sequence[ReportedComparison]], bool],
    write: Callable[[Sequence[ReportedComparison], Path], None],
    *,
    lists_unmanaged: bool = False,
    quiet: bool = False,
) -> None:
    """Print how running Grafanas differ from the specs.

    Args:
        grafanas: the Grafanas to compare, and the project.
        show: prints the comparisons of all Grafanas, with paths relative to the project's folder; without it,
            text that tells ours, theirs and conflicts apart is printed for one after the other.
        fails: whether the comparisons end with exit code 1.
        write: writes the comparisons to files.
        lists_unmanaged: list resources that no spec makes, too.
        quiet: show no progress.

    Raises:
        SystemExit: something differs, or the specs have errors.
    """
    workspace, chosen = targets(grafanas, TransferOptions())
    run = TargetRun(workspace.root, quiet)

    def compared(target: Chosen) -> ReportedComparison:
        built = run.built(target.environment, "nothing was compared")
        if built is None:
            raise SystemExit(EXIT_USAGE)
        with run.opened(target, built.desired, PushRequest(writes=False)) as (push, _):
            hide = cleaner(push)
            strangers = [
                hide(f"{entry.label}: {entry.reason}; {entry.link}")
                for entry in (unmanaged(push.grafana, push.sides) if lists_unmanaged else ())
            ]
            result = comparison(push)
            result.notes += [f"unmanaged {stranger}" for stranger in strangers]
            if show is None:
                lines = [*map(hide, text(push)), *(f"? {stranger}" for stranger in strangers)]
                sys.stdout.write("".join(f"{line}\n" for line in lines))
            return result

    comparisons = [compared(target) for target in chosen]
    if show is not None:
        show(comparisons, workspace.root)
    write(comparisons, workspace.root)
    if fails(comparisons):
        raise SystemExit(EXIT_FINDINGS)

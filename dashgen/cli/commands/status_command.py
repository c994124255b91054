"""``dashgen status``."""

import sys
from collections.abc import Callable, Sequence
from typing import NamedTuple

from dashgen.cli.connection_options import GrafanaOptions, TransferOptions, Unmanaged
from dashgen.cli.documents.status_document import ReportedStatus, StatusDocument, reported_status
from dashgen.cli.grafana_targets import TargetRun, cleaner, targets
from dashgen.cli.options import EXIT_FINDINGS, ListFormat, ListOutputFormat
from dashgen.core.reporters.json_report import OutputDocument
from dashgen.project.targets import Chosen
from dashgen.sync.push import sync_status
from dashgen.sync.push.push import PushRequest
from dashgen.sync.push.step_texts import change_sentences
from dashgen.sync.push.sync_status import StatusEntry


class StatusOptions(NamedTuple):
    """What a status lists."""

    unmanaged: Unmanaged = False


class StatusRun(TargetRun, frozen=True):
    """The state of one Grafana after the other."""

    results: list[ReportedStatus] = []

    def document(self) -> OutputDocument:
        """The state of each Grafana."""
        return StatusDocument(targets=self.results)


def status(
    grafanas: GrafanaOptions,
    options: StatusOptions,
    transfer: TransferOptions,
    output_format: ListOutputFormat = ListFormat.TEXT,
) -> None:
    """Show how a running Grafana compares with the specs; write nothing.

    One line per resource: in sync, ahead (the specs changed), edited in Grafana, conflict (both changed),
    managed elsewhere, or not in the specs any more. Exit with 0 if everything is in sync, 1 if a push would
    change something, and 4 if something was edited in Grafana.

    Example: dashgen status --target prod
    """
    workspace, chosen = targets(grafanas, transfer)
    run = StatusRun(workspace.root, transfer.quiet, output_format)

    def act(target: Chosen) -> int:
        built = run.built(target.environment, "")
        if built is None:
            return EXIT_FINDINGS
        with run.opened(target, built.desired, PushRequest(writes=False)) as (push, _):
            entries = list(sync_status.statuses(push.steps, push.sides))
            if options.unmanaged:
                entries += sync_status.unmanaged(push.grafana, push.sides)
            show = cleaner(push)
        if output_format is ListFormat.JSON:
            run.results.append(reported_status(target, entries))
        else:
            sys.stdout.write(_text(target, entries, show))
        return max((entry.status.exit_code for entry in entries), default=0)

    run.for_each(chosen, act)


def _text(target: Chosen, entries: Sequence[StatusEntry], show: Callable[[str], str]) -> str:
    lines = [target.shown]
    for entry in entries:
        reason = f": {entry.reason}" if entry.reason else ""
        reason += f"; {entry.link}" if entry.link else ""
        lines.append(f"  {entry.status:<17}  {entry.label}{reason}")
        theirs = list(change_sentences(entry.step.theirs)) if entry.step else []
        lines += [f"{'':21}{sentence}" for sentence in theirs[:5]]
    return "".join(f"{show(line)}\n" for line in lines)

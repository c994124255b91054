"""``dashgen status``."""

import os
import sys
from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

from dashgen.cli.connection_options import GrafanaOptions, TransferOptions
from dashgen.cli.grafana_targets import Builds, cleaner, for_each_target, note, targets
from dashgen.cli.options import ListFormat, ListOutputFormat
from dashgen.cli.parameters import Option
from dashgen.cli.progress_line import Progress
from dashgen.project.targets import Chosen
from dashgen.sync.push import sync_status as standing
from dashgen.sync.push.push import PushRequest, open_push
from dashgen.sync.push.step_texts import change_sentences
from dashgen.sync.push.sync_status import StatusEntry

Unmanaged = Annotated[
    bool, Option("--unmanaged", help="List also what no spec made, in folders that specs fill.")
]


class StatusOptions(NamedTuple):
    """What a status lists."""

    unmanaged: Unmanaged = False


def status(
    grafanas: GrafanaOptions,
    options: StatusOptions,
    transfer: TransferOptions,
    output_format: ListOutputFormat = ListFormat.TEXT,
) -> None:
    """Say how a running Grafana stands to the specs; nothing is written.

    One line for each resource: in sync, ahead (the specs changed), edited in Grafana, conflict (both changed), managed
    elsewhere, or not in the specs any more. Exits with 0 when all is in sync, 1 when a push would change something, and 4
    when somebody edited something in Grafana.

    Example: dashgen status --target prod
    """
    workspace, chosen = targets(grafanas, transfer)
    builds = Builds(workspace.root)
    documents: list[dict[str, Any]] = []

    def act(target: Chosen) -> int:
        with Progress(quiet=transfer.quiet) as progress:
            listed = _entries(progress.watched(target), builds, unmanaged=options.unmanaged)
        if listed is None:
            return 1
        entries, show = listed
        if output_format is ListFormat.JSON:
            resources = [_plain(entry) for entry in entries]
            document = {"target": target.name or None, "url": target.settings.url, "resources": resources}
            documents.append(document)
        else:
            sys.stdout.write(_text(target, entries, show))
        return max((entry.standing.exit_code for entry in entries), default=0)

    for_each_target(chosen, act, documents if output_format is ListFormat.JSON else None)


def _entries(
    chosen: Chosen, builds: Builds, *, unmanaged: bool
) -> tuple[list[StatusEntry], Callable[[str], str]] | None:
    built = builds.of(chosen.environment)
    if built.failed:
        return None
    with open_push(builds.root, chosen, built.desired, os.environ, PushRequest(writes=False)) as push:
        note(push.notes, builds.notes)
        entries = list(standing.standings(push.steps, push.sides))
        others = standing.unmanaged(push.grafana, push.sides) if unmanaged else []
        return [*entries, *others], cleaner(push)


def _text(chosen: Chosen, entries: list[StatusEntry], show: Callable[[str], str]) -> str:
    lines = [chosen.shown]
    for entry in entries:
        reason = f": {entry.reason}" if entry.reason else ""
        reason += f"; {entry.link}" if entry.link else ""
        lines.append(f"  {entry.standing:<17}  {entry.label}{reason}")
        theirs = list(change_sentences(entry.step.theirs)) if entry.step else []
        lines += [f"{'':21}{sentence}" for sentence in theirs[:5]]
    return "".join(f"{show(line)}\n" for line in lines)


def _plain(entry: StatusEntry) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "uid": entry.uid,
        "title": entry.title,
        "state": str(entry.standing),
        "reason": entry.reason or None,
        "link": entry.link or None,
        "theirs": list(change_sentences(entry.step.theirs)) if entry.step else [],
        "changes": list(change_sentences(entry.step.changes)) if entry.step else [],
    }

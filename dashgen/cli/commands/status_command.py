"""``dashgen status``."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from dashgen.cli.connection_options import CaCert, ClientCert, ClientKey, Concurrency, Quiet, TargetNames, Url
from dashgen.cli.grafana_targets import Builds, cleaner, note, targets
from dashgen.cli.options import Environment, ListFormat, ListOutputFormat, ProjectFolder
from dashgen.cli.output import print_json
from dashgen.cli.parameters import Option
from dashgen.cli.progress_line import Progress
from dashgen.project.targets import Chosen, Connection
from dashgen.sync.push import sync_status as standing
from dashgen.sync.push.push import Request, open_push
from dashgen.sync.push.step_texts import said
from dashgen.sync.push.sync_status import Entry


def status(
    project: ProjectFolder = Path(),
    url: Url = "",
    target: TargetNames = None,
    env: Environment = None,
    unmanaged: Annotated[
        bool, Option("--unmanaged", help="List also what no spec made, in folders that specs fill.")
    ] = False,
    quiet: Quiet = False,
    concurrency: Concurrency = 8,
    ca_cert: CaCert = None,
    client_cert: ClientCert = None,
    client_key: ClientKey = None,
    output_format: ListOutputFormat = ListFormat.TEXT,
) -> None:
    """Say how a running Grafana stands to the specs; nothing is written.

    One line for each resource: in sync, ahead (the specs changed), edited in Grafana, conflict (both changed), managed
    elsewhere, or not in the specs any more. Exits with 0 when all is in sync, 1 when a push would change something, and 4
    when somebody edited something in Grafana.

    Example: dashgen status --target prod
    """
    connection = Connection(url, ca_cert, client_cert, client_key, concurrency)
    workspace, chosen = targets(project, env, target, connection)
    builds = Builds(workspace.root)
    documents: list[dict[str, Any]] = []
    code = 0
    for one in chosen:
        with Progress(quiet=quiet) as progress:
            found = _entries(workspace.root, progress.watched(one), builds, unmanaged=unmanaged)
        if found is None:
            code = max(code, 1)
            continue
        entries, show = found
        code = max([code, *(entry.standing.exit_code for entry in entries)])
        if output_format is ListFormat.JSON:
            listed = [_plain(entry) for entry in entries]
            documents.append({"target": one.name or None, "url": one.settings.url, "resources": listed})
        else:
            sys.stdout.write(_text(one, entries, show))
    if output_format is ListFormat.JSON:
        print_json({"targets": documents})
    if code:
        raise SystemExit(code)


def _entries(
    root: Path, chosen: Chosen, builds: Builds, *, unmanaged: bool
) -> tuple[list[Entry], Callable[[str], str]] | None:

    built = builds.of(chosen.environment)
    if built.failed:
        return None
    with open_push(root, chosen, built.desired, os.environ, Request(writes=False)) as push:
        note(push.notes, builds.notes)
        entries = list(standing.standings(push.steps, push.sides))
        others = standing.unmanaged(push.grafana, push.sides) if unmanaged else []
        return [*entries, *others], cleaner(push)


def _text(chosen: Chosen, entries: list[Entry], show: Callable[[str], str]) -> str:

    lines = [chosen.shown]
    for entry in entries:
        reason = f": {entry.reason}" if entry.reason else ""
        reason += f"; {entry.link}" if entry.link else ""
        lines.append(f"  {entry.standing:<17}  {entry.label}{reason}")
        theirs = list(said(entry.step.theirs)) if entry.step else []
        lines += [f"{'':21}{sentence}" for sentence in theirs[:5]]
    return "".join(f"{show(line)}\n" for line in lines)


def _plain(entry: Entry) -> dict[str, Any]:

    return {
        "kind": entry.kind,
        "uid": entry.uid,
        "title": entry.title,
        "state": str(entry.standing),
        "reason": entry.reason or None,
        "link": entry.link or None,
        "theirs": list(said(entry.step.theirs)) if entry.step else [],
        "changes": list(said(entry.step.changes)) if entry.step else [],
    }

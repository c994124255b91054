"""``dashgen pull``."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from dashgen.cli.connection_options import GrafanaOptions, TransferOptions
from dashgen.cli.grafana_targets import Builds, cleaner, for_each_target, note, targets
from dashgen.cli.options import Format, ListFormat, ListOutputFormat, usage_error
from dashgen.cli.output import report
from dashgen.cli.parameters import Option
from dashgen.cli.progress_line import Progress
from dashgen.core.diagnostics import nearest
from dashgen.formats.resources import DASHBOARD, RULE_GROUP
from dashgen.project.targets import Chosen
from dashgen.sync.pull.new_dashboards import add_new
from dashgen.sync.pull.pull import Pull
from dashgen.sync.pull.pull import pull as take
from dashgen.sync.pull.pull_report import as_json, lines
from dashgen.sync.pull.pulled_project import PulledProject
from dashgen.sync.pull.pulled_rules import add_rules
from dashgen.sync.pull.record_pulled import remember
from dashgen.sync.pull.write_specs import unified, write
from dashgen.sync.push.desired_items import Desired
from dashgen.sync.push.push import Push, PushRequest, open_push
from dashgen.workspace.workspace import open_workspace

OnlyUids = Annotated[
    list[str] | None,
    Option(
        "--only",
        metavar="UID",
        help="Pull only the dashboard with this uid, or the rule group of this name; may be repeated.",
    ),
]
ShowPatch = Annotated[
    bool, Option("--dry-run", "-n", help="Print the patch, which `git apply` takes; change no file.")
]
New = Annotated[
    bool, Option("--new", help="Also dashboards that no spec builds, in folders that specs fill.")
]
OnlyFolder = Annotated[
    str, Option("--folder", metavar="TITLE", help="With --new: only those in this folder.")
]
Theirs = Annotated[
    bool, Option("--theirs", help="Take everything that is there, also where the specs changed.")
]


class PullOptions(NamedTuple):
    """What a pull takes, and where to."""

    only: OnlyUids = None
    dry_run: ShowPatch = False
    new: New = False
    folder: OnlyFolder = ""
    theirs: Theirs = False


@dataclass(frozen=True)
class PullRun:
    """A pull from one or more Grafanas: its options, and what it prints at the end."""

    options: PullOptions
    quiet: bool
    form: ListFormat
    documents: list[dict[str, Any]] = field(default_factory=list)
    notes: set[str] = field(default_factory=set)


def pull(
    grafanas: GrafanaOptions,
    options: PullOptions,
    transfer: TransferOptions,
    output_format: ListOutputFormat = ListFormat.TEXT,
) -> None:
    """Take what was edited in a running Grafana back into the specs, as the smallest patch.

    Comments, order and everything untouched stay as they are. Each change is kept only when the specs then build to what is
    in Grafana there; what cannot be said is listed and stays an edit in Grafana, where nothing is ever written. Exits with 1
    when something could not be taken over (or, with --dry-run, when there is something to take over), and with 4 when both
    sides changed the same.

    Example: dashgen pull --target prod --dry-run
    """
    if options.folder and not options.new:
        usage_error("`--folder` is about new dashboards", "add `--new`")
    workspace, chosen = targets(grafanas, transfer)
    run = PullRun(options, transfer.quiet, output_format)
    documents = run.documents if output_format is ListFormat.JSON else None
    # What was pulled from one Grafana is in the specs that the next one is compared with.
    for_each_target(chosen, lambda one: _pull_from(workspace.root, one, run), documents)


def _pull_from(root: Path, chosen: Chosen, run: PullRun) -> int:
    """Pull from one Grafana; the exit code that it calls for."""
    built = Builds(root).of(chosen.environment)
    if built.failed:
        sys.stderr.write("nothing was pulled\n")
        return 1
    desired = _pulled(built.desired, frozenset(run.options.only or ()))
    request = PushRequest(whole=not run.options.only, writes=False)
    with (
        Progress(quiet=run.quiet) as progress,
        open_push(root, progress.watched(chosen), desired, os.environ, request) as push,
    ):
        progress.pause()
        note(push.notes, run.notes)
        project = PulledProject(open_workspace(root, chosen.environment))
        result = take(project, push, theirs=run.options.theirs)
        add_rules(result, project, push, theirs=run.options.theirs)
        if run.options.new:
            add_new(result, project, push, run.options.folder)
        return _end(result, project, push, run)


def _pulled(desired: Desired, uids: frozenset[str]) -> Desired:
    items = [item for item in desired.items if item.kind in (DASHBOARD, RULE_GROUP)]
    pulled = Desired(desired.folders, items)
    if not uids:
        return pulled
    built_uids = {item.uid for item in items}
    for uid in sorted(uids - built_uids):
        usage_error(f"no spec builds a dashboard or a rule group `{uid}`", nearest(uid, built_uids))
    return pulled.only(uids)


def _end(result: Pull, project: PulledProject, push: Push, run: PullRun) -> int:
    """Write the patch or print it, and say what became of each dashboard."""
    patch = unified(result.before, result.after)
    if result.problems:
        report(result.problems, Format.TEXT, push.root)
        sys.stderr.write("nothing was written: with this patch the specs would be wrong\n")
    elif not run.options.dry_run and result.changed:
        write(project.paths, project.bytes, result.after, result.new(push.root))
    if not (result.problems or run.options.dry_run):
        remember(push.root, push.chosen, result.dashboards)
    code = max(result.exit_code, 1 if result.problems or (run.options.dry_run and result.changed) else 0)
    if run.form is ListFormat.JSON:
        document = {"target": push.chosen.name or None, "url": push.chosen.settings.url}
        run.documents.append({**document, **as_json(result, patch), "exit_code": code})
    else:
        _print(result, patch, cleaner(push), run)
    return code


def _print(result: Pull, patch: str, show: Callable[[str], str], run: PullRun) -> None:
    stream = sys.stdout
    if run.options.dry_run:
        # A patch is for a file or for git, so nothing else stands beside it.
        sys.stdout.write(patch)
        sys.stdout.flush()
        stream = sys.stderr
    for line in lines(result, not (run.options.dry_run or result.problems)):
        stream.write(f"{show(line)}\n")

"""``dashgen pull``."""

import sys
from collections.abc import Callable
from typing import Annotated, NamedTuple

from msgspec import field

from dashgen.cli.connection_options import GrafanaOptions, TransferOptions
from dashgen.cli.documents.pull_document import PullDocument, ReportedPull, reported_pull
from dashgen.cli.grafana_targets import TargetRun, cleaner, targets
from dashgen.cli.options import EXIT_FINDINGS, Format, ListFormat, ListOutputFormat, usage_error
from dashgen.cli.output import report
from dashgen.cli.parameters import Option
from dashgen.core.diagnostics import nearest
from dashgen.core.reporters.json_report import OutputDocument
from dashgen.formats.resources import DASHBOARD, RULE_GROUP
from dashgen.project.spec_writing import unified, write
from dashgen.project.targets import Chosen
from dashgen.sync.pull.new_dashboards import add_new
from dashgen.sync.pull.pull import Pull
from dashgen.sync.pull.pull import pull as take
from dashgen.sync.pull.pull_record import record_pulled
from dashgen.sync.pull.pull_report import lines
from dashgen.sync.pull.pull_rules import add_rules
from dashgen.sync.pull.pulled_project import PulledProject
from dashgen.sync.push.desired_items import Desired
from dashgen.sync.push.push import Push, PushRequest
from dashgen.workspace.workspace import open_workspace

OnlyUids = Annotated[
    list[str] | None,
    Option(
        "--only",
        metavar="UID",
        help="Pull only the dashboard with this uid, or the rule group with this name; may be repeated.",
    ),
]
ShowPatch = Annotated[
    bool, Option("--dry-run", "-n", help="Print the patch for `git apply`; change no file.")
]
New = Annotated[
    bool, Option("--new", help="Also pull dashboards that no spec makes, in folders that specs use.")
]
OnlyFolder = Annotated[
    str, Option("--folder", metavar="TITLE", help="With --new, pull only dashboards in this folder.")
]
Theirs = Annotated[
    bool, Option("--theirs", help="Take what is in Grafana also where the specs changed since.")
]


class PullOptions(NamedTuple):
    """What a pull takes from Grafana."""

    only: OnlyUids = None
    dry_run: ShowPatch = False
    new: New = False
    folder: OnlyFolder = ""
    theirs: Theirs = False


class PullRun(TargetRun, frozen=True):
    """A pull from one Grafana after the other."""

    options: PullOptions = field(default_factory=PullOptions)
    results: list[ReportedPull] = []

    def document(self) -> OutputDocument:
        """What was taken over from each Grafana."""
        return PullDocument(targets=self.results)


def pull(
    grafanas: GrafanaOptions,
    options: PullOptions,
    transfer: TransferOptions,
    output_format: ListOutputFormat = ListFormat.TEXT,
) -> None:
    """Take edits made in a running Grafana back into the specs, as the smallest patch.

    Comments, order and everything else in the specs stay. A change is kept only if the specs then build to
    what is in Grafana; the others are listed and stay in Grafana, which is never written to. Exit with 1 if
    something could not be taken over (with --dry-run, if there is something to take over), and with 4 if both
    sides changed the same thing.

    Example: dashgen pull --target prod --dry-run
    """
    if options.folder and not options.new:
        usage_error("`--folder` chooses among new dashboards", "add `--new`")
    workspace, chosen = targets(grafanas, transfer)
    run = PullRun(workspace.root, transfer.quiet, output_format, options=options)
    run.for_each(chosen, lambda target: _pull_from(target, run))


def _pull_from(target: Chosen, run: PullRun) -> int:
    """Pull from one Grafana and return the exit code."""
    # The pull from the Grafana before has changed the specs.
    run.builds.clear()
    built = run.built(target.environment, "nothing was pulled")
    if built is None:
        return EXIT_FINDINGS
    desired = _pulled(built.desired, frozenset(run.options.only or ()))
    # What other kinds were pushed is not looked at, so that an account need not be allowed to.
    request = PushRequest(whole=False, writes=False)
    with run.opened(target, desired, request) as (push, _):
        project = PulledProject(open_workspace(run.root, target.environment))
        result = take(project, push, theirs=run.options.theirs)
        add_rules(result, project, push, theirs=run.options.theirs)
        if run.options.new:
            add_new(result, project, push, run.options.folder)
        return _end(result, project, push, run)


def _pulled(desired: Desired, uids: frozenset[str]) -> Desired:
    """The dashboards and rule groups with some uids, or all of them: nothing else can be pulled."""
    items = [item for item in desired.items if item.kind in (DASHBOARD, RULE_GROUP)]
    pulled = Desired(desired.folders, items)
    if not uids:
        return pulled
    built_uids = {item.uid for item in items}
    for uid in sorted(uids - built_uids):
        usage_error(f"no spec builds a dashboard or a rule group `{uid}`", nearest(uid, built_uids))
    return pulled.only(uids)


def _end(result: Pull, project: PulledProject, push: Push, run: PullRun) -> int:
    """Write or print the patch, report each dashboard, and return the exit code."""
    patch = unified(result.before, result.after)
    if result.problems:
        report(result.problems, Format.TEXT, push.root)
        sys.stderr.write("nothing was written: with this patch the specs would be wrong\n")
    elif not run.options.dry_run and result.changed:
        write(project.paths, project.bytes, result.after, result.new(push.root))
    if not (result.problems or run.options.dry_run):
        record_pulled(push.root, push.chosen, result.dashboards)
    code = max(result.exit_code, 1 if result.problems or (run.options.dry_run and result.changed) else 0)
    if run.form is ListFormat.JSON:
        run.results.append(reported_pull(push.chosen, result, patch, code))
    else:
        _print(result, patch, cleaner(push), run)
    return code


def _print(result: Pull, patch: str, show: Callable[[str], str], run: PullRun) -> None:
    stream = sys.stdout
    if run.options.dry_run:
        # The patch is piped into a file or `git apply`, so everything else is printed on stderr.
        sys.stdout.write(patch)
        sys.stdout.flush()
        stream = sys.stderr
    for line in lines(result, written=not (run.options.dry_run or result.problems)):
        stream.write(f"{show(line)}\n")

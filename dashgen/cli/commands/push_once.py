"""One push to one Grafana: the plan, the question before deletions, and the outcome of each step."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NamedTuple

from msgspec import field

from dashgen.cli.connection_options import DryRun, Message
from dashgen.cli.documents.push_document import PushDocument, ReportedPush, reported_push
from dashgen.cli.grafana_targets import TargetRun, cleaner
from dashgen.cli.options import EXIT_CONFLICT, EXIT_FINDINGS, Format, ListFormat, usage_error
from dashgen.cli.output import report
from dashgen.cli.parameters import Option
from dashgen.cli.progress_line import Progress
from dashgen.core.diagnostics import nearest
from dashgen.core.reporters.json_report import OutputDocument
from dashgen.project.targets import Chosen
from dashgen.sync.push.apply_plan import StepOutcome, planned_conflicts
from dashgen.sync.push.desired_items import Desired
from dashgen.sync.push.plan_file import planned, write_plan
from dashgen.sync.push.planned_steps import specs_fingerprint
from dashgen.sync.push.push import Push, PushRequest
from dashgen.sync.push.push_plan import PlanOptions, StepAction
from dashgen.sync.push.save_message import default_message
from dashgen.sync.push.step_texts import outcome_line, plan_lines, summary
from dashgen.workspace.workspace import open_workspace

OnlyUids = Annotated[
    list[str] | None,
    Option("--only", metavar="UID", help="Push only the resource with this uid or name; may be repeated."),
]
Force = Annotated[
    bool, Option("--force", help="Overwrite changes that others made, and write secrets again.")
]
Prune = Annotated[
    bool,
    Option("--prune", help="Delete resources that this project pushed and that no spec makes any more."),
]
Yes = Annotated[bool, Option("--yes", "-y", help="Delete without asking.")]
PlanOut = Annotated[
    Path | None,
    Option("--plan-out", metavar="FILE", help="Write a plan for `dashgen apply`, and nothing to Grafana."),
]
Watch = Annotated[bool, Option("--watch", "-w", help="Push changes whenever a spec is saved, until Ctrl-C.")]


class PushOptions(NamedTuple):
    """What a push does."""

    only: OnlyUids = None
    dry_run: DryRun = False
    message: Message = ""
    force: Force = False
    prune: Prune = False
    yes: Yes = False
    plan_out: PlanOut = None
    watch: Watch = False

    @property
    def writes(self) -> bool:
        """Whether anything is written to Grafana."""
        return not self.dry_run and self.plan_out is None


class PushRun(TargetRun, frozen=True):
    """A push to one Grafana after the other, or of one plan, with what became of each step."""

    options: PushOptions = field(default_factory=PushOptions)
    outcomes: list[StepOutcome] = []
    results: list[ReportedPush] = []

    def document(self) -> OutputDocument:
        """What was pushed to each Grafana."""
        return PushDocument(targets=self.results)

    def print(self, line: str) -> None:
        """Print a line of the result, unless results are printed as JSON."""
        if self.form is ListFormat.TEXT:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


def push_once(target: Chosen, desired: Desired, run: PushRun, *, whole: bool) -> int:
    """Push to one Grafana and return the exit code.

    Args:
        target: the Grafana.
        desired: what to push.
        run: the options, and what was printed before.
        whole: `desired` is everything that the specs make, so that what is missing in it may be pruned.

    Raises:
        DashgenError: Grafana cannot be reached, or refuses the account.
    """
    options = run.options
    allowed = PlanOptions(force=options.force, prune=options.prune)
    request = PushRequest(allowed, whole, options.writes, previews=not options.writes)
    with run.opened(target, desired, request) as (push, progress):
        show = cleaner(push)
        for line in plan_lines(push):
            run.print(show(line))
        if options.writes:
            push.require_permissions()
        # Grafana checks what is to be written before the first write, so a refusal leaves nothing half done.
        if problems := push.check():
            report(problems, Format.TEXT, push.root)
            sys.stderr.write("nothing was pushed\n")
            return end(push, [], EXIT_FINDINGS, run)
        if not options.writes:
            if options.plan_out is not None:
                _write_plan(options.plan_out, push, run, show)
            return end(push, [], EXIT_CONFLICT if push.blocked else 0, run)
        _confirm_deletions(push, run)
        return apply_steps(push, run, show, progress)


def _write_plan(file: Path, push: Push, run: PushRun, show: Callable[[str], str]) -> None:
    specs = specs_fingerprint(open_workspace(push.root, push.chosen.environment))
    write_plan(file, planned(push, specs, run.options.message or default_message(push.root), show))
    sys.stderr.write(f"nothing was pushed; `dashgen apply {file}` applies this plan\n")


def _confirm_deletions(push: Push, run: PushRun) -> None:
    """Ask before anything is deleted for good.

    Raises:
        DashgenError: stdin is not a terminal.
        SystemExit: the answer is no.
    """
    # An early deletion makes room for what replaces it in the same push; nothing is lost by it.
    deletions = [step for step in push.steps if step.act is StepAction.DELETE and not step.early]
    if deletions and not run.options.yes:
        question = f"delete {len(deletions)} of these in {push.chosen.shown}?"
        confirm(question, f"{len(deletions)} deletions have to be confirmed", "nothing was pushed")


def confirm(question: str, needed: str, undone: str) -> None:
    """Ask a question on a terminal.

    Args:
        question: the question.
        needed: the error where there is no terminal.
        undone: printed when the answer is no, such as "nothing was pushed".

    Raises:
        DashgenError: stdin is not a terminal.
        SystemExit: the answer is no.
    """
    if not sys.stdin.isatty():
        usage_error(needed, f"add `--yes`; {undone}")
    if not _is_confirmed(question):
        sys.stderr.write(f"{undone}\n")
        raise SystemExit(1)


def _is_confirmed(question: str) -> bool:
    while True:
        sys.stderr.write(f"{question} [y/N]:")
        try:
            # The space is the prompt of `input`, so that a backspace does not take the question away.
            answer = input(" ").lower().strip()
        except EOFError:
            sys.stderr.write("Aborted!\n")
            raise SystemExit(1) from None
        if answer in ("", "y", "yes", "n", "no"):
            return answer in ("y", "yes")
        sys.stderr.write("Error: invalid input\n")


def apply_steps(push: Push, run: PushRun, show: Callable[[str], str], progress: Progress) -> int:
    """Apply the steps of a plan, print the outcome of each, and return the exit code.

    Raises:
        DashgenError: Grafana cannot be reached any more.
    """

    def report_outcome(outcome: StepOutcome) -> None:
        run.outcomes.append(outcome)
        progress.step()
        progress.beside(lambda: run.print(show(outcome_line(outcome))))

    progress.writing(len(push.writes))
    with _reporting_interruption(push, progress):
        applied = push.apply(run.options.message or default_message(push.root), report_outcome)
    outcomes = [*applied.outcomes, *planned_conflicts(push.steps)]
    if push.writes:
        run.print(summary(outcomes, len(push.unchanged)))
    if push.backup is not None:
        sys.stderr.write(f"what was there before is in {push.backup.relative_to(push.root)}\n")
    code = max((outcome.exit_code for outcome in outcomes), default=0)
    return end(push, outcomes, code, run)


@contextmanager
def _reporting_interruption(push: Push, progress: Progress) -> Iterator[None]:
    """When a push is interrupted or fails, print which steps were applied and which were not."""
    try:
        yield
        progress.pause()
    except BaseException:
        progress.pause()
        if push.applied is not None:
            applied, left = push.applied.outcomes, push.applied.left(push.steps)
            total = len(applied) + len(left)
            sys.stderr.write(f"interrupted: {len(applied)} of {total} changes were made\n")
            for step in left:
                sys.stderr.write(f"not done: {step.label}\n")
        raise


def end(push: Push, outcomes: list[StepOutcome], code: int, run: PushRun) -> int:
    """Keep the result where results are printed as JSON, and return the exit code."""
    if run.form is ListFormat.JSON:
        run.results.append(reported_push(push, outcomes, code, cleaner(push)))
    return code


def chosen_only(desired: Desired, only: Sequence[str] | None) -> Desired:
    """The resources with these uids or names; all of them when none is named.

    Raises:
        DashgenError: no resource has one of them.
    """
    if not only:
        return desired
    names = {item.uid for item in desired.items} | {item.title for item in desired.items}
    names |= {folder.uid for folder in desired.folders}
    for uid in sorted(set(only) - names):
        usage_error(f"no spec defines anything with the uid `{uid}`", nearest(uid, names))
    return desired.only(frozenset(only))

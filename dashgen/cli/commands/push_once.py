"""One push to one Grafana as a terminal shows it: the plan, the question, and what became of each step."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dashgen.cli.grafana_targets import cleaner, note
from dashgen.cli.options import Format, ListFormat, usage_error
from dashgen.cli.output import report
from dashgen.cli.progress_line import Progress
from dashgen.core.diagnostics import nearest
from dashgen.project.targets import Chosen
from dashgen.sync.push.apply_plan import StepOutcome, planned_conflicts
from dashgen.sync.push.desired_items import Desired
from dashgen.sync.push.plan_file import planned, write_plan
from dashgen.sync.push.planned_steps import specs_fingerprint
from dashgen.sync.push.push import Push, PushRequest, open_push
from dashgen.sync.push.push_plan import PlanOptions, StepAction
from dashgen.sync.push.save_message import default_message
from dashgen.sync.push.step_texts import as_json, outcome_line, plan_lines, summary
from dashgen.workspace.workspace import open_workspace

EXIT_CONFLICT = 4


@dataclass(frozen=True)
class PushRun:
    """What the command line asks for."""

    dry_run: bool = False
    message: str = ""
    force: bool = False
    prune: bool = False
    yes: bool = False
    whole: bool = True
    quiet: bool = False
    plan_out: Path | None = None
    form: ListFormat = ListFormat.TEXT
    documents: list[dict[str, Any]] = field(default_factory=list)
    outcomes: list[StepOutcome] = field(default_factory=list)
    notes: set[str] = field(default_factory=set)

    @property
    def writes(self) -> bool:
        """Whether anything is written to Grafana."""
        return not self.dry_run and self.plan_out is None

    def print(self, line: str) -> None:
        """Print a line of the result, unless it is for programs."""
        if self.form is ListFormat.TEXT:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


def push_once(root: Path, chosen: Chosen, desired: Desired, run: PushRun) -> int:
    """Push to one Grafana; the exit code that it calls for.

    Raises:
        DashgenError: it cannot go on.
    """
    options = PlanOptions(force=run.force, prune=run.prune)
    request = PushRequest(options, whole=run.whole, writes=run.writes)
    with (
        Progress(quiet=run.quiet) as progress,
        open_push(root, progress.watched(chosen), desired, os.environ, request) as push,
    ):
        progress.pause()
        note(push.notes, run.notes)
        show = cleaner(push)
        for line in plan_lines(push):
            run.print(show(line))
        if _refused_by_server(push):
            return end(push, [], 1, run)
        if not run.writes:
            _keep(push, run, show)
            return end(push, [], EXIT_CONFLICT if push.blocked else 0, run)
        _confirm_deletions(push, run)
        return apply_steps(push, run, show, progress)


def _refused_by_server(push: Push) -> bool:
    """Ask Grafana whether it would take what is to be written; say what it would not."""
    problems = push.check()
    if problems:
        report(problems, Format.TEXT, push.root)
        sys.stderr.write("nothing was pushed\n")
    return bool(problems)


def _keep(push: Push, run: PushRun, show: Callable[[str], str]) -> None:
    """Write the plan into its file, when one is wanted."""
    if run.plan_out is None:
        return

    specs = specs_fingerprint(open_workspace(push.root, push.chosen.environment))
    message = run.message or default_message(push.root)
    write_plan(run.plan_out, planned(push, specs, message, show))
    sys.stderr.write(f"nothing was pushed; `dashgen apply {run.plan_out}` does what stands here\n")


def _confirm_deletions(push: Push, run: PushRun) -> None:
    """Ask before anything is deleted for good.

    Raises:
        DashgenError: nobody can be asked.
        SystemExit: the answer is no.
    """
    deletions = [step for step in push.steps if step.act is StepAction.DELETE and not step.early]
    if not deletions or run.yes:
        return
    question = f"delete {len(deletions)} of these in {push.chosen.shown}?"
    confirm(question, f"{len(deletions)} deletions need a yes", "nothing was pushed")


def confirm(question: str, needed: str, undone: str) -> None:
    """Ask something.

    Args:
        question: what is asked on a terminal.
        needed: what is said where nobody can be asked.
        undone: what an answer of no means.

    Raises:
        DashgenError: nobody can be asked.
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
    """Take the steps of a plan and say what becomes of each; the exit code that it calls for.

    Raises:
        DashgenError: it cannot go on.
    """

    def tell(outcome: StepOutcome) -> None:
        run.outcomes.append(outcome)
        progress.step()
        progress.beside(lambda: run.print(show(outcome_line(outcome))))

    progress.writing(len(push.writes))
    with _telling_what_was_done(push, progress):
        applied = push.apply(run.message or default_message(push.root), tell)
    outcomes = [*applied.outcomes, *planned_conflicts(push.steps)]
    if push.writes:
        run.print(summary(outcomes, len(push.unchanged)))
    if push.backup is not None:
        sys.stderr.write(f"what was there before is in {push.backup.relative_to(push.root)}\n")
    code = max((outcome.exit_code for outcome in outcomes), default=0)
    return end(push, outcomes, code, run)


@contextmanager
def _telling_what_was_done(push: Push, progress: Progress) -> Iterator[None]:
    """When a push is interrupted or cannot go on, say what was done and what was not."""
    try:
        yield
        progress.pause()
    except BaseException:
        progress.pause()
        if push.applied is not None:
            done, left = push.applied.outcomes, push.applied.left(push.steps)
            sys.stderr.write(f"interrupted: {len(done)} of {len(done) + len(left)} changes were made\n")
            for step in left:
                sys.stderr.write(f"not done: {step.label}\n")
        raise


def end(push: Push, outcomes: list[StepOutcome], code: int, run: PushRun) -> int:
    """Keep the result for programs, where they asked for it; the exit code."""
    if run.form is ListFormat.JSON:
        run.documents.append(as_json(push, outcomes, code, cleaner(push)))
    return code


def chosen_only(desired: Desired, uids: frozenset[str]) -> Desired:
    """What is wanted of some uids or names.

    Raises:
        DashgenError: nothing has one of them.
    """
    names = {item.uid for item in desired.items} | {item.title for item in desired.items}
    names |= {folder.uid for folder in desired.folders}
    for uid in sorted(uids - names):
        usage_error(f"no spec defines anything with the uid `{uid}`", nearest(uid, names))
    return desired.only(uids)

"""``dashgen apply``."""

import os
import sys
from pathlib import Path
from typing import Annotated, NamedTuple

from dashgen.cli.commands.push_once import EXIT_CONFLICT, PushRun, apply_steps, confirm, end
from dashgen.cli.connection_options import GrafanaOptions, TransferOptions, Url
from dashgen.cli.grafana_targets import Builds, cleaner, for_each_target, note, targets
from dashgen.cli.options import (
    EXIT_FINDINGS,
    Format,
    ListFormat,
    ListOutputFormat,
    ProjectFolder,
    usage_error,
)
from dashgen.cli.output import report
from dashgen.cli.parameters import Argument, Option
from dashgen.cli.progress_line import Progress
from dashgen.project.targets import Chosen
from dashgen.sync.push.apply_plan import StepEnd, StepOutcome
from dashgen.sync.push.desired_items import Desired
from dashgen.sync.push.plan_file import PlanFile, read_plan
from dashgen.sync.push.planned_steps import (
    CheckedPlan,
    moved_lines,
    open_planned,
    require_target,
    specs_fingerprint,
)
from dashgen.sync.push.step_texts import plan_lines
from dashgen.workspace.workspace import Workspace, open_workspace


class ApplyOptions(NamedTuple):
    """Where a plan is applied, and how."""

    project: ProjectFolder = Path()
    url: Url = ""
    target: Annotated[str, Option("--target", "-t", metavar="NAME", help="The target of dashgen.yaml.")] = ""
    message: Annotated[
        str, Option("--message", "-m", help="Why, for the history in Grafana; the plan's when absent.")
    ] = ""
    yes: Annotated[bool, Option("--yes", "-y", help="Do not ask.")] = False


def apply(
    plan: Annotated[Path, Argument(metavar="FILE", help="What `dashgen push --plan-out` wrote.")],
    options: ApplyOptions,
    transfer: TransferOptions,
    output_format: ListOutputFormat = ListFormat.TEXT,
) -> None:
    """Do what a plan says, exactly that, and only when nothing moved since.

    When somebody changed any of it in Grafana, or its spec changed, nothing is written and it ends with exit code 4. What
    is there already counts as done, so an apply that was interrupted can be run again. References to the environment are
    resolved here: the plan has no secrets. The credentials are those of `dashgen push`.

    Example: dashgen apply plan.json --target prod --yes
    """
    plan_file, problems = read_plan(plan)
    if plan_file is None:
        report(problems, Format.TEXT, Path.cwd())
        usage_error("nothing was applied")
    workspace, chosen = targets(_grafana(plan_file, options), transfer)
    require_target(plan_file, chosen[0])
    message = options.message or plan_file.message
    run = PushRun(message=message, yes=options.yes, quiet=transfer.quiet, form=output_format)
    documents = run.documents if output_format is ListFormat.JSON else None
    for_each_target(chosen, lambda target: _apply_to(workspace, target, plan_file, run), documents)


def _grafana(plan: PlanFile, options: ApplyOptions) -> GrafanaOptions:
    """The Grafana: named here, or a target that both the plan and the project know.

    A plan alone decides on no address, so that a file from elsewhere cannot have credentials sent anywhere.
    """
    name, targets = options.target, open_workspace(options.project, plan.environment).project.targets
    if not name and not options.url and not os.environ.get("GRAFANA_URL") and plan.target.name in targets:
        name = plan.target.name
    return GrafanaOptions(options.project, options.url, [name] if name else None, plan.environment)


def _apply_to(workspace: Workspace, chosen: Chosen, plan: PlanFile, run: PushRun) -> int:
    desired = _specs_now(workspace, plan)
    with (
        Progress(quiet=run.quiet) as progress,
        open_planned(workspace.root, progress.watched(chosen), plan, os.environ, desired) as planned,
    ):
        progress.pause()
        push = planned.push
        note(push.notes)
        show = cleaner(push)
        for line in moved_lines(planned) if planned.moved else plan_lines(push):
            run.print(show(line))
        if planned.moved:
            return _refused(planned, run)
        if push.writes and not run.yes:
            question = f"apply {len(push.writes)} changes to {chosen.shown}?"
            confirm(question, f"{len(push.writes)} changes need a yes", "nothing was applied")
        return apply_steps(push, run, show, progress)


def _specs_now(workspace: Workspace, plan: PlanFile) -> Desired | None:
    """What the specs want, when they are not those that the plan was made from; a plan needs none to be there.

    Raises:
        DashgenError: they are wrong.
    """
    if specs_fingerprint(workspace) in ("", plan.specs):
        return None
    built = Builds(workspace.root).of(plan.environment)
    if built.failed:
        sys.stderr.write(
            "the specs changed since the plan was made, and are wrong now; nothing was applied\n"
        )
        raise SystemExit(EXIT_FINDINGS)
    sys.stderr.write("note: the specs are not those that the plan was made from\n")
    return built.desired


def _refused(planned: CheckedPlan, run: PushRun) -> int:
    sys.stderr.write("nothing was applied; look at it, and make a new plan with `dashgen push --plan-out`\n")
    outcomes = [
        StepOutcome(moved.step, StepEnd.CONFLICT, moved.reason, exit_code=EXIT_CONFLICT)
        for moved in planned.moved
    ]
    return end(planned.push, outcomes, EXIT_CONFLICT, run)

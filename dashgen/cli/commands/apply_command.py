"""``dashgen apply``."""

import os
import sys
from pathlib import Path
from typing import Annotated, NamedTuple

from dashgen.cli.commands.push_once import PushOptions, PushRun, apply_steps, confirm, end
from dashgen.cli.connection_options import GrafanaOptions, TargetName, TransferOptions, Url
from dashgen.cli.grafana_targets import cleaner, note, targets
from dashgen.cli.options import (
    EXIT_CONFLICT,
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
    target: TargetName = ""
    message: Annotated[
        str,
        Option("--message", "-m", help="Message in Grafana's version history; default: the plan's."),
    ] = ""
    yes: Annotated[bool, Option("--yes", "-y", help="Apply without asking.")] = False


def apply(
    plan: Annotated[Path, Argument(metavar="FILE", help="The plan that `dashgen push --plan-out` wrote.")],
    options: ApplyOptions,
    transfer: TransferOptions,
    output_format: ListOutputFormat = ListFormat.TEXT,
) -> None:
    """Apply a plan, exactly as it is, unless something has changed since.

    If any resource of the plan was changed in Grafana or in the specs, nothing is written and the exit code
    is 4. Changes that are in Grafana already count as done, so an interrupted apply can be repeated. A plan
    has no secrets: references to the environment are resolved when it is applied. Credentials are those of
    `dashgen push`.

    Example: dashgen apply plan.json --target prod --yes
    """
    plan_file, problems = read_plan(plan)
    if plan_file is None:
        report(problems, Format.TEXT, Path.cwd())
        usage_error("nothing was applied")
    workspace, chosen = targets(_grafana(plan_file, options), transfer)
    require_target(plan_file, chosen[0])
    push_options = PushOptions(message=options.message or plan_file.message, yes=options.yes)
    run = PushRun(workspace.root, transfer.quiet, output_format, options=push_options)
    run.for_each(chosen, lambda target: _apply_to(workspace, target, plan_file, run))


def _grafana(plan: PlanFile, options: ApplyOptions) -> GrafanaOptions:
    """The Grafana that the command line, the environment, or the plan together with the project name.

    A plan alone cannot choose an address, or a file from elsewhere could have credentials sent anywhere.
    """
    name, known_targets = options.target, open_workspace(options.project, plan.environment).project.targets
    is_named = name or options.url or os.environ.get("GRAFANA_URL")
    if not is_named and plan.target.name in known_targets:
        name = plan.target.name
    return GrafanaOptions(options.project, options.url, [name] if name else None, plan.environment)


def _apply_to(workspace: Workspace, target: Chosen, plan: PlanFile, run: PushRun) -> int:
    desired = _changed_specs(workspace, plan, run)
    with (
        Progress(quiet=run.quiet) as progress,
        open_planned(workspace.root, progress.watched(target), plan, os.environ, desired) as planned,
    ):
        progress.pause()
        push = planned.push
        note(push.notes)
        show = cleaner(push)
        for line in moved_lines(planned) if planned.moved else plan_lines(push):
            run.print(show(line))
        if planned.moved:
            return _refused(planned, run)
        if push.writes and not run.options.yes:
            question = f"apply {len(push.writes)} changes to {target.shown}?"
            confirm(question, f"{len(push.writes)} changes have to be confirmed", "nothing was applied")
        return apply_steps(push, run, show, progress)


def _changed_specs(workspace: Workspace, plan: PlanFile, run: PushRun) -> Desired | None:
    """What the specs build to, if they changed since the plan was made; a plan applies without specs too.

    Raises:
        SystemExit: the specs have errors.
    """
    if specs_fingerprint(workspace) in ("", plan.specs):
        return None
    refused = "the specs changed since the plan was made, and have errors now; nothing was applied"
    built = run.built(plan.environment, refused)
    if built is None:
        raise SystemExit(EXIT_FINDINGS)
    sys.stderr.write("note: the specs changed since the plan was made\n")
    return built.desired


def _refused(planned: CheckedPlan, run: PushRun) -> int:
    sys.stderr.write("nothing was applied; look at it, and make a new plan with `dashgen push --plan-out`\n")
    outcomes = [
        StepOutcome(moved.step, StepEnd.CONFLICT, moved.reason, exit_code=EXIT_CONFLICT)
        for moved in planned.moved
    ]
    return end(planned.push, outcomes, EXIT_CONFLICT, run)

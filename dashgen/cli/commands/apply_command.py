"""``dashgen apply``."""

import os
import sys
from pathlib import Path
from typing import Annotated

from dashgen.cli.commands.push_once import EXIT_CONFLICT, Wishes, apply_steps, confirm, end
from dashgen.cli.connection_options import CaCert, ClientCert, ClientKey, Concurrency, Quiet, Url
from dashgen.cli.grafana_targets import Builds, cleaner, note, targets
from dashgen.cli.options import (
    EXIT_FINDINGS,
    Format,
    ListFormat,
    ListOutputFormat,
    ProjectFolder,
    usage_error,
)
from dashgen.cli.output import print_json, report
from dashgen.cli.parameters import Argument, Option
from dashgen.cli.progress_line import Progress
from dashgen.project.targets import Chosen, Connection
from dashgen.sync.push.apply_plan import End, Outcome
from dashgen.sync.push.desired_items import Desired
from dashgen.sync.push.plan_file import PlanFile, read_plan
from dashgen.sync.push.planned_steps import (
    Planned,
    moved_lines,
    open_planned,
    require_target,
    specs_fingerprint,
)
from dashgen.sync.push.step_texts import plan_lines
from dashgen.workspace.workspace import Workspace, open_workspace


def apply(
    plan: Annotated[Path, Argument(metavar="FILE", help="What `dashgen push --plan-out` wrote.")],
    project: ProjectFolder = Path(),
    url: Url = "",
    target: Annotated[str, Option("--target", "-t", metavar="NAME", help="The target of dashgen.yaml.")] = "",
    message: Annotated[
        str, Option("--message", "-m", help="Why, for the history in Grafana; the plan's when absent.")
    ] = "",
    yes: Annotated[bool, Option("--yes", "-y", help="Do not ask.")] = False,
    quiet: Quiet = False,
    concurrency: Concurrency = 8,
    ca_cert: CaCert = None,
    client_cert: ClientCert = None,
    client_key: ClientKey = None,
    output_format: ListOutputFormat = ListFormat.TEXT,
) -> None:
    """Do what a plan says, exactly that, and only when nothing moved since.

    When somebody changed any of it in Grafana, or its spec changed, nothing is written and it ends with exit code 4. What
    is there already counts as done, so an apply that was interrupted can be run again. References to the environment are
    resolved here: the plan has no secrets. The credentials are those of `dashgen push`.

    Example: dashgen apply plan.json --target prod --yes
    """
    found, problems = read_plan(plan)
    if found is None:
        report(problems, Format.TEXT, Path.cwd())
        usage_error("nothing was applied")
    connection = Connection(url, ca_cert, client_cert, client_key, concurrency)
    workspace, chosen = _chosen(project, found, target, connection)
    require_target(found, chosen)
    wishes = Wishes(message=message or found.message, yes=yes, quiet=quiet, form=output_format)
    code = _apply_to(workspace, chosen, found, wishes)
    if output_format is ListFormat.JSON:
        print_json({"targets": wishes.documents})
    if code:
        raise SystemExit(code)


def _chosen(project: Path, plan: PlanFile, name: str, connection: Connection) -> tuple[Workspace, Chosen]:
    """The Grafana: named here, or a target that both the plan and the project know.

    A plan alone decides on no address, so that a file from elsewhere cannot have credentials sent anywhere.
    """
    known = open_workspace(project, plan.environment).project.targets
    if not name and not connection.url and not os.environ.get("GRAFANA_URL") and plan.target.name in known:
        name = plan.target.name
    workspace, chosen = targets(project, plan.environment, [name] if name else None, connection)
    return workspace, chosen[0]


def _apply_to(workspace: Workspace, chosen: Chosen, plan: PlanFile, wishes: Wishes) -> int:

    wanted = _specs_now(workspace, plan)
    with (
        Progress(quiet=wishes.quiet) as progress,
        open_planned(workspace.root, progress.watched(chosen), plan, os.environ, wanted) as planned,
    ):
        progress.pause()
        push = planned.push
        note(push.notes)
        show = cleaner(push)
        for line in moved_lines(planned) if planned.moved else plan_lines(push):
            wishes.print(show(line))
        if planned.moved:
            return _refused(planned, wishes)
        if push.writes and not wishes.yes:
            question = f"apply {len(push.writes)} changes to {chosen.shown}?"
            confirm(question, f"{len(push.writes)} changes need a yes", "nothing was applied")
        return apply_steps(push, wishes, show, progress)


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


def _refused(planned: Planned, wishes: Wishes) -> int:

    sys.stderr.write("nothing was applied; look at it, and make a new plan with `dashgen push --plan-out`\n")
    outcomes = [
        Outcome(moved.step, End.CONFLICT, moved.reason, exit_code=EXIT_CONFLICT) for moved in planned.moved
    ]
    return end(planned.push, outcomes, EXIT_CONFLICT, wishes)

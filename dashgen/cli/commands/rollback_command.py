"""``dashgen rollback``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from dashgen.cli.connection_options import CaCert, ClientCert, ClientKey, TargetNames, Url, targets
from dashgen.cli.options import ProjectFolder, usage_error
from dashgen.cli.parameters import Argument, Option

if TYPE_CHECKING:
    from dashgen.project.targets import Chosen
    from dashgen.sync.push.apply_plan import Outcome


def rollback(
    backup: Annotated[
        str, Argument(metavar="BACKUP", help="The name of a backup's folder; the newest when absent.")
    ] = "",
    project: ProjectFolder = Path(),
    url: Url = "",
    target: TargetNames = None,
    dry_run: Annotated[bool, Option("--dry-run", "-n", help="Show the plan; change nothing.")] = False,
    force: Annotated[bool, Option("--force", help="Overwrite what others changed since.")] = False,
    ca_cert: CaCert = None,
    client_cert: ClientCert = None,
    client_key: ClientKey = None,
) -> None:
    """Put back what a push changed or deleted.

    What the push made anew stays. What somebody edited since the push is left alone and ends with exit code 4. The specs
    stay as they are: change them too, or the next push does the same again.

    Example: dashgen rollback --target prod --dry-run
    """
    from dashgen.project.targets import Connection  # noqa: PLC0415

    connection = Connection(url, ca_cert, client_cert, client_key)
    workspace, chosen = targets(project, None, target, connection)
    if len(chosen) > 1:
        usage_error("a backup is of one Grafana", "name one target")
    code = _roll_back(workspace.root, chosen[0], backup, dry_run=dry_run, force=force)
    if code:
        raise SystemExit(code)


def _roll_back(root: Path, chosen: "Chosen", name: str, *, dry_run: bool, force: bool) -> int:
    from dashgen.core.diagnostics.frame import clean  # noqa: PLC0415
    from dashgen.servers.grafana import Grafana  # noqa: PLC0415
    from dashgen.sync.push.apply_plan import planned_conflicts  # noqa: PLC0415
    from dashgen.sync.push.push import Push  # noqa: PLC0415
    from dashgen.sync.push.push_state import open_state  # noqa: PLC0415
    from dashgen.sync.push.rollback_versions import find_backup, rollback_steps  # noqa: PLC0415
    from dashgen.sync.push.step_texts import outcome_line, plan_lines  # noqa: PLC0415

    found = find_backup(root, name, chosen.settings.url)

    def tell(outcome: "Outcome") -> None:
        sys.stdout.write(clean(outcome_line(outcome)) + "\n")

    with (
        open_state(root, *chosen.memory, writes=not dry_run) as state,
        Grafana(chosen.settings) as grafana,
    ):
        sides, steps = rollback_steps(grafana, found, state, force=force)
        push = Push(chosen, root, grafana, state, sides, steps)
        sys.stdout.write(f"backup {found.path.name}\n")
        for line in plan_lines(push, again="dashgen rollback"):
            sys.stdout.write(clean(line) + "\n")
        conflicts = list(planned_conflicts(steps))
        if not dry_run:
            applied = push.apply(f"rolled back to {found.path.name}", tell)
            conflicts += applied.outcomes
    return max((outcome.exit_code for outcome in conflicts), default=0)

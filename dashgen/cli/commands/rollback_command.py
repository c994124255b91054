"""``dashgen rollback``."""

import sys
from pathlib import Path
from typing import Annotated

from dashgen.cli.connection_options import CaCert, ClientCert, ClientKey, TargetNames, Url
from dashgen.cli.grafana_targets import targets
from dashgen.cli.options import ProjectFolder, usage_error
from dashgen.cli.parameters import Argument, Option
from dashgen.core.diagnostics.frame import clean
from dashgen.project.targets import Chosen, Connection
from dashgen.servers.grafana import Grafana
from dashgen.sync.push.apply_plan import Outcome, planned_conflicts
from dashgen.sync.push.push import Push
from dashgen.sync.push.push_state import open_state
from dashgen.sync.push.rollback_versions import find_backup, rollback_steps
from dashgen.sync.push.step_texts import outcome_line, plan_lines


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
    connection = Connection(url, ca_cert, client_cert, client_key)
    workspace, chosen = targets(project, None, target, connection)
    if len(chosen) > 1:
        usage_error("a backup is of one Grafana", "name one target")
    code = _roll_back(workspace.root, chosen[0], backup, dry_run=dry_run, force=force)
    if code:
        raise SystemExit(code)


def _roll_back(root: Path, chosen: Chosen, name: str, *, dry_run: bool, force: bool) -> int:

    found = find_backup(root, name, chosen.settings.url)

    def tell(outcome: Outcome) -> None:
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

"""``dashgen rollback``."""

import sys
from pathlib import Path
from typing import Annotated, NamedTuple

from dashgen.cli.connection_options import CertificateOptions, DryRun, GrafanaOptions, TargetNames, Url
from dashgen.cli.grafana_targets import for_each_target, targets
from dashgen.cli.options import ProjectFolder, usage_error
from dashgen.cli.parameters import Argument, Option
from dashgen.core.diagnostics.frame import clean
from dashgen.project.targets import Chosen
from dashgen.servers.grafana import Grafana
from dashgen.sync.push.apply_plan import StepOutcome, planned_conflicts
from dashgen.sync.push.push import Push
from dashgen.sync.push.push_state import open_state
from dashgen.sync.push.rollback_versions import find_backup, rollback_steps
from dashgen.sync.push.step_texts import outcome_line, plan_lines


class RollbackOptions(NamedTuple):
    """Where something is put back, and how."""

    project: ProjectFolder = Path()
    url: Url = ""
    target: TargetNames = None
    dry_run: DryRun = False
    force: Annotated[bool, Option("--force", help="Overwrite what others changed since.")] = False


def rollback(
    options: RollbackOptions,
    certificates: CertificateOptions,
    backup: Annotated[
        str, Argument(metavar="BACKUP", help="The name of a backup's folder; the newest when absent.")
    ] = "",
) -> None:
    """Put back what a push changed or deleted.

    What the push made anew stays. What somebody edited since the push is left alone and ends with exit code 4. The specs
    stay as they are: change them too, or the next push does the same again.

    Example: dashgen rollback --target prod --dry-run
    """
    workspace, chosen = targets(GrafanaOptions(options.project, options.url, options.target), certificates)
    if len(chosen) > 1:
        usage_error("a backup is of one Grafana", "name one target")
    for_each_target(chosen, lambda target: _roll_back(workspace.root, target, backup, options))


def _roll_back(root: Path, chosen: Chosen, name: str, options: RollbackOptions) -> int:
    backup = find_backup(root, name, chosen.settings.url)

    def tell(outcome: StepOutcome) -> None:
        sys.stdout.write(clean(outcome_line(outcome)) + "\n")

    with (
        open_state(root, *chosen.memory, writes=not options.dry_run) as state,
        Grafana(chosen.settings) as grafana,
    ):
        sides, steps = rollback_steps(grafana, backup, state, force=options.force)
        push = Push(chosen, root, grafana, state, sides, steps)
        sys.stdout.write(f"backup {backup.path.name}\n")
        for line in plan_lines(push, again="dashgen rollback"):
            sys.stdout.write(clean(line) + "\n")
        conflicts = list(planned_conflicts(steps))
        if not options.dry_run:
            applied = push.apply(f"rolled back to {backup.path.name}", tell)
            conflicts += applied.outcomes
    return max((outcome.exit_code for outcome in conflicts), default=0)

"""``dashgen rollback``."""

import sys
from pathlib import Path
from typing import Annotated, NamedTuple

from dashgen.cli.connection_options import (
    CertificateOptions,
    DryRun,
    GrafanaOptions,
    TargetNames,
    TransferOptions,
    Url,
)
from dashgen.cli.documents.push_document import reported_push
from dashgen.cli.documents.small_documents import RollbackDocument
from dashgen.cli.grafana_targets import TargetRun, targets
from dashgen.cli.options import ListFormat, ListOutputFormat, ProjectFolder, usage_error
from dashgen.cli.output import print_json
from dashgen.cli.parameters import Argument, Option
from dashgen.core.diagnostics.frame import clean
from dashgen.formats.form_conversion import DASHBOARD_FORMS
from dashgen.project.targets import Chosen
from dashgen.servers.grafana import Grafana
from dashgen.sync.push.apply_plan import StepOutcome, planned_conflicts
from dashgen.sync.push.backup import find_backup, rollback_steps
from dashgen.sync.push.push import Push
from dashgen.sync.push.push_state import open_state
from dashgen.sync.push.step_texts import outcome_line, plan_lines


class RollbackOptions(NamedTuple):
    """Where resources are restored, and how."""

    project: ProjectFolder = Path()
    url: Url = ""
    target: TargetNames = None
    dry_run: DryRun = False
    force: Annotated[bool, Option("--force", help="Overwrite changes that others made since.")] = False
    output_format: ListOutputFormat = ListFormat.TEXT


def rollback(
    options: RollbackOptions,
    certificates: CertificateOptions,
    backup: Annotated[
        str, Argument(metavar="BACKUP", help="Name of the backup's folder; default: the newest.")
    ] = "",
) -> None:
    """Restore what a push changed or deleted.

    Resources that the push created stay. A resource that was edited since the push is left alone, and the
    exit code is 4. The specs are not changed: correct them too, or the next push makes the same changes
    again.

    Example: dashgen rollback --target prod --dry-run
    """
    grafanas = GrafanaOptions(options.project, options.url, options.target)
    workspace, chosen = targets(grafanas, TransferOptions(certificates=certificates))
    if len(chosen) > 1:
        usage_error("a backup is of one Grafana", "name one target")
    run = TargetRun(workspace.root)
    run.for_each(chosen, lambda target: _roll_back(workspace.root, target, backup, options))


def _roll_back(root: Path, target: Chosen, name: str, options: RollbackOptions) -> int:
    backup = find_backup(root, name, target.settings.url)

    is_text = options.output_format is ListFormat.TEXT

    def report_outcome(outcome: StepOutcome) -> None:
        if is_text:
            sys.stdout.write(clean(outcome_line(outcome)) + "\n")

    with (
        open_state(root, *target.memory, writes=not options.dry_run) as state,
        Grafana(target.settings, forms=DASHBOARD_FORMS) as grafana,
    ):
        sides, steps = rollback_steps(grafana, backup, state, force=options.force)
        push = Push(target, root, grafana, state, sides, steps)
        if is_text:
            sys.stdout.write(f"backup {backup.path.name}\n")
            for line in plan_lines(push, again="dashgen rollback"):
                sys.stdout.write(clean(line) + "\n")
        outcomes = list(planned_conflicts(steps))
        if not options.dry_run:
            applied = push.apply(f"rolled back to {backup.path.name}", report_outcome)
            outcomes += applied.outcomes
        code = max((outcome.exit_code for outcome in outcomes), default=0)
        if not is_text:
            reported = reported_push(push, outcomes, code, clean)
            print_json(RollbackDocument(backup=backup.path.name, target=reported))
    return code

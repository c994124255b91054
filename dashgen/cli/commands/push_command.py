"""``dashgen push``."""

import sys

from dashgen.cli.commands.push_once import PushOptions, PushRun, chosen_only, push_once
from dashgen.cli.commands.push_watch import watch_push
from dashgen.cli.connection_options import GrafanaOptions, TransferOptions
from dashgen.cli.documents.push_document import ReportedPush
from dashgen.cli.grafana_targets import targets
from dashgen.cli.options import EXIT_FINDINGS, ListFormat, ListOutputFormat, usage_error
from dashgen.core.errors import DashgenError
from dashgen.project.targets import Chosen


def push(
    grafanas: GrafanaOptions,
    options: PushOptions,
    transfer: TransferOptions,
    output_format: ListOutputFormat = ListFormat.TEXT,
) -> None:
    """Update a running Grafana to match the specs.

    Only resources that differ are written. A resource that was edited in Grafana since the last push is left
    alone, and the exit code is 4. Credentials come from the environment: the target's `token_env`,
    `GRAFANA_TOKEN`, or `GRAFANA_USER` and `GRAFANA_PASSWORD`.

    Example: dashgen push --target prod --dry-run
    """
    _refuse_contradictions(grafanas, options, output_format)
    workspace, chosen = targets(grafanas, transfer)
    run = PushRun(workspace.root, transfer.quiet, output_format, options=options)
    if options.watch:
        watch_push(chosen, run)
    run.for_each(chosen, lambda target: _push_to(target, run))


def _refuse_contradictions(grafanas: GrafanaOptions, options: PushOptions, form: ListFormat) -> None:
    """Refuse options that contradict each other.

    Raises:
        DashgenError: some do.
    """
    if options.prune and options.only:
        usage_error("`--prune` and `--only` cannot be combined", "use one of them")
    if options.watch and (options.prune or not options.writes or form is ListFormat.JSON):
        usage_error(
            "`--watch` only pushes", "leave out `--prune`, `--dry-run`, `--plan-out` and `--format json`"
        )
    if options.plan_out and len(grafanas.target or ()) > 1:
        usage_error("a plan is for one Grafana", "name one target")


def _push_to(target: Chosen, run: PushRun) -> int:
    """Push to one Grafana and return the exit code; an error ends only the push to this one."""
    built = run.built(target.environment, "nothing was pushed")
    if built is None:
        return EXIT_FINDINGS
    desired = chosen_only(built.desired, run.options.only)
    try:
        return push_once(target, desired, run, whole=not run.options.only)
    except DashgenError as error:
        hint = getattr(error, "hint", "")
        sys.stderr.write(f"dashgen: {target.shown}: {error}{f'; {hint}' if hint else ''}\n")
        run.results.append(
            ReportedPush(
                target=target.name or None,
                url=target.settings.url,
                error=str(error),
                exit_code=error.exit_code,
            )
        )
        return error.exit_code

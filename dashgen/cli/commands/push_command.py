"""``dashgen push``."""

import sys
from pathlib import Path
from typing import Annotated, NamedTuple

from dashgen.cli.commands.push_once import PushRun, chosen_only, push_once
from dashgen.cli.commands.push_watch import watch_push
from dashgen.cli.connection_options import (
    DryRun,
    GrafanaOptions,
    TransferOptions,
)
from dashgen.cli.grafana_targets import Builds, for_each_target, targets
from dashgen.cli.options import ListFormat, ListOutputFormat, usage_error
from dashgen.cli.parameters import Option
from dashgen.core.errors import DashgenError
from dashgen.project.targets import Chosen

OnlyUids = Annotated[
    list[str] | None,
    Option("--only", metavar="UID", help="Push only what has this uid (or name); may be repeated."),
]
Message = Annotated[
    str,
    Option("--message", "-m", help="Why, for the history in Grafana; the git commit when absent."),
]
Force = Annotated[bool, Option("--force", help="Overwrite what others changed, and write secrets again.")]
Prune = Annotated[
    bool, Option("--prune", help="Delete what was pushed from here and is in no spec any more.")
]
Yes = Annotated[bool, Option("--yes", "-y", help="Do not ask before deleting.")]
PlanOut = Annotated[
    Path | None,
    Option("--plan-out", metavar="FILE", help="Write the plan for `dashgen apply`, and nothing to Grafana."),
]
Watch = Annotated[
    bool, Option("--watch", "-w", help="Push what changes whenever a spec is saved, until Ctrl-C.")
]


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


def push(
    grafanas: GrafanaOptions,
    options: PushOptions,
    transfer: TransferOptions,
    output_format: ListOutputFormat = ListFormat.TEXT,
) -> None:
    """Bring a running Grafana to what the specs say.

    Only what differs is written. What somebody edited in Grafana since the last push is left alone and ends with exit
    code 4. The credentials come from the environment: the target's `token_env`, `GRAFANA_TOKEN`, or `GRAFANA_USER` and
    `GRAFANA_PASSWORD`.

    Example: dashgen push --target prod --dry-run
    """
    uids = frozenset(options.only or ())
    run = PushRun(
        dry_run=options.dry_run,
        message=options.message,
        force=options.force,
        prune=options.prune,
        yes=options.yes,
        whole=not options.only,
        quiet=transfer.quiet,
        plan_out=options.plan_out,
        form=output_format,
    )
    _require_sense(run, watch=options.watch, several=len(grafanas.target or ()) > 1)
    workspace, chosen = targets(grafanas, transfer)
    if options.watch:
        watch_push(workspace.root, chosen, uids, run)
    builds = Builds(workspace.root)
    documents = run.documents if output_format is ListFormat.JSON else None
    for_each_target(chosen, lambda one: _push_to(one, builds, uids, run), documents)


def _require_sense(run: PushRun, *, watch: bool, several: bool) -> None:
    """Refuse options that contradict each other.

    Raises:
        DashgenError: some do.
    """
    if run.prune and not run.whole:
        usage_error("`--prune` and `--only` cannot be combined", "use one of them")
    if watch and (run.prune or not run.writes or run.form is ListFormat.JSON):
        usage_error(
            "`--watch` only pushes", "leave out `--prune`, `--dry-run`, `--plan-out` and `--format json`"
        )
    if run.plan_out and several:
        usage_error("a plan is for one Grafana", "name one target")


def _push_to(chosen: Chosen, builds: Builds, only: frozenset[str], run: PushRun) -> int:
    """Push to one Grafana; the exit code that it calls for."""
    built = builds.of(chosen.environment)
    if built.failed:
        sys.stderr.write("nothing was pushed\n")
        return 1
    desired = chosen_only(built.desired, only) if only else built.desired
    try:
        return push_once(builds.root, chosen, desired, run)
    except DashgenError as error:
        hint = getattr(error, "hint", "")
        sys.stderr.write(f"dashgen: {chosen.shown}: {error}{f'; {hint}' if hint else ''}\n")
        if run.form is ListFormat.JSON:
            failed = {"url": chosen.settings.url, "error": str(error), "exit_code": error.exit_code}
            run.documents.append({"target": chosen.name or None, **failed})
        return error.exit_code

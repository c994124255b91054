"""``dashgen push``."""

import sys
from pathlib import Path
from typing import Annotated

from dashgen.cli.commands.push_once import Wishes, chosen_only, push_once
from dashgen.cli.commands.push_watch import watch_push
from dashgen.cli.connection_options import (
    CaCert,
    ClientCert,
    ClientKey,
    Concurrency,
    DryRun,
    Quiet,
    TargetNames,
    Url,
)
from dashgen.cli.grafana_targets import Builds, targets
from dashgen.cli.options import Environment, ListFormat, ListOutputFormat, ProjectFolder, usage_error
from dashgen.cli.output import print_json
from dashgen.cli.parameters import Option
from dashgen.core.errors import DashgenError
from dashgen.project.targets import Chosen, Connection

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


def push(
    project: ProjectFolder = Path(),
    url: Url = "",
    target: TargetNames = None,
    env: Environment = None,
    only: OnlyUids = None,
    dry_run: DryRun = False,
    message: Message = "",
    force: Force = False,
    prune: Prune = False,
    yes: Yes = False,
    plan_out: PlanOut = None,
    watch: Watch = False,
    quiet: Quiet = False,
    concurrency: Concurrency = 8,
    ca_cert: CaCert = None,
    client_cert: ClientCert = None,
    client_key: ClientKey = None,
    output_format: ListOutputFormat = ListFormat.TEXT,
) -> None:
    """Bring a running Grafana to what the specs say.

    Only what differs is written. What somebody edited in Grafana since the last push is left alone and ends with exit
    code 4. The credentials come from the environment: the target's `token_env`, `GRAFANA_TOKEN`, or `GRAFANA_USER` and
    `GRAFANA_PASSWORD`.

    Example: dashgen push --target prod --dry-run
    """
    wishes = Wishes(dry_run, message, force, prune, yes, not only, quiet, plan_out, output_format)
    _require_sense(wishes, watch=watch, several=len(target or ()) > 1)
    connection = Connection(url, ca_cert, client_cert, client_key, concurrency)
    workspace, chosen = targets(project, env, target, connection)
    if watch:
        watch_push(workspace.root, chosen, frozenset(only or ()), wishes)
    builds = Builds(workspace.root)
    code = max(_push_to(workspace.root, one, builds, frozenset(only or ()), wishes) for one in chosen)
    if output_format is ListFormat.JSON:
        print_json({"targets": wishes.documents})
    if code:
        raise SystemExit(code)


def _require_sense(wishes: Wishes, *, watch: bool, several: bool) -> None:
    """Refuse options that contradict each other.

    Raises:
        DashgenError: some do.
    """
    if wishes.prune and not wishes.whole:
        usage_error("`--prune` is about everything, and `--only` about a part", "use one of them")
    if watch and (wishes.prune or not wishes.writes or wishes.form is ListFormat.JSON):
        usage_error(
            "`--watch` only pushes", "leave out `--prune`, `--dry-run`, `--plan-out` and `--format json`"
        )
    if wishes.plan_out and several:
        usage_error("a plan is for one Grafana", "name one target")


def _push_to(root: Path, chosen: Chosen, builds: Builds, only: frozenset[str], wishes: Wishes) -> int:
    """Push to one Grafana; the exit code that it calls for."""
    built = builds.of(chosen.environment)
    if built.failed:
        sys.stderr.write("nothing was pushed\n")
        return 1
    wanted = chosen_only(built.desired, only) if only else built.desired
    try:
        return push_once(root, chosen, wanted, wishes)
    except DashgenError as error:
        hint = getattr(error, "hint", "")
        sys.stderr.write(f"dashgen: {chosen.shown}: {error}{f'; {hint}' if hint else ''}\n")
        if wishes.form is ListFormat.JSON:
            failed = {"url": chosen.settings.url, "error": str(error), "exit_code": error.exit_code}
            wishes.documents.append({"target": chosen.name or None, **failed})
        return error.exit_code

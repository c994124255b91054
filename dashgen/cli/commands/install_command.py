"""``dashgen install``."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NamedTuple

from dashgen.cli.commands.push_once import confirm
from dashgen.cli.connection_options import CertificateOptions, OnlyShow
from dashgen.cli.documents.small_documents import InstallDocument, InstalledPart, ServerReload
from dashgen.cli.options import (
    EXIT_FINDINGS,
    Environment,
    Format,
    ListFormat,
    ListOutputFormat,
    ProjectFolder,
)
from dashgen.cli.output import print_json, report
from dashgen.cli.parameters import Option
from dashgen.project.targets import Chosen, Connection, choose
from dashgen.sync.install.copy_files import shown
from dashgen.sync.install.install_plan import Installation, plan_installation
from dashgen.sync.install.mount_points import Server
from dashgen.sync.install.reload_servers import ReloadOutcome, reload_grafana, reload_prometheus
from dashgen.workspace.workspace import Workspace, open_workspace

StackPath = Annotated[
    Path,
    Option("--stack", "-s", metavar="DIR", help="Install into the stack of this compose file or folder."),
]
StackUrl = Annotated[
    str,
    Option("--url", "-u", metavar="URL", help="Address of the stack's Grafana; default: `GRAFANA_URL`."),
]
StackTarget = Annotated[
    str,
    Option("--target", "-t", metavar="NAME", help="The target of dashgen.yaml that is the stack's Grafana."),
]
StackPrometheus = Annotated[
    str,
    Option(
        "--prometheus",
        metavar="URL",
        help="Address of the stack's Prometheus; default: its published port.",
    ),
]
Reload = Annotated[bool, Option("--reload/--no-reload", help="Reload Grafana and Prometheus after copying.")]


class InstallOptions(NamedTuple):
    """The stack, what is installed into it, and what is reloaded."""

    stack: StackPath = Path("stack")
    project: ProjectFolder = Path()
    env: Environment = None
    url: StackUrl = ""
    target: StackTarget = ""
    prometheus: StackPrometheus = ""
    reload: Reload = True
    yes: Annotated[bool, Option("--yes", "-y", help="Reload without asking.")] = False
    dry_run: OnlyShow = False
    output_format: ListOutputFormat = ListFormat.TEXT
    certificates: CertificateOptions = CertificateOptions()


def install(options: InstallOptions) -> None:
    """Build, copy the files to where a compose stack mounts them, and reload its servers.

    Files that the stack mounts from the output stay there, the others are copied, and what else is beside
    them is kept. Everything that the servers would read is checked first, because one bad file keeps Grafana
    from starting. A server that is not running reads the files when it starts.

    Example: dashgen install --stack stack --target local --yes
    """
    workspace = open_workspace(options.project, options.env)
    connection = Connection(options.url, *options.certificates)
    grafana = _grafana(workspace, options.target, connection) if options.reload else None
    plan = plan_installation(workspace, options.stack, os.environ, dry_run=options.dry_run)
    if plan.problems:
        report(plan.problems, Format.TEXT, workspace.root)
    if plan.failed:
        sys.stderr.write("nothing was installed\n")
        raise SystemExit(EXIT_FINDINGS)
    reads_rules = options.reload and plan.has("rules/prometheus")
    prometheus = (options.prometheus or plan.published_prometheus) if reads_rules else ""
    if not options.dry_run:
        _confirm(grafana, prometheus, yes=options.yes)
        plan.write()
    outcomes: list[ReloadOutcome] = []
    if options.output_format is ListFormat.TEXT:
        sys.stdout.writelines(f"{line}\n" for line in plan.lines())
    if options.reload and not options.dry_run:
        outcomes = _reloaded(plan, grafana, prometheus, options)
    if options.output_format is ListFormat.JSON:
        print_json(_document(plan, outcomes, dry_run=options.dry_run))
    else:
        sys.stdout.writelines(f"{outcome}\n" for outcome in outcomes)
    if code := max((outcome.exit_code for outcome in outcomes), default=0):
        raise SystemExit(code)


def _reloaded(
    plan: Installation, grafana: Chosen | None, prometheus: str, options: InstallOptions
) -> list[ReloadOutcome]:
    """Have the servers read their files again, and say what each did."""
    # Credentials of the environment go to a Prometheus that the user named, not to one that only the compose
    # file names.
    variables = os.environ if options.prometheus else {}
    outcomes = [
        *_reload_grafana(plan, grafana),
        *([reload_prometheus(prometheus, variables)] if prometheus else []),
    ]
    if plan.has("rules/prometheus") and not prometheus:
        message = "not reloaded; name it with `--prometheus`, or restart it"
        outcomes.append(ReloadOutcome(Server.PROMETHEUS, "", message))
    return outcomes


def _document(plan: Installation, outcomes: list[ReloadOutcome], *, dry_run: bool) -> InstallDocument:
    changes = {copy.mount_point.part: copy.changes for copy in plan.copies}
    parts = []
    for point in plan.mount_points:
        change = changes.get(point.part)
        lists = (change.created, change.changed, change.deleted) if change else ([], [], [])
        parts.append(
            InstalledPart(
                point.part, str(point.server), shown(point.folder), point.in_place, *map(list, lists)
            )
        )
    reloads = [ServerReload(str(one.server), one.address, one.sentence, one.exit_code) for one in outcomes]
    return InstallDocument(dry_run=dry_run, output=shown(plan.built.output), parts=parts, reloads=reloads)


def _grafana(workspace: Workspace, name: str, connection: Connection) -> Chosen | None:
    """The Grafana that the user named, if any: credentials never go to an address that only a file names."""
    if not (name or connection.url or os.environ.get("GRAFANA_URL")):
        return None
    return choose(workspace, [name] if name else [], connection, os.environ)[0]


def _confirm(grafana: Chosen | None, prometheus: str, *, yes: bool) -> None:
    """Ask before a running server is reloaded.

    Raises:
        DashgenError: stdin is not a terminal.
        SystemExit: the answer is no.
    """
    servers = [f"Grafana at {grafana.settings.url}"] if grafana else []
    servers += [f"Prometheus at {prometheus}"] if prometheus else []
    if servers and not yes:
        listed = " and ".join(servers)
        undone = "nothing was copied; `--no-reload` leaves running servers alone"
        confirm(f"reload {listed}?", f"reloading {listed} has to be confirmed", undone)


def _reload_grafana(plan: Installation, grafana: Chosen | None) -> Iterator[ReloadOutcome]:
    if grafana is not None:
        yield reload_grafana(grafana.settings, lambda kind: plan.has(f"provisioning/{kind}"))
    elif any(mount.server is Server.GRAFANA for mount in plan.mount_points):
        message = "not reloaded; name it with `--url`, or restart it for data sources and alerting"
        yield ReloadOutcome(Server.GRAFANA, "", message)

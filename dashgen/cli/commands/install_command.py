"""``dashgen install``."""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, NamedTuple

from dashgen.cli.commands.push_once import confirm
from dashgen.cli.connection_options import CaCert, ClientCert, ClientKey
from dashgen.cli.options import EXIT_FINDINGS, Environment, Format, ProjectFolder
from dashgen.cli.output import report
from dashgen.cli.parameters import Option
from dashgen.project.targets import Chosen, Connection, choose
from dashgen.sync.install.install_plan import Installation, plan_installation
from dashgen.sync.install.mount_points import Server
from dashgen.sync.install.reload_servers import ReloadOutcome, reload_grafana, reload_prometheus
from dashgen.workspace.workspace import Workspace, open_workspace

StackPath = Annotated[
    Path, Option("--stack", "-s", metavar="DIR", help="The folder of the compose file, or the file.")
]
StackUrl = Annotated[
    str, Option("--url", "-u", metavar="URL", help="The stack's Grafana; `GRAFANA_URL` when absent.")
]
StackTarget = Annotated[
    str, Option("--target", "-t", metavar="NAME", help="The stack's Grafana, a target of dashgen.yaml.")
]
PrometheusUrl = Annotated[
    str,
    Option("--prometheus", metavar="URL", help="Its Prometheus; the published port when absent."),
]
Reload = Annotated[
    bool, Option("--reload/--no-reload", help="Have Grafana and Prometheus read the files again.")
]


class InstallOptions(NamedTuple):
    """What is installed where, and what is reloaded."""

    stack: StackPath = Path("stack")
    project: ProjectFolder = Path()
    env: Environment = None
    url: StackUrl = ""
    target: StackTarget = ""
    prometheus: PrometheusUrl = ""
    reload: Reload = True
    yes: Annotated[bool, Option("--yes", "-y", help="Do not ask before reloading.")] = False
    dry_run: Annotated[bool, Option("--dry-run", "-n", help="Say what would be done; change nothing.")] = (
        False
    )
    ca_cert: CaCert = None
    client_cert: ClientCert = None
    client_key: ClientKey = None


def install(options: InstallOptions) -> None:
    """Build, put the files where a compose stack mounts them, and have its servers read them again.

    The compose file says where: what the stack mounts from the output itself stays there, the rest is copied, and files
    that others put beside it are kept. All that the servers would read is checked before, because one bad file keeps
    Grafana from starting. A server that does not run reads the files when it starts.

    Example: dashgen install --stack stack --target local --yes
    """
    workspace = open_workspace(options.project, options.env)
    connection = Connection(options.url, options.ca_cert, options.client_cert, options.client_key)
    grafana = _grafana(workspace, options.target, connection) if options.reload else None
    plan = plan_installation(workspace, options.stack, os.environ, dry_run=options.dry_run)
    if plan.problems:
        report(plan.problems, Format.TEXT, workspace.root)
    if plan.failed:
        sys.stderr.write("nothing was installed\n")
        raise SystemExit(EXIT_FINDINGS)
    rules = (
        (options.prometheus or plan.published_prometheus)
        if options.reload and plan.has("rules/prometheus")
        else ""
    )
    opened = os.environ if options.prometheus else {}
    if not options.dry_run:
        _confirm(grafana, rules, yes=options.yes)
        plan.write()
    for line in plan.lines():
        sys.stdout.write(f"{line}\n")
    answers = [] if options.dry_run else list(_told(plan, grafana, (rules, opened), reload=options.reload))
    for one in answers:
        sys.stdout.write(f"{one}\n")
    if code := max((one.exit_code for one in answers), default=0):
        raise SystemExit(code)


def _grafana(workspace: Workspace, name: str, connection: Connection) -> Chosen | None:
    """The Grafana, when it is said which: credentials are never sent to an address that only a file names."""
    if not (name or connection.url or os.environ.get("GRAFANA_URL")):
        return None
    return choose(workspace, [name] if name else [], connection, os.environ)[0]


def _confirm(grafana: Chosen | None, prometheus: str, *, yes: bool) -> None:
    """Ask before a running server is touched.

    Raises:
        DashgenError: nobody can be asked.
        SystemExit: the answer is no.
    """
    servers = [f"Grafana at {grafana.settings.url}"] if grafana else []
    servers += [f"Prometheus at {prometheus}"] if prometheus else []
    if servers and not yes:
        listed = " and ".join(servers)
        undone = "nothing was copied; `--no-reload` leaves running servers alone"
        confirm(f"reload {listed}?", f"reloading {listed} needs a yes", undone)


def _told(
    plan: Installation,
    grafana: Chosen | None,
    prometheus: tuple[str, Mapping[str, str]],
    *,
    reload: bool,
) -> Iterator[ReloadOutcome]:
    """What the servers do; Prometheus is an address, and where its credentials are."""
    if grafana is not None:
        yield reload_grafana(grafana.settings, lambda kind: plan.has(f"provisioning/{kind}"))
    elif reload and any(place.server is Server.GRAFANA for place in plan.places):
        message = "not told; name it with `--url`, or restart it for data sources and alerting"
        yield ReloadOutcome(Server.GRAFANA, "", message)
    if prometheus[0]:
        yield reload_prometheus(*prometheus)
    elif reload and plan.has("rules/prometheus"):
        yield ReloadOutcome(Server.PROMETHEUS, "", "not told; name it with `--prometheus`, or restart it")

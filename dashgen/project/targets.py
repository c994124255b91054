"""Which Grafana a command talks to, as whom, and for which environment."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from dashgen.core.diagnostics import Diagnostic, Severity, nearest
from dashgen.core.errors import DashgenError
from dashgen.servers.grafana import ConnectionSettings, connection_settings
from dashgen.servers.http import Limits, credentials
from dashgen.workspace.workspace import Workspace


class Connection(Struct, frozen=True):
    """The connection options of the command line, which never hold credentials."""

    url: str = ""
    ca_cert: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None
    concurrency: int = Limits().concurrency


class Chosen(Struct, frozen=True):
    """A Grafana: its name in the project file if it has one, how to reach it, and its environment.

    ``own_environment`` is the one that the project file gives a target, ``dashboard_format`` is ``auto``,
    ``classic`` or ``v2``, ``written_for`` the version of Grafana that the project is written for.
    """

    name: str
    settings: ConnectionSettings
    environment: str | None = None
    warnings: tuple[Diagnostic, ...] = ()
    own_environment: str | None = None
    dashboard_format: str = "auto"
    written_for: str = ""

    @property
    def shown(self) -> str:
        """The target for people."""
        return f"{self.name} ({self.settings.url})" if self.name else self.settings.url

    @property
    def address(self) -> str:
        """What identifies one Grafana, and one organization in it."""
        org = self.settings.org_id
        return f"{self.settings.url}#{org}" if org else self.settings.url

    @property
    def named(self) -> str:
        """The target as the command line names it, with its environment if that is not the target's own."""
        name = self.name or self.settings.url
        return f"{name} --env {self.environment}" if self.environment != self.own_environment else name

    @property
    def memory(self) -> tuple[str, str]:
        """The name and the address under which pushes are remembered: of each environment apart.

        A target that is pushed for its own environment is remembered by its name alone.
        """
        if self.environment is None or self.environment == self.own_environment:
            return self.name, self.address
        name = f"{self.name} {self.environment}" if self.name else ""
        return name, f"{self.address} ({self.environment})"


def choose(
    workspace: Workspace, names: Sequence[str], connection: Connection, variables: Mapping[str, str]
) -> list[Chosen]:
    """The Grafanas that a command is about.

    Args:
        workspace: the project.
        names: names of targets.
        connection: the other options of the command line.
        variables: the environment of the process, which has the credentials.

    Raises:
        DashgenError: no target is chosen, or its credentials are missing.
    """
    if names and connection.url:
        raise DashgenError("`--url` and `--target` are both given; use one of them")
    if names:
        chosen = [_target(workspace, name, connection, variables) for name in dict.fromkeys(names)]
    else:
        chosen = [_by_address(workspace, connection, variables)]
    return [replace(one, written_for=workspace.project.grafana) for one in chosen]


def _by_address(workspace: Workspace, connection: Connection, variables: Mapping[str, str]) -> Chosen:
    address = (connection.url or variables.get("GRAFANA_URL", "")).strip().rstrip("/")
    targets = [
        name for name, target in workspace.project.targets.items() if target.url.rstrip("/") == address
    ]
    if targets:
        return _target(workspace, targets[0], connection, variables)
    chosen = _chosen("", _settings(connection, address), workspace.environment, variables)
    return replace(chosen, dashboard_format=_dashboard_format(workspace, chosen.environment, None))


def _target(workspace: Workspace, name: str, connection: Connection, variables: Mapping[str, str]) -> Chosen:
    target = workspace.project.targets.get(name)
    if target is None:
        hint = nearest(name, workspace.project.targets) or "define it under `targets:` in dashgen.yaml"
        raise DashgenError(f"there is no target `{name}`; {hint}")
    settings = _settings(connection, target.url)
    token = credentials.token(variables, target.token_env)
    if token:
        settings = replace(settings, token=token)
    elif target.token_env != "GRAFANA_TOKEN":  # noqa: S105  # a name, not a secret
        raise DashgenError(f"the token of `{name}` is missing: set `{target.token_env}`")
    if target.org_id is not None:
        settings = replace(settings, org_id=target.org_id)
    chosen = _chosen(name, settings, workspace.environment or target.env, variables)
    form = _dashboard_format(workspace, chosen.environment, target.format)
    return replace(chosen, own_environment=target.env, dashboard_format=form)


def _dashboard_format(workspace: Workspace, environment: str | None, own: str | None) -> str:
    """The form in which a push stores dashboards: a target's own, else its environment's, else the project's.

    The other formats of a project are about its files.
    """
    project = workspace.project
    overlay = project.environments.get(environment or "")
    inherited = overlay.format if overlay else None
    return own or inherited or ("v2" if project.format == "v2" else "auto")


def _settings(connection: Connection, url: str) -> ConnectionSettings:
    return ConnectionSettings(
        url,
        ca_cert=connection.ca_cert,
        client_cert=connection.client_cert,
        client_key=connection.client_key,
        limits=Limits(concurrency=connection.concurrency),
    )


def _chosen(
    name: str, settings: ConnectionSettings, environment: str | None, variables: Mapping[str, str]
) -> Chosen:
    target = connection_settings(settings, variables)
    if target.settings is None:
        wrong = next(problem for problem in target.problems if problem.severity is Severity.ERROR)
        raise DashgenError(f"{wrong.message}; {wrong.hint}" if wrong.hint else wrong.message)
    return Chosen(name, target.settings, environment, target.problems)

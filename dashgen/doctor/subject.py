"""The subject of an examination: a project, a stack, and servers.

Each is read once, when it is first needed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from dashgen.core.errors import DashgenError
from dashgen.doctor.chain import ChainLink
from dashgen.doctor.live.run_queries import Servers
from dashgen.doctor.reach import Reach, reach_all
from dashgen.doctor.stack_files import StackFiles
from dashgen.doctor.tools import Tools
from dashgen.formats import resources as kinds
from dashgen.model.document import SpecDocument
from dashgen.model.metrics_spec import Metrics
from dashgen.project.inspection import Inspection, inspect_project
from dashgen.project.targets import Chosen
from dashgen.servers.grafana import Grafana
from dashgen.servers.http import Endpoint, Redactor, Secret
from dashgen.servers.telemetry import Exposition, parse_exposition
from dashgen.sync.push.built_specs import BuiltSpecs, build_for
from dashgen.sync.push.desired_items import Desired
from dashgen.sync.push.push import PushRequest, open_push
from dashgen.sync.push.push_plan import PushStep
from dashgen.workspace.workspace import Workspace

_COMPARED = frozenset((kinds.DATA_SOURCE, kinds.DASHBOARD, kinds.RULE_GROUP))
_SECRET_NAMES = ("PASSWORD", "TOKEN", "KEY", "SECRET", "WEBHOOK")


class CostOptions(Struct, frozen=True):
    """Where the costs of questions are read from, and which are expensive.

    Attributes:
        log_file: a file of log lines; Loki when absent.
        expensive: the cost from which on a question is expensive.
    """

    log_file: Path | None = None
    expensive: float = 0.10


@dataclass
class Subject:
    """The project, the stack and the servers that doctor examines.

    Attributes:
        workspace: the project.
        variables: the environment of the process.
        stack: the compose file and the files beside it, when one is given.
        endpoints: the servers that requests may go to.
        servers: clients of them.
        chosen: the Grafana with its credentials.
        tools: programs, disks and the time.
        costs: where the costs of questions are read from.
    """

    workspace: Workspace
    variables: Mapping[str, str] = field(repr=False)
    stack: StackFiles | None = None
    endpoints: Mapping[ChainLink, Endpoint] = field(default_factory=dict)
    servers: Servers = field(default_factory=Servers)
    chosen: Chosen | None = None
    tools: Tools = field(default_factory=Tools)
    costs: CostOptions = field(default_factory=CostOptions)

    @property
    def now(self) -> float:
        """The present moment, in seconds since 1970."""
        return self.tools.clock()

    @property
    def grafana(self) -> Grafana | None:
        """The client of Grafana."""
        return self.servers.grafana

    @property
    def output(self) -> Path:
        """The folder that `dashgen build` writes."""
        return self.workspace.output()

    @cached_property
    def reaches(self) -> dict[ChainLink, Reach]:
        """How each server answers."""
        return reach_all(self.endpoints, self.tools.clock)

    @cached_property
    def exposition(self) -> Exposition:
        """The metrics that the application exposes."""
        reach = self.reaches.get(ChainLink.APP)
        return parse_exposition(reach.body.decode(errors="replace")) if reach else Exposition()

    @cached_property
    def inspection(self) -> Inspection:
        """The compiled specs."""
        return inspect_project(self.workspace.root, self.workspace.environment)

    @property
    def contracts(self) -> list[SpecDocument[Metrics]]:
        """The metric contract of the application."""
        return [document for document in self.inspection.documents.of("Metrics") if not document.model.job]

    @property
    def contracts_of_jobs(self) -> list[SpecDocument[Metrics]]:
        """The metric contracts of other scrape jobs, each of which is named in its contract."""
        return [document for document in self.inspection.documents.of("Metrics") if document.model.job]

    @cached_property
    def built(self) -> BuiltSpecs:
        """The specs built in memory, for the environment that the Grafana is for."""
        chosen = self.chosen.environment if self.chosen else None
        return build_for(self.workspace.root, chosen or self.workspace.environment)

    @cached_property
    def steps(self) -> list[PushStep]:
        """What a push of data sources, dashboards and alert rules would change.

        Raises:
            DashgenError: Grafana cannot be read.
        """
        if self.chosen is None:
            raise DashgenError("no Grafana is given")
        desired = self.built.desired
        part = Desired(desired.folders, [item for item in desired.items if item.kind in _COMPARED])
        request = PushRequest(whole=False, writes=False)
        with open_push(self.workspace.root, self.chosen, part, self.variables, request) as push:
            return push.steps

    def steps_of(self, kind: str) -> list[PushStep]:
        """The steps about one kind of resource."""
        return [step for step in self.steps if step.item.kind == kind]

    @cached_property
    def redact(self) -> Redactor:
        """Removes secrets and control characters of terminals from texts."""
        hidden: list[Secret] = []
        if self.stack is not None:
            for name, value in self.stack.named().items():
                # A well-known password is no secret, and hiding "admin" would spoil every message about
                # users.
                if any(part in name.upper() for part in _SECRET_NAMES) and not self.stack.is_public(value):
                    hidden.append(Secret(value))
        hidden += [secret for endpoint in self.endpoints.values() for secret in endpoint.secrets]
        hidden += self.chosen.settings.secrets if self.chosen else ()
        return Redactor(hidden)

    def fix_of(self, link: ChainLink, arguments: str, otherwise: str) -> str:
        """A command of docker compose for the container of a server.

        ``otherwise`` when it is none of the stack's.
        """
        service = self.stack.service(link) if self.stack and self.is_of_stack(link) else None
        if self.stack is None or service is None:
            return otherwise
        return self.stack.command(arguments.format(service=service.name))

    @property
    def is_provisioned(self) -> bool:
        """Whether Grafana reads the resources of the specs from files, so that a push does not help.

        Raises:
            DashgenError: Grafana cannot be read.
        """
        managed = any(step.live is not None and step.live.is_provisioned for step in self.steps)
        return managed or (self.stack is not None and self.is_of_stack(ChainLink.GRAFANA))

    def is_of_stack(self, link: ChainLink) -> bool:
        """Whether the address of a server is the one that the stack publishes."""
        endpoint = self.endpoints.get(link)
        if self.stack is None:
            return False
        published = self.stack.published(link)
        return endpoint is None or (bool(published) and endpoint.url.startswith(published))

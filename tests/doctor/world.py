"""A whole stack in miniature, which is healthy until a test breaks one thing of it."""

import contextlib
import json
import pickle
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from dashgen.doctor.chain import ChainLink, LinkFault, LinkOutcome
from dashgen.doctor.examine import examine
from dashgen.doctor.server_addresses import ServerChoice, clients, endpoints, grafana_of
from dashgen.doctor.stack_files import read_files
from dashgen.doctor.subject import CostOptions, Subject
from dashgen.doctor.tools import Disk, ProgramResult, Tools
from dashgen.project.build import BuildOptions, build
from dashgen.project.targets import Chosen, Connection
from dashgen.servers.grafana import ConnectionSettings
from dashgen.servers.http import Redactor, Secret
from dashgen.sync.push.built_specs import build_for
from dashgen.sync.push.push import PushRequest, open_push
from dashgen.sync.push.push_plan import PlanOptions
from dashgen.workspace.workspace import open_workspace
from tests.doctor.project import COMPOSE, FILES, PASSWORD, SERVICES, write
from tests.doctor.servers import app_answers, loki_answers, prometheus_answers, tempo_answers
from tests.grafana.fake import FakeGrafana
from tests.telemetry.running import Scripted, scripted
from tests.tools.hanging import PATIENT

ROOMY = Disk(500 * 2**30, 200 * 2**30)


def docker_running(_words: Sequence[str]) -> ProgramResult:
    """Docker as it is while everything runs."""
    rows = [{"Service": name, "State": "running", "Health": "healthy", "ExitCode": 0} for name in SERVICES]
    return ProgramResult(0, "\n".join(map(json.dumps, rows)))


@dataclass
class World:
    """The project, the stack's folder, and the servers."""

    root: Path
    app: Scripted
    prometheus: Scripted
    loki: Scripted
    tempo: Scripted
    grafana: FakeGrafana
    tools: Tools = field(default_factory=lambda: Tools(docker_running, lambda _path: ROOMY))
    costs: CostOptions = field(default_factory=CostOptions)
    variables: dict[str, str] = field(default_factory=dict)
    given: dict[ChainLink, str] = field(default_factory=dict)
    url: str = ""
    patience: float = PATIENT.total

    @property
    def stack(self) -> Path:
        return self.root / "stack"

    @property
    def ports(self) -> dict[str, int]:
        servers = {"app": self.app, "prometheus": self.prometheus, "loki": self.loki, "tempo": self.tempo}
        urls = {name: server.url for name, server in servers.items()} | {"grafana": self.grafana.url}
        return {name: int(url.rpartition(":")[2]) for name, url in urls.items()}

    def compose(self, **ports: Any) -> None:
        """Write the compose file, with other ports where some are given."""
        write(self.stack, {"compose.yaml": COMPOSE.format(**{**self.ports, **ports})})

    def replace_in(self, name: str, old: str, new: str) -> None:
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def fill(self) -> None:
        """Give Grafana what the specs say now."""
        fill(self.grafana, self.root)

    def subject(self) -> Subject:
        """What doctor looks at."""
        workspace = open_workspace(self.root)
        stack, problems = read_files(self.stack, self.variables, workspace.project.doctor)
        assert problems == []
        choice = ServerChoice(self.given, Connection(self.url), "", stack, self.patience)
        chosen = grafana_of(workspace, choice, self.variables)
        endpoints_of = endpoints(choice, chosen, self.variables)
        servers = clients(endpoints_of, chosen)
        return Subject(
            workspace, self.variables, stack, endpoints_of, servers, chosen, self.tools, self.costs
        )

    def redactor(self) -> Redactor:
        """What hides secrets."""
        return self.subject().redact

    def examine(self) -> dict[ChainLink, LinkOutcome]:
        """What doctor finds."""
        subject = self.subject()
        try:
            return dict(examine(subject))
        finally:
            subject.servers.close()


def faults(outcomes: dict[ChainLink, LinkOutcome]) -> list[tuple[ChainLink, LinkFault]]:
    """Everything that surely is wrong."""
    return [
        (link, fault)
        for link, outcome in outcomes.items()
        for fault in outcome.faults
        if fault.finding.certain
    ]


def build_small_project(root: Path) -> Path:
    """Write the small project to a folder and build it there; gives the folder."""
    write(root, FILES)
    report = build(BuildOptions(root))
    assert report.diagnostics == [], report.diagnostics
    return root


@contextlib.contextmanager
def world_in(root: Path, built: Path) -> Iterator[World]:
    """A healthy world in a folder, from a project that was built already."""
    shutil.copytree(built, root, dirs_exist_ok=True)
    with (
        scripted(app_answers()) as app,
        scripted() as prometheus,
        scripted() as loki,
        scripted(tempo_answers()) as tempo,
        FakeGrafana() as grafana,
    ):
        loki.answers = loki_answers(rules=root / "generated/rules/loki")
        prometheus.answers = prometheus_answers(root / "generated/rules/prometheus", app.url)
        world = World(root, app, prometheus, loki, tempo, grafana)
        world.compose()
        files = {"prometheus.yml": "scrape_configs: []\n", ".env": f"GRAFANA_ADMIN_PASSWORD={PASSWORD}\n"}
        write(world.stack, files)
        grafana.accounts.passwords["admin"] = PASSWORD
        vars(grafana.store).update(pickle.loads(_filled(built)))  # noqa: S301  # made below
        grafana.store.healthy = {"prometheus", "loki", "tempo"}
        yield world


@cache
def _filled(built: Path) -> bytes:
    """What a Grafana holds after a push of a project that was built in a folder."""
    with FakeGrafana() as grafana:
        fill(grafana, built)
        return pickle.dumps(grafana.store.contents())


def fill(grafana: FakeGrafana, root: Path) -> None:
    """Push the project, so that Grafana has what the specs say."""
    settings = ConnectionSettings(grafana.url, token=Secret(grafana.admin_token))
    target = Chosen("", replace(settings))
    request = PushRequest(PlanOptions(force=True))
    with open_push(root, target, build_for(root, None).desired, {}, request) as push:
        applied = push.apply("", lambda _outcome: None)
    assert applied.exit_code == 0
    shutil.rmtree(root / ".dashgen", ignore_errors=True)


def run(words: Sequence[str], folder: Path) -> None:
    """Run a program of this machine."""
    subprocess.run(words, cwd=folder, check=True, capture_output=True)

"""Hostile answers of Prometheus, Loki, Tempo and an application through the commands that ask them."""

import random
import tempfile
from contextlib import ExitStack
from pathlib import Path
from unittest import mock

from dashgen.servers.grafana.session import Session
from dashgen.servers.telemetry.service import Service
from tests.cli.transcript import run_command
from tests.doctor.world import World, build_small_project, world_in
from tests.fuzz.hostile import hostile_answers
from tests.fuzz.watch import Findings, watch

_DIRECT = ("--prometheus", "{prometheus}", "--loki", "{loki}", "--tempo", "{tempo}")
_COMMANDS = (
    ("check", "--live", *_DIRECT), ("check", "--live", *_DIRECT, "--format", "json"),
    ("check", "--live", *_DIRECT, "--format", "junit"), ("check", "--live", "--url", "{grafana}"),
    ("metrics", "check", "--url", "{app}/metrics"), ("metrics", "check", "--url", "{app}/metrics", "--format", "json"),
    ("metrics", "import", "--url", "{app}/metrics"), ("metrics", "import", "--url", "{app}/metrics", "--out", "specs/metrics.yaml"),
    ("doctor", "--stack", "stack"), ("doctor", *_DIRECT, "--url", "{grafana}", "--app", "{app}"),
)  # fmt: skip
_WORLD_LASTS = 20


def fuzz_telemetry(count: int, seed: int, found: Findings) -> None:
    """Run commands against servers whose answers are another thing than they should be."""
    with ExitStack() as stack:
        for waiting in (Session, Service):
            stack.enter_context(mock.patch.dict(waiting.__init__.__kwdefaults__, sleep=lambda _seconds: None))
        built = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        build_small_project(built)
        for first in range(0, count, _WORLD_LASTS):
            with tempfile.TemporaryDirectory() as name, world_in(Path(name), built) as world:
                for number in range(first, min(first + _WORLD_LASTS, count)):
                    _one(world, number, seed, found)
                # The fake is made for requests of sound shape; what it cannot answer is an error of a server.
                world.grafana.unexpected.clear()


def _one(world: World, number: int, seed: int, found: Findings) -> None:
    random_ = random.Random(f"telemetry {seed} {number}")  # noqa: S311  # no secret
    servers = {"prometheus": world.prometheus, "loki": world.loki, "tempo": world.tempo, "app": world.app}
    urls = {name: server.url for name, server in servers.items()} | {"grafana": world.grafana.url}
    command = random_.choice(_COMMANDS)
    words = [word.format(**urls) for word in command]

    def run() -> tuple[int, str]:
        ended = run_command(words, world.root, {"GRAFANA_TOKEN": world.grafana.admin_token})
        return ended.code, ended.stderr

    with hostile_answers(random_):
        watch(f"telemetry {seed} {number} {' '.join(command)}", run, found)

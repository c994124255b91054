"""What a push and a comparison cost when nothing changed, against a fake Grafana that answers after 20 ms."""

import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench import as_dashgen, content
from tests.bench.measure import Cost, run
from tests.bench.report import Line
from tests.bench.rounds import DASHGEN, PYTHON, Results, typical

VERSIONS = ("12.4.3", "11.5.0")
LATENCY = "0.02"
MANY, FEW = 1000, 100
GOAL = 0.3
_SERIAL = """\
import os, sys, requests
session = requests.Session()
session.headers["Authorization"] = "Bearer " + os.environ["GRAFANA_TOKEN"]
for number in range(1, int(sys.argv[2]) + 1):
    session.get(sys.argv[1] + f"svc-{number:04d}").raise_for_status()
"""


@contextmanager
def pushed(folder: Path, count: int, version: str) -> Iterator[dict[str, Callable[[], Cost]]]:
    """A project that was built and pushed, and who takes turns there."""
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "tests.bench.fake_grafana", version, LATENCY]
    with subprocess.Popen(
        command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            url, token = (server.stdout.readline() if server.stdout else "").split()
            as_dashgen.write_project(folder, [content.dashboard(n) for n in range(1, count + 1)])
            yield _turns(folder, url, token, count, version)
        finally:
            server.communicate()


def _turns(folder: Path, url: str, token: str, count: int, version: str) -> dict[str, Callable[[], Cost]]:
    one = "/api/dashboards/uid/"
    if version.startswith("12"):
        one = "/apis/dashboard.grafana.app/v1beta1/namespaces/default/dashboards/"

    def dashgen(*words: str) -> Cost:
        return run([DASHGEN, *words, "--url", url], folder, GRAFANA_TOKEN=token)

    def forgetful() -> Cost:
        shutil.move(folder / ".dashgen/push", folder / "kept")
        try:
            return dashgen("push")
        finally:
            shutil.rmtree(folder / ".dashgen/push")
            shutil.move(folder / "kept", folder / ".dashgen/push")

    run([DASHGEN, "build"], folder)
    dashgen("push")
    dashgen("push")
    serial = [PYTHON, "-c", _SERIAL, url + one, str(count)]
    return {
        "serial": lambda: run(serial, folder, GRAFANA_TOKEN=token),
        "push": lambda: dashgen("push"),
        "diff": lambda: dashgen("diff"),
        "forgetful push": forgetful,
    }


def compete_over_http(folder: Path, rounds: int, progress: Callable[[str], None]) -> Results:
    """Let everybody take turns, for each API of dashboards, with many and with few."""
    results: Results = defaultdict(list)
    for version in VERSIONS:
        for count in (FEW, MANY):
            with pushed(folder / f"{version}-{count}", count, version) as turns:
                for number in range(1, rounds + 1):
                    progress(f"Grafana {version}, {count} dashboards, round {number} of {rounds}")
                    for name, turn in turns.items():
                        results[f"{name} {version}", count].append(turn())
    return results


def client_lines(results: Results) -> list[Line]:
    """Every comparison, as far as it was measured."""
    found = []
    for version in VERSIONS:
        api = f"Grafana {version.partition('.')[0]}"
        for name in ("push", "diff", "forgetful push"):
            took = typical(results, f"{name} {version}", MANY, "wall")
            ratio = took / typical(results, f"serial {version}", MANY, "wall")
            shown = name.replace("forgetful push", "`push` that remembers nothing,")
            shown = shown if shown != name else f"`{name}`"
            found.append(
                Line(f"{shown} of {MANY} unchanged dashboards, {api} / serial requests", ratio, GOAL)
            )
        memory = [typical(results, f"push {version}", count, "memory") for count in (MANY, FEW)]
        what = f"peak memory of that push, {MANY} dashboards / {FEW}, {api}"
        found.append(Line(what, memory[0] / memory[1], 1.1))
    return found

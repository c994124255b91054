"""Without a terminal every command ends by itself: nothing asks, waits for a key, or reads what nobody writes."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dashgen.cli.app import COMMANDS
from dashgen.cli.options import EXIT_CODES
from dashgen.cli.scaffold import write_project
from tests.docs.examples import ROOT
from tests.tools.waiting import LONGEST_WAIT

NOWHERE = "http://127.0.0.1:9"
WORDS = {
    "check": ["--live", "--prometheus", NOWHERE],
    "costs": ["--prometheus", NOWHERE],
    "doctor": ["--url", NOWHERE],
    "report": ["daily"],
    "impact": ["metric:shop_requests_total"],
    "route": ["severity=critical"],
    "push": ["--url", NOWHERE, "--prune"],
    "pull": ["--url", NOWHERE],
    "apply": ["plan.json"],
    "status": ["--url", NOWHERE],
    "rollback": ["--url", NOWHERE],
    "install": ["--stack", "stack"],
    "annotate": ["now", "--url", NOWHERE],
    "backfill": ["past"],
    "import": ["-"],
    "init": ["another", "--from", NOWHERE],
    "explain": ["shop/p95"],
    "metrics check": ["--file", "-"],
    "metrics import": ["--file", "-"],
    "review": ["--against", "HEAD"],
}
"""Arguments with which each command does its work, or comes as far as it can; the others need none."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    write_project(folder)
    return folder


@pytest.mark.parametrize("name", COMMANDS)
def test_it_ends_with_stdin_closed(name: str, project: Path) -> None:
    hidden = ("GRAFANA_", "PROMETHEUS_", "LOKI_", "TEMPO_")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(hidden)}
    ended = subprocess.run(
        [sys.executable, "-m", "dashgen", *name.split(), *WORDS.get(name, [])],
        cwd=project,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=10 * LONGEST_WAIT,
    )
    assert ended.returncode in EXIT_CODES
    assert ended.returncode != 70, ended.stderr
    assert "Traceback" not in ended.stderr
    assert "[y/N]" not in ended.stdout + ended.stderr


def test_questions_are_asked_in_one_module_which_looks_for_a_terminal_first() -> None:
    asking = []
    for path in sorted((ROOT / "dashgen").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        names = {call.func.id for call in calls if isinstance(call.func, ast.Name)}
        names |= {call.func.attr for call in calls if isinstance(call.func, ast.Attribute)}
        if names & {"input", "getpass", "prompt"}:
            asking.append(path.name)
            assert "isatty" in names
    assert asking == ["push_once.py"]

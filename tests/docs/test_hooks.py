"""What other projects take from this one: pre-commit hooks and a GitHub Action."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashgen.cli.scaffold import write_project
from tests.cli.transcript import run_command

ROOT = Path(__file__).parents[2]
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
IN_ACTION = [
    match[1]
    for step in ACTION["runs"]["steps"]
    for match in re.finditer(r'bin/dashgen" ([^\n\']+)', step.get("run", ""))
]


def _run(command: str) -> "subprocess.CompletedProcess[str]":
    program = Path(sys.executable).with_name("dashgen")
    return subprocess.run(
        [program, *shlex.split(command)], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_passes_on_this_project(hook: dict[str, Any]) -> None:
    result = _run(hook["entry"].removeprefix("dashgen "))
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_runs_for_a_project_in_a_folder_of_the_repository(
    hook: dict[str, Any], tmp_path: Path
) -> None:
    pattern = re.compile(hook["files"])
    names = ["dashgen.yaml", "specs/dashboards/shop.yaml", "generated/dashgen.lock.json"]
    for folder in ("", "infra/dash/"):
        assert [name for name in names if pattern.search(folder + name) is None] == []
    assert pattern.search("src/specs.py") is None
    write_project(tmp_path / "infra/dash")
    build = run_command(["build", "--project", "infra/dash"], tmp_path, {})
    assert build.code == 0
    words = [*shlex.split(hook["entry"])[1:], "--project", "infra/dash"]
    assert run_command(words, tmp_path, {}).code == 0


@pytest.mark.parametrize("command", IN_ACTION)
def test_a_step_of_the_action_passes_on_this_project(command: str) -> None:
    if command.startswith("test ") and shutil.which("promtool") is None:
        pytest.skip("promtool is missing, so the tests of alerts were not run")
    result = _run(command)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_action_checks_specs_and_generated_files_and_runs_the_tests_of_alerts() -> None:
    assert [command.split()[0] for command in IN_ACTION] == ["validate", "build", "test"]

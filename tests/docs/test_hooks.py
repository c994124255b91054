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


@pytest.mark.parametrize("command", IN_ACTION)
def test_a_step_of_the_action_passes_on_this_project(command: str) -> None:
    if command.startswith("test ") and shutil.which("promtool") is None:
        pytest.skip("promtool is missing, so the tests of alerts were not run")
    result = _run(command)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_action_checks_specs_and_generated_files_and_runs_the_tests_of_alerts() -> None:
    assert [command.split()[0] for command in IN_ACTION] == ["validate", "build", "test"]

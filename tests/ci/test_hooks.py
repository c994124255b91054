"""The hooks for pre-commit that other projects take from this one."""

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


def _run(command: str) -> "subprocess.CompletedProcess[str]":
    program = Path(sys.executable).with_name("dashgen")
    return subprocess.run(
        [program, *shlex.split(command)], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_passes_on_this_project(hook: dict[str, Any]) -> None:
    if hook["id"] == "dashgen-test" and shutil.which("promtool") is None:
        pytest.skip("promtool is missing, so the tests of alerts were not run")
    result = _run(hook["entry"].removeprefix("dashgen "))
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_runs_for_a_project_in_a_folder_of_the_repository(
    hook: dict[str, Any], tmp_path: Path
) -> None:
    if hook["id"] == "dashgen-test" and shutil.which("promtool") is None:
        pytest.skip("promtool is missing, so the tests of alerts were not run")
    pattern = re.compile(hook["files"])
    names = ["dashgen.yaml", "specs/dashboards/shop.yaml"]
    names += ["generated/dashgen.lock.json"] if "generated" in hook["files"] else []
    for folder in ("", "infra/dash/"):
        assert [name for name in names if pattern.search(folder + name) is None] == []
    assert pattern.search("src/specs.py") is None
    write_project(tmp_path / "infra/dash")
    build = run_command(["build", "--project", "infra/dash"], tmp_path, {})
    assert build.code == 0
    words = [*shlex.split(hook["entry"])[1:], "--project", "infra/dash"]
    assert run_command(words, tmp_path, {}).code == 0


def test_there_is_a_hook_for_each_check() -> None:
    entries = {hook["id"]: hook["entry"] for hook in HOOKS}
    assert entries == {
        "dashgen-validate": "dashgen validate",
        "dashgen-build-check": "dashgen build --check",
        "dashgen-lint": "dashgen lint",
        "dashgen-test": "dashgen test",
    }


def test_a_hook_is_what_pre_commit_demands() -> None:
    """Source: https://pre-commit.com/#new-hooks; `pre-commit validate-manifest` takes the file too."""
    known = {"id", "name", "description", "entry", "language", "files", "pass_filenames"}
    for hook in HOOKS:
        assert {"id", "name", "entry", "language"} <= hook.keys() <= known
        assert (hook["language"], hook["pass_filenames"]) == ("python", False)

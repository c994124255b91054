"""The commands of the README that need no clone, tried from this repository: `uvx --from git+…` and `pipx install git+…`.

Packages come from an index, in the versions of `.ci/lock.txt`.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.docs.examples import ROOT
from tests.docs.promises import README

ADDRESS = "git+https://github.com/YOUR-ORG/dashgen"
HERE = f"git+file://{ROOT}"
pytestmark = pytest.mark.stack


def constraints(folder: Path) -> Path:
    """The versions of the lock, without hashes, which would be demanded of the repository as well."""
    text = (ROOT / ".ci/lock.txt").read_text(encoding="utf-8")
    lines = re.findall(r"^([A-Za-z0-9._-]+==[^\s\\;]+(?: *; *[^\\\n]+)?)", text, re.MULTILINE)
    path = folder / "constraints.txt"
    path.write_text("".join(f"{line.strip()}\n" for line in lines), encoding="utf-8")
    return path


def run(command: list[str], folder: Path, **variables: str) -> str:
    # The machine says how it reaches an index: its proxy, its authorities.
    environment = {**os.environ, "HOME": str(folder), "UV_SYSTEM_CERTS": "true", **variables}
    ended = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout + ended.stderr


def require(program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is missing, so the command of the README was not tried")


def test_uvx_makes_a_project_from_metrics(tmp_path: Path) -> None:
    require("uvx")
    command = f"uvx --from {ADDRESS} dashgen init my-dashboards --from http://localhost:8000/metrics"
    assert command in README
    (tmp_path / "metrics.txt").write_text("# TYPE bakery_orders_total counter\nbakery_orders_total 3\n")
    words = command.replace(ADDRESS, HERE).replace("http://localhost:8000/metrics", "metrics.txt").split()
    versions = str(constraints(tmp_path))
    printed = run([words[0], "--constraints", versions, *words[1:]], tmp_path)
    assert f"next: cd my-dashboards && uvx --from {HERE} dashgen preview" in printed
    assert (tmp_path / "my-dashboards/generated/dashboards").is_dir()


def test_pipx_installs_a_command_that_works(tmp_path: Path) -> None:
    require("pipx")
    assert f"pipx install {ADDRESS}" in README
    versions = str(constraints(tmp_path))
    homes = {
        "PIPX_HOME": str(tmp_path / "home"),
        "PIPX_BIN_DIR": str(tmp_path / "bin"),
        "PIP_CONSTRAINT": versions,
    }
    run(["pipx", "install", HERE], tmp_path, **homes)
    dashgen = str(tmp_path / "bin/dashgen")
    run([dashgen, "init", "p"], tmp_path)
    assert "1 dashboard" in run([dashgen, "preview", "-C", "p", "--out", "p.html"], tmp_path)
    assert (tmp_path / "p.html").stat().st_size > 10_000

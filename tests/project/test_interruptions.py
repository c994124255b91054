"""Builds that are killed, builds at once, and files that nobody makes any more."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.project.project import Project, new_project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return new_project(tmp_path)


KILLED = """
import os, sys
from dashgen.cli.app import main
from dashgen.core.files import temporary
real, left = os.replace, [int(sys.argv.pop(1))]
def replace(source, target, **folders):
    if not left[0]:
        os.kill(os.getpid(), 9)
    left[0] -= 1
    real(source, target, **folders)
temporary.os.replace = replace
main()
"""


@pytest.mark.parametrize("specs", ["stay", "go"])
@pytest.mark.parametrize("count", range(4))
def test_a_build_that_is_killed_leaves_nothing_that_the_next_one_does_not_know(
    project: Project, count: int, specs: str
) -> None:
    project.build()
    project.dashboard("one", "Changed")
    project.dashboard("three")
    words = [sys.executable, "-c", KILLED, str(count), "build", "-C", str(project.root)]
    killed = subprocess.run(words, check=False, capture_output=True)
    assert killed.returncode == -9, killed
    if specs == "go":
        for name in ("one", "three"):
            (project.root / f"specs/{name}.yaml").unlink()
    left = {name for name in project.files() if name.startswith("dashboards/")}
    checked = project.build(check=True)
    assert checked.differs
    if specs == "go":
        assert set(checked.deleted) == left - {"dashboards/two.json"}
    done = project.build()
    assert done.diagnostics == []
    assert not project.build(check=True).differs
    fresh = new_project(project.root / "fresh")
    for path in (fresh.root / "specs").glob("*.yaml"):
        path.unlink()
    for path in (project.root / "specs").glob("*.yaml"):
        fresh.write(f"specs/{path.name}", path.read_text())
    fresh.build()
    assert project.files() == fresh.files()


def test_the_journal_of_a_killed_build_counts_though_the_specs_are_as_before(project: Project) -> None:
    project.build()
    project.dashboard("three")
    words = [sys.executable, "-c", KILLED, "2", "build", "-C", str(project.root)]
    assert subprocess.run(words, check=False, capture_output=True).returncode == -9
    assert "dashboards/three.json" in project.files()
    (project.root / "specs/three.yaml").unlink()
    assert project.build(check=True).deleted == ["dashboards/three.json"]
    assert project.build().deleted == ["dashboards/three.json"]


def test_an_edited_file_without_a_spec_is_told_until_it_is_gone(project: Project) -> None:
    project.build()
    project.write("generated/dashboards/one.json", '{"edited": true}')
    (project.root / "specs/one.yaml").unlink()
    for _ in range(2):
        assert [one.rule for one in project.build().diagnostics] == ["output/edited"]
        checked = project.build(check=True)
        assert checked.differs
        assert checked.differences == [
            "dashboards/one.json: no spec makes this file, and it was edited by hand"
        ]
    (project.output / "dashboards/one.json").unlink()
    assert project.build().diagnostics == []
    assert not project.build(check=True).differs


def test_builds_at_once_follow_one_another(project: Project) -> None:
    for number in range(40):
        project.dashboard(f"d{number}")
    words = [sys.executable, "-m", "dashgen", "build", "--no-cache", "-C", str(project.root)]
    running = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
    ended = [(process.communicate(), process.returncode) for process in running]
    assert [code for _, code in ended] == [0, 0, 0], ended
    assert not project.build(check=True).differs

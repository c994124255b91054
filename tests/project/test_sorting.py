"""Below a spec folder every YAML file is a spec, whatever it holds; elsewhere its first lines tell."""

import os
from pathlib import Path

import pytest

from dashgen.workspace.diagnostic_order import sort_paths
from tests.project.project import Project, new_project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return new_project(tmp_path)


@pytest.mark.parametrize("text", ["title: x\n", "", "- a\n", "a: [", "kind: Dashboard\n"])
def test_a_file_below_a_spec_folder_is_a_spec_whatever_it_holds(project: Project, text: str) -> None:
    path = project.write("specs/deep/a.yaml", text)
    assert sort_paths([path]).specs == [path]
    assert path in sort_paths([project.root / "specs"]).specs


def test_a_pipe_is_not_opened(project: Project) -> None:
    os.mkfifo(project.root / "specs/pipe.yaml")
    os.mkfifo(project.root / "other.yaml")
    assert project.root / "specs/one.yaml" in sort_paths([project.root / "specs"]).specs


def test_a_spec_that_is_wrong_from_its_first_line_is_told_by_validate(project: Project) -> None:
    path = project.write("specs/a.yaml", "title: x\n")
    done = project.run("validate", str(path))
    assert done.code == 1
    assert "`kind` is missing" in done.out

"""The short way of a build that finds nothing changed prints what the long one does."""

import os
import subprocess
import sys
from contextlib import chdir
from pathlib import Path
from unittest import mock

import pytest

import dashgen
from dashgen.cli.unchanged_build import unchanged_answer
from tests.cli.transcript import run_command
from tests.project.project import Project, new_project

HEAVY = {"typing", "dataclasses", "pathlib", "typer", "msgspec", "orjson", "yaml", "json"}
PER_ENVIRONMENT = "specs: [specs]\noutputs: per-environment\nenvironments: {test: {}, prod: {}}\n"


@pytest.fixture(params=["", PER_ENVIRONMENT], ids=["one output", "an output for each environment"])
def built(tmp_path: Path, request: pytest.FixtureRequest) -> Project:
    project = new_project(tmp_path / "project")
    if request.param:
        project.write("dashgen.yaml", request.param)
    assert run_command(["build"], project.root, {}).code == 0
    return project


def short(words: list[str], folder: Path) -> str | None:
    with chdir(folder):
        return unchanged_answer(words)


@pytest.mark.parametrize("words", [["build"], ["build", "--check"]])
@pytest.mark.parametrize("folder", [".", "specs", "generated"])
def test_it_prints_the_same(built: Project, words: list[str], folder: str) -> None:
    inside = built.root / folder
    with mock.patch("dashgen.cli.app._known_answer", return_value=None):
        expected = run_command(words, inside, {}).stdout
    assert short(words, inside) == expected
    assert run_command(words, inside, {}).stdout == expected


@pytest.mark.parametrize("option", ["-C", "--project"])
def test_it_prints_the_same_of_another_folder(built: Project, option: str, tmp_path: Path) -> None:
    words = ["build", option, "project", "--check"]
    with mock.patch("dashgen.cli.app._known_answer", return_value=None):
        expected = run_command(words, tmp_path, {}).stdout
    assert short(words, tmp_path) == expected


def test_it_knows_nothing_of_other_builds(built: Project) -> None:
    for words in (
        ["build", "--no-cache"], ["build", "--env", "prod"], ["build", "x"], ["build", "-C"], ["build", "-C", "none"],
        ["build", "-C", "dashgen.yaml"], ["build", "-C", ".", "-C", "."], ["build", "--format", "json"], ["build", "--check", "--check"],
    ):  # fmt: skip
        assert short(words, built.root) is None, words


def test_it_knows_nothing_when_something_changed(built: Project) -> None:
    built.dashboard("one", "Changed")
    assert short(["build"], built.root) is None
    assert "changed" in run_command(["build"], built.root, {}).stdout
    assert short(["build"], built.root) is not None
    next(built.output.rglob("one.json")).unlink()
    assert short(["build", "--check"], built.root) is None
    assert run_command(["build", "--check"], built.root, {}).code == 1


def test_a_build_with_warnings_is_left_to_the_command(tmp_path: Path) -> None:
    project = new_project(tmp_path)
    project.dashboard("one", more="  - {title: Empty, type: stat}\n")
    assert project.build().diagnostics
    assert short(["build"], project.root) is None


def test_an_output_that_a_terminal_may_not_show_is_left_to_the_command(tmp_path: Path) -> None:
    project = new_project(tmp_path)
    project.write("dashgen.yaml", "specs: [specs]\noutput: \N{GREEK SMALL LETTER OMEGA}\n")
    project.build()
    assert short(["build"], project.root) is None


def test_a_folder_that_needs_an_encoding_is_left_to_the_command(tmp_path: Path) -> None:
    project = new_project(tmp_path / "п")
    assert run_command(["build"], project.root, {}).code == 0
    assert short(["build", "-C", "п"], tmp_path) is None
    assert short(["build"], project.root) is not None


def test_it_imports_next_to_nothing(built: Project) -> None:
    program = "import sys; from dashgen.cli.app import main; sys.argv = ['dashgen', 'build']\ntry: main()\nfinally: print(*sys.modules)"
    root = Path(dashgen.__file__).parents[1]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(root), *sys.path[1:]))}
    # `-S`: what is installed beside dashgen may import anything when Python starts.
    command = [sys.executable, "-S", "-c", program]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env=environment, cwd=built.root
    )
    assert "nothing changed" in done.stdout
    modules = {*done.stdout.split()}
    assert HEAVY & modules == set()
    assert [
        name for name in modules if name.startswith(("dashgen.core.reporters", "dashgen.cli.documents"))
    ] == []

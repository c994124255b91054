"""A build of what did not change is answered without the command, in its words."""

import contextlib
from pathlib import Path

import pytest

from dashgen.cli.unchanged_build import unchanged_answer
from dashgen.project.build import BuildOptions, build_each
from tests.project.project import Project, new_project

ENVIRONMENTS = "specs: [specs]\noutputs: per-environment\nenvironments: {test: {}, prod: {}}\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return new_project(tmp_path)


def answer(project: Project, *options: str) -> str | None:
    with contextlib.chdir(project.root):
        return unchanged_answer(options)


@pytest.mark.parametrize("settings", ["specs: [specs]\n", ENVIRONMENTS])
@pytest.mark.parametrize("options", [[], ["--check"]])
def test_the_answer_is_what_the_command_prints(project: Project, settings: str, options: list[str]) -> None:
    project.write("dashgen.yaml", settings)
    assert answer(project, *options) == ""
    build_each(BuildOptions(project.root))
    printed = project.run("build", *options)
    assert (printed.code, printed.err) == (0, "")
    assert answer(project, *options) == printed.out != ""


def test_other_options_changes_and_warnings_are_left_to_the_command(project: Project) -> None:
    project.build()
    assert answer(project)
    assert not answer(project, "--no-cache")
    project.dashboard("one", more="  - {title: Empty, type: stat}\n")
    assert not answer(project)
    assert project.build().diagnostics
    assert not answer(project)


def test_a_name_that_a_terminal_may_not_show_is_left_to_the_command(project: Project) -> None:
    project.write("dashgen.yaml", "specs: [specs]\noutput: \N{GREEK SMALL LETTER OMEGA}\n")
    project.build()
    assert answer(project) is None

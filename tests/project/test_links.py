"""Links that a branch brings along lead neither reads nor writes out of the project."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.project.project import Project, new_project, run

FOREIGN = "root:x:0:0: [secret line\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = new_project(tmp_path / "project")
    (tmp_path / "victim").mkdir()
    (tmp_path / "victim/secret.yaml").write_text(FOREIGN)
    return project


def spec_file(project: Project) -> None:
    (project.root / "specs/x.yaml").symlink_to("../../victim/secret.yaml")


def spec_folder_below(project: Project) -> None:
    (project.root / "specs/x").symlink_to("../../victim")


def spec_folder(project: Project) -> None:
    project.write("dashgen.yaml", "specs: [specs, more]\n")
    (project.root / "more").symlink_to("../victim")


def spec_folder_above(project: Project) -> None:
    (project.root.parent / "victim/deep").mkdir()
    (project.root.parent / "victim/deep/secret.yaml").write_text(FOREIGN)
    project.write("dashgen.yaml", "specs: [specs, more/deep]\n")
    (project.root / "more").symlink_to("../victim")


def chain(project: Project) -> None:
    (project.root / "hop").symlink_to("../victim/secret.yaml")
    (project.root / "specs/x.yaml").symlink_to("../hop")


def project_file(project: Project) -> None:
    (project.root / "dashgen.yaml").unlink(missing_ok=True)
    (project.root / "dashgen.yaml").symlink_to("../victim/secret.yaml")


@pytest.mark.parametrize(
    "lead", [spec_file, spec_folder_below, spec_folder, spec_folder_above, chain, project_file]
)
@pytest.mark.parametrize("command", ["build", "validate", "list"])
def test_a_spec_that_is_a_link_out_of_the_project_is_not_read(
    project: Project, lead: Callable[[Project], None], command: str
) -> None:
    lead(project)
    done = project.run(command)
    assert done.code == 1
    assert "a link that leads out of the project" in done.err + done.out
    assert "secret line" not in done.err + done.out
    assert not project.output.exists()


def test_links_inside_of_the_project_are_followed(project: Project) -> None:
    (project.root / "shared").mkdir()
    (project.root / "specs/one.yaml").rename(project.root / "shared/one.yaml")
    (project.root / "specs/one.yaml").symlink_to("../shared/one.yaml")
    (project.root / "specs/folder").symlink_to("../shared")
    (project.root / "shared/one.yaml").rename(project.root / "shared/1.yaml")
    (project.root / "specs/one.yaml").unlink()
    assert project.build().diagnostics == []
    assert "dashboards/one.json" in project.files()


def output_link(project: Project) -> None:
    project.output.symlink_to("../victim")


def output_words(project: Project) -> None:
    project.write("dashgen.yaml", "specs: [specs]\noutput: ../victim\n")


def output_absolute(project: Project) -> None:
    project.write("dashgen.yaml", f"specs: [specs]\noutput: {project.root.parent}/victim\n")


def output_below_a_link(project: Project) -> None:
    project.write("dashgen.yaml", "specs: [specs]\noutput: out/here\n")
    (project.root / "out").symlink_to("../victim")


@pytest.mark.parametrize("lead", [output_link, output_words, output_absolute, output_below_a_link])
def test_an_output_outside_of_the_project_is_not_written(
    project: Project, lead: Callable[[Project], None]
) -> None:
    lead(project)
    report = project.build()
    assert [one.rule for one in report.diagnostics] == ["project/output"]
    assert [path.name for path in (project.root.parent / "victim").iterdir()] == ["secret.yaml"]


def test_out_writes_where_it_says_but_follows_no_link_of_the_project(
    project: Project, tmp_path: Path
) -> None:
    assert project.run("build", "--out", str(tmp_path / "elsewhere")).code == 0
    assert (tmp_path / "elsewhere/dashboards/one.json").exists()
    (project.root / "out").symlink_to("../victim")
    done = project.run("build", "--out", str(project.root / "out"))
    assert done.code == 2
    assert "a link leads out of the project" in done.err
    assert [path.name for path in (tmp_path / "victim").iterdir()] == ["secret.yaml"]


@pytest.mark.parametrize("target", [".", "../victim"])
def test_the_folder_of_memories_is_no_link(project: Project, target: str) -> None:
    (project.root / ".dashgen").symlink_to(target)
    assert project.run("build").code == 0
    assert not (project.root / ".gitignore").exists()
    assert [path.name for path in (project.root.parent / "victim").iterdir()] == ["secret.yaml"]


@pytest.mark.parametrize("path", ["cache", ".gitignore"])
def test_nothing_below_the_folder_of_memories_is_a_link(project: Project, path: str) -> None:
    (project.root / ".dashgen").mkdir()
    (project.root / ".dashgen" / path).symlink_to("../../victim")
    assert project.run("build").code == 0
    assert [path.name for path in (project.root.parent / "victim").iterdir()] == ["secret.yaml"]


@pytest.mark.parametrize(
    "words",
    [
        ["import", "{dashboard}", "-o", "{root}/specs/x", "-C", "{root}"],
        ["metrics", "import", "--file", "{metrics}", "--out", "{root}/specs/x/metrics.yaml"],
    ],
    ids=["import", "metrics import"],
)
def test_commands_that_write_specs_follow_no_link_out_of_the_project(
    project: Project, tmp_path: Path, words: list[str]
) -> None:
    (tmp_path / "d.json").write_text('{"uid":"i","title":"I","schemaVersion":42,"panels":[]}')
    (tmp_path / "m").write_text("# TYPE a gauge\na 1\n")
    (project.root / "specs/x").symlink_to("../../victim")
    place = {"root": project.root, "dashboard": tmp_path / "d.json", "metrics": tmp_path / "m"}
    done = run(*(word.format(**place) for word in words))
    assert done.code in (1, 2)
    assert "link" in done.err
    assert [path.name for path in (tmp_path / "victim").iterdir()] == ["secret.yaml"]


def test_names_that_are_not_utf8_are_told_where_they_are(project: Project) -> None:
    os.rename(  # noqa: PTH104  # a name of bytes
        os.fsencode(project.root / "specs/one.yaml"), os.fsencode(project.root / "specs") + b"/caf\xe9.yaml"
    )
    for words in (
        ["build"],
        ["build", "--format", "json"],
        ["build", "--check", "--format", "github"],
        ["validate"],
        ["validate", "-f", "junit"],
        ["list"],
        ["list", "-f", "json"],
    ):
        done = project.run(*words)
        assert done.code == 1, (words, done)
        assert "caf\\xe9.yaml" in (done.out + done.err).replace("\\\\", "\\"), (words, done)
        assert "Traceback" not in done.err


@pytest.mark.parametrize("folder", [False, True])
def test_validate_follows_no_link_of_a_project_out_of_it(
    project: Project, tmp_path: Path, folder: bool
) -> None:
    (tmp_path / "victim/x.json").write_text('{"secret line": ')
    project.output.mkdir()
    (project.output / "x.json").symlink_to("../../victim" if folder else "../../victim/x.json")
    for done in (run("validate", str(project.output)), project.run("validate")):
        assert done.code == 1
        assert "a link that leads out of the project" in done.err + done.out
        assert "secret line" not in done.err + done.out


def test_validate_follows_links_where_there_is_no_project(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b.json").write_text('{"uid": "b", "title": "B", "schemaVersion": 42, "panels": []}')
    (tmp_path / "a/b.json").symlink_to("../b.json")
    assert "leads out" not in run("validate", str(tmp_path / "a")).err

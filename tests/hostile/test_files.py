"""Whatever stands in the place of a file or folder: told, not followed, not waited for."""

import builtins
import os
from typing import Any

import pytest

from tests.hostile.test_inputs import HEAD, PANEL, heads, project, refused, time_limit
from tests.project.project import Project

__all__ = ["project", "time_limit"]


def test_a_folder_named_like_a_spec_is_a_folder(project: Project) -> None:
    project.write("specs/x.yaml/a.yaml", HEAD + PANEL)
    assert project.run("build").code == 0
    assert "dashboards/d.json" in project.files()


def test_a_project_file_that_is_a_folder_is_refused(project: Project) -> None:
    (project.root / "dashgen.yaml").unlink()
    (project.root / "dashgen.yaml").mkdir()
    assert heads(refused(project)) == ["file/unreadable: cannot read the file: is a directory @ dashgen.yaml"]


def test_links_that_lead_in_circles_end(project: Project) -> None:
    (project.root / "specs/again").symlink_to(project.root / "specs")
    (project.root / "specs/self").symlink_to(".")
    project.write("specs/a.yaml", HEAD + PANEL)
    done = project.run("build")
    assert done.code == 0, done
    assert [name for name in project.files() if name.startswith("dashboards")] == ["dashboards/d.json"]


def test_a_spec_that_links_to_itself_or_to_nothing_is_refused(project: Project) -> None:
    (project.root / "specs/a.yaml").symlink_to("a.yaml")
    (project.root / "specs/b.yaml").symlink_to("nothing.yaml")
    assert [one.split(" @ ")[1] for one in heads(refused(project))] == ["specs/a.yaml", "specs/b.yaml"]


def test_pipes_and_devices_are_not_read(project: Project) -> None:
    os.mkfifo(project.root / "specs/a.yaml")
    (project.root / "specs/b.yaml").symlink_to("/dev/zero")
    assert [one.split(" @ ")[0] for one in heads(refused(project))] == [
        "file/unreadable: cannot read it: it is neither a file nor a folder",
        "file/unreadable: cannot read it: it is a link that leads out of the project; put a copy there",
    ]


def test_a_file_that_cannot_be_opened_is_refused(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.write("specs/a.yaml", HEAD + PANEL)
    real = builtins.open

    def guarded(path: Any, *words: Any, **named: Any) -> Any:
        if str(path).endswith("a.yaml"):
            raise PermissionError(13, "Permission denied")
        return real(path, *words, **named)

    monkeypatch.setattr(builtins, "open", guarded)
    assert heads(refused(project, "--no-cache")) == [
        "file/unreadable: cannot read the file: permission denied @ specs/a.yaml"
    ]


PROJECTS = [
    ("- a\n", "spec/type: the project file has to be a mapping @ dashgen.yaml:1:1"),
    ("specs: [\n", "yaml/syntax: not valid YAML: a value is missing @ dashgen.yaml:1:9"),
    ("specs: specs\n", "spec/type: expected a list, got `specs` @ dashgen.yaml:1:8"),
    ("spec: [a]\n", "spec/unknown-key: unknown key `spec` @ dashgen.yaml:1:1"),
    ("specs: [nope]\n", "project/specs: the spec folder `nope` is missing @ dashgen.yaml:1:8"),
    ("specs: [dashgen.yaml]\n", "project/specs: the spec folder `dashgen.yaml` is not a folder @ dashgen.yaml:1:8"),
    ("specs: [/etc]\n", "project/specs: the spec folder `/etc` is outside the project @ dashgen.yaml:1:8"),
    ("specs: [../..]\noutput: /tmp/x\n", "project/specs: the spec folder `../..` is outside the project @ dashgen.yaml:1:8"),
    ("output: specs/out\n", "project/output: the output folder `specs/out` is inside the spec folder `specs` @ dashgen.yaml:1:9"),
    ('output: "a\\0b"\n', "file/control-character: the text has a control character (U+0000) @ dashgen.yaml:1:9"),
    ("specs: [specs]\n---\nspecs: [x]\n", "spec/type: the project file has more than one document @ dashgen.yaml:3:1"),
    ("defaults: {panl: {}}\n", "spec/unknown-key: unknown key `panl` @ dashgen.yaml:1:12"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "finding"), PROJECTS)
def test_a_project_file_that_is_wrong_is_refused_where_it_is_wrong(
    project: Project, text: str, finding: str
) -> None:
    project.write("dashgen.yaml", text)
    assert finding in heads(refused(project))


def test_an_environment_that_nobody_defined_is_refused(project: Project) -> None:
    assert heads(refused(project, "--env", "prod")) == [
        "environment/unknown: there is no environment `prod` @ dashgen.yaml"
    ]

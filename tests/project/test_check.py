"""`--check` writes nothing and says in words what differs."""

import json
from pathlib import Path

import pytest

from tests.project.project import Project, new_project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = new_project(tmp_path)
    project.build()
    return project


def test_an_output_that_is_what_the_specs_say_is_fine(project: Project) -> None:
    done = project.run("build", "--check")
    assert done.code == 0, done
    assert "is up to date" in done.out


def test_a_changed_spec_is_told_by_panel_and_value_and_nothing_is_written(project: Project) -> None:
    before = project.files()
    project.write(
        "specs/one.yaml",
        (project.root / "specs/one.yaml").read_text().replace("[5m]", "[1m]").replace("The one", "Other"),
    )
    done = project.run("build", "--check")
    assert done.code == 1
    assert 'panel "Rate"' in done.out
    assert 'renamed from "The one"' in done.out
    assert project.files() == before


def test_missing_and_left_over_files_are_told(project: Project) -> None:
    project.dashboard("three")
    (project.root / "specs/one.yaml").unlink()
    done = project.run("build", "--check")
    assert done.code == 1
    assert "dashboards/three.json: missing" in done.out
    assert "dashboards/one.json: no spec builds this any more" in done.out


def test_a_lock_that_lies_is_told(project: Project) -> None:
    path = project.output / "dashgen.lock.json"
    lock = json.loads(path.read_bytes())
    lock["resources"] = lock["resources"][1:]
    path.write_text(json.dumps(lock))
    done = project.run("build", "--check")
    assert done.code == 1
    assert "dashgen.lock.json" in done.out


def test_wrong_specs_are_told_instead(project: Project) -> None:
    project.write("specs/one.yaml", "kind: Dashboard\ntitel: x\n")
    done = project.run("build", "--check")
    assert done.code == 1
    assert "spec/unknown-key" in done.err


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"null", b"3", b'"x"', b"[]", b"\xff\xfe", b"[" * 100_000, b'{"panels": 3}', b'{"panels": [1, null, []]}', b'{"panels": [{"panels": 3}]}',
        b'{"panels": [{"id": [1]}]}', b'{"spec": 3}', b'{"panels": {"a": 1}}', b'{"panels": [{"id": {}, "title": 3}], "uid": ["x"]}', b'{"tags": "dashgen"}',
        b'{"uid": "one", "panels": [{"gridPos": 3, "targets": 3, "fieldConfig": [], "type": {}}], "templating": {"list": [3]}, "annotations": 3}',
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["dashboards/one.json", "provisioning/datasources/dashgen.yaml"])
def test_whatever_a_file_was_turned_into_it_is_told(project: Project, name: str, content: bytes) -> None:
    project.write(f"generated/{name}", content)
    done = project.run("build", "--check")
    assert done.code == 1
    assert name in done.out + done.err
    assert "Traceback" not in done.err
    assert project.files()[name] == content

"""The lock file says what dashgen owns, and only a lock that dashgen wrote counts."""

from pathlib import Path

import pytest

from dashgen.workspace.lock_file import LOCK_FILE, Lock, LockEntry, dump, read_lock
from tests.project.project import Project, new_project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return new_project(tmp_path)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "lock/unreadable"),
        (b"{", "lock/unreadable"),
        (b"[]", "lock/unreadable"),
        (b'{"version": "x"}', "lock/unreadable"),
        (b"\xff\xfe", "lock/unreadable"),
        (b"[" * 100_000, "lock/unreadable"),
        (b'{"version": 99}', "lock/version"),
    ],
)
def test_a_lock_that_dashgen_did_not_write_stops_the_build(
    project: Project, content: bytes, rule: str
) -> None:
    project.write(f"generated/{LOCK_FILE}", content)
    report = project.build()
    assert [(one.rule, str(one.location)) for one in report.diagnostics] == [(rule, f"generated/{LOCK_FILE}")]
    assert project.files() == {LOCK_FILE: content}


@pytest.mark.parametrize("path", ["../victim", "/etc/passwd", "a/../../victim", "..", "a\0b"])
def test_a_lock_cannot_make_a_build_delete_files_elsewhere(project: Project, path: str) -> None:
    victim = project.write("victim", "precious")
    entry = LockEntry("dashboard", "x", path, "0" * 64, "specs/x.yaml")
    project.write(f"generated/{LOCK_FILE}", dump(Lock(resources=(entry,))))
    report = project.build()
    assert [one.rule for one in report.diagnostics] == ["lock/path"]
    assert victim.read_text() == "precious"


def test_the_lock_names_every_file_with_its_hash_and_spec(project: Project) -> None:
    project.build()
    lock, problems = read_lock(project.output, "lock")
    assert problems == []
    assert set(lock.files) == set(project.files()) - {LOCK_FILE}
    assert {(one.uid, one.spec) for one in lock.resources if one.kind == "dashboard"} == {
        ("one", "specs/one.yaml"),
        ("two", "specs/two.yaml"),
    }

"""Only what differs is written, in one step each, the lock last; what is not dashgen's stays."""

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dashgen.core.errors import DashgenError
from dashgen.core.files import temporary
from dashgen.workspace.build_stamp import JOURNAL_FILE
from dashgen.workspace.lock_file import LOCK_FILE, read_lock
from tests.project.project import Project, contents, new_project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return new_project(tmp_path)


def times(project: Project) -> dict[str, int]:
    return {name: (project.output / name).stat().st_mtime_ns for name in project.files()}


def test_a_first_build_writes_everything_and_a_second_one_nothing(project: Project) -> None:
    first = project.build(use_cache=False)
    written, stamps = project.files(), times(project)
    assert first.created == [name for name in written if name != LOCK_FILE]
    second = project.build(use_cache=False)
    assert (second.created, second.changed, second.deleted) == ([], [], [])
    assert (project.files(), times(project)) == (written, stamps)


def test_only_the_file_of_the_changed_spec_is_written_again(project: Project) -> None:
    project.build()
    before = times(project)
    project.dashboard("one", "Another title")
    report = project.build()
    assert report.changed == ["dashboards/one.json"]
    after = times(project)
    assert [name for name in after if after[name] != before[name]] == ["dashboards/one.json", LOCK_FILE]


def test_a_removed_spec_removes_its_file_and_empty_folders(project: Project) -> None:
    project.write(
        "specs/deep.yaml",
        "kind: Dashboard\nuid: deep\ntitle: Deep\nfolder: Team\npanels: [{title: A, query: up}]\n",
    )
    project.build()
    assert (project.output / "dashboards/Team/deep.json").exists()
    (project.root / "specs/deep.yaml").unlink()
    assert project.build().deleted == ["dashboards/Team/deep.json"]
    assert not (project.output / "dashboards/Team").exists()
    assert "dashboards/one.json" in project.files()


def test_files_that_dashgen_does_not_own_are_never_touched(project: Project) -> None:
    project.build()
    for name in ("README.md", "dashboards/foreign.json", "dashboards/Team/x.txt", "provisioning/mine.yaml"):
        project.write(f"generated/{name}", "mine")
    (project.root / "specs/one.yaml").unlink()
    project.build()
    assert {name for name, content in project.files().items() if content == b"mine"} == {
        "README.md", "dashboards/foreign.json", "dashboards/Team/x.txt", "provisioning/mine.yaml",
    }  # fmt: skip


def test_a_foreign_file_in_the_way_is_an_error_and_nothing_is_written(project: Project) -> None:
    project.write("generated/dashboards/one.json", '{"mine": true}')
    report = project.build()
    assert [(one.rule, str(one.location)) for one in report.diagnostics] == [
        ("output/foreign", "generated/dashboards/one.json")
    ]
    assert project.files() == {"dashboards/one.json": b'{"mine": true}'}


def test_a_folder_in_the_way_is_an_error(project: Project) -> None:
    (project.output / "dashboards/one.json").mkdir(parents=True)
    report = project.build()
    assert [one.rule for one in report.diagnostics] == ["output/foreign"]


def test_a_lost_lock_does_not_make_own_files_foreign(project: Project) -> None:
    project.build()
    (project.output / LOCK_FILE).unlink()
    project.dashboard("one", "Another title")
    report = project.build()
    assert report.changed == ["dashboards/one.json"]
    assert (project.output / LOCK_FILE).exists()


def test_a_hand_edited_file_without_a_spec_is_kept_and_told(project: Project) -> None:
    project.build()
    project.write("generated/dashboards/one.json", '{"edited": true}')
    (project.root / "specs/one.yaml").unlink()
    report = project.build()
    assert [(one.rule, one.severity) for one in report.diagnostics] == [("output/edited", "warning")]
    assert project.files()["dashboards/one.json"] == b'{"edited": true}'


def test_a_hand_edited_file_with_a_spec_becomes_what_the_spec_says(project: Project) -> None:
    project.build()
    before = project.files()
    project.write("generated/dashboards/one.json", '{"edited": true}')
    assert project.build().changed == ["dashboards/one.json"]
    assert project.files() == before


def test_a_file_whose_line_ends_were_changed_is_written_again(project: Project) -> None:
    project.build()
    before = project.files()
    project.write("generated/dashboards/one.json", before["dashboards/one.json"].replace(b"\n", b"\r\n"))
    assert project.build().changed == ["dashboards/one.json"]
    assert project.files() == before


def test_wrong_specs_leave_the_output_as_it_is(project: Project) -> None:
    project.build()
    before, stamps = project.files(), times(project)
    project.write("specs/one.yaml", "kind: Dashboard\ntitel: x\n")
    assert project.build().failed
    assert (project.files(), times(project)) == (before, stamps)


def test_every_file_is_complete_or_absent_and_the_lock_is_last(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    real = os.replace

    def watched(source: str, target: str, *, src_dir_fd: int, dst_dir_fd: int) -> None:
        order.append(target)
        assert os.stat(source, dir_fd=src_dir_fd).st_size
        real(source, target, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)

    monkeypatch.setattr(temporary.os, "replace", watched)
    project.build(use_cache=False)
    written = [name for name in order if not name.endswith((".msgpack", ".stamp"))]
    assert written[0] == JOURNAL_FILE
    assert written[-1] == LOCK_FILE
    assert "one.json" in written
    assert not (project.output / JOURNAL_FILE).exists()


def failing_after(count: int, error: OSError) -> Callable[[int, memoryview], int]:
    real = os.write
    left = [count]

    def some_bytes(file: int, content: memoryview) -> int:
        if left[0] <= 0:
            real(file, content[: len(content) // 2])
            raise error
        left[0] -= 1
        return real(file, content)

    return some_bytes


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_a_full_disk_leaves_the_old_lock_and_no_half_file_and_the_next_build_goes_on(
    project: Project, count: int
) -> None:
    project.build(use_cache=False)
    lock = (project.output / LOCK_FILE).read_bytes()
    for uid in ("one", "two"):
        project.dashboard(uid, f"Changed {uid}")
    project.dashboard("three")
    with pytest.MonkeyPatch.context() as patch:
        full = OSError(errno.ENOSPC, "No space left on device")
        patch.setattr(temporary.os, "write", failing_after(count, full))
        with pytest.raises(DashgenError, match="no space left on device; the lock file is as it was"):
            project.build(use_cache=False)
    assert (project.output / LOCK_FILE).read_bytes() == lock
    for content in project.files().values():
        if content.startswith(b"{"):
            json.loads(content)
    assert not [path for path in project.output.rglob("*") if path.name.endswith("-tmp")]
    project.build(use_cache=False)
    fresh = new_project(project.root / "fresh")
    for uid, title in (("one", "Changed one"), ("two", "Changed two"), ("three", "")):
        fresh.dashboard(uid, title)
    fresh.build(use_cache=False)
    assert project.files() == fresh.files()


def test_an_interrupted_build_is_finished_by_the_next_one(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, left = os.replace, [1]

    def interrupted(source: str, target: str, **folders: int) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        real(source, target, **folders)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(temporary.os, "replace", interrupted)
        with pytest.raises(KeyboardInterrupt):
            project.build()
    assert LOCK_FILE not in project.files()
    project.build()
    fresh = new_project(project.root / "fresh")
    fresh.build()
    assert project.files() == fresh.files()


IN_THE_WAY: dict[str, Callable[[Path], None]] = {
    "a pipe": os.mkfifo,
    "a link": lambda path: path.symlink_to(path.parent / "victim"),
    "a device": lambda path: path.symlink_to("/dev/zero"),
}


@pytest.mark.parametrize("kind", IN_THE_WAY)
@pytest.mark.parametrize(
    ("path", "rule"), [("dashboards/one.json", "output/foreign"), (LOCK_FILE, "lock/unreadable")]
)
def test_what_is_no_file_is_not_opened_in_the_place_of_one(
    project: Project, kind: str, path: str, rule: str
) -> None:
    for built in (False, True):
        if built:
            (project.output / path).unlink()
            project.build()
            (project.output / path).unlink()
        (project.output / path).parent.mkdir(parents=True, exist_ok=True)
        IN_THE_WAY[kind](project.output / path)
        for check in (False, True):
            report = project.build(check=check)
            assert [(one.rule, str(one.location)) for one in report.diagnostics] == [
                (rule, f"generated/{path}")
            ]
        assert not (project.output / "dashboards/victim").exists()


def test_a_folder_of_the_output_that_is_a_link_leads_nowhere(project: Project, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.mkdir()
    project.output.mkdir()
    (project.output / "dashboards").symlink_to(victim)
    report = project.build()
    assert {(one.rule, str(one.location)) for one in report.diagnostics} == {
        ("output/foreign", "generated/dashboards")
    }
    assert list(victim.iterdir()) == []


def test_an_output_that_cannot_be_written_is_a_sentence_and_exit_2(project: Project) -> None:
    project.write("blocked", "a file")
    done = project.run("build", "--out", str(project.root / "blocked/out"))
    assert done.code in (1, 2)
    assert "not a directory" in done.err
    assert "Traceback" not in done.err


def test_a_folder_where_nothing_may_be_made_is_a_sentence(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_words: object, **_named: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    done = project.run("build", "--no-cache")
    assert done.code == 2
    assert "permission denied" in done.err


# Parts


def test_only_writes_the_chosen_dashboards_and_remembers_them(project: Project) -> None:
    project.build()
    before = project.files()
    project.dashboard("one", "New one")
    project.dashboard("two", "New two")
    report = project.build(only=frozenset({"one"}))
    after = project.files()
    assert report.changed == ["dashboards/one.json"]
    assert [name for name in after if after[name] != before[name]] == ["dashboards/one.json", LOCK_FILE]
    (project.root / "specs/one.yaml").unlink()
    done = project.build()
    assert (done.deleted, done.diagnostics) == (["dashboards/one.json"], [])


def test_only_in_a_new_output_remembers_just_that(project: Project) -> None:
    project.build(only=frozenset({"one"}))
    assert list(project.files()) == ["dashboards/one.json", LOCK_FILE]
    assert list(read_lock(project.output, "lock")[0].files) == ["dashboards/one.json"]
    project.build()
    fresh = new_project(project.root / "fresh")
    fresh.build()
    assert project.files() == fresh.files()


def test_only_of_a_uid_that_nobody_has_is_told(project: Project) -> None:
    done = project.run("build", "--only", "oen")
    assert done.code == 2
    assert "oen" in done.err
    assert not project.output.exists()


def test_another_output_folder_is_like_the_usual_one(project: Project) -> None:
    project.build()
    project.build(output=project.root / "elsewhere")
    assert dict(contents(project.root / "elsewhere")) == project.files()

"""A disk that is full: at the backup, at the lock, and in the middle of remembering."""

import errno
import os
import resource
import shutil
import subprocess
import sys

import pytest

from dashgen.core.files.rooted_paths import Tree
from dashgen.sync.push import backup
from tests.sync.support import SECRETS
from tests.tools.waiting import LONGEST_WAIT


def _limited(project, most: int) -> "subprocess.CompletedProcess[str]":
    """A push of a process whose files cannot grow beyond some bytes."""
    return subprocess.run(
        [sys.executable, "-m", "dashgen", "push", "--url", project.fake.url],
        cwd=project.folder,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONDONTWRITEBYTECODE": "1",
            "GRAFANA_TOKEN": project.fake.admin_token,
            **SECRETS,
        },
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST_WAIT,
    )


def _converges(project) -> None:
    fake = project.fake
    again = project.push()
    assert again.code == 0, again.stdout + again.stderr
    assert sorted(fake.store.dashboards) == ["plain", "shop"]
    assert len(fake.store.contact_points) == len(fake.store.rules) == 2
    fake.log.clear()
    assert (project.push().code, fake.log.writes) == (0, [])


@pytest.mark.parametrize("most", [0, 150, 700, 1500])
def test_a_push_that_cannot_remember_stops_says_so_and_goes_on_later(project, most):
    done = _limited(project, most)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "cannot " in done.stderr
    assert "Traceback" not in done.stderr
    _converges(project)


def test_a_disk_that_is_full_at_the_backup_stops_the_push_before_its_first_write(project, monkeypatch):
    project.start_pushed()
    project.change("specs/shop.yaml", "query: up", "query: up == 1")
    project.fake.log.clear()
    write, count = backup._write, []

    def full(tree: Tree, path: str, content: bytes) -> None:
        count.append(path)
        write(tree, path, content[:40])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(backup, "_write", full)
        done = project.push()
    assert done.code == 2
    assert count
    assert "cannot write the backup" in done.stderr
    assert "nothing was pushed" in done.stderr
    assert [call for call in project.fake.log.writes if "/annotations" not in call.path] == []
    (first,) = (project.folder / ".dashgen/backups").iterdir()
    assert list(first.glob("*dashboard*")) == [], "half a backup is none"
    _converges(project)
    assert project.run("rollback", "--url", project.fake.url, "--dry-run").code == 0


def test_a_lock_that_cannot_be_made_stops_the_push_before_its_first_request(project, fake):
    (project.folder / ".dashgen").mkdir()
    (project.folder / ".dashgen/push").write_text("in the way")
    done = project.push()
    assert done.code == 2
    assert "cannot write" in done.stderr
    assert len(fake.log) == 0


def test_half_a_backup_of_a_push_that_was_killed_does_not_hide_the_whole_ones(project, fake):
    project.start_pushed()
    project.change("specs/shop.yaml", "query: up", "query: up == 1")
    project.push()
    whole = next((project.folder / ".dashgen/backups").iterdir())
    half = shutil.copytree(whole, whole.with_name("2999-01-01T00-00-00.000000Z"))
    for file in half.iterdir():
        file.write_bytes(file.read_bytes()[:40])
    done = project.run("rollback", "--url", fake.url)
    assert done.code == 0, done.stderr
    assert "up == 1" not in str(fake.store.dashboards["plain"].spec)
    named = project.run("rollback", half.name, "--url", fake.url)
    assert named.code == 2
    assert "is not what dashgen wrote" in named.stderr


def test_a_backup_is_there_as_a_whole_or_not_at_all(project, monkeypatch):
    project.start_pushed()
    shutil.rmtree(project.folder / ".dashgen/backups")
    project.change("specs/shop.yaml", "query: up", "query: up == 1")
    seen: list[list[str]] = []
    write = backup._write

    def looked(tree: Tree, path: str, content: bytes) -> None:
        folder = project.folder / ".dashgen/backups"
        seen.append([name.name for name in folder.iterdir() if not name.name.startswith(".")])
        write(tree, path, content)

    monkeypatch.setattr(backup, "_write", looked)
    assert project.push().code == 0
    assert seen == [[]]

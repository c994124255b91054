"""Somebody else at the same time: another person, another push, and an end in the middle."""

import errno
import os
import shutil
import signal
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import pytest

from dashgen.core.files import temporary
from dashgen.sync.push import push_state
from dashgen.sync.push.apply_plan import Applier
from tests.grafana.fake import FakeGrafana
from tests.sync.interruptions import FULL_DISKS, KILLS
from tests.sync.support import SECRETS, Project
from tests.tools.waiting import LONGEST_WAIT


def _before_write(fake, path, act, monkeypatch):
    """Let something happen just before the first write to a path is served."""
    serve, done = fake.serve, []

    def meddled(call):
        if call.writes and path in call.path and not done:
            done.append(call)
            act()
        return serve(call)

    monkeypatch.setattr(fake, "serve", meddled)
    return done


@pytest.mark.parametrize("flag", [(), ("--force",)])
def test_an_edit_between_reading_and_writing_is_a_conflict(everywhere, flag, monkeypatch):
    project, fake = everywhere, everywhere.fake
    project.start_pushed()
    project.change("specs/shop.yaml", "query: up", "query: up == 1")
    path = "/api/dashboards/db" if fake.config.major < 12 else "/dashboards/plain"
    met = _before_write(fake, path, lambda: fake.store.edit("plain", title="In between"), monkeypatch)
    done = project.push(*flag)
    assert met
    assert done.code == 4, done.stdout
    assert fake.store.dashboards["plain"].title == "In between"
    assert "conflict dashboard `plain`" in done.stdout
    assert project.push().code == 4
    assert fake.store.dashboards["plain"].title == "In between"


def test_a_dashboard_that_somebody_makes_in_between_is_not_overwritten(project, fake, monkeypatch):
    def make():
        fake.store.provision("plain", {"title": "Theirs", "panels": []}, "x", edits=True)

    _before_write(fake, "/dashboards", make, monkeypatch)
    assert project.push("--only", "plain").code == 4
    assert fake.store.dashboards["plain"].title == "Theirs"


def test_other_things_edited_in_between_are_conflicts_too(project, fake, monkeypatch):
    project.start_pushed()
    project.change("specs/notices.yaml", ".Status", ".Receiver")
    project.change("specs/alerts.yaml", "for: 5m", "for: 6m")
    reads = {"n": 0}
    serve = fake.serve

    def meddled(call):
        if call.path.endswith("/templates/short") and call.method == "GET" and not reads["n"]:
            reads["n"] = 1
            fake.store.templates["short"] = {
                **fake.store.templates["short"],
                "template": "{{ 1 }}",
                "version": "x",
            }
            next(iter(fake.store.rules.values()))["for"] = "9m"
        return serve(call)

    monkeypatch.setattr(fake, "serve", meddled)
    assert project.push().code == 4
    assert fake.store.templates["short"]["template"] == "{{ 1 }}"
    assert any(rule["for"] == "9m" for rule in fake.store.rules.values())


def test_two_pushes_from_two_places_do_not_double_anything(everywhere, tmp_path_factory, monkeypatch):
    fake = everywhere.fake
    other = Project(tmp_path_factory.mktemp("other"), fake)
    path = "/api/dashboards/db" if fake.config.major < 12 else "/dashboards"
    results = []
    _before_write(fake, path, lambda: results.append(other.push()), monkeypatch)
    first = everywhere.push()
    assert (first.code, results[0].code) == (0, 0), first.stdout + results[0].stdout
    assert sorted(fake.store.dashboards) == ["plain", "shop"]
    assert all(d.generation == 1 for d in fake.store.dashboards.values())
    assert len(fake.store.contact_points) == 2
    fake.log.clear()
    assert (everywhere.push().code, other.push().code) == (0, 0)
    assert fake.log.writes == []


def test_an_interrupted_push_says_what_was_done_and_goes_on_later(project, fake, monkeypatch):
    attempt, count = Applier._attempt, []

    def interrupted(self, step):
        count.append(step)
        if len(count) == 4:
            raise KeyboardInterrupt
        return attempt(self, step)

    with monkeypatch.context() as patch:
        patch.setattr(Applier, "_attempt", interrupted)
        done = project.push()
    assert done.code == 130
    assert "interrupted: 3 of 12 changes were made" in done.stderr
    assert "not done: data source `prometheus`" in done.stderr
    assert sorted(fake.store.folders) == ["alerts", "sales"]
    again = project.push()
    assert again.code == 0
    assert "9 to" in again.stdout.replace("8 to create, 1", "9")


@pytest.mark.parametrize("writes", KILLS)
def test_a_push_that_is_killed_is_resumed(writes, tmp_path, monkeypatch):
    with FakeGrafana() as fake:
        project = Project(tmp_path, fake)
        served = fake.serve
        process: list[subprocess.Popen[bytes]] = []

        def deadly(call):
            answer = served(call)
            if call.writes and len(fake.log.writes) >= writes and process:
                process[0].send_signal(signal.SIGKILL)
                process[0].wait()
            return answer

        monkeypatch.setattr(fake, "serve", deadly)
        environment = {"PATH": os.environ["PATH"], "GRAFANA_TOKEN": fake.admin_token, **SECRETS}
        words = [sys.executable, "-m", "dashgen", "push", "--url", fake.url]
        process.append(subprocess.Popen(words, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL))
        assert process[0].wait(LONGEST_WAIT) == -signal.SIGKILL
        monkeypatch.setattr(fake, "serve", served)
        project.change("specs/alerts.yaml", "for: 5m", "for: 7m")
        again = project.push()
        assert again.code == 0, again.stdout + again.stderr
        assert sorted(fake.store.dashboards) == ["plain", "shop"]
        assert len(fake.store.rules) == 2
        assert any(rule["for"] == "7m" for rule in fake.store.rules.values())
        fake.log.clear()
        assert (project.push().code, fake.log.writes) == (0, [])


def test_ctrl_c_in_the_middle_ends_in_order_and_says_what_was_not_done(project, fake, monkeypatch):
    served = fake.serve
    process: list[subprocess.Popen[str]] = []

    def interrupting(call):
        if call.writes and "/datasources" in call.path and process:
            process.pop().send_signal(signal.SIGINT)
        return served(call)

    monkeypatch.setattr(fake, "serve", interrupting)
    environment = {"PATH": os.environ["PATH"], "GRAFANA_TOKEN": fake.admin_token, **SECRETS}
    words = [sys.executable, "-m", "dashgen", "push", "--url", fake.url]
    # A shell starts background jobs with SIGINT ignored, and programs inherit that; a handler is not inherited.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(
        words,
        cwd=project.folder,
        env=environment,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    ) as running:
        process.append(running)
        _, err = running.communicate(timeout=LONGEST_WAIT)
    signal.signal(signal.SIGINT, before)
    assert running.returncode == 130
    assert "of 12 changes were made" in err
    assert "not done: dashboard `shop`" in err
    assert "Traceback" not in err
    assert project.push().code == 0
    fake.log.clear()
    assert (project.push().code, fake.log.writes) == (0, [])


def test_a_disk_that_takes_no_backup_stops_the_push_before_the_first_write(project, fake):
    project.start_pushed()
    project.change("specs/shop.yaml", "query: up", "query: up == 1")
    shutil.rmtree(project.folder / ".dashgen/backups")
    (project.folder / ".dashgen/backups").write_text("in the way")
    fake.log.clear()
    done = project.push()
    assert done.code == 2
    assert fake.log.writes == []
    assert "cannot write" in done.stderr


@pytest.mark.parametrize("where", FULL_DISKS)
def test_a_full_disk_loses_nothing(where, project, fake, monkeypatch):
    project.start_pushed()
    for file, old, new in (("shop", "query: up", "query: up == 1"), ("notices", ".Status", ".Receiver")):
        project.change(f"specs/{file}.yaml", old, new)
    fake.log.clear()
    with monkeypatch.context() as patch:
        _fill_disk(where, patch)
        done = project.push()
    assert done.code == 2
    assert "no space left on device" in done.stderr
    if where in ("lock", "backup", "memory, first line"):
        assert fake.log.writes == []
    left = [path for path in project.folder.rglob("*-tmp") if "cache" not in str(path)]
    assert left == []
    again = project.push()
    assert again.code == 0, again.stdout
    assert "up == 1" in str(fake.store.dashboards["plain"].spec)
    assert ".Receiver" in fake.store.templates["short"]["template"]
    fake.log.clear()
    assert (project.push().code, fake.log.writes) == (0, [])


def _fill_disk(where, patch):
    """Let the disk be full for one file of `.dashgen`, from a certain moment on."""
    lines, write, append_to = [], os.write, push_state.Tree.open_for_append
    full = OSError(errno.ENOSPC, "No space left on device")

    def written(descriptor, data):
        path = str(Path(f"/proc/self/fd/{descriptor}").readlink())
        if {"backup": "/backups/", "memory, at the end": "/push/"}.get(where, "/none/") in path:
            raise full
        return write(descriptor, data)

    def opened(self, path, *rights):
        if where == "lock" and path.endswith(".lock"):
            raise full
        return append_to(self, path, *rights)

    def appended(self, line):
        lines.append(line)
        if len(lines) >= {"memory, first line": 1, "memory, third line": 3}.get(where, 99):
            raise push_state._unwritable(self._journal_path, full)
        append(self, line)

    append = push_state.PushState._append
    patch.setattr(temporary.os, "write", written)
    patch.setattr(push_state.Tree, "open_for_append", opened)
    patch.setattr(push_state.PushState, "_append", appended)


def test_hostile_names_stay_inside_the_backup_folder_and_the_terminal(project, fake):
    project.start_pushed()
    found = deepcopy(fake.store.templates["short"])
    fake.store.edit("shop", title="\x1b[31mred\x1b[0m\u202e")
    fake.store.templates["short"] = {**found, "template": "{{ \x1b[2J }}"}
    done = project.push("--force")
    assert done.code == 0
    assert "\x1b" not in done.stdout + done.stderr
    assert "\u202e" not in done.stdout
    outside = [p for p in project.folder.rglob("*") if p.suffix == ".json" and ".dashgen" not in str(p)]
    assert outside == []

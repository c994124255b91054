"""Why a push happens, when nobody says."""

import subprocess

import pytest

from dashgen.sync.push.save_message import default_message


def _git(folder, *arguments):
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.com", *arguments]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path):
    _git(tmp_path, "init", "-q")
    _git(tmp_path, "commit", "-q", "--allow-empty", "-m", "Shorter windows\n\nBecause they are enough.")
    return tmp_path


def test_it_is_the_commit_and_its_subject(repository):
    commit, _, subject = default_message(repository).partition(" ")
    assert subject == "Shorter windows"
    assert len(commit) >= 7
    assert int(commit, 16) >= 0


def test_without_git_it_is_a_plain_sentence(tmp_path, monkeypatch, repository):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert default_message(repository) == "pushed by dashgen"


def test_outside_a_repository_it_is_a_plain_sentence(tmp_path):
    assert default_message(tmp_path / "nowhere") == "pushed by dashgen"


def test_it_is_in_the_history_of_what_was_pushed(project):
    _git(project.folder, "init", "-q")
    _git(project.folder, "commit", "-q", "--allow-empty", "-m", "A start")
    project.push()
    project.change("specs/shop.yaml", "query: up", "query: up == 1")
    _git(project.folder, "commit", "-q", "--allow-empty", "-m", "Only \x1b[31mone")
    assert project.push().code == 0
    saved = project.fake.store.dashboards["plain"].history[-1].annotations["grafana.app/message"]
    assert " Only " in saved
    assert "\x1b" not in saved

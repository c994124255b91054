"""What a branch commits as the memory of a machine decides nothing."""

import subprocess
from pathlib import Path

import pytest

from tests.sync.support import Project

COMMANDS: tuple[tuple[str, ...], ...] = (
    ("push",),
    ("push", "--force", "--prune", "--yes"),
    ("push", "--dry-run"),
    ("push", "--plan-out", "new.json"),
    ("apply", "plan.json", "--yes"),
    ("pull",),
    ("diff",),
    ("status",),
    ("rollback",),
)


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def pushed(project: Project) -> Project:
    """A project in a repository that was pushed, with a plan of one change."""
    git(project.folder, "init", "-q")
    assert project.push().code == 0
    project.change("specs/shop.yaml", "query: up", "query: up == 1")
    assert project.push().code == 0
    project.change("specs/shop.yaml", "query: up == 1", "query: up == 2")
    assert project.push("--plan-out", "plan.json").code == 0
    project.fake.log.clear()
    return project


@pytest.mark.parametrize("committed", [".dashgen/push", ".dashgen/backups", ".dashgen"])
def test_a_memory_that_git_tracks_is_refused_by_every_command(pushed: Project, committed: str) -> None:
    git(pushed.folder, "add", "--force", committed)
    git(pushed.folder, "commit", "-qm", "hostile")
    for arguments in COMMANDS:
        done = pushed.run(*arguments, "--url", pushed.fake.url)
        assert (done.code, "`git rm -r --cached .dashgen`" in done.stderr) == (2, True), (arguments, done)
        assert pushed.fake.log.writes == [], arguments


def test_a_memory_of_the_machine_alone_counts_as_before(pushed: Project) -> None:
    git(pushed.folder, "add", "--all")
    git(pushed.folder, "commit", "-qm", "ours")
    assert pushed.run("diff", "--url", pushed.fake.url).code == 1
    assert pushed.push().code == 0
    git(pushed.folder, "add", "--force", ".dashgen")
    assert pushed.push().code == 2
    git(pushed.folder, "rm", "-rq", "--cached", ".dashgen")
    assert pushed.push().code == 0


def test_a_project_in_a_folder_of_a_repository_is_looked_at_too(tmp_path: Path, fake) -> None:
    project = Project(tmp_path / "monitoring", fake)
    git(tmp_path, "init", "-q")
    assert project.push().code == 0
    git(tmp_path, "add", "--force", "monitoring/.dashgen")
    assert project.push().code == 2

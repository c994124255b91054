"""The comment on a pull request: one, kept up to date, deleted when it has nothing to show."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ci.fake_github import TOKEN, FakeGithub, running_github

PROGRAM = Path(__file__).parents[2] / ".github/action/pull_request_comment.py"
MARKER = "<!-- dashgen review of . -->"


@pytest.fixture
def github() -> Iterator[FakeGithub]:
    with running_github() as running:
        yield running


def comment(github: FakeGithub, text: str, folder: Path, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run the program with a text for the comment."""
    file = folder / "comment.md"
    file.write_text(text, encoding="utf-8")
    environment = {
        "PATH": os.environ["PATH"],
        "GITHUB_API_URL": github.url,
        "GITHUB_REPOSITORY": "acme/shop",
        "GITHUB_TOKEN": TOKEN,
        "PULL_REQUEST": "7",
        **more,
    }
    command = [sys.executable, str(PROGRAM), MARKER, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert TOKEN not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


def test_it_is_created_changed_and_deleted(github: FakeGithub, tmp_path: Path) -> None:
    github.add("looks good", "ann")
    assert comment(github, "### one\n", tmp_path).stdout == "the comment: created\n"
    assert github.bodies == ["looks good", f"{MARKER}\n### one\n"]
    assert comment(github, "### two\n", tmp_path).stdout == "the comment: updated\n"
    assert github.bodies == ["looks good", f"{MARKER}\n### two\n"]
    assert comment(github, "### two\n", tmp_path).stdout == "the comment: unchanged\n"
    assert github.writes == ["POST", "PATCH"]
    assert comment(github, "\n", tmp_path).stdout == "the comment: deleted\n"
    assert github.bodies == ["looks good"]
    assert comment(github, "", tmp_path).stdout == "the comment: nothing to show\n"
    assert github.writes == ["POST", "PATCH", "DELETE"]


def test_it_is_found_on_a_later_page(github: FakeGithub, tmp_path: Path) -> None:
    github.page_size = 10
    for number in range(25):
        github.add(f"comment {number}", "ann")
    github.add(f"{MARKER}\nold\n")
    assert comment(github, "new", tmp_path).stdout == "the comment: updated\n"
    assert github.bodies[-1] == f"{MARKER}\nnew\n"
    assert [path.partition("page=")[2] for method, path in github.requests if method == "GET"] == [
        "100", "10&page=2", "10&page=3",
    ]  # fmt: skip


def test_spare_comments_of_runs_at_once_are_deleted(github: FakeGithub, tmp_path: Path) -> None:
    github.add(f"{MARKER}\na\n")
    github.add(f"{MARKER}\nb\n")
    comment(github, "c", tmp_path)
    assert github.bodies == [f"{MARKER}\nc\n"]


def test_comments_of_others_and_of_other_projects_stay(github: FakeGithub, tmp_path: Path) -> None:
    others = [
        (f"{MARKER}\nforged\n", "mallory"),
        (f"> {MARKER}\nquoted\n", "github-actions[bot]"),
        ("<!-- dashgen review of infra -->\nanother project\n", "github-actions[bot]"),
    ]
    for body, author in others:
        github.add(body, author)
    comment(github, "mine", tmp_path)
    assert github.bodies == [*(body for body, _ in others), f"{MARKER}\nmine\n"]
    comment(github, "", tmp_path)
    assert github.bodies == [body for body, _ in others]


def test_another_token_writes_as_another_author(github: FakeGithub, tmp_path: Path) -> None:
    github.add(f"{MARKER}\nold\n", "dash-bot")
    comment(github, "new", tmp_path, COMMENT_AUTHOR="dash-bot")
    assert github.bodies == [f"{MARKER}\nnew\n"]


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_token_that_may_not_write_is_a_warning(github: FakeGithub, tmp_path: Path, status: int) -> None:
    github.refuses["POST"] = status
    done = comment(github, "text", tmp_path)
    assert (done.returncode, done.stdout.partition("::no comment")[0]) == (0, "::warning title=dashgen")
    assert "pull-requests: write" in done.stdout


def test_a_refused_text_is_an_error(github: FakeGithub, tmp_path: Path) -> None:
    github.refuses["POST"] = 422
    done = comment(github, "text", tmp_path)
    assert done.returncode == 1
    assert "::error title=dashgen::GitHub answers 422" in done.stderr


def test_an_error_of_the_server_is_tried_again(github: FakeGithub, tmp_path: Path) -> None:
    github.failures = 1
    assert comment(github, "text", tmp_path).stdout == "the comment: created\n"
    assert [method for method, _ in github.requests] == ["GET", "GET", "POST"]


def test_the_token_goes_to_no_other_host(github: FakeGithub, tmp_path: Path) -> None:
    with running_github() as elsewhere:
        github.redirect = f"{elsewhere.url}/repos/acme/shop/issues/7/comments"
        assert comment(github, "text", tmp_path).returncode == 1
        github.redirect, github.page_size, github.next_host = "", 1, elsewhere.url
        github.add("a", "ann")
        github.add("b", "ann")
        done = comment(github, "text", tmp_path)
        assert done.returncode == 1
        assert "the next page is on another host" in done.stderr
        assert elsewhere.requests == []


def test_a_host_that_does_not_answer_is_an_error(tmp_path: Path) -> None:
    done = comment(FakeGithub("http://127.0.0.1:1"), "text", tmp_path)
    assert done.returncode == 1
    assert "::error title=dashgen::no comment: " in done.stderr

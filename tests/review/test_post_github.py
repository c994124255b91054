"""The comment on a pull request: one, kept up to date with its pictures, deleted when it has nothing to show."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.ci.fake_github import TOKEN, FakeGithub, running_github
from tests.cli.transcript import Result, run_command

MARKER = "<!-- dashgen review of . -->"
BEFORE, AFTER = "shop-1-before-0123456789abcdef.png", "shop-1-after-fedcba9876543210.png"
TABLE = f"| before | after |\n|---|---|\n| ![It was.](images/{BEFORE}) | ![It is.](images/{AFTER}) |\n"
BRANCH = "dashgen-review-images-7"


@pytest.fixture
def github() -> Iterator[FakeGithub]:
    with running_github() as running:
        yield running


def written(folder: Path, text: str, words: str | None = None, images: tuple[str, ...] = ()) -> None:
    """What `dashgen review --out` writes."""
    pictures = folder / "images"
    pictures.mkdir(parents=True, exist_ok=True)
    for path in pictures.iterdir():
        path.unlink()
    for name in images:
        (pictures / name).write_bytes(name.encode())
    (folder / "review.md").write_text(text, encoding="utf-8")
    (folder / "review-in-words.md").write_text(text if words is None else words, encoding="utf-8")
    (folder / "review.json").write_text(json.dumps({"version": 1}), encoding="utf-8")


def post(github: FakeGithub, folder: Path, **more: str) -> Result:
    """Post what is in a folder."""
    environment = {
        "GITHUB_API_URL": github.url,
        "GITHUB_SERVER_URL": "https://git.example",
        "GITHUB_REPOSITORY": "acme/shop",
        "GITHUB_TOKEN": TOKEN,
        "PULL_REQUEST": "7",
        **more,
    }
    ended = run_command(["review", "--post", "github", "--out", str(folder)], folder, environment)
    assert TOKEN not in ended.stdout + ended.stderr
    return ended


def comment(github: FakeGithub, text: str, folder: Path, **more: str) -> Result:
    """Post a text without pictures."""
    written(folder, text)
    return post(github, folder, **more)


def test_it_is_created_changed_and_deleted(github: FakeGithub, tmp_path: Path) -> None:
    github.add("looks good", "ann")
    assert comment(github, "### one\n", tmp_path).stderr == "the comment: created\n"
    assert github.bodies == ["looks good", f"{MARKER}\n### one\n"]
    assert comment(github, "### two\n", tmp_path).stderr == "the comment: updated\n"
    assert github.bodies == ["looks good", f"{MARKER}\n### two\n"]
    before = len(github.comment_writes)
    assert comment(github, "### two\n", tmp_path).stderr == "the comment: unchanged\n"
    assert len(github.comment_writes) == before
    assert comment(github, "\n", tmp_path).stderr == "the comment: deleted\n"
    assert github.bodies == ["looks good"]
    assert comment(github, "", tmp_path).stderr == "the comment: nothing to show\n"


def test_pictures_are_files_of_a_branch_that_the_comment_shows(github: FakeGithub, tmp_path: Path) -> None:
    written(tmp_path, TABLE, "words", (BEFORE, AFTER))
    assert post(github, tmp_path).stderr == "the comment: created\n"
    assert github.files(BRANCH) == {BEFORE: BEFORE.encode(), AFTER: AFTER.encode()}
    (body,) = github.bodies
    root = f"https://git.example/acme/shop/blob/{BRANCH}"
    assert f"![It was.]({root}/{BEFORE}?raw=true)" in body
    assert f"![It is.]({root}/{AFTER}?raw=true)" in body
    assert "images/" not in body.replace("dashgen-review-images", "")


def test_pictures_of_earlier_reviews_go_and_the_same_ones_are_not_sent_again(
    github: FakeGithub, tmp_path: Path
) -> None:
    written(tmp_path, TABLE, "words", (BEFORE, AFTER))
    post(github, tmp_path)
    sent = len(github.requests)
    assert post(github, tmp_path).stderr == "the comment: unchanged\n"
    assert [method for method, _ in github.requests[sent:]] == ["GET", "GET"]
    written(tmp_path, f"![It is.](images/{AFTER})", "words", (AFTER,))
    assert post(github, tmp_path).stderr == "the comment: updated\n"
    assert github.files(BRANCH) == {AFTER: AFTER.encode()}
    comment(github, "", tmp_path)
    assert (github.branches, github.bodies) == ({}, [])


def test_pictures_of_pull_requests_that_were_closed_long_ago_are_deleted(
    github: FakeGithub, tmp_path: Path
) -> None:
    names = {number: f"dashgen-review-images-{number}" for number in (1, 2, 3)}
    github.branches = dict.fromkeys((*names.values(), "dashgen-review-images-x", "main"), "c" * 40)
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    github.closed = {1: "2020-01-01T00:00:00Z", 2: yesterday}
    written(tmp_path, TABLE, "words", (BEFORE, AFTER))
    assert post(github, tmp_path).stderr == "the comment: created\n"
    assert sorted(github.branches) == [names[2], names[3], BRANCH, "dashgen-review-images-x", "main"]


@pytest.mark.parametrize("status", [403, 404, 409, 422])
def test_without_a_right_to_write_files_the_comment_is_in_words(
    github: FakeGithub, tmp_path: Path, status: int
) -> None:
    github.refuses_contents = status
    written(tmp_path, TABLE, "### In words\n", (BEFORE, AFTER))
    ended = post(github, tmp_path)
    assert ended.code == 0
    assert ended.stderr.startswith("::warning title=dashgen::no pictures: GitHub answers")
    (body,) = github.bodies
    assert body.startswith(f"{MARKER}\n### In words\n")
    assert "could not be shown here" in body
    assert "![" not in body


def test_a_comment_that_is_too_long_with_its_addresses_is_in_words(
    github: FakeGithub, tmp_path: Path
) -> None:
    written(tmp_path, TABLE + "x" * 64_900, "### In words\n", (BEFORE, AFTER))
    post(github, tmp_path)
    assert github.bodies[0].startswith(f"{MARKER}\n### In words\n")


def test_a_name_that_no_picture_has_stays_as_it_is(github: FakeGithub, tmp_path: Path) -> None:
    written(tmp_path, "![x](images/../../secret.png) ![y](images/other.png)", None, (AFTER,))
    (tmp_path / "images/other.png").write_bytes(b"x")
    post(github, tmp_path)
    assert "![x](images/../../secret.png) ![y](images/other.png)" in github.bodies[0]
    assert list(github.files(BRANCH)) == [AFTER]


def test_it_is_found_on_a_later_page(github: FakeGithub, tmp_path: Path) -> None:
    github.page_size = 10
    for number in range(25):
        github.add(f"comment {number}", "ann")
    github.add(f"{MARKER}\nold\n")
    assert comment(github, "new", tmp_path).stderr == "the comment: updated\n"
    assert github.bodies[-1] == f"{MARKER}\nnew\n"


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
    github.refuses = {"POST": status, "DELETE": status}
    ended = comment(github, "text", tmp_path)
    assert ended.code == 0
    assert "::warning title=dashgen::no comment: the token may not write comments" in ended.stderr


def test_a_refused_text_is_an_error(github: FakeGithub, tmp_path: Path) -> None:
    github.refuses["POST"] = 422
    ended = comment(github, "text", tmp_path)
    assert ended.code == 3
    assert "GitHub answers 422 to POST" in ended.stderr


def test_an_error_of_the_server_is_tried_again(github: FakeGithub, tmp_path: Path) -> None:
    github.failures = 1
    assert comment(github, "text", tmp_path).stderr == "the comment: created\n"


def test_the_token_goes_to_no_other_host(github: FakeGithub, tmp_path: Path) -> None:
    with running_github() as elsewhere:
        github.redirect = f"{elsewhere.url}/repos/acme/shop/issues/7/comments"
        assert comment(github, "text", tmp_path).code == 3
        assert elsewhere.requests == []


def test_a_host_that_does_not_answer_is_an_error(tmp_path: Path) -> None:
    assert comment(FakeGithub("http://127.0.0.1:1"), "text", tmp_path).code == 3


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"GITHUB_TOKEN": ""}, "there is no token for GitHub; set `GITHUB_TOKEN`"),
        ({"GITHUB_REPOSITORY": ""}, "`GITHUB_REPOSITORY` is not set, so the repository is not known"),
        ({"GITHUB_REPOSITORY": "../x"}, "`GITHUB_REPOSITORY` is not like `owner/name`"),
        ({"PULL_REQUEST": ""}, "the number of the pull request is not known; set `PULL_REQUEST`"),
        ({"PULL_REQUEST": "7/../8"}, "the number of the pull request is not known"),
        ({"GITHUB_API_URL": "ftp://x"}, "is not an address of GitHub"),
    ],
)
def test_what_the_job_lacks_is_named(
    github: FakeGithub, tmp_path: Path, variables: dict[str, str], message: str
) -> None:
    ended = comment(github, "text", tmp_path, **variables)
    assert ended.code == 2
    assert message in ended.stderr
    assert github.requests == []


def test_the_number_is_in_the_ref_of_the_job(github: FakeGithub, tmp_path: Path) -> None:
    assert comment(github, "x", tmp_path, PULL_REQUEST="", GITHUB_REF="refs/pull/7/merge").code == 0
    assert github.bodies == [f"{MARKER}\nx\n"]


def test_a_folder_without_a_review_is_an_error(github: FakeGithub, tmp_path: Path) -> None:
    ended = post(github, tmp_path)
    assert ended.code == 2
    assert "there is no review in" in ended.stderr

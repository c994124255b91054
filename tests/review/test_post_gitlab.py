"""The note on a merge request: one, kept up to date with its pictures, deleted when it has nothing to show."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.transcript import Result, run_command
from tests.review.changes import CHANGES
from tests.review.fake_gitlab import TOKEN, FakeGitlab, running_gitlab
from tests.review.test_changes import changed_project
from tests.review.test_post_github import AFTER, BEFORE, MARKER, TABLE, written


@pytest.fixture
def gitlab() -> Iterator[FakeGitlab]:
    with running_gitlab() as running:
        yield running


def environment(gitlab: FakeGitlab) -> dict[str, str]:
    """That of a job of GitLab CI."""
    return {
        "CI_API_V4_URL": f"{gitlab.url}/api/v4",
        "CI_PROJECT_ID": "5",
        "CI_MERGE_REQUEST_IID": "3",
        "GITLAB_TOKEN": TOKEN,
    }


def post(gitlab: FakeGitlab, folder: Path, **more: str) -> Result:
    """Post what is in a folder."""
    variables = {**environment(gitlab), **more}
    ended = run_command(["review", "--post", "gitlab", "--out", str(folder)], folder, variables)
    assert TOKEN not in ended.stdout + ended.stderr
    return ended


def addresses(gitlab: FakeGitlab) -> list[str]:
    """Where the uploads are."""
    return [f"/uploads/{one['secret']}/{one['filename']}" for one in gitlab.uploads]


def test_it_is_created_changed_and_deleted_with_its_pictures(gitlab: FakeGitlab, tmp_path: Path) -> None:
    gitlab.add("looks good", 7)
    written(tmp_path, TABLE, "words", (BEFORE, AFTER))
    assert post(gitlab, tmp_path).stderr == "the comment: created\n"
    assert [one["content"] for one in gitlab.uploads] == [AFTER.encode(), BEFORE.encode()]
    assert all(f"]({address})" in gitlab.bodies[1] for address in addresses(gitlab))
    before = list(gitlab.uploads)
    assert post(gitlab, tmp_path).stderr == "the comment: unchanged\n"
    assert gitlab.uploads == before
    written(tmp_path, f"![It is.](images/{AFTER})", "words", (AFTER,))
    assert post(gitlab, tmp_path).stderr == "the comment: updated\n"
    assert [one["filename"] for one in gitlab.uploads] == [f"dashgen-3-{AFTER}"]
    assert gitlab.bodies[1] == f"{MARKER}\n![It is.]({addresses(gitlab)[0]})\n"
    written(tmp_path, "")
    assert post(gitlab, tmp_path).stderr == "the comment: deleted\n"
    assert (gitlab.bodies, gitlab.uploads) == (["looks good"], [])


def test_uploads_of_others_stay_and_a_token_of_a_developer_deletes_none(
    gitlab: FakeGitlab, tmp_path: Path
) -> None:
    gitlab.uploads.append({"id": 1, "filename": "holiday.png", "secret": "0" * 32, "content": b""})
    written(tmp_path, TABLE, "words", (BEFORE, AFTER))
    post(gitlab, tmp_path)
    gitlab.is_maintainer = False
    written(tmp_path, "")
    assert post(gitlab, tmp_path).code == 0
    assert len(gitlab.uploads) == 3
    gitlab.is_maintainer = True
    post(gitlab, tmp_path)
    assert [one["filename"] for one in gitlab.uploads] == ["holiday.png"]


def test_without_a_right_to_upload_it_is_in_words(gitlab: FakeGitlab, tmp_path: Path) -> None:
    gitlab.may_upload = False
    written(tmp_path, TABLE, "### In words\n", (BEFORE, AFTER))
    ended = post(gitlab, tmp_path)
    assert ended.stderr.startswith("warning: no pictures: GitLab answers 403")
    assert gitlab.bodies[0].startswith(f"{MARKER}\n### In words\n")


def test_a_token_that_may_not_write_is_a_warning(gitlab: FakeGitlab, tmp_path: Path) -> None:
    gitlab.may_write = False
    written(tmp_path, "text")
    ended = post(gitlab, tmp_path)
    assert (ended.code, ended.stderr.partition(" (")[0]) == (
        0, "warning: no comment: the token may not write comments",
    )  # fmt: skip


def test_a_note_of_another_with_the_marker_stays(gitlab: FakeGitlab, tmp_path: Path) -> None:
    gitlab.add(f"{MARKER}\nforged\n", 7)
    written(tmp_path, "mine")
    post(gitlab, tmp_path)
    assert gitlab.bodies == [f"{MARKER}\nforged\n", f"{MARKER}\nmine\n"]


def test_a_long_comment_fits_into_gitlab(gitlab: FakeGitlab, tmp_path: Path) -> None:
    written(tmp_path, "x" * 200_000, "words")
    post(gitlab, tmp_path)
    assert len(gitlab.bodies[0]) > 200_000


def test_a_review_is_made_and_posted_at_once(gitlab: FakeGitlab, tmp_path: Path) -> None:
    changed_project(tmp_path, CHANGES["query"])
    tests = tmp_path / "tests.md"
    tests.write_text("### Tests\n\n2 passed\n", encoding="utf-8")
    words = ["review", "--against", "main", "--post", "gitlab", "--include", "tests.md"]
    ended = run_command(words, tmp_path, environment(gitlab))
    assert (ended.code, ended.stderr) == (0, "the comment: created\n")
    (body,) = gitlab.bodies
    assert "panel **Open carts**" in body
    assert body.endswith("### Tests\n\n2 passed\n")
    assert len(gitlab.uploads) == 2
    assert all(address in body for address in addresses(gitlab))


@pytest.mark.parametrize("name", ["CI_API_V4_URL", "CI_PROJECT_ID", "CI_MERGE_REQUEST_IID", "GITLAB_TOKEN"])
def test_what_the_job_lacks_is_named(gitlab: FakeGitlab, tmp_path: Path, name: str) -> None:
    written(tmp_path, "text")
    ended = post(gitlab, tmp_path, **{name: ""})
    assert ended.code == 2
    assert f"`{name}`" in ended.stderr
    assert gitlab.requests == []

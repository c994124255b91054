"""A reviewer sees the right words and pictures of each change, and nothing of none."""

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.cli.transcript import commit_all, run_command
from tests.golden import check
from tests.review.changes import CHANGES, NOTHING, PROJECT, Edit, apply_edits

GOLDEN = Path(__file__).parent / "changes"
_HASH = re.compile(r"-[0-9a-f]{16}\.(?:png|svg)")
_COMMIT = re.compile(r"at `[0-9a-f]{10}`")


def changed_project(folder: Path, edits: tuple[Edit, ...]) -> None:
    """The project in a repository with one commit, edited since."""
    shutil.copytree(PROJECT, folder, dirs_exist_ok=True)
    commit_all(folder)
    apply_edits(folder, edits)


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_described_and_drawn(name: str, tmp_path: Path) -> None:
    if name == "alert-of-prometheus" and shutil.which("promtool") is None:
        pytest.skip("promtool is missing, so the tests of Prometheus' rules were not run")
    project, out = tmp_path / "project", tmp_path / "out"
    changed_project(project, CHANGES[name])
    ended = run_command(["review", "--against", "main", "--out", str(out)], project, {})
    assert (ended.code, ended.stderr) == (int(name == "error"), "")
    comment = (out / "review.md").read_text(encoding="utf-8")
    assert ended.stdout == comment
    check(GOLDEN / f"{name}.md", _COMMIT.sub("at its commit", _HASH.sub("-HASH", comment)))
    pictures = {path.name for path in (out / "images").iterdir()}
    assert pictures == set(re.findall(r"\]\(images/([^)]+)\)", comment))
    document = json.loads((out / "review.json").read_text(encoding="utf-8"))
    assert {picture["name"] for picture in document["pictures"]} == pictures
    assert document["empty"] is False


@pytest.mark.parametrize("name", NOTHING)
def test_what_nobody_sees_is_not_mentioned(name: str, tmp_path: Path) -> None:
    project, out = tmp_path / "project", tmp_path / "out"
    changed_project(project, NOTHING[name])
    ended = run_command(["review", "--against", "main", "--out", str(out)], project, {})
    assert (ended.code, ended.stdout, ended.stderr) == (0, "", "")
    assert (out / "review.md").read_text(encoding="utf-8") == ""
    assert json.loads((out / "review.json").read_text(encoding="utf-8"))["empty"] is True
    assert list((out / "images").iterdir()) == []

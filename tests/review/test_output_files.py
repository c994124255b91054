"""The files of a review: names, forms, what of an earlier one goes, and what is kept."""

import json
import re
import sys
from pathlib import Path
from unittest import mock

import pytest

from tests.cli.transcript import Result, run_command
from tests.review.changes import CHANGES, apply_edits
from tests.review.test_changes import changed_project

PNG = b"\x89PNG\r\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in which a panel and a component changed."""
    folder = tmp_path / "project"
    changed_project(folder, (*CHANGES["query"], *CHANGES["component"]))
    return folder


def review(project: Path, *options: str) -> Result:
    """Review what changed, with options."""
    ended = run_command(["review", "--against", "main", *options], project, {})
    assert (ended.code, ended.stderr) == (0, "")
    return ended


def images(folder: Path) -> dict[str, bytes]:
    """The pictures in a folder."""
    return {path.name: path.read_bytes() for path in (folder / "images").iterdir()}


def test_the_same_review_has_the_same_files(project: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        review(project, "--out", str(tmp_path / name), "--html", str(tmp_path / f"{name}.html"))
    assert images(tmp_path / "one") == images(tmp_path / "two")
    assert all(content.startswith(PNG) for content in images(tmp_path / "one").values())
    for name in ("review.md", "review-in-words.md", "review.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_pictures_of_an_earlier_review_go_and_other_files_stay(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    review(project, "--out", str(out))
    before = images(out)
    (out / "images/logo.png").write_bytes(b"x")
    apply_edits(project, CHANGES["unit"])
    run_command(["review", "--against", "main", "--out", str(out), "--fail-on=never"], project, {})
    after = images(out)
    assert after.pop("logo.png") == b"x"
    assert before.keys() < after.keys()
    run_command(["review", "--against", "main", "--out", str(out), "--pictures", "0"], project, {})
    assert list(images(out)) == ["logo.png"]


def test_a_name_changes_with_what_a_picture_shows(project: Path, tmp_path: Path) -> None:
    review(project, "--out", str(tmp_path / "dark"))
    review(project, "--out", str(tmp_path / "light"), "--theme", "light")
    dark, light = images(tmp_path / "dark"), images(tmp_path / "light")
    assert {name.rpartition("-")[0] for name in dark} == {name.rpartition("-")[0] for name in light}
    assert not dark.keys() & light.keys()


def test_pictures_are_svg_without_resvg(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with mock.patch.dict(sys.modules, {"resvg_py": None}):
        ended = review(project, "--out", str(out), "--html", str(tmp_path / "page.html"))
    assert images(out)
    assert all(
        name.endswith(".svg") and content.startswith(b"<svg ") for name, content in images(out).items()
    )
    assert all(f"(images/{name})" in ended.stdout for name in images(out))
    assert (tmp_path / "page.html").read_text(encoding="utf-8").count("data:image/svg+xml;base64,") == len(
        images(out)
    )


def test_as_many_panels_are_drawn_as_wanted(project: Path, tmp_path: Path) -> None:
    ended = review(project, "--out", str(tmp_path / "out"), "--pictures", "1")
    assert len(images(tmp_path / "out")) == 2
    assert re.search(r"\d panels? more without pictures", ended.stdout)


def test_pictures_have_the_address_that_they_will_have(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ended = review(project, "--out", str(out), "--images-url", "https://files.example.com/7/")
    addresses = re.findall(r"!\[[^\]]*\]\(([^)]*)\)", ended.stdout)
    assert sorted(addresses) == sorted(f"https://files.example.com/7/{name}" for name in images(out))


def test_every_picture_has_a_sentence_for_those_who_do_not_see_it(project: Path, tmp_path: Path) -> None:
    ended = review(project, "--out", str(tmp_path / "out"))
    texts = re.findall(r"!\[([^\]]*)\]", ended.stdout)
    assert texts
    assert all(re.fullmatch(r"The panel “.+” of “.+”, .+\.", text) for text in texts)


def test_the_review_in_words_has_the_same_words(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    text = review(project, "--out", str(out)).stdout
    words = (out / "review-in-words.md").read_text(encoding="utf-8")
    assert "![" not in words
    assert [line for line in words.splitlines() if line.startswith(("#", "- "))] == [
        line for line in text.splitlines() if line.startswith(("#", "- "))
    ]


def test_an_error_on_a_changed_line_fails_unless_that_is_not_wanted(tmp_path: Path) -> None:
    changed_project(tmp_path, CHANGES["error"])
    for options, code in (((), 1), (("--fail-on", "never"), 0), (("--fail-on", "warning"), 1)):
        assert run_command(["review", "--against", "main", *options], tmp_path, {}).code == code


def test_a_warning_fails_only_if_that_is_wanted(tmp_path: Path) -> None:
    changed_project(tmp_path, CHANGES["unit"])
    for options, code in (((), 0), (("--fail-on", "warning"), 1), (("--preset", "community"), 0)):
        assert run_command(["review", "--against", "main", *options], tmp_path, {}).code == code


def test_the_document_has_what_the_comment_has(project: Path, tmp_path: Path) -> None:
    printed = json.loads(review(project, "--format", "json").stdout)
    assert [one["change"]["uid"] for one in printed["dashboards"]] == ["night", "checkout", "shop"]
    assert printed["pictures"] == []
    assert [one["subject"] for one in printed["touched"]] == ["component:orders"]
    review(project, "--out", str(tmp_path / "out"))
    kept = json.loads((tmp_path / "out/review.json").read_text(encoding="utf-8"))
    assert {one["name"] for one in kept["pictures"]} == images(tmp_path / "out").keys()


def test_a_page_is_written_into_a_folder_that_is_made_for_it(tmp_path: Path) -> None:
    changed_project(tmp_path, CHANGES["unit"])
    result = run_command(["review", "--against", "main", "--html", "new/folder/page.html"], tmp_path, {})
    assert result.code == 0, result.stderr
    assert (tmp_path / "new/folder/page.html").is_file()


def test_a_file_in_the_way_of_the_folder_is_named(tmp_path: Path) -> None:
    changed_project(tmp_path, CHANGES["unit"])
    (tmp_path / "taken").write_text("")
    result = run_command(["review", "--against", "main", "--out", "taken"], tmp_path, {})
    assert result.code == 2
    assert "`taken` is a file; name a folder" in result.stderr

"""A site on the disk: what is ours is kept current, and nothing else is touched."""

from pathlib import Path

import pytest

from dashgen.core.errors import DashgenError
from dashgen.site.written_site import SITE_LOCK, site_changes, write_site


def _write(output: Path, **contents: str) -> list[str]:
    files = {f"{name}.html": text.encode() for name, text in contents.items()}
    changes, problems = site_changes(output, files, "site")
    if not any(problem.severity == "error" for problem in problems):
        write_site(output, files, changes)
    return [f"{problem.rule} {problem.location.file}" for problem in problems]


def _files(output: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in output.iterdir() if path.name != SITE_LOCK}


def test_pages_of_an_earlier_run_are_removed_and_files_of_others_stay(tmp_path):
    assert _write(tmp_path, a="1", b="2") == []
    (tmp_path / "CNAME").write_text("docs.example.com")
    assert _write(tmp_path, a="3") == []
    assert _files(tmp_path) == {"a.html": "3", "CNAME": "docs.example.com"}


def test_a_file_of_somebody_else_in_the_way_stops_everything(tmp_path):
    (tmp_path / "b.html").write_text("mine")
    assert _write(tmp_path, a="1", b="2") == ["output/foreign site/b.html"]
    assert _files(tmp_path) == {"b.html": "mine"}


def test_a_page_that_somebody_edited_stays_when_no_spec_makes_it(tmp_path):
    _write(tmp_path, a="1", b="2")
    (tmp_path / "b.html").write_text("edited")
    assert _write(tmp_path, a="1") == ["output/edited site/b.html"]
    assert _files(tmp_path) == {"a.html": "1", "b.html": "edited"}
    # It is remembered as ours until it is gone.
    assert _write(tmp_path, a="1") == ["output/edited site/b.html"]


def test_a_link_in_the_way_is_not_followed(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "victim").write_text("mine")
    (tmp_path / "site/a.html").symlink_to(tmp_path / "victim")
    assert _write(tmp_path / "site", a="1") == ["output/foreign site/a.html"]
    assert (tmp_path / "victim").read_text() == "mine"


def test_the_output_of_a_build_is_no_place_for_a_site(tmp_path):
    (tmp_path / "dashgen.lock.json").write_text("{}")
    with pytest.raises(DashgenError, match="the output of a build"):
        _write(tmp_path, a="1")


def test_a_run_that_was_killed_leaves_nothing_that_the_next_one_does_not_know(tmp_path, monkeypatch):
    _write(tmp_path, a="1")

    def killed(*_arguments: object) -> None:
        (tmp_path / "b.html").write_text("2")
        raise KeyboardInterrupt

    monkeypatch.setattr("dashgen.site.written_site.write_changes", killed)
    with pytest.raises(KeyboardInterrupt):
        _write(tmp_path, b="2", c="3")
    monkeypatch.undo()
    assert _write(tmp_path, c="4") == []
    assert _files(tmp_path) == {"c.html": "4"}


def test_a_site_that_is_current_is_not_written(tmp_path):
    _write(tmp_path, a="1")
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert _write(tmp_path, a="1") == []
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


def test_a_damaged_lock_stops_everything_with_what_to_do(tmp_path):
    _write(tmp_path, a="1")
    (tmp_path / SITE_LOCK).write_text("{")
    _, problems = site_changes(tmp_path, {"a.html": b"2"}, "site")
    assert (problems[0].rule, problems[0].hint) == (
        "lock/unreadable", "remove the folder, and write the site anew",
    )  # fmt: skip
    assert _write(tmp_path, a="2")[0] == f"lock/unreadable site/{SITE_LOCK}"
    assert _files(tmp_path) == {"a.html": "1"}

"""Names of files for what comes from anywhere."""

from pathlib import Path

import pytest

from dashgen.core.errors import DashgenError
from dashgen.importer.spec_files_on_disk import distinct_names, file_name, write_files


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("mission-control", "mission-control.yaml"),
        ("../../etc/passwd", "etc-passwd.yaml"),
        ("..", "dashboard.yaml"),
        ("", "dashboard.yaml"),
        ("\x1b[31mred", "31mred.yaml"),
        ("a/b\\c:d", "a-b-c-d.yaml"),
        ("CON", "CON-dashboard.yaml"),
        ("nul", "nul-dashboard.yaml"),
        ("lpt1", "lpt1-dashboard.yaml"),
        ("x" * 500, "x" * 80 + ".yaml"),
        ("-rf", "rf.yaml"),
        (".hidden", "hidden.yaml"),
    ],
)
def test_a_name_is_safe_everywhere(wanted: str, name: str) -> None:
    assert file_name(wanted, "dashboard") == name


def test_names_that_differ_in_capitals_get_numbers() -> None:
    assert distinct_names(["a.yaml", "A.yaml", "a.yaml", "a-2.yaml"]) == [
        "a.yaml",
        "A-2.yaml",
        "a-3.yaml",
        "a-2-2.yaml",
    ]


def test_all_files_are_written_or_none(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("mine")
    with pytest.raises(DashgenError, match=r"already has `b\.yaml`"):
        write_files(tmp_path, [("a.yaml", "1"), ("b.yaml", "2")])
    assert [path.name for path in tmp_path.iterdir()] == ["b.yaml"]


def test_a_file_is_replaced_when_that_was_asked_for(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("mine")
    write_files(tmp_path, [("b.yaml", "2")], overwrite=True)
    assert (tmp_path / "b.yaml").read_text() == "2"


def test_a_link_is_never_written_through(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "target").write_text("mine")
    (tmp_path / "out" / "b.yaml").symlink_to(tmp_path / "target")
    with pytest.raises(DashgenError, match="already has"):
        write_files(tmp_path / "out", [("b.yaml", "2")], overwrite=True)
    assert (tmp_path / "target").read_text() == "mine"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("")
    with pytest.raises(DashgenError, match="is a file"):
        write_files(tmp_path / "x", [("b.yaml", "2")])

"""Files are made and replaced in one step, and no link, pipe or device is followed, opened or written."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from dashgen.core.files import temporary
from dashgen.core.files.regular import IrregularFileError, read_regular
from dashgen.core.files.rooted_paths import Tree
from dashgen.core.files.standalone import Replacement, create_file, replace_file, replace_files


def link_to_file(path: Path) -> None:
    victim = path.parent / "victim"
    victim.write_bytes(b"precious")
    path.symlink_to(victim)


def link_to_nothing(path: Path) -> None:
    path.symlink_to(path.parent / "nothing")


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def unix_socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the path of a socket may have about 100 characters
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(path.name)
    finally:
        os.chdir(here)


IN_THE_WAY: dict[str, Callable[[Path], None]] = {
    "a pipe": os.mkfifo,
    "a socket": unix_socket,
    "a link to a file": link_to_file,
    "a link to nothing": link_to_nothing,
    "a link to a device": device,
    "a folder": Path.mkdir,
}


@pytest.mark.parametrize("kind", IN_THE_WAY)
def test_what_is_no_file_is_neither_read_nor_replaced(tmp_path: Path, kind: str) -> None:
    IN_THE_WAY[kind](tmp_path / "x")
    before = sorted(tmp_path.iterdir())
    with Tree(tmp_path) as tree:
        for act in (
            lambda: tree.read("x"),
            lambda: tree.replace("x", b"new"),
            lambda: replace_file(tmp_path / "x", b"new"),
            lambda: read_regular(tmp_path / "x", follow=False),
            lambda: tree.open_for_append("x"),
        ):
            with pytest.raises(OSError, match=r"it is a|[Ii]s a directory"):
                act()
        with pytest.raises(FileExistsError):
            tree.create("x", b"new")
        with pytest.raises(FileExistsError):
            create_file(tmp_path / "x", b"new")
    assert sorted(tmp_path.iterdir()) == before
    if kind == "a link to a file":
        assert (tmp_path / "victim").read_bytes() == b"precious"


@pytest.mark.parametrize("path", ["link/x", "link/deep/x", "a/link/x"])
def test_a_link_to_a_folder_is_not_followed(tmp_path: Path, path: str) -> None:
    outside, root = tmp_path / "outside", tmp_path / "root"
    (outside / "deep").mkdir(parents=True)
    (outside / "x").write_bytes(b"precious")
    (root / "a").mkdir(parents=True)
    (root / path.partition("link")[0] / "link").symlink_to(outside)
    with Tree(root) as tree:
        for act in (
            lambda: tree.read(path),
            lambda: tree.replace(path, b"new"),
            lambda: tree.create(path, b"new"),
            lambda: tree.make_folder(path),
            lambda: tree.remove(path),
            lambda: tree.open_for_append(path),
        ):
            with pytest.raises(IrregularFileError, match="links are not followed here"):
                act()
    assert [path.name for path in sorted(outside.rglob("*"))] == ["deep", "x"]


@pytest.mark.parametrize("path", ["../x", "a/../../x", "./x", "a//x", "/etc/x"])
def test_a_path_that_is_not_below_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    (tmp_path / "root/a").mkdir(parents=True)
    with Tree(tmp_path / "root") as tree, pytest.raises(OSError, match="not a path below the folder"):
        tree.replace(path, b"new")
    assert not (tmp_path / "x").exists()


def test_a_folder_that_becomes_a_link_meanwhile_leads_nowhere(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside", tmp_path / "root"
    outside.mkdir()
    (root / "a").mkdir(parents=True)
    with Tree(root) as tree:
        tree.replace("a/one", b"1")
        (root / "a").rename(root / "moved")
        (root / "a").symlink_to(outside)
        tree.replace("a/two", b"2")
    assert list(outside.iterdir()) == []
    assert (root / "moved/two").read_bytes() == b"2"


def test_names_of_temporary_files_cannot_be_guessed_and_differ(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[str] = []
    real = os.replace

    def watched(source: str, target: str, **folders: int) -> None:
        names.append(source)
        real(source, target, **folders)

    monkeypatch.setattr(temporary.os, "replace", watched)
    for content in (b"1", b"2", b"3"):
        replace_file(tmp_path / "x", content)
    assert len(set(names)) == 3
    assert all(temporary._NAME.fullmatch(name) for name in names)
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_a_planted_temporary_file_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    monkeypatch.setattr(temporary.os, "urandom", lambda count: b"\0" * count)
    (tmp_path / f".x.{'00' * 8}.dashgen-tmp").symlink_to(victim)
    with pytest.raises(FileExistsError):
        replace_file(tmp_path / "x", b"new")
    assert victim.read_bytes() == b"precious"


def test_rights_are_those_that_are_named_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        replace_file(tmp_path / "named", b"", 0o640)
        replace_file(tmp_path / "usual", b"")
    finally:
        os.umask(before)
    assert (tmp_path / "named").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "usual").stat().st_mode & 0o777 == 0o600


def test_a_file_with_the_longest_name_can_be_replaced(tmp_path: Path) -> None:
    for name in ("n" * 255, "\N{ROBOT FACE}" * 63):
        replace_file(tmp_path / name, b"new")
        assert (tmp_path / name).read_bytes() == b"new"


def test_of_several_files_all_or_none_are_replaced(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).write_bytes(b"old")
    os.mkfifo(tmp_path / "three")
    files = [Replacement(tmp_path / name, b"new") for name in ("one", "two", "three")]
    with pytest.raises(IrregularFileError):
        replace_files(files, lambda: None)

    def refuse() -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        replace_files(files[:2], refuse)
    assert {name: (tmp_path / name).read_bytes() for name in ("one", "two")} == {"one": b"old", "two": b"old"}
    assert len(list(tmp_path.iterdir())) == 3
    replace_files(files[:2], lambda: None)
    assert (tmp_path / "two").read_bytes() == b"new"


def test_removing_takes_empty_folders_along_and_leaves_others(tmp_path: Path) -> None:
    with Tree(tmp_path) as tree:
        for path in ("a/b/c/x", "a/y"):
            tree.replace(path, b"")
        tree.remove("a/b/c/x")
        tree.remove("a/b/c/x")
        tree.remove("not/there")
    assert [path.name for path in tmp_path.rglob("*")] == ["a", "y"]


def test_leftovers_of_killed_processes_go_and_nothing_else(tmp_path: Path) -> None:
    stale = f".x.{'ab' * 8}.dashgen-tmp"
    keep = [".x.dashgen-tmp", "x", f"x.{'ab' * 8}.dashgen-tmp", f".x.{'AB' * 8}.dashgen-tmp"]
    for name in (stale, *keep):
        (tmp_path / name).write_bytes(b"")
    with Tree(tmp_path) as tree:
        tree.remove_leftovers("")
        tree.remove_leftovers("not/there")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(keep)


def test_a_file_that_is_too_large_is_not_read_to_its_end(tmp_path: Path) -> None:
    with (tmp_path / "x").open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(OSError, match="larger than 1 MB"):
        read_regular(tmp_path / "x", 2**20)

"""The patch on the disk."""

import subprocess

import pytest

from dashgen.core.errors import DashgenError
from dashgen.project.spec_writing import ChangedOnDiskError, unified, write

BEFORE = {"specs/a.yaml": "one\ntwo\nthree\n", "specs/b.yaml": "no line end", "specs/c.yaml": "same\n"}
AFTER = {
    "specs/a.yaml": "one\n2\nthree\n",
    "specs/b.yaml": "a line end\u2028\n",
    "specs/c.yaml": "same\n",
    "specs/new.yaml": "new",
}


def _project(folder, texts):
    paths = {name: folder / name for name in texts}
    for name, text in texts.items():
        paths[name].parent.mkdir(exist_ok=True)
        paths[name].write_bytes(text.encode())
    return paths


def test_git_applies_the_patch(tmp_path):
    _project(tmp_path, BEFORE)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    patch = unified(BEFORE, AFTER).encode()
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=patch, check=True)
    assert {name: (tmp_path / name).read_bytes().decode() for name in AFTER} == AFTER


def test_files_keep_their_rights_and_links_stay_links(tmp_path):
    paths = _project(tmp_path, {"specs/a.yaml": "old\n"})
    real = tmp_path / "elsewhere.yaml"
    paths["specs/a.yaml"].rename(real)
    real.chmod(0o640)
    paths["specs/a.yaml"].symlink_to(real)
    write(paths, {"specs/a.yaml": b"old\n"}, {"specs/a.yaml": "new\n"}, {})
    assert paths["specs/a.yaml"].is_symlink()
    assert real.read_text() == "new\n"
    assert real.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["elsewhere.yaml", "specs"]


def test_nothing_is_written_when_one_file_is_another_one_now(tmp_path):
    paths = _project(tmp_path, BEFORE)
    read = {name: text.encode() for name, text in BEFORE.items()}
    paths["specs/b.yaml"].write_text("somebody's\n")
    with pytest.raises(ChangedOnDiskError, match="nothing was written"):
        write(paths, read, AFTER, {})
    assert paths["specs/a.yaml"].read_text() == BEFORE["specs/a.yaml"]
    assert paths["specs/b.yaml"].read_text() == "somebody's\n"


def test_a_new_file_overwrites_nothing(tmp_path):
    paths = _project(tmp_path, BEFORE)
    read = {name: text.encode() for name, text in BEFORE.items()}
    there = tmp_path / "specs/new.yaml"
    there.write_text("mine\n")
    with pytest.raises(DashgenError, match="cannot write"):
        write(paths, read, AFTER, {there: "new"})
    assert there.read_text() == "mine\n"
    assert paths["specs/a.yaml"].read_text() == BEFORE["specs/a.yaml"]

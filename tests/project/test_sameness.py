"""The same specs give the same bytes: anywhere, in any order, in any way they are built."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashgen.workspace.input_files import list_specs
from tests.project.project import Project, contents, new_project

LOOK = """\
import sys
from pathlib import Path
from dashgen.project.build import BuildOptions, build
report = build(BuildOptions(Path(sys.argv[1]), Path(sys.argv[2]), use_cache=False))
assert not report.failed, report.diagnostics
"""


def many(folder: Path, count: int = 12) -> Project:
    project = new_project(folder)
    for number in range(count):
        project.dashboard(
            f"board-{number}",
            f"🚀 Board {number}",
            f"  - {{title: 'Ünï {number}', query: 'sum by (b, a) (rate(x_total[5m]))'}}\n",
        )
    project.write(
        "specs/mixed.yaml",
        "kind: Dashboard\nuid: mixed\ntitle: Mixed\npanels: [{title: A, query: up}]\n---\nkind: Metrics\nmetrics: {up: {type: gauge, help: Up.}}\n",
    )
    project.write(
        "specs/alerts.yaml",
        "kind: AlertRules\ngroup: g\nfolder: Team\nrules: [{alert: Down, query: up, when: below 1, panel: one/up, summary: down}]\n",
    )
    return project


def test_parallel_serial_and_cached_builds_give_the_same_bytes(tmp_path: Path) -> None:
    project = many(tmp_path)
    project.build(use_cache=False, processes=1, output=tmp_path / "serial")
    project.build(use_cache=False, processes=3, output=tmp_path / "parallel")
    project.build()
    project.dashboard("one", "Changed")
    project.build()
    project.dashboard("one")
    project.build()
    project.build()
    serial = dict(contents(tmp_path / "serial"))
    assert len(serial) > 14
    assert dict(contents(tmp_path / "parallel")) == serial
    assert project.files() == serial


def test_findings_are_the_same_and_in_the_same_order_however_many_processes_find_them(tmp_path: Path) -> None:
    project = many(tmp_path)
    for number in range(0, 12, 2):
        project.dashboard(
            f"board-{number}", "x", "  - {titel: A, query: up}\n  - {title: B, query: 'sum('}\n"
        )
    serial, parallel = (project.build(use_cache=False, processes=count).diagnostics for count in (1, 3))
    assert serial == parallel
    assert len(serial) >= 6


@pytest.mark.parametrize(
    "surroundings",
    [
        {"PYTHONHASHSEED": "1"},
        {"PYTHONHASHSEED": "4242"},
        {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0"},
        {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0"},
        {"TZ": "Asia/Dubai"},
        {"TZ": "America/New_York", "LC_ALL": "C.UTF-8"},
        {"COLUMNS": "20", "TERM": "dumb", "NO_COLOR": "1"},
    ],
    ids=lambda given: " ".join(f"{name}={value}" for name, value in given.items()),
)
def test_locale_time_zone_hash_seed_and_folder_make_no_difference(
    tmp_path: Path, surroundings: dict[str, str]
) -> None:
    project = many(tmp_path / "project", 3)
    project.build(use_cache=False)
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    command = [sys.executable, "-c", LOOK, str(project.root), str(tmp_path / "out")]
    done = subprocess.run(
        command,
        cwd=elsewhere,
        env={**os.environ, **surroundings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert dict(contents(tmp_path / "out")) == project.files()


def test_the_order_in_which_files_are_made_and_listed_makes_no_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = many(tmp_path / "a")
    project.build(use_cache=False)
    other = Project(tmp_path / "b")
    for path in sorted(project.root.rglob("*.yaml"), reverse=True):
        if "generated" not in path.parts:
            other.write(path.relative_to(project.root).as_posix(), path.read_bytes())
    real = os.scandir

    @contextlib.contextmanager
    def backwards(folder: str) -> Iterator[Iterator[os.DirEntry[str]]]:
        with real(folder) as listing:
            yield iter(sorted(listing, key=lambda entry: entry.name, reverse=True))

    monkeypatch.setattr(os, "scandir", backwards)
    files, problems = list_specs(other.root, ["specs"])
    monkeypatch.undo()
    assert problems == []
    assert [file.name for file in files] == [file.name for file in list_specs(project.root, ["specs"])[0]]
    other.build(use_cache=False)
    assert other.files() == project.files()


def test_the_order_of_keys_and_documents_makes_no_difference_to_a_dashboard(tmp_path: Path) -> None:
    project = Project(tmp_path / "a")
    project.write(
        "specs/a.yaml",
        "kind: Dashboard\nuid: d\ntitle: T\ntags: [x]\npanels: [{title: A, query: up, unit: s}]\n",
    )
    other = Project(tmp_path / "b")
    other.write(
        "specs/a.yaml",
        "tags: [x]\npanels: [{unit: s, query: up, title: A}]\ntitle: T\nuid: d\nkind: Dashboard\n",
    )
    sources = "kind: DataSources\ndatasources: [{name: P, type: prometheus, uid: p, url: 'http://p', default: true}]\n"
    for one in (project, other):
        one.write("specs/s.yaml", sources)
        one.build(use_cache=False)
    assert project.files()["dashboards/d.json"] == other.files()["dashboards/d.json"]


def test_json_is_sorted_indented_and_ends_with_a_newline(tmp_path: Path) -> None:
    project = many(tmp_path, 1)
    project.build()
    for name, content in project.files().items():
        assert content.endswith(b"\n"), name
        assert not content.endswith(b"\n\n"), name
        assert b"\r" not in content
        assert str(tmp_path).encode() not in content, "an output knows where it was built"

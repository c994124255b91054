"""The folder for Git Sync, read as Git Sync reads it.

Source: pkg/registry/apis/provisioning/resources of Grafana 13.3: `filepath.go` (which files are resources), `id.go`
(folders without metadata), `folder_metadata.go` and its reader (uid and title), `parser.go` (an object with group, kind and
name); apps/provisioning/pkg/safepath/safe.go (which paths are taken).
"""

import json
import re
from pathlib import Path

import pytest

from tests.kubernetes.test_layouts import SPECS
from tests.project.project import Project

_SAFE = re.compile(r"[A-Za-z0-9 _.\-/]+")
_RESOURCES = {".json", ".yaml", ".yml"}
_MOST_LEVELS = 8


class GitSyncReader:
    """What Git Sync makes of a folder: dashboards with their folders, and what it would warn of."""

    def __init__(self, root: Path) -> None:
        self.dashboards: dict[str, str] = {}
        self.folders: dict[str, tuple[str, str]] = {}
        self.warnings: list[str] = []
        uids: dict[str, str] = {"": ""}
        for path in sorted(root.rglob("*")):
            name = path.relative_to(root).as_posix()
            assert _SAFE.fullmatch(name), name
            assert not any(part.startswith(".") for part in name.split("/")), name
            assert name.count("/") < _MOST_LEVELS, name
            if path.is_dir():
                uids[name] = self._folder(path, name, uids[name.rpartition("/")[0]])
        for path in sorted(root.rglob("*")):
            if path.suffix in _RESOURCES and path.name != "_folder.json":
                self._dashboard(path, uids[path.relative_to(root).parent.as_posix().removeprefix(".")])

    def _folder(self, path: Path, name: str, parent: str) -> str:
        metadata = path / "_folder.json"
        if not metadata.exists():
            self.warnings.append(f"{name} has no metadata: its uid is a hash of its path")
            return name
        data = json.loads(metadata.read_text("utf-8"))
        assert data["apiVersion"].startswith("folder.grafana.app/")
        assert data["kind"] == "Folder"
        uid = data["metadata"]["name"]
        assert uid not in self.folders, "two folders with one uid"
        self.folders[uid] = (data["spec"]["title"], parent)
        return uid

    def _dashboard(self, path: Path, folder: str) -> None:
        data = json.loads(path.read_text("utf-8"))
        assert data["apiVersion"].startswith("dashboard.grafana.app/")
        assert data["kind"] == "Dashboard"
        name = data["metadata"]["name"]
        assert name not in self.dashboards, "two dashboards with one name"
        assert not {"uid", "id", "version"} & set(data["spec"])
        self.dashboards[name] = folder


@pytest.fixture
def project(tmp_path):
    made = Project(tmp_path)
    made.write("dashgen.yaml", "specs: [specs]\nkubernetes: {layouts: [git-sync]}\n")
    made.write("specs/all.yaml", SPECS)
    return made


@pytest.mark.parametrize("options", [(), ("--dashboard-format", "v2")])
def test_git_sync_reads_every_dashboard_in_its_folder(project, options):
    assert project.run("build", *options).code == 0
    read = GitSyncReader(project.output / "git-sync")
    assert read.dashboards == {"plain": "", "Shop_Main": "the-shop", "deep": "shop-deep-er"}
    assert read.folders == {
        "the-shop": ("Shop", ""),
        "shop-deep": ("Deep", "the-shop"),
        "shop-deep-er": ("Er", "shop-deep"),
    }
    assert read.warnings == []
    api = json.loads((project.output / "git-sync/plain.json").read_text("utf-8"))["apiVersion"]
    assert api.endswith("/v2") == bool(options)


def test_what_it_does_not_pull_is_a_finding_and_no_secret_is_in_the_folder(project):
    report = project.build()
    found = {one.message for one in report.diagnostics if one.rule == "git-sync/not-pulled"}
    assert found == {
        "Git Sync pulls dashboards and folders only, no data sources",
        "Git Sync pulls dashboards and folders only, no alerting",
    }
    texts = "".join(path.read_text("utf-8") for path in (project.output / "git-sync").rglob("*.json"))
    assert "secureJsonData" not in texts


def test_a_readme_and_files_of_others_stay_when_ours_go(project):
    project.build()
    (project.output / "git-sync/README.md").write_text("# ours\n", "utf-8")
    (project.output / "git-sync/Shop/README.md").write_text("# shop\n", "utf-8")
    project.write("specs/all.yaml", SPECS.replace("uid: deep\n", "uid: deeper\n"))
    project.build()
    left = {
        path.relative_to(project.output / "git-sync").as_posix()
        for path in (project.output / "git-sync").rglob("*")
    }
    assert {"README.md", "Shop/README.md", "Shop/Deep/Er/deeper.json"} <= left
    assert "Shop/Deep/Er/deep.json" not in left


def test_more_than_a_thousand_resources_are_warned_of(project):
    boards = "".join(
        f"---\nkind: Dashboard\nuid: d{n}\ntitle: D{n}\npanels: [{{title: A, type: text, content: x}}]\n"
        for n in range(1001)
    )
    project.write("specs/all.yaml", boards.removeprefix("---\n"))
    report = project.build()
    (warning,) = [one for one in report.diagnostics if one.rule == "git-sync/too-many"]
    assert "and there are 1001" in warning.message

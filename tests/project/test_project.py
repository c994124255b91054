"""What a project's documents know of each other."""

from pathlib import Path

import pytest

from dashgen.compile.follow_ups import without_follow_ups
from dashgen.compile.project_documents import holds_only_dashboards
from dashgen.core.diagnostics import Diagnostic
from dashgen.workspace.build_records import FileRecord, Owned
from dashgen.workspace.input_files import find_project, list_specs
from dashgen.workspace.lock_file import Lock, LockEntry, Removed, known_before, make_lock
from tests.project.project import SOURCES, Project, new_project


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("kind: Dashboard\ntitle: x\n", True),
        ("---\nkind: Dashboard\ntitle: x\n", True),
        ("kind: Dashboard\ntitle: x\n---\nkind: Dashboard\ntitle: y\n", True),
        ("kind: Dashboard\n---\nkind: Metrics\n", False),
        ("kind: Metrics\n", False),
        ("title: x\n", False),
        ("kind: Dashboards\n", False),
        ("", False),
        ('{"kind": "Dashboard"}', False),
        ("# kind: Dashboard\n", False),
    ],
)
def test_files_of_dashboards_only_are_told_without_parsing(text: str, only: bool) -> None:
    assert holds_only_dashboards(text.encode()) == only


KINDS_IN_ONE_FILE = [
    "kind: Dashboard\nuid: d\ntitle: T\npanels: [{use: c}]\n---\nkind: Components\ncomponents: {c: {panel: {title: A, query: up}}}\n",
    "kind: Components\ncomponents: {c: {panel: {title: A, query: up}}}\n---\nkind: Dashboard\nuid: d\ntitle: T\npanels: [{use: c}]\n",
    '{"kind": "Dashboard", "uid": "d", "title": "T", "panels": [{"title": "A", "query": "up"}]}',
    "kind: 'Dashboard'\nuid: d\ntitle: T\npanels: [{title: A, query: up}]\n",
    "title: T\nuid: d\npanels: [{title: A, query: up}]\nkind: Dashboard",
    "kind: Dashboard # mine\nuid: d\ntitle: T\npanels: [{title: A, query: up}]\n",
]


@pytest.mark.parametrize("text", KINDS_IN_ONE_FILE)
def test_documents_may_share_a_file_in_any_order_and_form(tmp_path: Path, text: str) -> None:
    project = Project(tmp_path)
    project.write("specs/s.yaml", SOURCES)
    project.write("specs/a.yaml", text)
    assert project.build().diagnostics == []
    assert "dashboards/d.json" in project.files()


def test_specs_are_listed_once_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b.yaml", "a/z.yml", "a/.hidden.yaml", ".git/x.yaml", "a/note.txt", "c.YAML"):
        Project(tmp_path).write(f"specs/{name}", "")
    files, problems = list_specs(tmp_path, ["specs", "specs/a", "./specs"])
    assert [file.name for file in files] == ["specs/a/z.yml", "specs/b.yaml"]
    assert [(Path(one.path).name, one.ignored) for one in problems] == [("c.YAML", True)]


def test_a_project_is_found_from_any_folder_inside_it(tmp_path: Path) -> None:
    project = new_project(tmp_path)
    deep = project.root / "specs/a/b"
    deep.mkdir(parents=True)
    assert find_project(deep) == project.root.resolve()
    assert find_project(Path("/")) is None


@pytest.mark.parametrize(
    ("rules", "unread", "left"),
    [
        (["datasource/unknown", "query/syntax"], {"DataSources"}, ["query/syntax"]),
        (["datasource/unknown", "alert/panel"], set(), ["datasource/unknown", "alert/panel"]),
        (["component/unknown", "alert/panel", "query/metric"], {"Components", "Dashboard", "Metrics"}, []),
    ],
)
def test_findings_that_only_follow_from_others_are_left_out(
    rules: list[str], unread: set[str], left: list[str]
) -> None:
    assert [one.rule for one in without_follow_ups([Diagnostic(rule, "x") for rule in rules], unread)] == left


def test_a_broken_file_does_not_make_others_look_wrong(tmp_path: Path) -> None:
    project = new_project(tmp_path)
    project.write("specs/datasources.yaml", "kind: DataSources\n\tdatasources: []\n")
    assert [one.rule for one in project.build().diagnostics] == ["yaml/syntax"]


def record(path: str, *owned: Owned) -> FileRecord:
    return FileRecord(path, "0" * 64, owned)


def test_a_lock_is_sorted_and_remembers_files_without_resources() -> None:
    lock = make_lock(
        [
            record("b", Owned("dashboard", "b", "B", "s")),
            record("a"),
            record("c", Owned("alert-rule", "z", "Z", "s")),
        ],
        [],
    )
    assert [(one.kind, one.uid, one.path) for one in lock.resources] == [
        ("alert-rule", "z", "c"),
        ("dashboard", "b", "b"),
        ("file", "a", "a"),
    ]


def test_what_was_owned_once_is_remembered_for_ever() -> None:
    before = Lock(
        resources=(LockEntry("alert-rule", "a", "p", "0", "s", "A"),),
        removed=(Removed("alert-rule", "old", "Old"),),
    )
    assert {(one.kind, one.uid) for one in known_before(before)} == {
        ("alert-rule", "a"),
        ("alert-rule", "old"),
    }


def test_a_removed_alert_rule_leaves_a_tombstone_until_it_comes_back(tmp_path: Path) -> None:
    project = new_project(tmp_path)
    rule = "kind: AlertRules\ngroup: g\nfolder: Team\nrules: [{alert: Down, uid: down, query: up, when: below 1, summary: x}]\n"
    path = project.write("specs/alerts.yaml", rule)
    project.build()
    path.unlink()
    project.build()
    assert b"deleteRules" in project.files()["provisioning/alerting/rules.yaml"]
    assert b'"removed": [\n    {' in project.files()["dashgen.lock.json"]
    project.build()
    assert b"deleteRules" in project.files()["provisioning/alerting/rules.yaml"]
    project.write("specs/alerts.yaml", rule)
    project.build()
    assert b"deleteRules" not in project.files()["provisioning/alerting/rules.yaml"]
    assert b'"removed": []' in project.files()["dashgen.lock.json"]

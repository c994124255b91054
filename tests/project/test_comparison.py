"""Against git refs: both sides are compiled from their own specs."""

import os
import subprocess
from pathlib import Path

import pytest

from dashgen.core.errors import DashgenError
from dashgen.project.build import BuildOptions, build
from dashgen.project.compare_project import compare_output, compare_revision
from dashgen.project.git_revision import open_repository

BOARD = (
    "kind: Dashboard\nuid: shop\ntitle: Shop\npanels:\n  - title: Orders\n    query: sum(rate(x_total[5m]))\n"
)
SOURCES = "kind: DataSources\ndatasources:\n  prometheus: {url: 'http://p:9090', default: true}\n"


def git(folder: Path, *words: str) -> str:
    identity = (
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@b",
        "-c",
        "init.defaultBranch=main",
        "-c",
        "commit.gpgsign=false",
    )
    done = subprocess.run(["git", *identity, *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def write(folder: Path, board: str = BOARD) -> None:
    (folder / "specs").mkdir(parents=True, exist_ok=True)
    (folder / "dashgen.yaml").write_text("specs: [specs]\n")
    (folder / "specs/shop.yaml").write_text(board)
    (folder / "specs/sources.yaml").write_text(SOURCES)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    write(tmp_path)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "one")
    return tmp_path


def sentences(compared) -> list[str]:
    return [
        f"{d.subject} {d.sentence}".strip() for change in compared.comparison.changes for d in change.details
    ]


def test_a_working_tree_is_compared_with_a_ref(repository):
    assert compare_revision(repository, "HEAD", None).comparison.changes == []
    write(repository, BOARD.replace("5m", "1m").replace("title: Shop", "title: Store"))
    found = compare_revision(repository, "main", None)
    assert sentences(found) == [
        'renamed from "Shop"',
        'panel "Orders" query A changed `sum(rate(x_total[5m]))` → `sum(rate(x_total[1m]))`',
    ]
    assert [change.spec for change in found.comparison.changes] == ["specs/shop.yaml"]


def test_neither_the_index_nor_the_files_of_the_repository_are_touched(repository, monkeypatch):
    write(repository, BOARD.replace("5m", "1m"))
    git(repository, "add", "specs/shop.yaml")
    index = (repository / ".git/index").read_bytes()
    before = git(repository, "status", "--porcelain=v2")
    # As in a hook of another repository.
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
    compare_revision(repository, "HEAD", None)
    monkeypatch.undo()
    assert (repository / ".git/index").read_bytes() == index
    assert git(repository, "status", "--porcelain=v2") == before
    assert git(repository, "worktree", "list").count("\n") == 1


def test_a_project_in_a_folder_of_the_repository(tmp_path):
    git(tmp_path, "init", "-q")
    (tmp_path / "README").write_text("x")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "zero")
    git(tmp_path, "tag", "zero")
    project = tmp_path / "ops/grafana"
    write(project)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "one")
    assert open_repository(project).prefix == "ops/grafana"
    write(project, BOARD.replace("Orders", "Sales"))
    assert 'panel "Sales" renamed from "Orders"' in sentences(
        compare_revision(project / "specs", "HEAD", None)
    )
    new = compare_revision(project, "zero", None)
    assert {change.what for change in new.comparison.changes} == {"created"}
    assert new.comparison.notes == ["the project did not exist at `zero`: everything is new"]


@pytest.mark.parametrize(
    ("ref", "message"),
    [
        ("mian", "there is no commit `mian`; did you mean `main`?"),
        ("--all", "there is no commit `--all`"),
        ("HEAD:specs", "there is no commit"),
        ("", "there is no commit"),
    ],
)
def test_an_unknown_ref_is_an_error_with_a_hint(repository, ref, message):
    with pytest.raises(DashgenError) as caught:
        compare_revision(repository, ref, None)
    assert message.split(";")[0] in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_ref_whose_specs_do_not_compile_is_an_error_at_its_line(repository):
    write(repository, BOARD + "panles: []\n")
    git(repository, "commit", "-q", "-am", "wrong")
    write(repository)
    with pytest.raises(
        DashgenError, match=r"the specs at `HEAD` do not compile: specs/shop.yaml:7:1: unknown key `panles`"
    ):
        compare_revision(repository, "HEAD", None)


def test_specs_that_do_not_compile_now_are_findings(repository):
    write(repository, BOARD + "panles: []\n")
    assert [found.rule for found in compare_revision(repository, "HEAD", None).diagnostics] == [
        "spec/unknown-key"
    ]


def test_without_a_repository_or_without_git_it_says_so(tmp_path, monkeypatch):
    write(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(DashgenError, match="is not in a git repository"):
        compare_revision(tmp_path, "main", None)
    monkeypatch.setenv("PATH", os.devnull)
    with pytest.raises(DashgenError, match="git is not installed"):
        compare_revision(tmp_path, "main", None)


@pytest.mark.parametrize(
    ("file", "old", "new", "note"),
    [
        ("dashboards/shop.json", b"{", b" {", "holds the same in another form: its spaces, order or comments differ"),
        (
            "dashboards/shop.json", b"\n", b"\r\n",
            "has other line endings (CRLF): let git keep them with `generated/** text eol=lf` in .gitattributes",
        ),
        ("provisioning/datasources/dashgen.yaml", b"# Generated", b"# Made",
         "holds the same in another form: its spaces, order or comments differ"),
    ],
    ids=["spaces", "line endings", "a comment"],
)  # fmt: skip
def test_an_output_that_holds_the_same_is_a_note_that_says_how_it_differs(repository, file, old, new, note):
    build(BuildOptions(repository))
    path = repository / "generated" / file
    assert old in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(old, new))
    found = compare_output(repository, None)
    assert found.comparison.changes == []
    assert found.comparison.notes == [f"generated/{file} {note}"]


def test_what_an_output_deletes_from_grafana_is_a_change(repository):
    build(BuildOptions(repository))
    path = repository / "generated/provisioning/datasources/dashgen.yaml"
    path.write_bytes(
        path.read_bytes().replace(
            b"datasources:", b"deleteDatasources:\n  - {name: Old, orgId: 1}\ndatasources:"
        )
    )
    found = compare_output(repository, None)
    assert [(str(one.what), one.title) for one in found.comparison.changes] == [
        ("deleted", "data source Old")
    ]
    assert found.comparison.notes == []

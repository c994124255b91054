"""The cache makes builds quick and never wrong."""

from pathlib import Path

import pytest

from dashgen.project import build
from dashgen.project.build import BuildOptions, cache_key, project_bytes
from dashgen.workspace.build_cache import load_cache
from tests.project.project import Project, new_project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return new_project(tmp_path)


def cache_file(project: Project) -> Path:
    [found] = (project.root / ".dashgen/cache").iterdir()
    return found


def untouched(project: Project, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a build has nothing to do: it does not even come to compile."""
    with monkeypatch.context() as patch:
        patch.setattr("dashgen.project.full_build.build_fully", lambda *_: None)
        return build.build(BuildOptions(project.root)) is not None


def test_an_unchanged_project_is_not_even_read(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.build()
    assert untouched(project, monkeypatch)
    report = project.build()
    assert not report.differs
    assert {record.path for record in report.records} >= {"dashboards/one.json", "dashboards/two.json"}


@pytest.mark.parametrize("content", [b"", b"x", b"\x80", b"\xff" * 100, b"\x93\x01\x02\x03", b"[" * 50_000])
def test_a_damaged_or_foreign_cache_is_as_good_as_none(project: Project, content: bytes) -> None:
    project.build()
    before = project.files()
    cache_file(project).write_bytes(content)
    assert (
        load_cache(
            project.root, cache_key(project.root, BuildOptions(project.root), project_bytes(project.root))
        )
        is None
    )
    project.dashboard("one", "New")
    assert project.build().changed == ["dashboards/one.json"]
    assert project.files().keys() == before.keys()


def test_a_cut_off_cache_is_as_good_as_none(project: Project) -> None:
    project.build()
    path = cache_file(project)
    content = path.read_bytes()
    for length in range(0, len(content), max(1, len(content) // 40)):
        path.write_bytes(content[:length])
        assert not project.build().differs


def test_a_cache_of_another_version_is_not_used(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.build()
    monkeypatch.setattr("dashgen.workspace.build_cache.VERSION", "0.0.0")
    assert not untouched(project, monkeypatch)
    assert not project.build().differs


def change_spec(project: Project) -> None:
    project.dashboard("one", "New")


def add_spec(project: Project) -> None:
    project.dashboard("three")


def remove_spec(project: Project) -> None:
    (project.root / "specs/one.yaml").unlink()


def rename_spec(project: Project) -> None:
    (project.root / "specs/one.yaml").rename(project.root / "specs/uno.yaml")


def change_sources(project: Project) -> None:
    path = project.root / "specs/datasources.yaml"
    path.write_text(path.read_text().replace("uid: prom,", "uid: other,"))


def change_project(project: Project) -> None:
    project.write("dashgen.yaml", "specs: [specs]\ndefaults: {dashboard: {refresh: 1m}}\n")


def delete_output(project: Project) -> None:
    (project.output / "dashboards/one.json").unlink()


def edit_output(project: Project) -> None:
    path = project.output / "dashboards/one.json"
    path.write_text(path.read_text().replace("The one", "The two"))


def delete_lock(project: Project) -> None:
    (project.output / "dashgen.lock.json").unlink()


CHANGES = [
    change_spec,
    add_spec,
    remove_spec,
    rename_spec,
    change_sources,
    change_project,
    delete_output,
    edit_output,
    delete_lock,
]


@pytest.mark.parametrize("change", CHANGES)
def test_after_any_change_a_cached_build_gives_the_bytes_of_a_fresh_one(
    project: Project, change: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.build()
    change(project)  # type: ignore[operator]
    assert not untouched(project, monkeypatch)
    project.build()
    cached = project.files()
    other = Project(project.root / "other")
    for path in [project.root / "dashgen.yaml", *(project.root / "specs").iterdir()]:
        other.write(path.relative_to(project.root).as_posix(), path.read_bytes())
    other.build(use_cache=False)
    fresh = other.files()
    if change is change_sources:
        # What is gone leaves a tombstone that a project without a past does not have.
        cached, fresh = (
            {name: content for name, content in files.items() if name.startswith("dashboards/")}
            for files in (cached, fresh)
        )
    assert cached == fresh
    assert untouched(project, monkeypatch)


def test_touching_files_without_changing_them_is_noticed_and_changes_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.build()
    for path in [*project.output.rglob("*.json"), *(project.root / "specs").iterdir()]:
        path.write_bytes(path.read_bytes())
    report = project.build()
    assert not report.differs
    assert untouched(project, monkeypatch)


def test_a_declared_environment_variable_is_part_of_what_was_built(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write("dashgen.yaml", "specs: [specs]\nenv: {CLUSTER: local}\n")
    project.dashboard("one", '"${{ env.CLUSTER }}"')
    monkeypatch.delenv("CLUSTER", raising=False)
    project.build()
    assert b'"title": "local"' in project.files()["dashboards/one.json"]
    monkeypatch.setenv("CLUSTER", "eu")
    assert not untouched(project, monkeypatch)
    assert project.build().changed == ["dashboards/one.json"]
    assert b'"title": "eu"' in project.files()["dashboards/one.json"]
    monkeypatch.setenv("OTHER", "x")
    assert untouched(project, monkeypatch)


def test_other_environments_and_outputs_have_caches_of_their_own(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write(
        "dashgen.yaml", "specs: [specs]\nenvironments: {prod: {datasources: {prometheus: prom-prod}}}\n"
    )
    project.build()
    before = project.files()
    out = project.root / "prod"
    project.build(environment="prod", output=out)
    assert b"prom-prod" in (out / "dashboards/one.json").read_bytes()
    assert untouched(project, monkeypatch)
    assert project.files() == before


def test_a_cache_that_cannot_be_kept_is_no_failure(project: Project) -> None:
    project.write(".dashgen", "a file in the way")
    assert not project.build().failed
    assert not project.build().differs


def test_warnings_are_told_again_by_an_unchanged_build(project: Project) -> None:
    project.dashboard("one", more="  - {title: Empty, type: stat}\n")
    first, second = project.build(), project.build()
    assert [one.rule for one in first.diagnostics] == ["query/missing"]
    assert first.diagnostics == second.diagnostics

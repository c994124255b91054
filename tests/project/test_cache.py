"""The cache makes builds quick and never wrong."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dashgen.compile.pipeline import Compilation, compile_project
from dashgen.project import build
from dashgen.project.build import BuildOptions, cache_key
from dashgen.project.last_build import last_builds
from dashgen.workspace.build_cache import load_cache
from dashgen.workspace.build_records import count_resources
from dashgen.workspace.build_stamp import BUILD_PACKAGES, read_stamp
from dashgen.workspace.workspace import Workspace
from tests.project.project import Project, new_project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return new_project(tmp_path)


def cache_file(project: Project, suffix: str = "msgpack") -> Path:
    [path] = (project.root / ".dashgen/cache").glob(f"*.{suffix}")
    return path


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


DAMAGED = [b"", b"x", b"\x80", b"\xff" * 100, b"\x93\x01\x02\x03", b"[" * 50_000, b"dashgen stamp 1\0k\0"]


@pytest.mark.parametrize("content", DAMAGED)
@pytest.mark.parametrize("suffix", ["msgpack", "stamp"])
def test_a_damaged_or_foreign_cache_is_as_good_as_none(project: Project, suffix: str, content: bytes) -> None:
    project.build()
    before = project.files()
    cache_file(project, suffix).write_bytes(content)
    key = cache_key(project.root, BuildOptions(project.root))
    assert (load_cache(project.root, key) is None) == (suffix == "msgpack")
    assert (read_stamp(str(project.root), key) is None) == (suffix == "stamp")
    project.dashboard("one", "New")
    assert project.build().changed == ["dashboards/one.json"]
    assert project.files().keys() == before.keys()


@pytest.mark.parametrize("suffix", ["msgpack", "stamp"])
def test_a_cut_off_cache_is_as_good_as_none(project: Project, suffix: str) -> None:
    project.build()
    path = cache_file(project, suffix)
    content = path.read_bytes()
    for length in range(0, len(content), max(1, len(content) // 40)):
        path.write_bytes(content[:length])
        assert not project.build().differs


def test_a_cache_of_another_version_is_not_used(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.build()
    monkeypatch.setattr("dashgen.workspace.build_stamp.VERSION", "0.0.0")
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


def test_a_warning_about_a_file_that_is_gone_is_not_told_again(project: Project) -> None:
    stray = project.write("generated/rules/old.yaml", "groups: []\n")
    assert [one.rule for one in project.build().diagnostics] == ["output/stray"]
    stray.unlink()
    assert project.build().diagnostics == []


def test_the_last_build_knows_what_it_wrote_as_long_as_nothing_changes(project: Project) -> None:
    assert last_builds(str(project.root)) == []
    report = project.build()
    [stamp] = last_builds(str(project.root / "specs"))
    assert stamp.counts == count_resources(report.records)
    assert {*stamp.outputs} == {*(record.path for record in report.records), "dashgen.lock.json"}
    project.dashboard("one", "New")
    assert last_builds(str(project.root)) == []


def test_the_last_builds_of_all_environments_are_known_together(project: Project) -> None:
    settings = "specs: [specs]\noutputs: per-environment\nenvironments: {test: {}, prod: {}}\n"
    project.write("dashgen.yaml", settings)
    build.build_each(BuildOptions(project.root))
    stamps = last_builds(str(project.root))
    assert [stamp.output for stamp in stamps] == [str(project.output / name) for name in ("test", "prod")]
    (project.output / "prod/dashboards/one.json").unlink()
    assert last_builds(str(project.root)) == []


def test_an_unchanged_build_imports_next_to_nothing(project: Project) -> None:
    project.build()
    program = "import sys; from dashgen.project.last_build import last_builds; print(len(last_builds(sys.argv[1])), *sys.modules)"
    command = [sys.executable, "-S", "-c", program, str(project.root)]
    root = Path(build.__file__).parents[2]
    # `-S`: what is installed beside dashgen may import anything when Python starts.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(root), *sys.path[1:]))}
    count, *modules = subprocess.run(
        command, capture_output=True, text=True, check=True, env=environment
    ).stdout.split()
    assert count == "1"
    heavy = {
        "typing",
        "dataclasses",
        "pathlib",
        "inspect",
        "msgspec",
        "yaml",
        "jinja2",
        "jsonschema",
        "requests",
        "grafanalib",
    }
    assert heavy.isdisjoint(modules)


def test_a_build_of_all_environments_compiles_each_once(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = "specs: [specs]\noutputs: per-environment\nenvironments: {test: {}, prod: {}}\n"
    project.write("dashgen.yaml", settings)
    compiled: list[str | None] = []

    def counted(workspace: Workspace, *arguments: Any) -> Compilation:
        compiled.append(workspace.environment)
        return compile_project(workspace, *arguments)

    monkeypatch.setattr("dashgen.project.environments.compile_project", counted)
    assert not any(report.failed for report in build.build_each(BuildOptions(project.root)))
    assert compiled == ["test", "prod"]


def test_a_cache_is_forgotten_when_any_package_changes_that_a_build_imports() -> None:
    program = "import dashgen.project.full_build, dashgen.project.every_environment, sys; print(*sys.modules)"
    modules = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    packages = {name.split(".")[1] for name in modules if name.startswith("dashgen.")}
    assert packages == {*BUILD_PACKAGES}

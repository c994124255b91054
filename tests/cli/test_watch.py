"""`dashgen build --watch`: one build for each change, whatever happens to the files."""

import shutil
from collections.abc import Callable
from functools import partial

import pytest

from dashgen.cli.watch_files import INTERVAL, snapshot, watch_specs
from dashgen.project.build import BuildOptions

SPEC = "kind: Dashboard\nuid: shop\ntitle: {}\npanels: [{{title: A, query: up}}]\n"


@pytest.fixture
def project(tmp_path):
    (tmp_path / "dashgen.yaml").write_text("datasources: {prometheus: prometheus}\n")
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "shop.yaml").write_text(SPEC.format("Shop"))
    return tmp_path


def watch(project, capsys, *steps: Callable[[], object]) -> list[str]:
    """Do one step in each pause; afterwards Ctrl-C. The lines that were printed for each build come back."""
    waiting = list(steps)

    def pause(seconds: float) -> None:
        assert seconds == INTERVAL
        if not waiting:
            raise KeyboardInterrupt
        waiting.pop(0)()

    with pytest.raises(SystemExit) as end:
        watch_specs(BuildOptions(project), lambda _: None, pause=pause)
    assert end.value.code == 130
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1] == "stopped watching"
    return [line.partition(" ")[2].partition(" in ")[0] for line in lines if "watching for changes" in line]


def nothing() -> None:
    """Time passes."""


def put(path, text: str) -> Callable[[], object]:
    return partial(path.write_text, text)


def test_it_builds_once_and_then_waits(project, capsys):
    assert watch(project, capsys, nothing, nothing) == ["2 new"]


def test_a_change_builds_again(project, capsys):
    change = put(project / "specs" / "shop.yaml", SPEC.format("Shops"))
    assert watch(project, capsys, nothing, change, nothing) == ["2 new", "1 changed"]


def test_a_burst_of_changes_is_one_build(project, capsys):
    steps = [put(project / "specs" / "shop.yaml", SPEC.format("S" * n)) for n in range(1, 5)]
    assert watch(project, capsys, *steps, nothing) == ["2 new", "1 changed"]


@pytest.mark.parametrize("name", ["specs/shop.yaml", "dashgen.yaml"])
def test_a_broken_file_is_survived(name, project, capsys):
    file = project / name
    good = file.read_text()
    builds = watch(project, capsys, put(file, "specs: ["), nothing, put(file, good), nothing)
    assert builds == ["2 new", "failed", "nothing changed"]


def test_a_deleted_spec_folder_is_survived(project, capsys):
    specs, kept = project / "specs", project / "kept"
    builds = watch(
        project, capsys, partial(specs.rename, kept), nothing, partial(kept.rename, specs), nothing
    )
    assert builds == ["2 new", "failed", "nothing changed"]


def test_a_deleted_project_is_survived(project, capsys):
    builds = watch(project, capsys, partial(shutil.rmtree, project), nothing, nothing)
    assert builds == ["2 new", "failed"]


def test_a_loop_of_links_ends(project):
    (project / "specs" / "again").symlink_to(project / "specs")
    assert len(snapshot(project)) == 2

"""Whatever is in the specs and whatever people edit: pushes settle, and no edit is lost."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.grafana.fake import FakeGrafana
from tests.sync.edits import EDITS, SPEC_CHANGES, edit, picture
from tests.sync.fault_stage import EVENTS, SETUPS
from tests.sync.support import Project, Snapshot, without_waiting

pytestmark = pytest.mark.property
QUICK = settings(
    max_examples=6,
)
CHANGES = st.lists(st.sampled_from(SPEC_CHANGES), max_size=4, unique_by=lambda change: change[:2])


@pytest.fixture(scope="module", params=list(SETUPS))
def pushed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """The project after its first push, for each setup."""
    folder = tmp_path_factory.mktemp("properties")
    with pytest.MonkeyPatch.context() as patch, FakeGrafana(**SETUPS[request.param]) as fake:
        without_waiting(patch)
        project = Project(folder / "project", fake)
        project.write("specs/events.yaml", EVENTS)
        first = project.push()
        assert first.code == 0, first.stdout + first.stderr
        yield Snapshot(project, folder / "kept")


def _change(project: Project, changes: list[tuple[str, str, str]]) -> None:
    for change in changes:
        project.change(*change)


@QUICK
@given(changes=CHANGES, remembers=st.booleans())
def test_after_a_push_nothing_differs_and_the_next_one_writes_nothing(
    pushed: Snapshot, changes: list[tuple[str, str, str]], remembers: bool
) -> None:
    project = pushed.restore()
    _change(project, changes)
    if not remembers:
        shutil.rmtree(project.folder / ".dashgen")
    done = project.push()
    assert done.code == 0, done.stdout
    project.fake.log.clear()
    shown = project.run("diff", "--url", project.fake.url)
    assert shown.code == 0, shown.stdout
    assert project.run("status", "--url", project.fake.url).code == 0
    assert project.push().code == 0
    assert project.fake.log.writes == []


@QUICK
@given(edits=EDITS, changes=CHANGES, remembers=st.booleans())
def test_no_push_loses_an_edit_of_others(
    pushed: Snapshot,
    edits: list[tuple[str, str, Any]],
    changes: list[tuple[str, str, str]],
    remembers: bool,
) -> None:
    project = pushed.restore()
    for one in edits:
        edit(project.fake, *one)
    before = {what: picture(project.fake, what) for what, _, _ in edits}
    _change(project, changes)
    if not remembers:
        shutil.rmtree(project.folder / ".dashgen")
    for _ in range(2):
        done = project.push("--prune", "--yes")
        assert done.code == 4, done.stdout
        assert {what: picture(project.fake, what) for what in before} == before, done.stdout
    project.fake.log.clear()
    project.push()
    assert project.fake.log.writes == []
    forced = project.push("--force")
    assert forced.code == 0, forced.stdout
    assert project.run("diff", "--url", project.fake.url).code == 0

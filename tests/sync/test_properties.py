"""Whatever is in the specs and whatever people edit: pushes settle, and no edit is lost."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashgen.servers.grafana.rule_forms import seconds
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
    before = {(what, key): picture(project.fake, what, key) for what, key, _ in edits}
    _change(project, changes)
    if not remembers:
        shutil.rmtree(project.folder / ".dashgen")
    # What the specs changed of other rules, or of other parts of that rule, is pushed beside the edit.
    may_be_merged = {what for what, _ in before} == {"rules"}
    for attempt in range(2):
        done = project.push("--prune", "--yes")
        is_merged = may_be_merged and not attempt and "edits made in Grafana were kept" in done.stdout
        assert done.code == (0 if is_merged else 4), done.stdout
        assert {one: picture(project.fake, *one) for one in before} == before, done.stdout
    project.fake.log.clear()
    project.push()
    assert project.fake.log.writes == []
    forced = project.push("--force")
    assert forced.code == 0, forced.stdout
    assert project.run("diff", "--url", project.fake.url).code == 0


RULE_EDITS = st.lists(
    st.tuples(
        st.sampled_from(["few-orders", "many-errors"]),
        st.one_of(
            st.tuples(st.just("for"), st.sampled_from(["7m", "1h"])),
            st.tuples(st.just("isPaused"), st.just(True)),
            st.tuples(st.just("labels"), st.fixed_dictionaries({"severity": st.just("critical"), "zone": st.sampled_from("ab")})),
            st.tuples(st.just("title"), st.sampled_from(["Renamed", "Other name"])),
        ),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda edit: (edit[0], edit[1][0]),
)  # fmt: skip
RULE_CHANGES = st.lists(
    st.sampled_from([change for change in SPEC_CHANGES if change[0] == "specs/alerts.yaml"]), unique=True
)


@QUICK
@given(edits=RULE_EDITS, changes=RULE_CHANGES, pushes=st.booleans(), remembers=st.booleans())
def test_edits_of_rules_on_both_sides_all_arrive(
    pushed: Snapshot,
    edits: list[tuple[str, tuple[str, Any]]],
    changes: list[tuple[str, str, str]],
    pushes: bool,
    remembers: bool,
) -> None:
    project = pushed.restore()
    rules = project.fake.store.rules
    for uid, (key, value) in edits:
        rules[uid][key] = value
    _change(project, changes)
    if not remembers:
        shutil.rmtree(project.folder / ".dashgen")
    if pushes:
        project.push()
    taken = project.run("pull", "--url", project.fake.url)
    ours = {("few-orders", "for"): "for: 10m", ("many-errors", "for"): "for: 5m"}
    clashes = [
        (uid, key) for uid, (key, _) in edits if ours.get((uid, key)) in {old for _, old, _ in changes}
    ]
    assert taken.code == (4 if clashes else 0), taken.stdout
    done = project.push(*(["--force"] if clashes else []))
    assert done.code == 0, done.stdout
    for uid, (key, value) in edits:
        if (uid, key) not in clashes:
            stored = project.fake.store.rules[uid][key]
            assert stored == value or (key == "for" and seconds(stored) == seconds(value))
    text = (project.folder / "specs/alerts.yaml").read_text()
    assert all(new in text for _, _, new in changes)
    assert project.run("diff", "--url", project.fake.url).code == 0

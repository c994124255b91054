"""Whatever people do in Grafana's editor: the patched specs build to it, and comments stay."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from dashgen.project.inspection import inspect_project
from dashgen.sync.pull.dashboard_search import DashboardSearch, make_goal
from dashgen.sync.pull.pull_sides import with_tag
from dashgen.sync.pull.pulled_project import PulledProject
from dashgen.sync.pull.take_dashboard import take_over
from dashgen.workspace.workspace import open_workspace
from tests.pull.dashboards import DASHBOARD, FILES
from tests.pull.edits import PANEL
from tests.pull.support import Pulled, as_saved, open_specs

ROOT = Path(__file__).parents[2]
QUIET = settings(
    max_examples=40,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # making a failure smaller takes minutes
)
EDITS = st.lists(
    st.one_of(
        st.sampled_from(sorted(DASHBOARD)), st.tuples(st.sampled_from(sorted(PANEL)), st.integers(0, 8))
    ),
    min_size=1,
    max_size=6,
)


def _apply(edits: list[Any], data: Any) -> None:
    for edit in edits:
        try:
            changed = deepcopy(data)
            if isinstance(edit, str):
                DASHBOARD[edit](changed)
            else:
                panels = [one for one in _panels(changed) if one.get("targets")]
                PANEL[edit[0]](panels[edit[1] % len(panels)])
        except (StopIteration, KeyError, IndexError, ValueError, ZeroDivisionError):
            continue  # what it is about is gone
        ids = [one["id"] for one in _panels(changed)]
        if len(set(ids)) == len(ids):
            data.clear()
            data.update(changed)


def _panels(data: Any) -> list[Any]:
    return [one for top in data["panels"] for one in (top, *top.get("panels", ()))]


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    return open_specs(tmp_path_factory.mktemp("shop"), FILES)


@pytest.fixture(scope="module")
def this_project():
    return PulledProject(open_workspace(ROOT))


@pytest.fixture(scope="module")
def shipped():
    """The panels that come from components of the library, as the rest of a pull names them."""
    return {
        (one.settled.uid, f"panel {panel.id}")
        for one in inspect_project(ROOT).dashboards
        for row in one.settled.rows
        for panel in row.panels
        if one.resolved.origin(panel.path).document.shipped
    }


def _cannot_be_written(key, parts, shipped):
    """Whether an edit of a query is left that only the component of the library could say."""
    return key in shipped and all(path[0] == "targets" for path in parts)


@pytest.mark.property
@QUIET
@given(edits=EDITS)
def test_any_edits_come_back(shop, edits):
    result = Pulled(shop, "shop", lambda data: _apply(edits, data))
    assert not result.rest, (edits, result.rest)


@pytest.mark.property
@settings(QUIET, max_examples=15)
@given(
    uid=st.sampled_from(["ai-cost", "mission-control", "user-analytics"]),
    edits=st.lists(st.tuples(st.sampled_from(sorted(PANEL)), st.integers(0, 30)), min_size=1, max_size=4),
)
def test_edits_of_the_dashboards_of_this_project_come_back(this_project, shipped, uid, edits):
    project = this_project
    building = project.built(project.texts)
    built = building.dashboards[uid]
    live = deepcopy(built.data)
    _apply(edits, live)
    live = with_tag(as_saved(live))
    goals = {uid: make_goal(built, live, built.titles)}
    patch = DashboardSearch(project, dict(project.texts), building, goals)
    take_over(patch, uid)
    rest = {
        key: parts for key, parts in patch.state.rest.items() if not _cannot_be_written(key, parts, shipped)
    }
    assert not rest, (uid, edits, rest)
    untouched = [name for name in project.texts if patch.texts[name] == project.texts[name]]
    assert len(untouched) >= len(project.texts) - 2

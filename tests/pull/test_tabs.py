"""Edits of a dashboard of schema v2 come back as the smallest patch of its spec; the patches are in `patches/tabs`."""

from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from dashgen.sync.pull.dashboard_search import DashboardEditor
from dashgen.sync.pull.section_conversions import unconverted_components
from tests.golden import check
from tests.pull.restructurings import FILES as RESTRUCTURED
from tests.pull.restructurings import RESTRUCTURINGS
from tests.pull.support import Pulled, open_specs
from tests.pull.tab_edits import FILES, ROWS, ROWS_ONLY, TABS, rows_became_tabs, saved_as_v2

PATCHES = Path(__file__).parent / "patches" / "tabs"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    files = {**FILES, "specs/plain.yaml": ROWS_ONLY}
    return open_specs(tmp_path_factory.mktemp("specs"), files)


@pytest.fixture(scope="module")
def restructured(tmp_path_factory):
    return open_specs(tmp_path_factory.mktemp("restructured"), RESTRUCTURED)


def _checked(name, project, uid, edit):
    result = Pulled(project, uid, edit, saved_as_v2)
    lost = "".join(f"! lost {comment}\n" for comment in result.lost_comments)
    rest = "".join(f"! {scope}: {sorted(paths, key=str)}\n" for scope, paths in result.rest.items())
    check(PATCHES / f"{name}.patch", result.text + rest + lost)
    assert not result.rest


@pytest.mark.parametrize("name", TABS)
def test_an_edit_of_a_dashboard_with_tabs_comes_back(name, project):
    _checked(name, project, "shop", TABS[name])


@pytest.mark.parametrize("name", ROWS)
def test_rows_that_became_tabs_come_back(name, project):
    _checked(name, project, "plain", ROWS[name])


@pytest.mark.parametrize(
    ("name", "uid"), RESTRUCTURINGS, ids=[f"{uid}-{name}" for name, uid in RESTRUCTURINGS]
)
def test_a_dashboard_that_was_restructured_comes_back(name, uid, restructured):
    _checked(f"{uid}_{name}", restructured, uid, RESTRUCTURINGS[name, uid])


def test_a_row_whose_component_is_a_row_elsewhere_is_left(restructured):
    result = Pulled(restructured, "half", rows_became_tabs, saved_as_v2)
    assert result.text == ""
    assert set(result.rest.values()) == {frozenset({("dynamic", "kind")})}
    assert unconverted_components(DashboardEditor(result.patch, "half")) == ["shared"]


def test_a_save_without_an_edit_changes_nothing(project):
    result = Pulled(project, "shop", lambda _: None, saved_as_v2)
    assert result.text == ""
    assert not result.rest


@pytest.mark.property
@settings(max_examples=12, derandomize=True, phases=[Phase.explicit, Phase.generate])
@given(names=st.lists(st.sampled_from(sorted(TABS)), min_size=1, max_size=3, unique=True))
def test_any_edits_of_a_dashboard_with_tabs_come_back(names, project):
    def edit(data):
        for name in names:
            changed = deepcopy(data)
            try:
                TABS[name](changed)
            except (StopIteration, KeyError, IndexError, ValueError):
                continue  # what it is about is gone
            inner = [child for one in changed["panels"] for child in one.get("panels", ())]
            ids = [one["id"] for one in (*changed["panels"], *inner) if one["type"] != "row"]
            if len(ids) == len(set(ids)):
                data.clear()
                data.update(changed)

    assert not Pulled(project, "shop", edit, saved_as_v2).rest


@pytest.mark.property
@settings(max_examples=8, derandomize=True, phases=[Phase.explicit, Phase.generate])
@given(
    case=st.sampled_from([key for key in RESTRUCTURINGS if key[1] in ("open", "pages", "one")]),
    titles=st.lists(st.sampled_from(["A", "B", "C"]), max_size=2, unique=True),
    is_removed=st.booleans(),
)
def test_a_restructuring_with_other_edits_comes_back(case, titles, is_removed, restructured):
    def edit(data):
        RESTRUCTURINGS[case](data)
        for one in list(data["panels"]):
            if one.get("title") in titles and one["type"] != "row":
                one["description"] = "Somebody wrote this"
                if is_removed and one["title"] == "C":
                    data["panels"].remove(one)

    assert not Pulled(restructured, case[1], edit, saved_as_v2).rest

"""Rows and tabs of schema v2 have no ids, and both sides' changes of them are merged all the same."""

from copy import deepcopy

from dashgen.sync.pull.paired_headers import with_paired_headers
from dashgen.sync.pull.three_way_merge import merged
from tests.pull.support import panel
from tests.pull.tab_edits import header, restacked, saved_as_v2

PANELS = [
    {
        "id": number,
        "type": "stat",
        "title": title,
        "gridPos": {"x": 0, "y": 0, "w": 24, "h": 8},
        "targets": [],
    }
    for number, title in ((1, "A"), (2, "B"))
]


def _board():
    tabs = [{**header("Costs"), "id": 50}, PANELS[0], {**header("Users"), "id": 51}, PANELS[1]]
    return restacked({"uid": "x", "title": "X", "schemaVersion": 42, "panels": deepcopy(tabs)})


def test_headers_that_grafana_saved_get_the_ids_of_the_specs():
    theirs = _board()
    panel(theirs, "Costs")["title"] = "Money"
    paired = with_paired_headers(saved_as_v2(theirs), _board())
    assert [one["id"] for one in paired["panels"] if one["type"] == "row"] == [50, 51]


def test_changes_of_different_tabs_are_merged():
    ours, theirs = _board(), _board()
    panel(ours, "Users")["title"] = "People"
    panel(theirs, "Costs")["dynamic"]["showWhen"] = {"items": [{"kind": "data", "value": True}]}
    base = _board()
    saved = with_paired_headers(saved_as_v2(theirs), base)
    result = merged(base, ours, saved)
    assert panel(result, "Costs")["dynamic"]["showWhen"]["items"] == [{"kind": "data", "value": True}]
    assert panel(result, "People")["id"] == 51

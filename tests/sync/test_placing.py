"""Which folder of a Grafana each wish means."""

import pytest

from dashgen.formats import resources as kinds
from dashgen.servers.grafana.folders_api import LiveFolder
from dashgen.sync.push.desired_items import Desired, RequiredFolder
from dashgen.sync.push.folder_placing import FolderTitles, place_in_folders
from dashgen.sync.push.item import Item

SALES = RequiredFolder(("Sales",), "sales")
INNER = RequiredFolder(("Sales", "Alerts"), "sales-alerts")
DASHBOARD = Item(kinds.DASHBOARD, "shop", "Shop", {}, folder=("Sales",))


@pytest.mark.parametrize(
    ("required", "live", "ours", "uid"),
    [
        (SALES, [], [], "sales"),
        (SALES, [LiveFolder("x7", "Sales")], [], "x7"),
        (SALES, [LiveFolder("x7", "Sales"), LiveFolder("a1", "Sales")], [], "a1"),
        (SALES, [LiveFolder("x7", "Sales"), LiveFolder("a1", "Sales")], ["x7"], "x7"),
        (SALES, [LiveFolder("x7", "Sales", "elsewhere")], [], "sales"),
        (SALES, [LiveFolder("sales", "Renamed")], ["sales"], "sales"),
        (RequiredFolder(("Sales",), "s", fixed=True), [LiveFolder("s", "Other")], [], "s"),
        (RequiredFolder(("Sales",), "sales", declared=True), [LiveFolder("sales", "Old")], [], "sales"),
        (
            RequiredFolder(("Sales",), "sales", declared=True),
            [LiveFolder("sales", "Old"), LiveFolder("x", "Sales")],
            [],
            "x",
        ),
    ],
)
def test_a_folder_is_found_by_uid_or_title_or_gets_a_uid(required, live, ours, uid):
    placed = place_in_folders(Desired([required], [DASHBOARD]), live, frozenset(ours))
    folder, dashboard = placed.items
    assert (folder.uid, dashboard.folder_uid) == (uid, uid)
    assert placed.otherwise == []


def test_a_uid_of_somebody_elses_folder_is_not_taken():
    folder, _ = place_in_folders(
        Desired([SALES], [DASHBOARD]), [LiveFolder("sales", "Something else")], frozenset()
    ).items
    assert folder.uid.startswith("sales-")


def test_folders_inside_others_know_their_parents():
    outer, inner = place_in_folders(
        Desired([SALES, INNER], []), [LiveFolder("x7", "Sales")], frozenset()
    ).items
    assert (inner.uid, inner.folder_uid, outer.uid) == ("sales-alerts", "x7", "x7")


def test_a_folder_that_is_there_under_another_uid_is_found_by_its_title():
    required = RequiredFolder(("Sales",), "mine", fixed=True)
    group = Item(kinds.RULE_GROUP, "g", "g", {"title": "g"}, folder=("Sales",))
    placed = place_in_folders(
        Desired([required], [DASHBOARD, group]), [LiveFolder("theirs", "Sales")], frozenset()
    )
    folder, dashboard, rules = placed.items
    assert (folder.uid, dashboard.folder_uid, rules.uid) == ("theirs", "theirs", "theirs/g")
    (message,) = placed.otherwise
    assert "has the uid `theirs` in Grafana, and `mine` in its spec" in message


def test_a_rule_group_is_known_by_its_folder_too():
    group = Item(kinds.RULE_GROUP, "g", "g", {"title": "g"}, folder=("Sales",))
    (_, result) = place_in_folders(Desired([SALES], [group]), [], frozenset()).items
    assert (result.uid, result.content["folderUid"]) == ("sales/g", "sales")


def test_paths_of_titles_end_also_when_parents_go_in_circles():
    titles = FolderTitles([LiveFolder("a", "A", "b"), LiveFolder("b", "B", "a"), LiveFolder("c", "C", "a")])
    assert titles("c") == "B/A/C"
    assert titles("") == ""
    assert titles("unknown") == "unknown"

"""Two sides' changes together."""

import pytest

from dashgen.sync.pull.three_way_merge import merged

PANELS = [{"id": 1, "title": "A", "unit": "s"}, {"id": 2, "title": "B"}]


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "both"),
    [
        ({"a": 1}, {"a": 1}, {"a": 2}, {"a": 2}),
        ({"a": 1}, {"a": 2}, {"a": 1}, {"a": 2}),
        ({"a": 1}, {"a": 2}, {"a": 3}, {"a": 2}),
        ({"a": 1}, {"a": 1}, {}, {}),
        ({"a": 1}, {"a": 1, "b": 2}, {"a": 1, "c": 3}, {"a": 1, "b": 2, "c": 3}),
        ({"a": {"x": 1, "y": 1}}, {"a": {"x": 2, "y": 1}}, {"a": {"x": 1, "y": 2}}, {"a": {"x": 2, "y": 2}}),
        ({"tags": ["a", "b"]}, {"tags": ["a", "b", "c"]}, {"tags": ["b", "d"]}, {"tags": ["b", "c", "d"]}),
        ({"a": True}, {"a": True}, {"a": 1}, {"a": 1}),
    ],
)
def test_their_changes_are_taken_where_ours_are_not(base, ours, theirs, both):
    assert merged(base, ours, theirs) == both


def test_panels_are_told_apart_by_their_ids():
    ours = [PANELS[0], {"id": 3, "title": "Ours"}, {"id": 2, "title": "B, ours"}]
    theirs = [{"id": 2, "title": "B"}, {"id": 1, "title": "A", "unit": "ms"}, {"id": 4, "title": "Theirs"}]
    result = merged({"panels": PANELS}, {"panels": ours}, {"panels": theirs})["panels"]
    assert {panel["id"]: panel for panel in result} == {
        1: {"id": 1, "title": "A", "unit": "ms"},
        2: {"id": 2, "title": "B, ours"},
        3: {"id": 3, "title": "Ours"},
        4: {"id": 4, "title": "Theirs"},
    }


def test_a_panel_that_they_removed_goes_unless_we_changed_it():
    assert merged({"panels": PANELS}, {"panels": PANELS}, {"panels": PANELS[:1]}) == {"panels": PANELS[:1]}
    changed = [PANELS[0], {"id": 2, "title": "Changed"}]
    assert merged({"panels": PANELS}, {"panels": changed}, {"panels": PANELS[:1]}) == {"panels": changed}

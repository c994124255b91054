from dashgen.formats.normal.normal_dashboard import flat_panels
from tests.compare.support import changed, dashboard, panel, row, said

A = panel(1, "A")
B = panel(2, "B", x=12)
C = panel(3, "C", y=8, w=24)


def test_an_inserted_row_pushes_everything_down_and_moves_nothing():
    low = [changed(one, "gridPos.y", one["gridPos"]["y"] + 5) for one in (A, B, C)]
    new = panel(9, "New", y=0, w=24, h=5)
    assert said(dashboard(A, B, C), dashboard(new, *low)) == ['panel "New": added (timeseries)']


def test_panels_that_only_gave_way_to_a_new_one_did_not_move():
    narrow = [
        changed(changed(A, "gridPos.w", 8), "gridPos.x", 0),
        changed(changed(B, "gridPos.w", 8), "gridPos.x", 8),
    ]
    assert said(dashboard(A, B), dashboard(*narrow, panel(9, "New", x=16, w=8))) == [
        'panel "A": resized 12×8 → 8×8',
        'panel "B": resized 12×8 → 8×8',
        'panel "New": added (timeseries)',
    ]


def test_two_panels_that_changed_places_are_one_move():
    after = dashboard(changed(B, "gridPos.x", 0), changed(A, "gridPos.x", 12), C)
    assert said(dashboard(A, B, C), after) == ['panel "A": moved behind "B"']


def test_a_panel_that_went_to_the_front_says_so():
    after = dashboard(changed(C, "gridPos.y", 0), changed(A, "gridPos.y", 8), changed(B, "gridPos.y", 8))
    assert said(dashboard(A, B, C), after) == ['panel "C": moved to the front']


def test_a_panel_that_went_aside_with_nothing_there_moved():
    left, right = panel(1, "A", w=6), panel(1, "A", w=6, x=18)
    assert said(dashboard(left), dashboard(right)) == ['panel "A": moved right']
    assert said(dashboard(right), dashboard(left)) == ['panel "A": moved left']


def test_a_panel_in_another_row_says_which():
    rows = [row(10, "Top", 0), row(11, "Latency", 9), row(12, "Two words", 20)]
    before = dashboard(rows[0], panel(1, "A", y=1), rows[1], panel(2, "B", y=10), rows[2])
    after = dashboard(rows[0], rows[1], panel(2, "B", y=10), panel(1, "A", y=10, x=12), rows[2])
    assert said(before, after) == ['panel "A": moved to row Latency']
    out = dashboard(panel(1, "A"), row(10, "Top", 8), rows[1], panel(2, "B", y=10), rows[2])
    assert said(before, out) == ['panel "A": moved out of its row']


def test_a_row_that_was_opened_renamed_or_moved_keeps_its_panels():
    inside = panel(1, "A", y=1)
    closed = dashboard(row(10, "Top", 0, collapsed=True, panels=[inside]), row(11, "End", 1))
    opened = dashboard(row(10, "Start", 0), inside, row(11, "End", 9))
    assert said(closed, opened) == ['row "Start": renamed from "Top"', 'row "Start": opened']
    turned = dashboard(row(11, "End", 0), row(10, "Top", 1, collapsed=True, panels=[inside]))
    assert said(closed, turned) == ['row "Top": moved']


def test_panels_of_a_collapsed_row_that_was_pushed_down_are_where_they_were():
    inside = [panel(1, "A", y=1), panel(2, "B", y=9)]
    top, new = row(10, "Top", 0, collapsed=True, panels=inside), panel(9, "New", y=0, w=24, h=5)
    before, after = dashboard(top), dashboard(new, changed(top, "gridPos.y", 5))
    assert said(before, after) == ['panel "New": added (timeseries)']
    lower = row(
        10,
        "Top",
        5,
        collapsed=True,
        panels=[changed(one, "gridPos.y", one["gridPos"]["y"] + 5) for one in inside],
    )
    assert flat_panels(dashboard(lower)) == flat_panels(dashboard(changed(top, "gridPos.y", 5)))


def test_what_follows_a_collapsed_row_is_not_in_it():
    inside = panel(1, "A", y=1)
    collapsed = dashboard(row(10, "Top", 0, collapsed=True, panels=[inside]), panel(2, "B", y=1))
    opened = dashboard(row(10, "Top", 0), inside, panel(2, "B", y=9))
    assert said(collapsed, opened) == ['row "Top": opened', 'panel "B": moved to row Top']


def test_a_panel_that_was_renamed_and_moved_is_not_deleted_and_added():
    before = dashboard(row(10, "Top", 0), panel(1, "p95", y=1), row(11, "Latency", 9))
    moved = panel(77, "P95 latency", y=2, targets=panel(1, "")["targets"])
    after = dashboard(row(10, "Top", 0), row(11, "Latency", 1), moved)
    assert said(before, after) == [
        'panel "P95 latency": renamed from "p95"',
        'panel "P95 latency": has a new id, which links and alerts need',
        'panel "P95 latency": moved to row Latency',
    ]


def test_an_id_that_was_given_to_another_panel_does_not_make_them_one():
    after = panel(1, "Notes", type="text", targets=[], options={"content": "hi"}, fieldConfig={})
    assert said(dashboard(panel(1, "CPU usage")), dashboard(after)) == [
        'panel "Notes": added (text)',
        'panel "CPU usage": removed',
    ]

import pytest

from dashgen.compare import Resources, Side, classify
from dashgen.formats.normal.normal_dashboard import dashboard_resource
from tests.compare.support import changed, dashboard, panel

BASE = dashboard(panel(1, "A"), panel(2, "B", x=12), refresh="30s")


def _side(data):
    return Resources([dashboard_resource(data)] if data else [])


def _classified(ours, theirs, base=BASE):
    return classify(_side(base), _side(ours), _side(theirs))


def _words(found):
    return [(str(one.side), one.detail.sentence) for one in found.details]


def test_nothing_changed_is_nothing():
    assert _classified(BASE, BASE) == []


def test_a_change_of_one_side_is_that_sides():
    (found,) = _classified(changed(BASE, "refresh", "1m"), BASE)
    assert (found.side, found.theirs) == (Side.OURS, None)
    (found,) = _classified(BASE, changed(BASE, "refresh", "1m"))
    assert (found.side, found.ours) == (Side.THEIRS, None)


def test_changes_of_different_panels_are_each_sides_own_and_no_conflict():
    (found,) = _classified(changed(BASE, "panels.0.title", "A2"), changed(BASE, "panels.1.title", "B2"))
    assert found.side is Side.BOTH
    assert _words(found) == [("ours", 'renamed from "A"'), ("theirs", 'renamed from "B"')]


def test_the_same_change_of_both_is_no_conflict():
    (found,) = _classified(changed(BASE, "refresh", "1m"), changed(BASE, "refresh", "1m"))
    assert (found.side, _words(found)) == (Side.BOTH, [("both", "refresh 30s → 1m")])


def test_different_changes_of_one_thing_are_a_conflict():
    (found,) = _classified(changed(BASE, "refresh", "1m"), changed(BASE, "refresh", "5m"))
    assert found.side is Side.CONFLICT
    assert [detail.new for detail in found.of(Side.CONFLICT)] == ["1m", "5m"]


def test_removing_a_panel_that_the_other_side_edited_is_a_conflict():
    (found,) = _classified(
        changed(BASE, "panels.0.title", "A2"), dashboard(panel(2, "B", x=12), refresh="30s")
    )
    assert found.side is Side.CONFLICT
    assert _words(found) == [("conflict", 'renamed from "A"'), ("conflict", "removed")]


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "side"),
    [
        (BASE, None, None, Side.BOTH),
        (BASE, None, changed(BASE, "refresh", "1m"), Side.CONFLICT),
        (BASE, changed(BASE, "refresh", "1m"), None, Side.CONFLICT),
        (BASE, None, BASE, Side.OURS),
        (BASE, BASE, None, Side.THEIRS),
        (None, BASE, BASE, Side.BOTH),
        (None, BASE, changed(BASE, "refresh", "1m"), Side.CONFLICT),
        (None, BASE, None, Side.OURS),
    ],
)
def test_resources_that_came_or_went(base, ours, theirs, side):
    (found,) = _classified(ours, theirs, base)
    assert found.side is side

"""Which panels a change moves, as far as a reviewer looks for them."""

import pytest

from dashgen.compare import Change, Detail, What
from dashgen.formats.resources import DASHBOARD, Resource
from dashgen.review.changed_panels import moved_panels

SIDE = Resource(DASHBOARD, "d", "D", {})


@pytest.mark.parametrize(
    ("paths", "moved"),
    [
        ([("panels", 1, "gridPos")], {1}),
        ([("panels", 1, "row"), ("panels", 1, "size"), ("panels", 2, "size")], {1}),
        ([("panels", 1, "size"), ("panels", 2, "size")], {1, 2}),
        ([("panels", 3), ("panels", 2, "size")], {3}),
        ([("panels", 3)], set()),
        ([("panels", 1, "fieldConfig", "size")], set()),
        ([("title",), ("time",)], set()),
    ],
)
def test_the_panels_that_moved_stand_out(paths: list[tuple[str | int, ...]], moved: set[int]) -> None:
    details = tuple(Detail(("x",), path, 1, 2) for path in paths)
    assert moved_panels(Change(What.CHANGED, SIDE, SIDE, details)) == moved

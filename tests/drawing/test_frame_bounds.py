"""Frames cut to what a panel can show."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashgen.drawing.answers.frame_bounds import MOST_FRAMES, MOST_ROWS, bounded_frames
from dashgen.drawing.fields.frames import Field, Frame

NUMBERS = st.lists(st.none() | st.floats(allow_nan=True, allow_infinity=True), min_size=1, max_size=400)


def _series(values: list[float | None]) -> Frame:
    times = Field("Time", "time", list(range(len(values))))
    return Frame(
        [times, Field("Value", "number", list(values), {"a": "b"}, {"unit": "s"})], "A", "n", {"m": 1}
    )


@given(NUMBERS, st.integers(1, 60))
def test_a_series_keeps_its_extremes_its_order_and_all_else(values: list[float | None], points: int) -> None:
    (frame,), note = bounded_frames([_series(values)], points)
    times = [at for at in frame.fields[0].values if isinstance(at, int)]
    kept = frame.fields[1].values
    assert frame.length <= max(2 * points, 2)
    assert times == sorted(set(times))
    assert [str(one) for one in kept] == [str(values[at]) for at in times]
    numbers = [one for one in values if one is not None and not math.isnan(one)]
    if numbers:
        assert {min(numbers), max(numbers)} <= {one for one in kept if isinstance(one, float)}
    assert (frame.ref_id, frame.name, frame.meta, note) == ("A", "n", {"m": 1}, "")
    assert (frame.fields[1].labels, frame.fields[1].config) == ({"a": "b"}, {"unit": "s"})


def test_a_short_series_stays_the_same_object() -> None:
    short = _series([1.0, 2.0])
    assert bounded_frames([short], 100)[0][0] is short


def test_many_series_share_the_room() -> None:
    frames, _ = bounded_frames([_series([1.0] * 3000) for _ in range(500)], 1600)
    assert sum(one.length * 2 for one in frames) <= 500_000
    assert all(one.length >= 100 for one in frames)


@pytest.mark.parametrize(
    ("frames", "note"),
    [
        ([_series([1.0])] * (MOST_FRAMES + 1), f"only {MOST_FRAMES} of {MOST_FRAMES + 1} series are shown"),
        (
            [Frame([Field("a", "string", ["x"] * (MOST_ROWS + 1))])],
            f"only {MOST_ROWS} of {MOST_ROWS + 1} rows are shown",
        ),
        ([Frame([Field("a", "string", ["x"])])], ""),
        ([], ""),
        ([Frame([])], ""),
    ],
)
def test_what_is_left_out_is_told(frames: list[Frame], note: str) -> None:
    bounded, remark = bounded_frames(frames, 100)
    assert remark == note
    assert len(bounded) <= MOST_FRAMES
    assert all(one.length <= MOST_ROWS for one in bounded)

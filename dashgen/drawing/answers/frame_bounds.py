"""Frames cut to what a panel can show, however much a server sends.

A panel has as many points as it has pixels (`maxDataPoints` in Grafana, which servers heed); what has more is
reduced to the least and the greatest value of each stretch, so that no spike is lost.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from dashgen.drawing.fields.frames import Cell, Field, Frame

MOST_FRAMES: Final = 1000
MOST_ROWS: Final = 10_000
_MOST_CELLS: Final = 400_000
_LEAST_POINTS: Final = 100


def bounded_frames(frames: Sequence[Frame], points: int) -> tuple[list[Frame], str]:
    """Frames with at most so many points, and what was left out as a sentence; empty where nothing was.

    Args:
        frames: the frames of a panel.
        points: how many points of a series the panel can show.
    """
    shown = list(frames[:MOST_FRAMES])
    notes = [f"only {MOST_FRAMES} of {len(frames)} series are shown"] if len(shown) < len(frames) else []
    cells = sum(frame.length * len(frame.fields) for frame in shown)
    most = points * 2
    if cells > _MOST_CELLS and shown:
        most = max(min(most, _MOST_CELLS // (2 * len(shown))), _LEAST_POINTS)
    bounded = []
    for frame in shown:
        if _is_series(frame):
            bounded.append(_thinned(frame, most))
        elif frame.length > MOST_ROWS:
            notes.append(f"only {MOST_ROWS} of {frame.length} rows are shown")
            bounded.append(_rows(frame, range(MOST_ROWS)))
        else:
            bounded.append(frame)
    return bounded, "; ".join(dict.fromkeys(notes))


def _is_series(frame: Frame) -> bool:
    kinds = [one.kind for one in frame.fields]
    return kinds.count("time") == 1 and set(kinds) <= {"time", "number", "boolean"} and len(kinds) > 1


def _thinned(frame: Frame, most: int) -> Frame:
    length = frame.length
    if length <= most:
        return frame
    # Two rows of each stretch, of the first column of numbers; all columns keep the same rows.
    values = next(one for one in frame.fields if one.kind != "time").values
    stretches = max(most // 2, 1)
    edges = [index * length // stretches for index in range(stretches + 1)]
    rows = [row for start, end in pairwise(edges) for row in _extremes(values, start, end)]
    return _rows(frame, rows)


def _extremes(values: Sequence[Cell], start: int, end: int) -> list[int]:
    numbers = [
        (value, index)
        for index in range(start, end)
        if isinstance(value := values[index], int | float) and not math.isnan(value)
    ]
    if not numbers:
        return [start]
    return sorted({min(numbers)[1], max(numbers)[1]})


def _rows(frame: Frame, rows: Sequence[int]) -> Frame:
    fields = [
        Field(one.name, one.kind, [one.values[row] for row in rows], one.labels, one.config)
        for one in frame.fields
    ]
    return Frame(fields, frame.ref_id, frame.name, frame.meta)

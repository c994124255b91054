"""Series of an earlier time beside those of the time shown.

Source: `timeShiftAlignmentProcessor` of @grafana/scenes, and `alignTimeRangeCompareData` in
dataframe/utils.ts of @grafana/data 12.4.3: moved to the time shown, and dashed.
"""

from collections.abc import Sequence
from typing import Final

from dashgen.core.json_values import Json, mapping
from dashgen.drawing.fields.frames import Cell, Field, Frame

COMPARISON: Final = "-compare"
"""What stands behind the ref of a query for the earlier time."""
_DASHED: Final[Json] = {"fill": "dash", "dash": [1, 5, 4, 5]}


def compared_frames(frames: Sequence[Frame], shift_ms: int) -> list[Frame]:
    """Series of the earlier time, moved to the time shown.

    Args:
        frames: as they are in the earlier time.
        shift_ms: how many milliseconds earlier that is.
    """
    return [_compared(frame, shift_ms) for frame in frames]


def _compared(frame: Frame, shift_ms: int) -> Frame:
    mark: Json = {"diffMs": -shift_ms, "isTimeShiftQuery": True}
    fields = []
    for one in frame.fields:
        custom = {**mapping(one.config.get("custom")), "timeCompare": mark}
        values: list[Cell] = one.values
        if one.kind == "time":
            values = [at + shift_ms if isinstance(at, int | float) else at for at in one.values]
        elif one.kind in {"number", "boolean"}:
            custom["lineStyle"] = dict(_DASHED)
        fields.append(Field(one.name, one.kind, values, one.labels, {**one.config, "custom": custom}))
    ref_id = frame.ref_id if frame.ref_id.endswith(COMPARISON) else f"{frame.ref_id}{COMPARISON}"
    return Frame(fields, ref_id, frame.name, {**frame.meta, "timeCompare": mark})

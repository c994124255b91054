"""What a panel's inspector shows: its queries as they are sent, and the values that came back."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec
from msgspec.structs import replace

from dashgen.core.json_values import mappings, text
from dashgen.doctor.live.live_queries import DashboardQueries
from dashgen.drawing.fields.field_names import display_name
from dashgen.drawing.fields.frames import Cell, Field, Frame
from dashgen.preview.page.page_data import DataTable, PageQuery
from dashgen.preview.views.viewed_dashboard import ViewedPanel

_MOST_TABLES: Final = 12
_MOST_COLUMNS: Final = 40
_LATEST: Final = 253_402_300_799_000  # the last moment that a date can be made of


def panel_queries(panel: ViewedPanel, queries: DashboardQueries) -> list[PageQuery]:
    """The queries of a panel with the values of variables that it is viewed with."""
    return [
        PageQuery(query.ref_id, query.expr, query.source_type)
        for query in queries.of_panel(panel.panel, panel.values)
        if query.expr
    ]


def transformation_names(panel: ViewedPanel) -> list[str]:
    """The ids of the transformations that run between the queries and the panel."""
    listed = mappings(panel.panel.get("transformations"))
    return [text(one.get("id")) for one in listed if one.get("disabled") is not True]


def data_tables(frames: Sequence[Frame], most_rows: int) -> list[DataTable]:
    """Frames as tables; series with the same times share one.

    Args:
        frames: the results of a panel's queries.
        most_rows: how many rows of each are kept.
    """
    tables = []
    for frame in list(_joined(frames))[:_MOST_TABLES]:
        fields = frame.fields[:_MOST_COLUMNS]
        names = [field.title for field in fields]
        rows = [[_cell(field, at) for field in fields] for at in range(min(frame.length, most_rows))]
        tables.append(DataTable(names, rows, frame.length))
    return tables


def _joined(frames: Sequence[Frame]) -> Iterator[Frame]:
    joined: Frame | None = None
    for frame in frames:
        times = _times(frame)
        if joined is not None and times is not None and times == _times(joined):
            joined.fields += [_titled(field, frame, frames) for field in frame.fields[1:]]
            continue
        if joined is not None:
            yield joined
        joined = Frame([_titled(field, frame, frames) for field in frame.fields], frame.ref_id, frame.name)
    if joined is not None:
        yield joined


def _titled(field: Field, frame: Frame, frames: Sequence[Frame]) -> Field:
    return replace(field, title=display_name(field, frame, frames))


def _times(frame: Frame) -> list[Cell] | None:
    first = frame.fields[0] if frame.fields else None
    return first.values if first is not None and first.kind == "time" else None


def _cell(field: Field, at: int) -> str:
    value = field.values[at] if at < len(field.values) else None
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        if field.kind == "time" and abs(value) < _LATEST:
            return datetime.fromtimestamp(value / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
        return f"{value:.10g}"
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()

"""The panel `table` as HTML: rows are sorted and paged by the page's script (assets/contents.js)."""

from collections.abc import Sequence
from typing import Final

from dashgen.core.json_values import mapping, text, whole
from dashgen.drawing.fields.frames import Frame
from dashgen.drawing.markup.content_markup import ContentMarkup
from dashgen.drawing.markup.html_elements import HtmlAttribute, html, html_text, styles
from dashgen.drawing.markup.message_markup import no_data_markup
from dashgen.drawing.markup.table_cells import CellPlace, cell_markup, look_style
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.panels.table_columns import (
    TableColumn,
    footers,
    row_height,
    row_look,
    table_columns,
    table_frames,
    table_sorting,
)

_MOST_ROWS: Final = 1000
_MOST_FRAMES: Final = 20


def table_markup(drawing: PanelDrawing) -> ContentMarkup:
    """The frames of an answer as tables, of which one is shown at a time."""
    frames = table_frames(drawing)
    if not frames:
        return no_data_markup(drawing)
    tables = [
        _table(drawing, frame, is_shown=index == 0) for index, frame in enumerate(frames[:_MOST_FRAMES])
    ]
    choice = _frame_choice(frames) if len(frames) > 1 else ""
    pages = _has_pages(drawing)
    attributes: dict[str, HtmlAttribute] = {
        "class": "table-room", "data-row-height": row_height(drawing), "data-pages": "yes" if pages else None,
    }  # fmt: skip
    return ContentMarkup(html("div", attributes, *tables, choice))


def _has_pages(drawing: PanelDrawing) -> bool:
    options = drawing.options
    return (
        options.get("enablePagination") is True
        or mapping(options.get("footer")).get("enablePagination") is True
    )


def _frame_choice(frames: Sequence[Frame]) -> str:
    options = [
        html("option", {"value": str(index)}, html_text(frame.name or frame.ref_id or f"Frame {index + 1}"))
        for index, frame in enumerate(frames[:_MOST_FRAMES])
    ]
    return html("select", {"class": "table-choice", "aria-label": "Frame"}, *options)


def _table(drawing: PanelDrawing, frame: Frame, *, is_shown: bool) -> str:
    columns = table_columns(frame)
    frozen = whole(mapping(drawing.options.get("frozenColumns")).get("left"))
    least = sum(column.width or column.least_width for column in columns)
    cols = "".join(
        html("col", {"style": styles(width=f"{column.width:g}px" if column.width else None)})
        for column in columns
    )
    head = _head(drawing, columns, frozen) if drawing.options.get("showHeader") is not False else ""
    rows = range(min(frame.length, _MOST_ROWS))
    body = html("tbody", {}, *(_row(drawing, frame, (columns, frozen), row) for row in rows))
    table = html(
        "table",
        {"class": "table-grid", "style": styles(min_width=f"{least:g}px")},
        html("colgroup", {}, cols), head, body, _foot(drawing, columns),
    )  # fmt: skip
    note = ""
    if frame.length > _MOST_ROWS:
        note = html("p", {"class": "table-rest"}, f"{_MOST_ROWS} of {frame.length} rows are on this page")
    return html("div", {"class": "table-scroll", "hidden": not is_shown, "tabindex": "0"}, table, note)


def _head(drawing: PanelDrawing, columns: Sequence[TableColumn], frozen: int) -> str:
    sorting = dict(table_sorting(drawing))
    cells = []
    for index, column in enumerate(columns):
        title = column.field.title
        custom = mapping(column.field.config.get("custom"))
        is_falling = sorting.get(title)
        order = None if is_falling is None else "descending" if is_falling else "ascending"
        mark = (
            html("span", {"class": "table-filter", "title": "can be filtered in Grafana"})
            if custom.get("filterable")
            else ""
        )
        hint = text(column.field.config.get("description"))
        is_wrapped = custom.get("wrapHeaderText") is True
        button = html(
            "button",
            {"type": "button", "class": "table-sort", "title": hint or title},
            html("span", {"class": "table-title"}, html_text(title)),
            html("span", {"class": "table-order", "aria-hidden": "true"}),
            mark,
        )
        classes = [
            f"cell-{column.align}",
            "cell-wrapped" if is_wrapped else "",
            "frozen" if index < frozen else "",
        ]
        attributes = {"class": " ".join(filter(None, classes)), "scope": "col", "aria-sort": order}
        cells.append(html("th", attributes, button))
    return html("thead", {}, html("tr", {}, *cells))


def _row(drawing: PanelDrawing, frame: Frame, details: tuple[Sequence[TableColumn], int], row: int) -> str:
    columns, frozen = details
    look = row_look(drawing, columns, row)
    cells = []
    for index, column in enumerate(columns):
        cell = CellPlace(column, frame, row, look, is_frozen=index < frozen)
        cells.append(cell_markup(drawing, cell))
    return html("tr", {"style": look_style(look), "data-row": row}, *cells)


def _foot(drawing: PanelDrawing, columns: Sequence[TableColumn]) -> str:
    below = footers(drawing, columns)
    if not below:
        return ""
    are_alike = len({tuple(name for name, _ in cell) for cell in below if cell}) == 1
    cells = []
    for column, cell in zip(columns, below, strict=True):
        lines = [
            html(
                "div",
                {"class": "table-sum"},
                ""
                if are_alike and cell is not below[0] and below[0]
                else html("span", {"class": "table-sum-name"}, html_text(name)),
                html("span", {}, html_text(value)),
            )
            for name, value in cell
        ]
        cells.append(html("td", {"class": f"cell-{column.align}"}, *lines))
    return html("tfoot", {}, html("tr", {}, *cells))

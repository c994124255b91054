"""The cells of a table as HTML, by their types.

Source: components/Table/TableNG/Cells of @grafana/ui 12.4.3.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from dashgen.core.json_values import items, mapping, mappings, text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.drawing.fields.color_math import readable_on
from dashgen.drawing.fields.field_colors import color_mode, hashed_color
from dashgen.drawing.fields.field_display import ShownValue
from dashgen.drawing.fields.frames import Cell, Frame
from dashgen.drawing.fields.link_addresses import LinkedValue, ResolvedLink, data_links
from dashgen.drawing.fields.value_mappings import cell_text
from dashgen.drawing.markup.bar_gauge_markup import bar_track
from dashgen.drawing.markup.html_elements import HtmlAttribute, html, html_text, link, styles
from dashgen.drawing.markup.markdown_markup import markdown_markup
from dashgen.drawing.markup.safe_html import safe_image
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.panels.panel_values import FieldValue
from dashgen.drawing.panels.table_columns import CellLook, TableColumn, cell_look
from dashgen.drawing.panels.table_panel import trend_line
from dashgen.drawing.svg.elements import Box, Stroke, element, path

_PILLS: Final = lazy_pattern(r"\s*,\s*")
_MOST_PILLS: Final = 50
_MOST_TEXT: Final = 5000


class CellPlace(NamedTuple):
    """A cell of a table: its column, row, and the look of the whole row."""

    column: TableColumn
    frame: Frame
    row: int
    row_look: CellLook
    is_frozen: bool

    @property
    def value(self) -> Cell:
        """What is in it."""
        values = self.column.field.values
        return values[self.row] if self.row < len(values) else None


def cell_markup(drawing: PanelDrawing, cell: CellPlace) -> str:
    """A cell with what the page sorts it by."""
    column, value = cell.column, cell.value
    of_value = mapping(value).get("value") if column.kind == "sparkline" else value
    shown = drawing.display(column.field).shown(of_value)
    look = cell_look(column, shown, drawing.theme)
    if column.options.get("applyToRow") is True:
        look = CellLook()
    inner = _CELLS.get(column.kind, _plain)(drawing, cell, shown)
    sorting = shown.number if shown.number is not None else None
    classes = [
        f"cell-{column.align}",
        "cell-wrapped" if column.is_wrapped else "",
        "frozen" if cell.is_frozen else "",
    ]
    classes.append("cell-colored" if look.background or look.color or cell.row_look.background else "")
    attributes: dict[str, HtmlAttribute] = {
        "class": " ".join(filter(None, classes)), "style": look_style(look),
        "data-number": None if sorting is None else repr(float(sorting)),
    }  # fmt: skip
    return html("td", attributes, inner)


def look_style(look: CellLook) -> str | None:
    """The style of a cell or row of a look."""
    background = None
    if look.background:
        first, last = look.background
        background = last if first == last else f"linear-gradient(120deg,{first},{last})"
    return styles(color=look.color, background=background)


def _links(drawing: PanelDrawing, cell: CellPlace, shown: ShownValue) -> list[ResolvedLink]:
    subject = LinkedValue(cell.column.field, cell.frame, cell.row, shown)
    return data_links(subject, drawing.frames, drawing.context)


def _linked(drawing: PanelDrawing, cell: CellPlace, shown: ShownValue, inner: str) -> str:
    if not cell.column.field.config.get("links"):
        return inner
    links = _links(drawing, cell, shown)
    return link(links[0].address, links[0].title, inner) if links else inner


def _plain(drawing: PanelDrawing, cell: CellPlace, shown: ShownValue) -> str:
    return _linked(drawing, cell, shown, html_text(shown.text[:_MOST_TEXT]))


def _gauge(drawing: PanelDrawing, cell: CellPlace, shown: ShownValue) -> str:
    if shown.number is None:
        return _plain(drawing, cell, shown)
    column = cell.column
    value = FieldValue(column.field.title, shown, column.field, cell.frame)
    track = bar_track(drawing, value, mode=column.mode or "gradient")
    kind = text(column.options.get("valueDisplayMode")) or "text"
    if kind == "hidden":
        return html("div", {"class": "cell-bar"}, track)
    color = styles(color=None if kind == "text" else shown.color)
    number = html("span", {"class": "cell-bar-value", "style": color}, html_text(shown.text))
    return _linked(drawing, cell, shown, html("div", {"class": "cell-bar"}, track, number))


def _sparkline(drawing: PanelDrawing, cell: CellPlace, shown: ShownValue) -> str:
    value = mapping(cell.value)
    line = trend_line(value, Box(0, 1, 100, 23))
    if not line:
        return html_text(text(cell.column.field.config.get("noValue")) or "no data")
    picture = element(
        "svg",
        {
            "class": "cell-trend",
            "viewBox": "0 0 100 25",
            "preserveAspectRatio": "none",
            "aria-hidden": "true",
        },
        path(line, stroke=Stroke(shown.color)),
    )
    number = "" if cell.column.options.get("hideValue") is True else html("span", {}, html_text(shown.text))
    return _linked(drawing, cell, shown, html("div", {"class": "cell-bar"}, number, picture))


def _json(drawing: PanelDrawing, cell: CellPlace, shown: ShownValue) -> str:
    value = cell.value
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            value = shown.text
    written = value if isinstance(value, str) else json.dumps(value, indent=1, ensure_ascii=False)
    code = html(
        "code", {"class": "cell-json", "title": written[:_MOST_TEXT]}, html_text(written[:_MOST_TEXT])
    )
    return _linked(drawing, cell, shown, code)


def _image(drawing: PanelDrawing, cell: CellPlace, shown: ShownValue) -> str:
    written = cell_text(cell.value)
    picture = safe_image(written, text(cell.column.options.get("alt")))
    return picture if picture.startswith("<a") else _linked(drawing, cell, shown, picture)


def _data_links(drawing: PanelDrawing, cell: CellPlace, shown: ShownValue) -> str:
    links = _links(drawing, cell, shown)
    return " ".join(link(one.address, "", html_text(one.title or one.address)) for one in links)


def _pills(drawing: PanelDrawing, cell: CellPlace, shown: ShownValue) -> str:
    field = cell.column.field
    texts = _pill_texts(cell.value)
    if field.kind not in {"string", "other"} or not texts:
        return _plain(drawing, cell, shown)
    pills = []
    for one in texts[:_MOST_PILLS]:
        own = drawing.display(field).shown(one)
        color = own.color
        if not mappings(field.config.get("mappings")) and color_mode(field) != "fixed":
            color = hashed_color(one, drawing.theme)
        look = styles(background=color, color=readable_on(color))
        pills.append(html("span", {"class": "pill", "style": look}, html_text(own.text)))
    return _linked(drawing, cell, shown, html("span", {"class": "pills"}, *pills))


def _pill_texts(value: Cell) -> Sequence[str]:
    if isinstance(value, list):
        return [written for one in value if (written := cell_text(one))]
    written = cell_text(value).strip()
    if written.startswith("["):
        try:
            return [cell_text(one) for one in items(json.loads(written))]
        except (ValueError, RecursionError):
            pass
    return re.split(_PILLS.pattern, written) if written else []


def _markdown(_drawing: PanelDrawing, cell: CellPlace, _shown: ShownValue) -> str:
    return html("div", {"class": "prose cell-prose"}, markdown_markup(cell_text(cell.value)[:_MOST_TEXT]))


def _actions(drawing: PanelDrawing, cell: CellPlace, shown: ShownValue) -> str:
    titles = [text(one.get("title")) for one in mappings(cell.column.field.config.get("actions"))]
    buttons = [html("span", {"class": "pill cell-action"}, html_text(title)) for title in titles if title]
    return "".join(buttons) or _plain(drawing, cell, shown)


_CELLS: Final[Mapping[str, Callable[[PanelDrawing, CellPlace, ShownValue], str]]] = {
    "actions": _actions,
    "data-links": _data_links,
    "gauge": _gauge,
    "geo": _json,
    "image": _image,
    "json-view": _json,
    "markdown": _markdown,
    "pill": _pills,
    "sparkline": _sparkline,
}

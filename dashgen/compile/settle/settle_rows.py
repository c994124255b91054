"""Rows and panels with their keys, ids and places on the grid."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from dashgen.compile.settle.settle_layout import (
    HEADER_HEIGHT,
    LayoutItem,
    auto_flow,
    columns,
    flow,
    overlaps,
)
from dashgen.core.json_values import Json
from dashgen.formats.panel_tree import COLUMNS
from dashgen.model.panel_identity import panel_ids, panel_keys, slug
from dashgen.model.panel_spec import Panel, Repeat
from dashgen.model.parse import ParsedDashboard
from dashgen.model.section_spec import DashboardSection, Row, Tab
from dashgen.model.settled_dashboard import AutoGrid, Grid
from dashgen.model.visibility_spec import AutoLayout
from dashgen.source.provenance import Reporter
from dashgen.source.source import Path

_ROW_KEY = "row:"
"""What keys of rows start with, so that a row and a panel of one title have different ids."""
_DEEPEST = 1_000_000
"""The last grid row that a panel may reach."""
_NOWHERE = Grid(0, 0, COLUMNS, HEADER_HEIGHT)


class PlacedPanel(Struct):
    """A panel with its path, key, id and place."""

    panel: Panel
    path: Path
    key: str = ""
    id: int = 0
    grid: Grid = _NOWHERE


class PlacedRow(Struct):
    """A row or tab, or the panels above the rows, with its id and place.

    ``around`` is the key of the section that it is in; ``section`` is None for the panels above the rows.
    """

    path: Path
    title: str | None
    key: str
    height: int
    panels: list[PlacedPanel]
    section: DashboardSection | None = None
    kind: str = "row"
    level: int = 0
    around: str = ""
    columns: int | None = None
    layout: AutoGrid | None = None
    collapsed: bool = False
    hide_header: bool = False
    repeat: Repeat | None = None
    raw: Json = {}
    id: int = 0
    grid: Grid = _NOWHERE


def place_rows(parsed: ParsedDashboard, report: Reporter) -> list[PlacedRow]:
    """The rows and tabs of a dashboard; what is wrong with keys and places is reported."""
    rows = list(_Sections(parsed).of_dashboard())
    rows = [row for row in rows if row.panels or row.title is not None]
    _check_keys(rows, report)
    _identify(rows)
    y = 0
    for row in rows:
        y = _place(row, y, report)
    return rows


def as_repeat(repeat: str | Repeat | None) -> Repeat | None:
    """A repetition in its long form."""
    return Repeat(by=repeat.lstrip("$")) if isinstance(repeat, str) else repeat


class _Around(Struct, frozen=True):
    """What sections take on from what is around them."""

    height: int
    layout: Literal["grid", "auto"] | AutoLayout | None
    level: int = 0
    key: str = ""


class _Sections(Struct, frozen=True):
    """The sections of a dashboard in the order in which they are written, each before those in it."""

    parsed: ParsedDashboard

    def of_dashboard(self) -> Iterator[PlacedRow]:
        spec = self.parsed.dashboard
        around = _Around(spec.height, spec.layout)
        # The panels above the first row are a row without a title, of which Grafana sees nothing.
        panels = _panels(self.parsed, ("panels",), len(spec.panels))
        loose = PlacedRow(("panels",), None, "", spec.height, panels, layout=auto_grid(spec.layout))
        if loose.layout is not None and (spec.rows or spec.tabs) and panels:
            # Unless they arrange themselves: the dashboard as a whole arranges rows.
            loose.title, loose.hide_header = "", True
        yield loose
        yield from self.all(spec.rows, spec.tabs, (), around)

    def all(
        self, rows: Sequence[Row], tabs: Sequence[Tab], path: Path, around: _Around
    ) -> Iterator[PlacedRow]:
        for key, sections in (("rows", rows), ("tabs", tabs)):
            for number, section in enumerate(sections):
                yield from self.one(section, (*path, key, number), around)

    def one(self, section: DashboardSection, path: Path, around: _Around) -> Iterator[PlacedRow]:
        height, layout = section.height or around.height, section.layout or around.layout
        own_layout = auto_grid(layout, section.columns)
        panels = _panels(self.parsed, (*path, "panels"), len(section.panels))
        is_row = isinstance(section, Row)
        row = PlacedRow(
            path=path,
            title=section.title,
            key=section.key or slug(section.title or ""),
            height=height,
            panels=panels,
            section=section,
            kind="row" if is_row else "tab",
            level=around.level,
            around=around.key,
            columns=section.columns,
            layout=own_layout,
            collapsed=isinstance(section, Row) and section.collapsed and section.title is not None,
            hide_header=isinstance(section, Row) and section.hide_header,
            repeat=as_repeat(section.repeat),
            raw=section.raw,
        )
        if row.title is None and (own_layout is not None or around.level or _says_more(section)):
            # Grafana knows what is said of panels only as said of a row around them.
            row.title, row.hide_header = "", True
        holds_sections = bool(section.rows or section.tabs)
        if holds_sections:
            row.panels, row.layout = [], None
        yield row
        if not holds_sections:
            return
        inner = _Around(height, layout, around.level + 1, row.key)
        if panels:
            yield PlacedRow(
                path, "", row.key, height, panels, None, "row", inner.level, row.key, section.columns,
                own_layout, hide_header=True,
            )  # fmt: skip
        yield from self.all(section.rows, section.tabs, path, inner)


def _says_more(section: DashboardSection) -> bool:
    """Whether a section without a title has more than panels, so that something has to stand for it."""
    own = (
        section.show_when,
        section.hide_when,
        section.variables,
        section.rows,
        section.tabs,
        section.repeat,
    )
    return any(own) or (isinstance(section, Row) and (section.fill_screen or section.hide_header))


def auto_grid(
    layout: Literal["grid", "auto"] | AutoLayout | None, columns: int | None = None
) -> AutoGrid | None:
    """The grid that arranges panels by itself, as it is written; None where panels have places.

    Args:
        layout: as it is written.
        columns: the section's own number of columns.
    """
    if layout is None or layout == "grid":
        return None
    spec = AutoLayout() if isinstance(layout, str) else layout
    default = AutoGrid()
    number = spec.columns or columns or default.columns
    return AutoGrid(number, spec.column_width, spec.row_height, spec.fill)


def _panels(parsed: ParsedDashboard, path: Path, count: int) -> list[PlacedPanel]:
    """The panels of a list, without those that could not be read."""
    paths = ((*path, number) for number in range(count))
    return [PlacedPanel(parsed.panels[path], path) for path in paths if path in parsed.panels]


def _identify(rows: Sequence[PlacedRow]) -> None:
    """Give rows and panels their keys and ids, which are unique among both."""
    key_requests: list[tuple[str, str, bool]] = []
    owners: list[PlacedRow | PlacedPanel] = []
    # Rows of several tabs may be called alike: then the key of their tab tells their panels apart.
    shared = Counter(row.key for row in rows if row.kind == "row" and row.section is not None)
    for row in rows:
        if row.title is not None:
            key_requests.append((_ROW_KEY + row.key, row.around, False))
            owners.append(row)
        key = f"{row.around}/{row.key}" if row.around and shared[row.key] > 1 else row.key
        for placed in row.panels:
            panel = placed.panel
            key_requests.append((panel.key or slug(panel.title, panel.type_id), key, panel.key is not None))
            owners.append(placed)
    keys = panel_keys(key_requests)
    ids = panel_ids(keys)
    for owner, key in zip(owners, keys, strict=True):
        owner.key, owner.id = key, ids[key]


def _check_keys(rows: Sequence[PlacedRow], report: Reporter) -> None:
    keys: set[str] = set()
    for placed in (placed for row in rows for placed in row.panels if placed.panel.key is not None):
        key = placed.panel.key or ""
        if key in keys:
            message = f"two panels have the key `{key}`"
            report.error("panel/key", message, (*placed.path, "key"), "give each its own")
        keys.add(key)


def _place(row: PlacedRow, y: int, report: Reporter) -> int:
    """Place a row and its panels, and return the grid row at which the next one starts."""
    row.grid = Grid(0, y, COLUMNS, HEADER_HEIGHT)
    top = y + (HEADER_HEIGHT if row.title is not None else 0)
    items = (
        []
        if row.layout is not None
        else [
            LayoutItem(
                _width(placed, row.columns, report), placed.panel.height or row.height, placed.panel.at
            )
            for placed in row.panels
        ]
    )
    if row.layout is not None:
        grids, bottom = auto_flow(len(row.panels), row.layout, top)
    else:
        grids, bottom = flow(items, top)
    for placed, grid in zip(row.panels, grids, strict=True):
        placed.grid = grid
    # Panels that flow neither overlap nor leave the grid, unless they are very many or high.
    if any(item.at for item in items) or bottom > _DEEPEST:
        _check_places(row, grids, report)
    if row.layout is not None:
        _check_auto(row, report)
    # A collapsed row holds its panels inside, so what follows is placed directly below its header.
    return top if row.collapsed else bottom


def _check_auto(row: PlacedRow, report: Reporter) -> None:
    for placed in row.panels:
        if placed.panel.at is not None:
            message = f"`{placed.panel.title}` has a place, and this layout arranges its panels by itself"
            hint = "remove `at:`, or write `layout: grid`"
            report.error("layout/place", message, (*placed.path, "at"), hint, key=True)


def _check_places(row: PlacedRow, grids: Sequence[Grid], report: Reporter) -> None:
    for placed in row.panels:
        title = placed.panel.title
        if placed.grid.x + placed.grid.w > COLUMNS:
            message = f"`{title}` reaches beyond column {COLUMNS}"
            report.error("panel/grid", message, (*placed.path, "at"), "make `x` or `w` smaller")
        if placed.grid.y + placed.grid.h > _DEEPEST:
            message = f"`{title}` reaches beyond grid row {_DEEPEST}"
            report.error("panel/grid", message, placed.path, "make heights smaller")
            return  # so do all panels below it
    for first, second in overlaps(grids):
        message = f"`{row.panels[second].panel.title}` lies over `{row.panels[first].panel.title}`"
        report.error("panel/overlap", message, (*row.panels[second].path, "at"), "move one of them")


def _width(placed: PlacedPanel, per_line: int | None, report: Reporter) -> int | None:
    if placed.panel.width is None:
        return COLUMNS // per_line if per_line else None
    try:
        return columns(placed.panel.width)
    except ValueError as error:
        hint = "give columns of 24 or a fraction such as `1/3`"
        report.error("panel/width", str(error), (*placed.path, "width"), hint)
        return None

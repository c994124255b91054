"""Rows and panels with their keys, ids and places on the grid."""

from collections.abc import Sequence

from msgspec import Struct

from dashgen.compile.settle.settle_layout import HEADER_HEIGHT, LayoutItem, columns, flow, overlaps
from dashgen.core.json_values import Json
from dashgen.formats.panel_tree import COLUMNS
from dashgen.model.panel_identity import panel_ids, panel_keys, slug
from dashgen.model.panel_spec import Panel, Repeat
from dashgen.model.parse import ParsedDashboard
from dashgen.model.settled_dashboard import Grid
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
    """A row, or the panels above the rows, with its id and place."""

    path: Path
    title: str | None
    key: str
    height: int
    panels: list[PlacedPanel]
    columns: int | None = None
    collapsed: bool = False
    repeat: Repeat | None = None
    raw: Json = {}
    id: int = 0
    grid: Grid = _NOWHERE


def place_rows(parsed: ParsedDashboard, report: Reporter) -> list[PlacedRow]:
    """The rows of a dashboard; what is wrong with keys and places is reported."""
    rows = _rows(parsed)
    _check_keys(rows, report)
    _identify(rows)
    y = 0
    for row in rows:
        y = _place(row, y, report)
    return rows


def as_repeat(repeat: str | Repeat | None) -> Repeat | None:
    """A repetition in its long form."""
    return Repeat(by=repeat.lstrip("$")) if isinstance(repeat, str) else repeat


def _rows(parsed: ParsedDashboard) -> list[PlacedRow]:
    spec = parsed.dashboard
    # The panels above the first row are a row without a title, of which Grafana sees nothing.
    rows = [PlacedRow(("panels",), None, "", spec.height, _panels(parsed, ("panels",), len(spec.panels)))]
    for number, row in enumerate(spec.rows):
        path: Path = ("rows", number)
        rows.append(
            PlacedRow(
                path=path,
                title=row.title,
                key=row.key or slug(row.title or ""),
                height=row.height or spec.height,
                panels=_panels(parsed, (*path, "panels"), len(row.panels)),
                columns=row.columns,
                collapsed=row.collapsed and row.title is not None,
                repeat=as_repeat(row.repeat),
                raw=row.raw,
            )
        )
    return [row for row in rows if row.panels or row.title is not None]


def _panels(parsed: ParsedDashboard, path: Path, count: int) -> list[PlacedPanel]:
    """The panels of a list, without those that could not be read."""
    paths = ((*path, number) for number in range(count))
    return [PlacedPanel(parsed.panels[path], path) for path in paths if path in parsed.panels]


def _identify(rows: Sequence[PlacedRow]) -> None:
    """Give rows and panels their keys and ids, which are unique among both."""
    key_requests: list[tuple[str, str, bool]] = []
    owners: list[PlacedRow | PlacedPanel] = []
    for row in rows:
        if row.title is not None:
            key_requests.append((_ROW_KEY + row.key, "", False))
            owners.append(row)
        for placed in row.panels:
            panel = placed.panel
            key_requests.append(
                (panel.key or slug(panel.title, panel.type_id), row.key, panel.key is not None)
            )
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
    items = [
        LayoutItem(_width(placed, row.columns, report), placed.panel.height or row.height, placed.panel.at)
        for placed in row.panels
    ]
    grids, bottom = flow(items, top)
    for placed, grid in zip(row.panels, grids, strict=True):
        placed.grid = grid
    # Panels that flow neither overlap nor leave the grid, unless they are very many or high.
    if any(item.at for item in items) or bottom > _DEEPEST:
        _check_places(row, grids, report)
    # A collapsed row holds its panels inside, so what follows is placed directly below its header.
    return top if row.collapsed else bottom


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

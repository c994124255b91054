"""Rows and panels with their keys, ids and places on the grid."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dashgen.compile.settle.settle_layout import HEADER_HEIGHT, LayoutItem, columns, flow, overlaps
from dashgen.core.diagnostics import Diagnostic
from dashgen.formats.panel_tree import COLUMNS
from dashgen.model.panel_identity import panel_ids, panel_keys, slug
from dashgen.model.panel_spec import Panel, Repeat
from dashgen.model.parse import ParsedDashboard
from dashgen.model.settled_dashboard import Grid
from dashgen.source.provenance import Resolved
from dashgen.source.source import Path

_ROW_KEY = "row:"
_DEEPEST = 1_000_000
_NOWHERE = Grid(0, 0, COLUMNS, HEADER_HEIGHT)


@dataclass(slots=True)
class PlacedPanel:
    """A panel with its path, key, id and place."""

    panel: Panel
    path: Path
    key: str = ""
    id: int = 0
    grid: Grid = _NOWHERE


@dataclass(slots=True)
class PlacedRow:
    """A row, or the panels above the rows, with its id and place."""

    path: Path
    title: str | None
    key: str
    height: int
    panels: list[PlacedPanel]
    columns: int | None = None
    collapsed: bool = False
    repeat: Repeat | None = None
    raw: dict[str, Any] = field(default_factory=dict)
    id: int = 0
    grid: Grid = _NOWHERE


def place_rows(parsed: ParsedDashboard, problems: list[Diagnostic]) -> list[PlacedRow]:
    """The rows of a dashboard; what is wrong with keys and places joins ``problems``."""
    rows = _rows(parsed)
    _check_keys(rows, parsed.resolved, problems)
    _identify(rows)
    y = 0
    for row in rows:
        y = _place(row, y, parsed.resolved, problems)
    return rows


def as_repeat(repeat: str | Repeat | None) -> Repeat | None:
    """A repetition in its long form."""
    return Repeat(by=repeat.lstrip("$")) if isinstance(repeat, str) else repeat


def _rows(parsed: ParsedDashboard) -> list[PlacedRow]:
    spec = parsed.dashboard
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
    places = ((*path, i) for i in range(count))
    return [
        PlacedPanel(parsed.panels[panel_path], panel_path)
        for panel_path in places
        if panel_path in parsed.panels
    ]


def _identify(rows: Sequence[PlacedRow]) -> None:
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


def _check_keys(rows: Sequence[PlacedRow], resolved: Resolved, problems: list[Diagnostic]) -> None:
    seen: set[str] = set()
    for row in rows:
        for placed in row.panels:
            key = placed.panel.key
            if key is not None and key in seen:
                message = f"two panels have the key `{key}`"
                problems.append(
                    resolved.diagnostic("panel/key", message, (*placed.path, "key"), "give each its own")
                )
            seen.add(key or "")


def _place(row: PlacedRow, y: int, resolved: Resolved, problems: list[Diagnostic]) -> int:
    """Place a row and its panels; what comes back is where the next row starts."""
    row.grid = Grid(0, y, COLUMNS, HEADER_HEIGHT)
    top = y + (HEADER_HEIGHT if row.title is not None else 0)
    items = [
        LayoutItem(
            _width(placed, row.columns, resolved, problems),
            placed.panel.height or row.height,
            placed.panel.at,
        )
        for placed in row.panels
    ]
    grids, bottom = flow(items, top)
    for placed, grid in zip(row.panels, grids, strict=True):
        placed.grid = grid
    if any(item.at for item in items) or bottom > _DEEPEST:
        _check_places(row, grids, resolved, problems)
    return top if row.collapsed else bottom


def _check_places(
    row: PlacedRow, grids: Sequence[Grid], resolved: Resolved, problems: list[Diagnostic]
) -> None:
    for placed in row.panels:
        if placed.grid.x + placed.grid.w > COLUMNS:
            message = f"`{placed.panel.title}` reaches beyond column {COLUMNS}"
            path = (*placed.path, "at")
            problems.append(resolved.diagnostic("panel/grid", message, path, "make `x` or `w` smaller"))
        if placed.grid.y + placed.grid.h > _DEEPEST:
            message = f"`{placed.panel.title}` reaches beyond grid row {_DEEPEST}"
            problems.append(resolved.diagnostic("panel/grid", message, placed.path, "make heights smaller"))
            return
    for first, second in overlaps(grids):
        message = f"`{row.panels[second].panel.title}` lies over `{row.panels[first].panel.title}`"
        path = (*row.panels[second].path, "at")
        problems.append(resolved.diagnostic("panel/overlap", message, path, "move one of them"))


def _width(
    placed: PlacedPanel, per_line: int | None, resolved: Resolved, problems: list[Diagnostic]
) -> int | None:
    if placed.panel.width is None:
        return COLUMNS // per_line if per_line else None
    try:
        return columns(placed.panel.width)
    except ValueError as error:
        hint = "give columns of 24 or a fraction such as `1/3`"
        problems.append(resolved.diagnostic("panel/width", str(error), (*placed.path, "width"), hint))
        return None

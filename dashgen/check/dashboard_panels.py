"""The types of panels, and the panels of a dashboard together: ids, positions in the grid, rows."""

from typing import NamedTuple, TypeGuard

from dashgen.check.check_report import Path, Report, entries, text_of
from dashgen.check.dashboard_shape import panel_words
from dashgen.core.json_values import Json, mapping
from dashgen.formats.json_shapes import names
from dashgen.formats.panel_options import PANEL_TABLE
from dashgen.formats.panel_tree import COLUMNS, located_panels
from dashgen.source.other_words import ANGULAR, PANEL_TYPES, panel_type_hint


class _Box(NamedTuple):
    path: Path
    panel: Json
    x: int
    y: int
    w: int
    h: int

    @property
    def bottom(self) -> int:
        return self.y + self.h

    @property
    def words(self) -> str:
        return panel_words(self.panel)


def check_panels(report: Report, base: Path, data: Json, *, strict: bool, is_final: bool) -> None:
    """Check the type of each panel.

    Args:
        report: where findings go.
        base: the path of the dashboard in its file.
        data: the dashboard.
        strict: whether what Grafana would repair counts too.
        is_final: whether Grafana migrates nothing of it any more.
    """
    for path, panel in located_panels(data.get("panels")):
        kind = text_of(panel.get("type"))
        if strict and kind in ANGULAR:
            message = f"panels of type `{kind}` do not run any more"
            report.error("panel/angular", (*base, *path, "type"), message, f"use `{PANEL_TYPES[kind]}`")
        elif kind and (hint := _unknown_type(kind)):
            message = f"there is no panel type `{kind}`: the panel shows an error"
            (report.error if is_final else report.warning)(
                "panel/type", (*base, *path, "type"), message, hint
            )


def check_panels_together(report: Report, base: Path, data: Json, *, strict: bool, is_final: bool) -> None:
    """Check ids, rows and the grid; see `check_panels`."""
    _check_ids(report, base, data, strict=strict)
    _check_rows(report, base, data)
    if strict:
        _check_grid(report, base, data)
    elif is_final:
        boxes = [box for path, panel in located_panels(data.get("panels")) if (box := _box(path, panel))]
        _check_reach(report, base, boxes)


def _unknown_type(kind: str) -> str:
    """A hint for a misspelt type of Grafana's own; empty for its types and for plugins."""
    if kind in PANEL_TABLE or kind in _OTHER_TYPES or kind in ANGULAR:
        return ""
    hint = panel_type_hint(kind, PANEL_TABLE)
    if "-" in kind:
        plain = {name.replace("-", "").lower() for name in PANEL_TABLE}
        return hint if kind.replace("-", "").lower() in plain else ""
    return hint or "use a type of Grafana, or the whole id of a plugin, such as `author-name-panel`"


_OTHER_TYPES = frozenset(
    names(
        "row datagrid debug gettingstarted welcome live pluginlist heatmap-new unknown-panel",
        "library-panel-ref xychart2 logstable addpanel add-panel add-library-panel dashboard",
    )
)
"""Types of Grafana that dashgen does not write (public/app/plugins/panel, 12.4)."""


def _check_ids(report: Report, base: Path, data: Json, *, strict: bool) -> None:
    first: dict[int, Path] = {}
    for path, panel in located_panels(data.get("panels")):
        number = panel.get("id")
        if not isinstance(number, int) or isinstance(number, bool):
            continue
        before = first.setdefault(number, path)
        if before == path:
            continue
        where = (*base, *path, "id")
        if strict:
            message = f"the panel id {number} is used twice"
            report.duplicate(
                "panel/id", where, message, report.place((*base, *before, "id")), "change one of them"
            )
        else:
            message = f"the panel id {number} is used twice: Grafana renumbers one, and links to it break"
            report.warning("panel/id", where, message, "change one of them")


def _check_rows(report: Report, base: Path, data: Json) -> None:
    for index, panel in entries(data.get("panels")):
        if panel.get("type") == "row" and panel.get("panels") and panel.get("collapsed") is not True:
            where = (*base, "panels", index, "panels")
            message = f"{panel_words(panel)} is open but has its panels inside: they are not shown"
            report.error(
                "panel/row", where, message, "put them behind the row, or set `collapsed` to true", key=True
            )
        for number, child in entries(panel.get("panels")):
            if child.get("type") == "row":
                path = (*base, "panels", index, "panels", number)
                report.error("panel/row", path, "a row inside a row is not shown", "move it to the top")


def _check_grid(report: Report, base: Path, data: Json) -> None:
    _check_level(report, base, ("panels",), data.get("panels"))
    for index, panel in entries(data.get("panels")):
        if children := panel.get("panels"):
            _check_level(report, base, ("panels", index, "panels"), children)


def _check_level(report: Report, base: Path, path: Path, panels: object) -> None:
    boxes = [box for index, panel in entries(panels) if (box := _box((*path, index), panel))]
    _check_reach(report, base, boxes)
    for above, below in _overlaps(boxes):
        message = f"{below.words} overlaps {above.words}"
        first = report.place((*base, *above.path, "gridPos"))
        report.duplicate(
            "panel/overlap", (*base, *below.path, "gridPos"), message, first, "move or shrink one of them"
        )


def _check_reach(report: Report, base: Path, boxes: list[_Box]) -> None:
    for box in boxes:
        # A single number that is too large is reported by the schema, and a row has the whole width anyhow.
        if box.x < COLUMNS and box.w <= COLUMNS < box.x + box.w and box.panel.get("type") != "row":
            message = f"{box.words} reaches column {box.x + box.w}: the grid has {COLUMNS}"
            report.error(
                "panel/grid", (*base, *box.path, "gridPos"), message, f"make x + w at most {COLUMNS}"
            )


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _box(path: Path, panel: Json) -> _Box | None:
    grid = mapping(panel.get("gridPos"))
    x, y, w, h = grid.get("x"), grid.get("y"), grid.get("w"), grid.get("h")
    if not (_is_count(x) and _is_count(y) and _is_count(w) and _is_count(h)):
        return None
    return _Box(path, panel, x, y, w, h)


def _any_overlaps(boxes: list[_Box]) -> bool:
    """Whether any two boxes overlap: each has to start below those that are in its columns already."""
    bottoms = [0] * COLUMNS
    for box in sorted(boxes, key=lambda b: b.y):
        below = bottoms[box.x : box.x + box.w]
        if below and box.h and max(below) > box.y:
            return True
        bottoms[box.x : box.x + box.w] = [box.bottom] * len(below)
    return False


def _overlaps(boxes: list[_Box]) -> list[tuple[_Box, _Box]]:
    """Each box that overlaps one above it, with one such box."""
    if not _any_overlaps(boxes):
        return []
    overlaps: dict[Path, tuple[_Box, _Box]] = {}
    columns: list[list[_Box]] = [[] for _ in range(COLUMNS)]
    for box in boxes:
        for column in columns[box.x : box.x + box.w]:
            column.append(box)
    for column in columns:
        lowest: _Box | None = None
        for box in sorted(column, key=lambda b: (b.y, b.bottom)):
            if lowest and box.y < lowest.bottom:
                overlaps.setdefault(box.path, (lowest, box))
            if lowest is None or box.bottom > lowest.bottom:
                lowest = box
    return list(overlaps.values())

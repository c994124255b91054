"""The sections of a dashboard (rows and tabs) and the panels in them, as one flat list."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from dashgen.core.json_values import Json, mapping, mappings, whole
from dashgen.formats.normal.grid_packing import packed_panels
from dashgen.formats.normal.normal_dynamic import is_auto
from dashgen.formats.normal.normal_panel import normal_panel
from dashgen.formats.panel_tree import COLUMNS
from dashgen.formats.upgrade.upgrade_rows import rows_to_panels

_HEADER: Final = "row"
_UNTITLED: Final = "(untitled)"
_OF_COPIES: Final = ("repeatDirection", "maxPerRow")


class _Entry(NamedTuple):
    """A panel or header in its normal form, and the index of the header of the section around it."""

    panel: Json
    section: int | None


def flat_panels(data: Mapping[str, Any], *, header_ids: bool = False) -> list[Json]:
    """Every panel and header where Grafana shows it, sorted by place, each with its section as ``row``.

    A section is known by its ``key``: the titles on the way to it. The lines of panels are counted from their
    section, so that nothing moves when a section above grows; panels of an auto layout have their order only.
    Repeated copies are left out; of two panels in one place the order of the list counts.

    Args:
        data: the dashboard.
        header_ids: whether headers keep their ids, and ``row`` has them where there are any. Schema v2 has no
            ids of rows and tabs, so they are no difference.
    """
    entries = _entries(data)
    keys = _section_keys(entries)
    ids = {
        index: entry.panel.get("id") or keys[index] for index, entry in enumerate(entries) if index in keys
    }
    names: Mapping[int, Any] = ids if header_ids else keys
    flat: list[Json] = []
    orders: dict[int | None, int] = {}
    for index, (panel, section) in enumerate(entries):
        own = panel if section is None else {**panel, "row": names[section]}
        if index in keys:
            position: Json = {"x": 0, "y": index, "w": COLUMNS, "h": 1}
            own = {**own, "key": keys[index], "gridPos": position}
            if not header_ids:
                own.pop("id", None)
        else:
            around = entries[section].panel if section is not None else data
            order = orders[section] = orders.get(section, -1) + 1
            if is_auto(mapping(around.get("dynamic"))):
                # How its copies stand follows from the layout; Grafana's fallback to fixed places writes it
                # down.
                own = {key: value for key, value in own.items() if key not in _OF_COPIES}
            own = {**own, "gridPos": _place_in_section(panel, section, entries, order, around)}
        flat.append(own)
    return flat


def _place_in_section(
    panel: Json, section: int | None, entries: list[_Entry], order: int, around: Mapping[str, Any]
) -> Json:
    if is_auto(mapping(around.get("dynamic"))):
        return {"x": 0, "y": order, "w": COLUMNS, "h": 1}
    grid_pos: Json = panel["gridPos"]
    if section is None:
        return grid_pos
    top = entries[section].panel["gridPos"]["y"] + 1
    return {**grid_pos, "y": grid_pos["y"] - top}


def _entries(data: Mapping[str, Any]) -> list[_Entry]:
    # A dashboard without a schemaVersion is not upgraded before; its rows are placed all the same.
    panels = mappings(data.get("panels")) or rows_to_panels(mappings(data.get("rows")))
    listed = packed_panels(_originals(panels))
    listed.sort(key=_place)
    taken: set[Any] = set()
    entries: list[_Entry] = []
    around: list[int] = []
    is_closed = False
    for panel in listed:
        is_header = panel.get("type") == _HEADER
        level = whole(mapping(panel.get("dynamic")).get("level")) if is_header else 0
        if is_header:
            del around[max(level, 0) :]
        section = around[-1] if around and (is_header or not is_closed) else None
        entries.append(_Entry(_numbered(normal_panel(panel), taken), section))
        if not is_header:
            continue
        around.append(len(entries) - 1)
        children = sorted(mappings(panel.get("panels")), key=_place)
        entries += [_Entry(_numbered(normal_panel(child), taken), around[-1]) for child in children]
        # Panels that follow a collapsed row of a classic dashboard are not in it; deeper sections are.
        is_closed = bool(panel.get("collapsed")) and not level and "dynamic" not in panel
    return entries


def _section_keys(entries: list[_Entry]) -> dict[int, str]:
    """The key of each header by its index: its title behind those of the sections around it."""
    keys: dict[int, str] = {}
    taken: set[str] = set()
    for index, (panel, section) in enumerate(entries):
        if panel.get("type") != _HEADER:
            continue
        title = str(panel.get("title") or _UNTITLED)
        plain = title if section is None else f"{keys[section]}/{title}"
        number, key = 2, plain
        while key in taken:
            number, key = number + 1, f"{plain} ({number})"
        taken.add(key)
        keys[index] = key
    return keys


def _originals(panels: list[Json]) -> list[Json]:
    """The panels without the copies that repeating makes, in rows too."""
    originals = [panel for panel in panels if not _is_copy(panel)]
    return [
        {**panel, "panels": [child for child in inner if not _is_copy(child)]}
        if (inner := mappings(panel.get("panels")))
        else panel
        for panel in originals
    ]


def _numbered(panel: Json, taken: set[Any]) -> Json:
    # Grafana gives the second of two panels with one id another one.
    if panel.get("id") in taken:
        panel.pop("id")
    elif "id" in panel:
        taken.add(panel["id"])
    return panel


def _is_copy(panel: Mapping[str, Any]) -> bool:
    return bool(panel.get("repeatPanelId") or panel.get("repeatedByRow") or panel.get("repeatIteration"))


def _place(panel: Mapping[str, Any]) -> tuple[float, float]:
    grid = mapping(panel.get("gridPos"))
    x, y = (value if isinstance(value, int | float) else 0 for value in (grid.get("x"), grid.get("y")))
    return y, x

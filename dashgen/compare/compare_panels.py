"""Differences of the panels and sections of two dashboards."""

from collections import Counter
from collections.abc import Iterable, Iterator

from dashgen.compare.change import Detail, Path
from dashgen.compare.compare_layout import MatchedLayout, row_move
from dashgen.compare.compare_panel import panel_details
from dashgen.compare.compared_sections import (
    ComparedSections,
    Panel,
    is_section,
    is_tab,
    panel_name,
    section_of,
)
from dashgen.compare.matching import match_panels
from dashgen.core.json_values import Json, mapping
from dashgen.core.sentence_parts import counted


def panels_details(before: Json, after: Json) -> Iterator[Detail]:
    """The differences of all panels, rows and tabs; those in an added or removed tab are parts of it."""
    trees = tuple(
        ComparedSections(side.get("panels", []), mapping(side.get("dynamic"))) for side in (before, after)
    )
    new_panels: list[Panel] = after.get("panels", [])
    matched = match_panels(before.get("panels", []), new_panels)
    layout = MatchedLayout(matched, *trees)
    names = _names(new_panels, trees[1])
    # Panels are plain dicts, and two may be equal: their identity is what tells them apart.
    positions = {id(panel): number for number, panel in enumerate(new_panels)}
    yield from layout.tab_order()
    for old, new in sorted(matched.pairs, key=lambda pair: positions[id(pair[1])]):
        path, subject = _path(old), names[id(new)]
        yield from panel_details(old, new, path, subject)
        for move in layout.details(old, new):
            yield row_move(move, path, subject)
    added = sorted(matched.added, key=lambda panel: positions[id(panel)])
    for new, parts in _with_parts(added, trees[1]):
        value = {**new, "panels": parts} if parts else new
        yield Detail((f"added{_kind(new)}{_count(parts)}",), _path(new), None, value, names[id(new)])
    removed_names = _names(matched.removed, trees[0])
    for old, parts in _with_parts(matched.removed, trees[0]):
        value = {**old, "panels": parts} if parts else old
        yield Detail((f"removed{_count(parts)}",), _path(old), value, None, removed_names[id(old)])


def _with_parts(panels: Iterable[Panel], tree: ComparedSections) -> Iterator[tuple[Panel, list[Panel]]]:
    """Panels and headers that came or went, each with those that came or went with its tab."""
    listed = list(panels)
    tabs = {panel["key"] for panel in listed if is_tab(panel)}
    inside: dict[int, list[Panel]] = {}
    alone: list[Panel] = []
    for panel in listed:
        # The outermost tab that came or went with it.
        around = [header for header in tree.around(panel) if header["key"] in tabs]
        if around:
            inside.setdefault(id(around[-1]), []).append(panel)
        else:
            alone.append(panel)
    for panel in alone:
        yield panel, inside.get(id(panel), [])


def _count(parts: list[Panel]) -> str:
    """How much came or went with a tab: `` with 2 rows and 4 panels``."""
    counts = Counter("tab" if is_tab(part) else "row" if is_section(part) else "panel" for part in parts)
    named = [counted(counts[word], word) for word in ("tab", "row", "panel") if counts[word]]
    return f" with {' and '.join(named)}" if named else ""


def _kind(panel: Panel) -> str:
    kind = panel.get("type")
    return "" if kind in (None, "row") else f" ({kind})"


def _path(panel: Panel) -> Path:
    if is_section(panel):
        return "panels", str(panel["key"])
    return "panels", panel.get("id") or str(panel.get("title", ""))


def _names(panels: list[Panel], tree: ComparedSections) -> dict[int, str]:
    """The names of panels in sentences; with their section where several have one title."""
    counted = Counter(panel_name(panel) for panel in panels)
    names = {}
    for panel in panels:
        name, section = panel_name(panel), section_of(panel)
        header = tree.headers.get(section)
        is_shared = counted[name] > 1 and header is not None and header.get("title")
        names[id(panel)] = f"{name} in {tree.name(section)}" if is_shared else name
    return names

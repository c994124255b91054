"""The panels of a dashboard that a change touches: which, how, and what they were before."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final

from msgspec import Struct

from dashgen.compare import Change, Detail
from dashgen.compare.compared_sections import is_section
from dashgen.compare.matching import match_panels
from dashgen.core.json_values import Json, mappings
from dashgen.formats.panel_tree import every_panel

_POSITION: Final = frozenset({"gridPos", "size", "row"})
"""The last steps of details that are about where a panel stands."""
_DRAWN_BY_ALL: Final = frozenset(
    {"templating", "time", "timezone", "weekStart", "fiscalYearStartMonth", "annotations"}
)
"""The keys of a dashboard that its panels are drawn with."""
_SHOWN_APART: Final = frozenset({"label", "hide", "description", "skipUrlSync"})
"""What a variable or annotation has for the line above the panels alone."""


class PanelChangeKind(StrEnum):
    """What a change does to a panel; `AROUND` when only what it is drawn with changes."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    AROUND = "around"


class PanelChange(Struct, frozen=True):
    """A panel that a change touches.

    Attributes:
        kind: what happens to it.
        before: its JSON in Grafana's form; None for one that is added.
        after: the same, None for one that is removed.
    """

    kind: PanelChangeKind
    before: Json | None
    after: Json | None

    @property
    def panel(self) -> Json:
        """The panel as it is now, or as it was."""
        return self.after or self.before or {}

    @property
    def title(self) -> str:
        """Its title; of a panel without one, its type."""
        return str(self.panel.get("title") or f"{self.panel.get('type', 'panel')} without a title")


class DashboardSides(Struct, frozen=True):
    """The JSON of a dashboard on both sides; None where there is none."""

    before: Json | None
    after: Json | None


def changed_panels(change: Change, sides: DashboardSides) -> list[PanelChange]:
    """The panels that a change of a dashboard touches, in the order of the dashboard; rows are left out.

    Those that only may look different come last; panels that only moved are not among them.

    Args:
        change: the change.
        sides: the dashboard's JSON.
    """
    old, new = (_by_number(side) for side in (sides.before, sides.after))
    if change.before is None or change.after is None:
        kind = PanelChangeKind.ADDED if change.before is None else PanelChangeKind.REMOVED
        return [
            PanelChange(
                kind, panel if change.after is None else None, panel if change.before is None else None
            )
            for panel in (new or old).values()
        ]
    pairs = _pairs(change)
    touched = _touched(change.details)
    with_all = any(map(_draws_others, change.details))
    before_of = {after: before for before, after in pairs.items()}
    changes = []
    for number, panel in new.items():
        was = before_of.get(number)
        if was is None or was not in old:
            changes.append(PanelChange(PanelChangeKind.ADDED, None, panel))
        elif was in touched:
            changes.append(PanelChange(PanelChangeKind.CHANGED, old[was], panel))
        elif with_all:
            changes.append(PanelChange(PanelChangeKind.AROUND, old[was], panel))
    removed = (panel for number, panel in old.items() if pairs.get(number) not in new)
    changes += [PanelChange(PanelChangeKind.REMOVED, panel, None) for panel in removed]
    # What somebody edited comes before what follows from it.
    return sorted(changes, key=lambda one: one.kind is PanelChangeKind.AROUND)


def moved_panels(change: Change) -> frozenset[int | str]:
    """The numbers of the panels that stand elsewhere, came or went; of those with another size if none does.

    Empty when no panel moved and none has another size.
    """
    positions = [one for one in change.details if len(one.path) > 2 and _is_position(one)]
    if not positions:
        return frozenset()
    whole = {one.path[1] for one in change.details if len(one.path) == 2 and one.path[0] == "panels"}
    # Others have another size only because of those that moved, came or went.
    elsewhere = whole | {one.path[1] for one in positions if one.path[2] != "size"}
    return frozenset(elsewhere or {one.path[1] for one in positions})


def _draws_others(detail: Detail) -> bool:
    """Whether panels that are the same may look different."""
    return bool(detail.path) and detail.path[0] in _DRAWN_BY_ALL and detail.path[-1] not in _SHOWN_APART


def _is_position(detail: Detail) -> bool:
    return detail.path[0] == "panels" and detail.path[2] in _POSITION and len(detail.path) == 3


def _touched(details: tuple[Detail, ...]) -> set[int | str]:
    """The numbers before the change of the panels of which more differs than where they stand."""
    return {
        detail.path[1]
        for detail in details
        if len(detail.path) > 2 and detail.path[0] == "panels" and not _is_position(detail)
    }


def _by_number(dashboard: Json | None) -> dict[int, Json]:
    """The panels of a dashboard by their numbers, in reading order as far as the list has it."""
    panels = every_panel((dashboard or {}).get("panels"))
    return {panel["id"]: panel for panel in panels if panel.get("type") != "row" and "id" in panel}


def _pairs(change: Change) -> Mapping[int, int]:
    """By number before the change, the number of the same panel after it."""
    return dict(_matched(change))


def _matched(change: Change) -> Iterator[tuple[int, int]]:
    if change.before is None or change.after is None:
        return
    sides = (mappings(side.data.get("panels")) for side in (change.before, change.after))
    for old, new in match_panels(*sides).pairs:
        if not is_section(new) and "id" in old and "id" in new:
            yield old["id"], new["id"]

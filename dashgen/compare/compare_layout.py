"""Panels in other rows, another order or another size.

A panel that others only pushed down or aside has not moved.
"""

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

from dashgen.compare.change import Detail
from dashgen.compare.change_texts import quoted
from dashgen.compare.matching import MatchedPanels, Panel
from dashgen.formats.normal.normal_dashboard import row_key

PanelPair = tuple[Panel, Panel]


class MatchedLayout:
    """The rows and the order of the panels of two dashboards whose panels are matched."""

    def __init__(self, matched: MatchedPanels) -> None:
        self._matched = matched
        rows = [(old, new) for old, new in matched.pairs if new.get("type") == "row"]
        self._rows = {row_key(old): row_key(new) for old, new in rows}
        self._titles = _row_titles([*matched.removed, *(old for old, _ in matched.pairs)])
        self._new_titles = _row_titles([*matched.added, *(new for _, new in matched.pairs)])
        self._jumped = self._out_of_order(rows)
        self._disturbing = self._find_disturbing()

    def details(self, old: Panel, new: Panel) -> Iterator[tuple[tuple[str, ...], Any, Any, str]]:
        """The changes of one panel's position: sentence, old value, new value, last step of the path."""
        old_place, new_place = old["gridPos"], new["gridPos"]
        if new.get("type") == "row":
            if id(new) in self._jumped:
                yield ("moved",), old_place, new_place, "gridPos"
            return
        if self.changes_row(old, new):
            yield (self._row_sentence(new),), self._title(old), self._new_title(new), "row"
        elif id(new) in self._jumped:
            yield (f"moved{self._neighbour(new)}",), old_place, new_place, "gridPos"
        elif old_place["x"] != new_place["x"] and not self._is_pushed_aside(old, new):
            direction = "right" if new_place["x"] > old_place["x"] else "left"
            yield (f"moved {direction}",), old_place, new_place, "gridPos"
        old_size, new_size = (
            f"{grid_pos['w']}\N{MULTIPLICATION SIGN}{grid_pos['h']}" for grid_pos in (old_place, new_place)
        )
        if old_size != new_size:
            sentence = f"resized {old_size} → {new_size}"
            yield (sentence,), old_place, new_place, "size"

    def changes_row(self, old: Panel, new: Panel) -> bool:
        """Whether a panel is in another row than before."""
        if old.get("row") is None or new.get("row") is None:
            return bool(old.get("row") != new.get("row"))
        return bool(self._rows.get(old["row"]) != new["row"])

    def _title(self, panel: Panel) -> str | None:
        return self._titles.get(panel.get("row"))

    def _new_title(self, panel: Panel) -> str | None:
        return self._new_titles.get(panel.get("row"))

    def _row_sentence(self, new: Panel) -> str:
        title = self._new_title(new)
        return (
            "moved out of its row"
            if title is None
            else f"moved to row {quoted(title) if ' ' in title else title}"
        )

    def _neighbour(self, new: Panel) -> str:
        row_panels = [panel for panel in self._after() if panel.get("row") == new.get("row")]
        index = next(i for i, panel in enumerate(row_panels) if panel is new)
        if index == 0:
            return " to the front"
        return f" behind {quoted(str(row_panels[index - 1].get('title', 'a panel without a title')))}"

    def _after(self) -> list[Panel]:
        panels = [*self._matched.added, *(new for _, new in self._matched.pairs)]
        return sorted((panel for panel in panels if panel.get("type") != "row"), key=_reading_order)

    def _out_of_order(self, rows: list[PanelPair]) -> set[int]:
        """Panels and rows that others have overtaken: all but the longest run that kept its order."""
        jumped = _jumped(rows)
        groups: dict[Any, list[PanelPair]] = {}
        for old, new in self._matched.pairs:
            if new.get("type") != "row" and not self.changes_row(old, new):
                groups.setdefault(new.get("row"), []).append((old, new))
        for group in groups.values():
            jumped |= _jumped(group)
        return jumped

    def _find_disturbing(self) -> tuple[list[Panel], list[Panel]]:
        """Panels of both sides that make their neighbours give way: added, removed, resized or moved ones."""
        left, right = list(self._matched.removed), list(self._matched.added)
        for old, new in self._matched.pairs:
            resized = old["gridPos"]["w"] != new["gridPos"]["w"]
            if resized or id(new) in self._jumped or self.changes_row(old, new):
                left.append(old)
                right.append(new)
        return left, right

    def _is_pushed_aside(self, old: Panel, new: Panel) -> bool:
        """Whether a panel was only pushed aside, or is itself of another width and so in another place."""
        stirred_before, stirred_after = self._disturbing
        # Moving, resizing or removing one panel pushes its neighbours: only the cause is worth a line.
        beside = any(_same_line(old, other) for other in stirred_before) or any(
            _same_line(new, other) for other in stirred_after
        )
        return beside or old["gridPos"]["w"] != new["gridPos"]["w"]


def _row_titles(panels: list[Panel]) -> dict[Any, str]:
    return {row_key(panel): str(panel.get("title", "")) for panel in panels if panel.get("type") == "row"}


def _reading_order(panel: Panel) -> tuple[Any, Any]:
    return panel["gridPos"]["y"], panel["gridPos"]["x"]


def _jumped(pairs: list[PanelPair]) -> set[int]:
    ordered = sorted(pairs, key=lambda pair: _reading_order(pair[0]))
    ranks = {
        id(new): rank for rank, (_, new) in enumerate(sorted(pairs, key=lambda pair: _reading_order(pair[1])))
    }
    in_order = _longest_run([ranks[id(new)] for _, new in ordered])
    return {id(new) for _, new in ordered if ranks[id(new)] not in in_order}


def _longest_run(numbers: list[int]) -> set[int]:
    """The members of a longest increasing subsequence, by patience sorting."""
    # All panels outside of it have moved, and there is no way to explain the new order with fewer moves.
    tails: list[int] = []
    before: dict[int, int | None] = {}
    for value in numbers:
        position = bisect_left(tails, value)
        before[value] = tails[position - 1] if position else None
        tails[position : position + 1] = [value]
    run: set[int] = set()
    current: int | None = tails[-1] if tails else None
    while current is not None:
        run.add(current)
        current = before[current]
    return run


def _same_line(first: Panel, second: Panel) -> bool:
    if first is second or first.get("row") != second.get("row"):
        return False
    a, b = first["gridPos"], second["gridPos"]
    return bool(a["y"] < b["y"] + b["h"] and b["y"] < a["y"] + a["h"])


def row_move(
    detail: tuple[tuple[str, ...], Any, Any, str], path: tuple[str | int, ...], subject: str
) -> Detail:
    """A change of position as a detail of a panel."""
    parts, old, new, step = detail
    return Detail(parts, (*path, step), old, new, subject)

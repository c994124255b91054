"""Panels in other rows or tabs, another order or another size.

A panel that others only pushed down or aside has not moved.
"""

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any, TypeAlias

from dashgen.compare.change import Detail, Path
from dashgen.compare.change_texts import quoted, show
from dashgen.compare.compared_sections import ComparedSections, Panel, is_section, is_tab, section_of
from dashgen.compare.list_order import ORDER
from dashgen.compare.matching import MatchedPanels

PanelPair: TypeAlias = tuple[Panel, Panel]
Move: TypeAlias = tuple[tuple[str, ...], Any, Any, str]
"""A change of position: its sentence, the old and the new value, the last step of its path."""


class MatchedLayout:
    """The sections and the order of the panels of two dashboards whose panels are matched.

    Args:
        matched: the panels and headers of both sides.
        before: the sections of one side.
        after: those of the other.
    """

    def __init__(self, matched: MatchedPanels, before: ComparedSections, after: ComparedSections) -> None:
        self._matched = matched
        self._before, self._after = before, after
        self._headers = [(old, new) for old, new in matched.pairs if is_section(new)]
        self._sections = {old["key"]: new["key"] for old, new in self._headers}
        self._jumped = self._out_of_order()
        self._disturbing = self._find_disturbing()

    def tab_order(self) -> Iterator[Detail]:
        """The tabs that are in another order; one change for all tabs that are beside each other."""
        for section, pairs in self._siblings().items():
            tabs = [pair for pair in pairs if is_tab(pair[1]) and is_tab(pair[0])]
            if not _jumped(tabs):
                continue
            old_keys = [old["key"] for old, _ in sorted(tabs, key=lambda pair: _reading_order(pair[0]))]
            ordered = sorted(tabs, key=lambda pair: _reading_order(pair[1]))
            titles = ", ".join(show(str(new.get("title", ""))) for _, new in ordered)
            around = next((old["key"] for old, new in self._headers if new["key"] == section), None)
            path: Path = ("tabs", ORDER) if around is None else ("panels", around, "tabs", ORDER)
            subject = "" if section is None else self._after.name(section)
            new_keys = [old["key"] for old, _ in ordered]
            yield Detail((f"tabs in another order: {titles}",), path, old_keys, new_keys, subject)

    def details(self, old: Panel, new: Panel) -> Iterator[Move]:
        """The changes of the position of one panel, row or tab."""
        old_place, new_place = old["gridPos"], new["gridPos"]
        if self.changes_section(old, new):
            sections = self._title(old, self._before), self._title(new, self._after)
            yield (self._section_sentence(old, new),), *sections, "row"
        elif id(new) in self._jumped and not is_tab(new):
            behind = "" if is_section(new) else self._neighbour(new)
            yield (f"moved{behind}",), old_place, new_place, "gridPos"
        elif not self._is_arranged(old, new):
            yield from self._aside(old, new)
        if is_section(new) or self._is_arranged(old, new):
            return
        old_size, new_size = (
            f"{grid_pos['w']}\N{MULTIPLICATION SIGN}{grid_pos['h']}" for grid_pos in (old_place, new_place)
        )
        if old_size != new_size:
            sentence = f"resized {old_size} → {new_size}"
            yield (sentence,), old_place, new_place, "size"

    def changes_section(self, old: Panel, new: Panel) -> bool:
        """Whether a panel, row or tab is in another section than before."""
        before, after = section_of(old), section_of(new)
        if before is None or after is None:
            return before != after
        return self._sections.get(before) != after

    def _aside(self, old: Panel, new: Panel) -> Iterator[Move]:
        old_place, new_place = old["gridPos"], new["gridPos"]
        if is_section(new) or old_place["x"] == new_place["x"] or self._is_pushed_aside(old, new):
            return
        direction = "right" if new_place["x"] > old_place["x"] else "left"
        yield (f"moved {direction}",), old_place, new_place, "gridPos"

    def _is_arranged(self, old: Panel, new: Panel) -> bool:
        """Whether a layout arranges a panel, before or now: its place follows from its order then."""
        return self._before.arranges_itself(section_of(old)) or self._after.arranges_itself(section_of(new))

    @staticmethod
    def _title(panel: Panel, tree: ComparedSections) -> str | None:
        header = tree.headers.get(section_of(panel))
        return None if header is None else str(header.get("title", ""))

    def _section_sentence(self, old: Panel, new: Panel) -> str:
        before, after = section_of(old), section_of(new)
        title = self._title(new, self._after)
        if self._before.is_plain(before) and self._after.is_plain(after) and not is_section(new):
            return (
                "moved out of its row"
                if title is None
                else f"moved to row {quoted(title) if ' ' in title else title}"
            )
        start = "" if before is None else f" from {self._before.name(before)}"
        if after is None:
            return f"moved out of {self._before.name(before)}"
        return f"moved{start} to {self._after.name(after)}"

    def _neighbour(self, new: Panel) -> str:
        beside = [panel for panel in self._panels_after() if section_of(panel) == section_of(new)]
        index = next(i for i, panel in enumerate(beside) if panel is new)
        if index == 0:
            return " to the front"
        return f" behind {quoted(str(beside[index - 1].get('title', 'a panel without a title')))}"

    def _panels_after(self) -> list[Panel]:
        panels = [*self._matched.added, *(new for _, new in self._matched.pairs)]
        return sorted((panel for panel in panels if not is_section(panel)), key=_reading_order)

    def _siblings(self) -> dict[Any, list[PanelPair]]:
        """The rows and tabs that stay in their section, by its key now."""
        siblings: dict[Any, list[PanelPair]] = {}
        for old, new in self._headers:
            if not self.changes_section(old, new):
                siblings.setdefault(section_of(new), []).append((old, new))
        return siblings

    def _out_of_order(self) -> set[int]:
        """Panels and headers that others have overtaken: all but the longest run that kept its order."""
        groups: dict[Any, list[PanelPair]] = {}
        for old, new in self._matched.pairs:
            if not is_section(new) and not self.changes_section(old, new):
                groups.setdefault(section_of(new), []).append((old, new))
        every = [*self._siblings().values(), *groups.values()]
        return {number for group in every for number in _jumped(group)}

    def _find_disturbing(self) -> tuple[list[Panel], list[Panel]]:
        """Panels of both sides that make their neighbours give way: added, removed, resized or moved ones."""
        left, right = list(self._matched.removed), list(self._matched.added)
        for old, new in self._matched.pairs:
            if is_section(new):
                continue
            resized = old["gridPos"]["w"] != new["gridPos"]["w"]
            if resized or id(new) in self._jumped or self.changes_section(old, new):
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


def row_move(detail: Move, path: Path, subject: str) -> Detail:
    """A change of position as a detail of a panel."""
    parts, old, new, step = detail
    return Detail(parts, (*path, step), old, new, subject)

"""Words for places on the grid: as few other ones than those that are there as possible."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from dashgen.compile.settle.settle_layout import LayoutItem, columns, flow
from dashgen.core.json_values import Json
from dashgen.formats.panel_tree import COLUMNS
from dashgen.importer.import_layout import layout
from dashgen.model.panel_spec import At
from dashgen.model.settled_dashboard import Grid

WORDS: Final = ("width", "height", "at")


@dataclass(frozen=True, slots=True)
class GridPlaces:
    """What a row and its panels say of places."""

    height: int
    columns: int | None
    panels: list[Json]

    def flow_to(self, wanted: list[Grid]) -> bool:
        """Whether they bring the panels to where they should be."""
        items = [
            LayoutItem(
                self._width(said), said.get("height", self.height), At(**said["at"]) if "at" in said else None
            )
            for said in self.panels
        ]
        return flow(items, 0)[0] == wanted

    def _width(self, said: Json) -> int | None:
        width: int | str | None = said.get("width")
        if width is None:
            return COLUMNS // self.columns if self.columns else None
        return columns(width)

    def changes(self, other: "GridPlaces") -> int:
        """How many words differ."""
        own = int(self.height != other.height) + int(self.columns != other.columns)
        pairs = zip(self.panels, other.panels, strict=True)
        return own + sum(bool(one.get(word) != two.get(word)) for one, two in pairs for word in WORDS)


def solved(now: GridPlaces, wanted: list[Grid], *, in_row: bool) -> GridPlaces:
    """What a row and its panels should say; as little as possible is another word than now.

    Args:
        now: what they say.
        wanted: where the panels should be, counted from the top of the row.
        in_row: whether the row can say how many columns its panels have.
    """
    if now.flow_to(wanted):
        return now
    fitting = [
        _thinned(now, tried, wanted) for tried in _tries(now, wanted, in_row=in_row) if tried.flow_to(wanted)
    ]
    if not fitting:
        places = [{"at": {"x": grid.x, "y": grid.y, "w": grid.w, "h": grid.h}} for grid in wanted]
        fitting = [_thinned(now, replace(now, panels=places), wanted)]
    return min(fitting, key=now.changes)


def _tries(now: GridPlaces, wanted: list[Grid], *, in_row: bool) -> Iterator[GridPlaces]:
    common = Counter(grid.h for grid in wanted).most_common(1)[0][0]
    widths = (
        {COLUMNS // grid.w for grid in wanted if COLUMNS % grid.w == 0}
        if in_row and len(wanted) > 1
        else set()
    )
    for height in dict.fromkeys((now.height, common)):
        tall = [
            _with(said, "height", g.h if g.h != height else None)
            for said, g in zip(now.panels, wanted, strict=True)
        ]
        flat = [{key: value for key, value in said.items() if key != "at"} for said in tall]
        for panels in (tall, flat):
            yield GridPlaces(height, now.columns, panels)
            bare = [_with(said, "width", None) for said in panels]
            for count in (None, *sorted(widths - {1})):
                if count == now.columns or in_row:
                    yield GridPlaces(height, count, bare)
            every = [_with(said, "width", grid.w) for said, grid in zip(panels, wanted, strict=True)]
            yield GridPlaces(height, now.columns, every)
    found = layout([{"x": g.x, "y": g.y, "w": g.w, "h": g.h} for g in wanted], in_row=in_row)
    words = [said if "at" in said else {"height": found.height, **said} for said in found.panels]
    yield GridPlaces(now.height, found.columns if in_row else now.columns, words)


def _with(said: Json, word: str, value: Any) -> Json:
    if "at" in said:
        return said
    rest = {key: part for key, part in said.items() if key != word}
    return rest if value is None else {**rest, word: value}


def _thinned(now: GridPlaces, found: GridPlaces, wanted: list[Grid]) -> GridPlaces:
    """The same without what is not needed: as it is now where that does, or not said at all."""
    made = [dict(said) for said in found.panels]
    for number, said in enumerate(made):
        fewer = ({key: value for key, value in said.items() if key != word} for word in said)
        for shorter in (now.panels[number], *fewer):
            tried = [*made[:number], shorter, *made[number + 1 :]]
            if replace(found, panels=tried).flow_to(wanted):
                made = tried
                break
    return replace(found, panels=made)

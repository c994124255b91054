"""Before and after: the panels that a change touches, drawn on sample data."""

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from dashgen.compare import Change
from dashgen.core.json_values import Json, mapping, mappings, text, whole
from dashgen.drawing.fields.themes import ThemeName
from dashgen.drawing.panel_svg import panel_svg
from dashgen.formats.panel_tree import COLUMNS
from dashgen.preview.opened_view import OpenedView, opened_view
from dashgen.preview.sources.panel_source import PanelSource
from dashgen.preview.view_pictures import CELL, GAP, MARGIN, PixelSize, view_svg
from dashgen.preview.views.view import View
from dashgen.preview.views.viewed_dashboard import ViewedPanel
from dashgen.review.changed_panels import (
    DashboardSides,
    PanelChange,
    PanelChangeKind,
    changed_panels,
    moved_panels,
)
from dashgen.review.layout_picture import grid_lines, layout_svg
from dashgen.review.picture_files import PictureWriter
from dashgen.review.review import PanelPictures, Picture
from dashgen.review.review_data import ReviewData

_PAGE: Final = 1200
"""The pixels of a dashboard of which a panel takes its share."""
_LINES: Final = 8
_SMALLEST, _LARGEST = PixelSize(260, 110), PixelSize(760, 480)
"""Two pictures share the width of a comment, in which a wider one could not be read."""
_MOST_AROUND: Final = 6
"""Of so many panels of a dashboard is shown that they look different, although they are the same."""
SAME: Final = "looks the same on sample data"


class PictureOptions(Struct, frozen=True):
    """How panels are drawn: Grafana's theme, of how many panels at most, and as which files."""

    writer: PictureWriter
    theme: ThemeName = "dark"
    most: int = 40


class DrawnSide(Struct, dict=True):
    """A dashboard on one side, with the data for its panels.

    Attributes:
        dashboard: its JSON in Grafana's form.
        source: where the data is from.
        theme: Grafana's theme.
        panel_ids: the numbers of the panels that are drawn.
    """

    dashboard: Json
    source: PanelSource
    theme: ThemeName
    panel_ids: Collection[int]

    @cached_property
    def _opened(self) -> OpenedView:
        """The dashboard with only the panels that are drawn, wherever they are."""
        shown = {**self.dashboard, "panels": list(self._shown_panels())}
        return opened_view(shown, View(), self.source, self.theme)

    def _shown_panels(self) -> Iterator[Json]:
        """The panels that are drawn, with rows open, tabs as rows and no conditions."""
        for panel in mappings(self.dashboard.get("panels")):
            dynamic = mapping(panel.get("dynamic"))
            if panel.get("type") == "row":
                variables = {"variables": dynamic["variables"]} if "variables" in dynamic else {}
                yield {**panel, "collapsed": False, "panels": [], "dynamic": variables}
                yield from (one for one in mappings(panel.get("panels")) if one.get("id") in self.panel_ids)
            elif panel.get("id") in self.panel_ids:
                yield {**panel, "dynamic": {key: dynamic[key] for key in dynamic if key != "condition"}}

    def panel(self, number: int) -> ViewedPanel | None:
        """A panel as it is looked at; of a repeated one the first copy."""
        key = str(number)
        return next((one for one in self._opened.viewed.panels if one.key.partition(":")[0] == key), None)

    def svg(self, number: int, size: PixelSize) -> str:
        """A panel as a picture; empty when it shows nowhere."""
        panel = self.panel(number)
        if panel is None:
            return ""
        context = self._opened.viewed.context_of(panel)
        return panel_svg(panel.panel, self._opened.data_of(panel), size, context)

    def whole_svg(self) -> str:
        """The dashboard as a picture."""
        return view_svg(opened_view(self.dashboard, View(), self.source, self.theme), _PAGE)


class PanelArtist:
    """Draws panels of several dashboards, at most so many, and each pair of pictures once.

    Args:
        options: how.
        data: what panels show.
    """

    def __init__(self, options: PictureOptions, data: ReviewData) -> None:
        self._options = options
        self._data = data
        self._left = options.most
        self._drawn: dict[tuple[str, str], str] = {}

    def pictures(self, change: Change, sides: DashboardSides) -> tuple[list[PanelPictures], int]:
        """The pictures of a dashboard's change, and how many panels more could have some.

        Raises:
            DashgenError: a picture cannot be drawn as a file.
        """
        touched = changed_panels(change, sides)
        if self._left <= 0:
            return [], len([one for one in touched if one.kind is not PanelChangeKind.AROUND])
        drawing = _DashboardDrawing(change, sides, self._options, self._sides(sides, touched))
        if change.before is None or change.after is None:
            self._left -= 1
            return list(drawing.whole()), 0
        shown = list(drawing.layout())
        undrawn = 0
        around = _MOST_AROUND
        for one in touched:
            is_around = one.kind is PanelChangeKind.AROUND
            if self._left <= 0 or (is_around and around <= 0):
                undrawn += not is_around
                continue
            pictures = drawing.panel(one)
            if pictures is None:
                continue
            pictures = self._once(pictures, change.title)
            drawn = pictures.before is not None or pictures.after is not None
            self._left -= drawn
            around -= drawn and is_around
            shown.append(pictures)
        return shown, undrawn

    def _sides(
        self, sides: DashboardSides, touched: Sequence[PanelChange]
    ) -> tuple[DrawnSide | None, DrawnSide | None]:
        numbers = [
            {one.before["id"] for one in touched if one.before is not None},
            {one.after["id"] for one in touched if one.after is not None},
        ]
        both = (sides.before, sides.after)
        drawn = [
            None if side is None else DrawnSide(side, source, self._options.theme, panel_ids)
            for side, source, panel_ids in zip(both, self._data.sources(sides), numbers, strict=True)
        ]
        return drawn[0], drawn[1]

    def _once(self, pictures: PanelPictures, title: str) -> PanelPictures:
        """The pictures, or where the same pair is shown already."""
        if pictures.before is None or pictures.after is None or pictures.kind == "layout":
            return pictures
        hashes = (_hash(pictures.before), _hash(pictures.after))
        if (first := self._drawn.setdefault(hashes, title)) != title:
            return replace(
                pictures, before=None, after=None, note=f"looks as in the dashboard “{first}” above"
            )
        return pictures


class _DashboardDrawing(Struct):
    change: Change
    sides: DashboardSides
    options: PictureOptions
    drawn: tuple[DrawnSide | None, DrawnSide | None]

    def whole(self) -> Iterator[PanelPictures]:
        """A dashboard that came or went."""
        side, verb = ("before", "is removed") if self.drawn[1] is None else ("after", "is added")
        drawn = self.drawn[1] or self.drawn[0]
        if drawn is None:
            return
        sentence = f"The dashboard “{self.change.title}”, which {verb}, on sample data."
        picture = self.options.writer.picture(f"{self.change.uid} {side}", drawn.whole_svg(), sentence)
        pair = (picture, None) if side == "before" else (None, picture)
        yield PanelPictures("", "dashboard", *pair)

    def layout(self) -> Iterator[PanelPictures]:
        """Where panels stood and stand, if some moved."""
        moved = moved_panels(self.change)
        before, after = self.sides.before, self.sides.after
        if not moved or before is None or after is None:
            return
        numbers = {number for number in moved if isinstance(number, int)}
        lines = max(grid_lines(mappings(side.get("panels"))) for side in (before, after))
        uid, title = self.change.uid, self.change.title
        both = [
            self.options.writer.picture(
                f"{uid} layout {side}",
                layout_svg(dashboard, numbers, self.options.theme, {"title": f"{title}, {side}"}, lines),
                f"Where the panels of the dashboard “{title}” stand {side} the change.",
            )
            for side, dashboard in (("before", before), ("after", after))
        ]
        yield PanelPictures("layout", "layout", both[0], both[1])

    def panel(self, change: PanelChange) -> PanelPictures | None:
        """A panel on both sides; None where something around it changed, and it looks the same."""
        size = _size(change.panel)
        svgs = [
            side.svg(panel["id"], size) if side is not None and panel is not None else None
            for side, panel in zip(self.drawn, (change.before, change.after), strict=True)
        ]
        title = self._title(change)
        if not any(svgs):
            return None
        if svgs[0] is not None and svgs[0] == svgs[1]:
            if change.kind is PanelChangeKind.AROUND:
                return None
            return PanelPictures(title, str(change.kind), note=SAME)
        pictures = [
            self._picture(change, svg, side) if svg else None
            for svg, side in zip(svgs, ("before", "after"), strict=True)
        ]
        return PanelPictures(title, str(change.kind), pictures[0], pictures[1])

    def _picture(self, change: PanelChange, svg: str, side: str) -> Picture:
        verb = {PanelChangeKind.ADDED: "which is added", PanelChangeKind.REMOVED: "which is removed"}
        what = verb.get(change.kind, f"{side} the change")
        sentence = f"The panel “{self._title(change)}” of “{self.change.title}”, {what}, on sample data."
        name = f"{self.change.uid} {change.panel.get('id', 0)} {side}"
        return self.options.writer.picture(name, svg, sentence)

    def _title(self, change: PanelChange) -> str:
        """The panel's title with the texts of variables in it."""
        side = self.drawn[1] if change.after is not None else self.drawn[0]
        shown = side.panel(change.panel["id"]) if side is not None else None
        title = text(shown.panel.get("title")) if shown is not None else ""
        return title or change.title


def _hash(picture: Picture) -> str:
    return picture.name.rpartition("-")[2]


def _size(panel: Json) -> PixelSize:
    """The pixels of a panel on a dashboard as wide as `_PAGE`."""
    grid = mapping(panel.get("gridPos"))
    column = (_PAGE - 2 * MARGIN + GAP) / COLUMNS
    width = round(whole(grid.get("w"), COLUMNS) * column - GAP)
    height = whole(grid.get("h"), _LINES) * (CELL + GAP) - GAP
    return PixelSize(
        min(max(width, _SMALLEST.width), _LARGEST.width), min(max(height, _SMALLEST.height), _LARGEST.height)
    )

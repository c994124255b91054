"""Whether a panel's title fits beside what else stands in its header.

The widths are those of Inter Medium at 14 pixels with Grafana's letter spacing (``h6`` in
``createTypography.ts``), the room is what ``PanelChrome.tsx``, ``TitleItem.tsx`` and ``PanelMenu.tsx`` leave:
a border and 8 pixels, the menu, which keeps its place while it is hidden, and 32 pixels for a description and
for links.
"""

import unicodedata
from functools import lru_cache
from typing import Final

from dashgen.formats.panel_tree import COLUMNS
from dashgen.model.settled_dashboard import SettledPanel
from dashgen.source.provenance import Reporter

SCREEN: Final = 1600
"""Pixels of a screen on which a title should fit; smaller ones cut more."""
# Pixels: the page's margins, the gap between panels, a panel's border and padding, its menu, and an icon in
# its header.
_MARGINS: Final = 32
_GAP: Final = 8
_COLUMN: Final = (SCREEN - _MARGINS - (COLUMNS - 1) * _GAP) / COLUMNS
_FRAME: Final = 2 + 8
_MENU: Final = 24
_ICON: Final = 32
_DOUBT: Final = 1.03
"""By how much an estimate has to be too wide: fonts of pictographs differ."""
_USUAL: Final = 8.5
"""The width of a character that is not listed."""
_WIDE: Final = 17.0
_WIDTHS: Final = {
    character: width
    for width, characters in {
        3.2: "'", 3.6: "ijl", 3.9: " I", 4.1: ".:,;", 4.3: "!", 4.9: "|", 5.4: "/\\f()[]t{}", 5.5: "r",
        5.7: '"', 6.7: "-_1^", 7.1: "`", 7.5: "*?s", 8.0: "JkxzLacvy7F", 8.6: "enuEho2", 8.9: "5gpqbd690",
        9.2: "#PZ$03RS8&4BT", 9.6: "+<=>KX~Y", 9.9: "AV", 10.4: "DCHU", 10.8: "GNOQ", 11.7: "%w", 12.6: "mM",
        13.8: "@W",
    }.items()
    for character in characters
}  # fmt: skip
_TITLES: Final = 1 << 10  # the dashboards of a project call their panels alike
_NO_WIDTH: Final = frozenset(("Mn", "Me", "Cf", "Cc"))


@lru_cache(maxsize=_TITLES)
def text_width(text: str) -> float:
    """About how many pixels a title takes; pictographs and letters of East Asia are wide."""
    return sum(_WIDTHS.get(character) or _width(character) for character in text)


def _width(character: str) -> float:
    if unicodedata.category(character) in _NO_WIDTH:
        return 0.0
    wide = unicodedata.east_asian_width(character) in ("W", "F") or ord(character) >= 0x1F000
    return _WIDE if wide else _USUAL


def room(columns: int, icons: int) -> float:
    """How many pixels the title of a panel has.

    Args:
        columns: the panel's width.
        icons: how many icons stand beside the title, besides the menu.
    """
    return columns * _COLUMN + (columns - 1) * _GAP - _FRAME - _MENU - icons * _ICON


def check_title(panel: SettledPanel, report: Reporter) -> None:
    """Warn of a title that is cut on a usual screen.

    What a title with variables becomes, and how wide the copies of a repeated panel are, only Grafana knows.
    """
    title = panel.panel.title
    if not title or "$" in title or "[[" in title or panel.repeat is not None:
        return
    icons = bool(panel.description) + bool(panel.panel_links)
    needed = text_width(title) / _DOUBT
    if needed <= room(panel.grid.w, icons):
        return
    wider = range(panel.grid.w + 1, COLUMNS + 1)
    fits = next((width for width in wider if needed <= room(width, icons)), None)
    message = f"`{title}` does not fit: its end is cut on a screen of {SCREEN} pixels"
    hint = f"shorten it, or make the panel {fits} columns wide" if fits else "shorten it"
    report.warn("panel/title-width", message, (*panel.path, "title"), hint)

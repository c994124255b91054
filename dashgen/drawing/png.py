"""SVG as PNG, by resvg: a small library without a browser.

Text is drawn in Inter, which is here in `fonts` (its letters for European languages; OFL 1.1), so that it
appears on a machine without fonts too, and the same everywhere. Other letters take a font of the machine.
"""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from dashgen.core.errors import DashgenError
from dashgen.core.lazy_pattern import lazy_pattern

_FONT_FOLDERS: Final = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/System/Library/Fonts",
    "C:/Windows/Fonts",
)
_EMOJI: Final = lazy_pattern(
    "[\U0001f000-\U0001faff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\u20e3]+ ?"
)


def png(svg: str, scale: float = 1.0) -> bytes:
    """A picture as PNG.

    Args:
        svg: the whole document.
        scale: how many pixels a pixel of the document becomes.

    Raises:
        DashgenError: resvg is not installed, or the picture cannot be drawn.
    """
    try:
        import resvg_py
    except ImportError as error:
        raise DashgenError(
            "pictures as PNG need resvg, which is not installed: "
            "run `pip install -e '.[pictures]'` in the checkout of dashgen"
        ) from error
    drawn = svg if _has_emoji_font() else _EMOJI.sub("", svg)
    folder = files("dashgen.drawing") / "fonts"
    fonts = [str(folder / f"Inter-{weight}.ttf") for weight in ("Regular", "Medium")]
    try:
        return bytes(
            resvg_py.svg_to_bytes(svg_string=drawn, zoom=scale, font_files=fonts, sans_serif_family="Inter")
        )
    except ValueError as error:
        raise DashgenError(f"the picture cannot be drawn as PNG: {error}") from error


@cache
def _has_emoji_font() -> bool:
    # Without one, boxes would stand for emoji.
    folders = (Path(folder) for folder in (*_FONT_FOLDERS, Path.home() / ".fonts"))
    return any(
        "emoji" in font.name.lower()
        for folder in folders
        if folder.is_dir()
        for font in folder.rglob("*.tt?")
    )

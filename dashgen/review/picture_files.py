"""Pictures as files: PNG where resvg is installed, else SVG, under names that change with what they show."""

from hashlib import sha256
from typing import Final

from dashgen.core.errors import DashgenError
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.drawing.png import png
from dashgen.review.review import Picture

SCALE: Final = 1.5
"""The pixels of a PNG for a pixel of its panel, for screens whose pixels are small."""
_OTHERS: Final = lazy_pattern(r"[^a-z0-9]+")
_LONGEST_NAME: Final = 60


class PictureWriter:
    """Makes files of pictures.

    Args:
        as_png: whether resvg draws them, which has to be installed then.
    """

    def __init__(self, *, as_png: bool) -> None:
        self._as_png = as_png

    def picture(self, name: str, svg: str, text: str) -> Picture:
        """A picture as a file.

        Args:
            name: what it shows, such as the dashboard's uid with the panel's number; letters of file names
                are made of it.
            svg: the picture. The hash in the file's name is its hash.
            text: a sentence for those who do not see it.

        Raises:
            DashgenError: it cannot be drawn.
        """
        digest = sha256(svg.encode()).hexdigest()[:16]
        plain = _OTHERS.sub("-", name.lower()).strip("-")[:_LONGEST_NAME]
        if self._as_png:
            return Picture(f"{plain}-{digest}.png", png(svg, SCALE), text)
        return Picture(f"{plain}-{digest}.svg", svg.encode(), text)


def can_draw_png() -> bool:
    """Whether resvg is installed."""
    try:
        png('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')
    except DashgenError:
        return False
    return True

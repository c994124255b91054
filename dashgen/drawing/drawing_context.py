"""What a picture depends on beside its panel and its data."""

from collections.abc import Mapping
from functools import cached_property
from typing import Final

from msgspec import Struct, field

from dashgen.drawing.fields.themes import THEMES, Theme, ThemeName
from dashgen.drawing.values.formatted_value import ValueClock

FONT: Final = "Inter, Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
MONOSPACE: Final = "'Roboto Mono', 'DejaVu Sans Mono', 'Liberation Mono', Menlo, monospace"


class DrawingContext(Struct, frozen=True, dict=True):
    """The time shown, the present, the theme and the variables.

    Attributes:
        time_range: the first and last moment shown, in milliseconds since 1970.
        now_ms: the present.
        zone: an IANA time zone, in which times are written.
        variables: the text of each variable, for titles and texts.
        prefix: what the ids in the picture start with, so that pictures can stand on one page.
    """

    time_range: tuple[int, int]
    now_ms: int
    theme: ThemeName = "dark"
    zone: str = "UTC"
    variables: Mapping[str, str] = field(default_factory=dict)
    prefix: str = "p"

    @cached_property
    def palette(self) -> Theme:
        """The colours of the theme."""
        return THEMES[self.theme]

    @cached_property
    def clock(self) -> ValueClock:
        """The present and the zone."""
        return ValueClock(self.now_ms, self.zone)

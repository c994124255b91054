"""Grafana's dark and light themes: the colours of its surfaces and texts, and its palettes.

Source: themes/createColors.ts, themes/palette.ts and themes/createVisualizationColors.ts of @grafana/data
12.4.3.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple, TypeAlias

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.color_vision import SHADES_BY_NAME
from dashgen.model.colors import is_color

ThemeName: TypeAlias = Literal["dark", "light"]
_SAFE_COLOR = lazy_pattern(r"#[0-9a-fA-F]{3,8}|(?:rgb|hsl)a?\([\d\s.,%/+-]+\)|[a-zA-Z]{3,24}")
_LIGHT_SHADES = {
    "red": "FF7383 F2495C E02F44 C4162A AD0317",
    "orange": "FFB357 FF9830 FF780A FA6400 E55400",
    "yellow": "FFEE52 FADE2A F2CC0C E0B400 CC9D00",
    "green": "96D98D 73BF69 56A64B 37872D 19730E",
    "blue": "8AB8FF 5794F2 3274D9 1F60C4 1250B0",
    "purple": "CA95E5 B877D9 A352CC 8F3BB8 7C2EA3",
}
_PREFIXES = ("super-light-", "light-", "", "semi-dark-", "dark-")
# As a running Grafana 12.4.3 has it; the package of that version on npm lists other names first.
_CLASSIC = """
    green semi-dark-yellow light-blue semi-dark-orange red blue purple #705DA0 dark-green yellow #447EBC
    #C15C17 #890F02 #0A437C #6D1F62 #584477 #B7DBAB #F4D598 #70DBED #F9BA8F #F29191 #82B5D8 #E5A8E2 #AEA2E0 #629E51
    #E5AC0E #64B0C8 #E0752D #BF1B00 #0A50A1 #962D82 #614D93 #9AC48A #F2C96D #65C5DB #F9934E #EA6460 #5195CE
    #D683CE #806EB7 #3F6833 #967302 #2F575E #99440A #58140C #052B51 #511749 #3F2B5B #E0F9D7 #FCEACA #CFFAFF
    #F9E2D2 #FCE2DE #BADFF4 #F9D9F9 #DEDAF7
"""
CLASSIC_PALETTE: Final[Sequence[str]] = tuple(_CLASSIC.split())


class Theme(NamedTuple):
    """The colours of a theme; those with opacity are pairs of a colour and an opacity."""

    name: ThemeName
    canvas: str
    panel: str
    secondary: str
    text: str
    text_opacity_secondary: float
    text_opacity_disabled: float
    border: str
    border_opacity: float
    grid_opacity: float
    link: str
    max_contrast: str
    shades: Mapping[str, str]

    def color(self, name: str) -> str:
        """The colour that a name stands for, in a form that is safe in an attribute."""
        named = {"text": self.text, "panel-bg": self.panel, "transparent": "none"}
        if name in named:
            return named[name]
        if name in self.shades:
            return f"#{self.shades[name]}"
        if _SAFE_COLOR.fullmatch(name) and is_color(name):
            return name
        return "#808080"


def _light_shades() -> dict[str, str]:
    return {
        prefix + hue: shade
        for hue, shades in _LIGHT_SHADES.items()
        for prefix, shade in zip(_PREFIXES, shades.split(), strict=True)
    }


THEMES: Final[Mapping[str, Theme]] = {
    "dark": Theme(
        "dark", "#111217", "#181b1f", "#22252b", "#ccccdc", 0.65, 0.61, "#ccccdc", 0.12, 0.09, "#6e9fff",
        "#ffffff", SHADES_BY_NAME,
    ),
    "light": Theme(
        "light", "#fbfbfb", "#ffffff", "#f4f5f5", "#24292e", 0.75, 0.65, "#24292e", 0.12, 0.09, "#1f62e0",
        "#000000", _light_shades(),
    ),
}  # fmt: skip

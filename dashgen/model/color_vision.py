"""How far apart two colours are for people who see red and green alike.

Sources: Machado, Oliveira, Fernandes: "A Physiologically-based Model for Simulation of Color Vision
Deficiency" (IEEE TVCG 15, 2009), whose matrices for protanopia and deuteranopia work on linear RGB; CIE 1976
L*a*b* for distances (white D65). Grafana's shades are those of ``createVisualizationColors`` of @grafana/data
12.4.3, in its dark theme.
"""

import colorsys
from functools import lru_cache
from math import dist
from typing import Final, TypeAlias

from dashgen.core.lazy_pattern import lazy_pattern

Rgb: TypeAlias = tuple[float, float, float]
"""Red, green and blue from 0 to 1, as screens encode them."""

_SHADES: Final = {
    "red": "FFA6B0 FF7383 F2495C E02F44 C4162A",
    "orange": "FFCB7D FFB357 FF9830 FF780A FA6400",
    "yellow": "FFF899 FFEE52 FADE2A F2CC0C E0B400",
    "green": "C8F2C2 96D98D 73BF69 56A64B 37872D",
    "blue": "C0D8FF 8AB8FF 5794F2 3274D9 1F60C4",
    "purple": "DEB6F2 CA95E5 B877D9 A352CC 8F3BB8",
}
_PREFIXES: Final = ("super-light-", "light-", "", "semi-dark-", "dark-")
SHADES_BY_NAME: Final = {
    prefix + hue: shade
    for hue, shades in _SHADES.items()
    for prefix, shade in zip(_PREFIXES, shades.split(), strict=True)
}
"""The six digits of each named shade of the dark theme."""
_HEX: Final = lazy_pattern(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})[0-9a-fA-F]{0,2}")
_FUNCTION: Final = lazy_pattern(r"rgba?\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*(?:,[^)]*)?\)")
_PROTANOPIA: Final = (
    (0.152286, 1.052583, -0.204868),
    (0.114503, 0.786281, 0.099216),
    (-0.003882, -0.048116, 1.051998),
)
_DEUTERANOPIA: Final = (
    (0.367322, 0.860646, -0.227968),
    (0.280085, 0.672501, 0.047413),
    (-0.011820, 0.042940, 0.968881),
)
_TO_XYZ: Final = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
_WHITE: Final = (0.95047, 1.0, 1.08883)


def rgb_of(color: str) -> Rgb | None:
    """The parts of one of Grafana's colours, or of a hexadecimal one or `rgb(…)`; None for any other."""
    text = color.strip()
    code = SHADES_BY_NAME.get(text.lower(), text if text.startswith("#") else "")
    if match := _HEX.fullmatch(code):
        digits = match[1] if len(match[1]) == 6 else "".join(digit * 2 for digit in match[1])
        red, green, blue = (int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4))
        return red, green, blue
    if match := _FUNCTION.fullmatch(text):
        red, green, blue = (min(int(part), 255) / 255 for part in match.groups())
        return red, green, blue
    return None


def hue_of(color: str) -> str:
    """Which of Grafana's six hues a colour has; empty for greys and colours that are not known."""
    rgb = rgb_of(color)
    if rgb is None:
        return ""
    hue, lightness, saturation = colorsys.rgb_to_hls(*rgb)
    if saturation < 0.2 or not 0.08 < lightness < 0.97:
        return ""
    degrees = hue * 360
    return next((name for bound, name in _HUES if degrees < bound), "red")


_HUES: Final = ((14, "red"), (43, "orange"), (66, "yellow"), (170, "green"), (260, "blue"), (320, "purple"))
"""Where each hue ends, in degrees of the colour circle; beyond the last one it is red again."""


@lru_cache(maxsize=256)
def seen_distance(first: str, second: str) -> float | None:
    """The distance (ΔE of CIE 1976) for who sees it least: people with protanopia or deuteranopia.

    About 2 is the least difference that trained eyes see side by side; below 15 two fields of a dashboard
    are easily taken for one colour. None when a colour is not known.
    """
    one, other = rgb_of(first), rgb_of(second)
    if one is None or other is None:
        return None
    return min(dist(_lab(one, eye), _lab(other, eye)) for eye in (_PROTANOPIA, _DEUTERANOPIA))


def distinct_shade(first: str, second: str, least: float) -> str:
    """The nearest shade of the second colour's hue that is far enough from the first; or nothing."""
    hue = hue_of(second)
    shades = [name for name in SHADES_BY_NAME if hue_of(name) == hue]
    far = [name for name in shades if (seen_distance(first, name) or 0.0) >= least]
    return min(far, key=lambda name: (seen_distance(second, name) or 0.0, name), default="")


_Matrix: TypeAlias = tuple[Rgb, Rgb, Rgb]


def _lab(color: Rgb, eye: _Matrix) -> Rgb:
    red, green, blue = color
    seen = _times(eye, (_linear(red), _linear(green), _linear(blue)))
    x, y, z = (
        _cube_root(min(max(part, 0.0), 1.1) / white)
        for part, white in zip(_times(_TO_XYZ, seen), _WHITE, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _cube_root(part: float) -> float:
    return part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116


def _times(matrix: _Matrix, vector: Rgb) -> Rgb:
    a, b, c = vector
    first, second, third = (x * a + y * b + z * c for x, y, z in matrix)
    return first, second, third

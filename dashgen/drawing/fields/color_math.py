"""Colours computed: mixed, made lighter or darker, compared in contrast."""

import colorsys
import math
from collections.abc import Sequence
from typing import TypeAlias

from dashgen.model.color_vision import Rgb, rgb_of

Stops: TypeAlias = Sequence[str]
_GREY: Rgb = (0.5, 0.5, 0.5)


def parts_of(color: str) -> Rgb:
    """Red, green and blue from 0 to 1; grey for a colour that is not hexadecimal or `rgb(…)`."""
    return rgb_of(color) or _GREY


def hex_of(rgb: Rgb) -> str:
    """A hexadecimal colour."""
    return "#" + "".join(f"{_byte(min(max(part, 0), 1) * 255):02x}" for part in rgb)


def _byte(value: float) -> int:
    """The nearest whole number, the larger of two, as in JavaScript.

    Without the last digits, in which `colorsys` differs from one Python to another.
    """
    return math.floor(round(value, 6) + 0.5)


def mixed(first: str, second: str, share: float) -> str:
    """A colour between two, at a share of the way to the second."""
    pairs = zip(parts_of(first), parts_of(second), strict=True)
    red, green, blue = (one + (other - one) * share for one, other in pairs)
    return hex_of((red, green, blue))


def _bounded(share: float) -> float:
    return 0.0 if math.isnan(share) else min(max(share, 0.0), 1.0)


def at_share(stops: Stops, share: float) -> str:
    """A colour on a scale of stops at equal distances."""
    position = _bounded(share) * (len(stops) - 1)
    index = min(int(position), len(stops) - 2)
    return mixed(stops[index], stops[index + 1], position - index)


def basis_share(stops: Stops, share: float) -> str:
    """A colour on a B-spline through few stops, as d3's interpolateRgbBasis has it."""
    count = len(stops) - 1
    share = _bounded(share)
    index = min(int(share * count), count - 1)
    channels = []
    for channel in range(3):
        values = [parts_of(stop)[channel] for stop in stops]
        one, two = values[index], values[index + 1]
        before = values[index - 1] if index > 0 else 2 * one - two
        after = values[index + 2] if index < count - 1 else 2 * two - one
        channels.append(_basis(share * count - index, (before, one, two, after)))
    red, green, blue = channels
    return hex_of((red, green, blue))


def _basis(t: float, values: tuple[float, float, float, float]) -> float:
    t2, t3 = t * t, t * t * t
    before, one, two, after = values
    return (
        (1 - 3 * t + 3 * t2 - t3) * before + (4 - 6 * t2 + 3 * t3) * one
        + (1 + 3 * t + 3 * t2 - 3 * t3) * two + t3 * after
    ) / 6  # fmt: skip


def lighter(color: str, amount: float) -> str:
    """A colour with its lightness raised by an amount of 0 to 100; lowered for one below 0."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*parts_of(color))
    return hex_of(colorsys.hls_to_rgb(hue, min(max(lightness + amount / 100, 0), 1), saturation))


def brighter(color: str, amount: float) -> str:
    """A colour with an amount of 0 to 100 added to each of its parts, as `brighten` of tinycolor 1.6 does."""
    red, green, blue = (part + _byte(255 * amount / 100) / 255 for part in parts_of(color))
    return hex_of((red, green, blue))


def turned(color: str, degrees: float) -> str:
    """A colour with its hue turned."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*parts_of(color))
    return hex_of(colorsys.hls_to_rgb((hue + degrees / 360) % 1, lightness, saturation))


def luminance(color: str) -> float:
    """The relative luminance of WCAG 2."""
    weights = (0.2126, 0.7152, 0.0722)
    linear = (
        (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4) for part in parts_of(color)
    )
    return sum(weight * part for weight, part in zip(weights, linear, strict=True))


def contrast(first: str, second: str) -> float:
    """The contrast ratio of WCAG 2, from 1 to 21."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def readable_on(background: str) -> str:
    """The text colour on a coloured background: white, or a dark one where white has too little contrast."""
    red, green, blue = (part * 255 for part in parts_of(background))
    brightness = (red * 299 + green * 587 + blue * 114) / 1000
    return "#202226" if brightness > 160 else "#f7f8fa"

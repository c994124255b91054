"""The colour of a field or of one of its values. Source: field/fieldColor.ts of @grafana/data 12.4.3."""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from dashgen.core.json_values import mapping, text
from dashgen.drawing.fields.color_math import at_share, basis_share, brighter, contrast, lighter, turned
from dashgen.drawing.fields.frames import Field, number_or_none
from dashgen.drawing.fields.reducers import reduced_number
from dashgen.drawing.fields.themes import CLASSIC_PALETTE, Theme
from dashgen.drawing.fields.thresholds import FALLBACK_COLOR, thresholds_of

_NAMED_SCALES = {
    "continuous-GrYlRd": ("green", "yellow", "red"), "continuous-RdYlGr": ("red", "yellow", "green"),
    "continuous-BlYlRd": ("dark-blue", "super-light-yellow", "dark-red"),
    "continuous-YlRd": ("super-light-yellow", "dark-red"), "continuous-BlPu": ("blue", "purple"),
    "continuous-YlBl": ("super-light-yellow", "dark-blue"), "continuous-blues": ("panel-bg", "dark-blue"),
    "continuous-reds": ("panel-bg", "dark-red"), "continuous-greens": ("panel-bg", "dark-green"),
    "continuous-purples": ("panel-bg", "dark-purple"),
}  # fmt: skip
# Eleven colours at equal distances of each scale of d3-scale-chromatic 3.1.
COLOR_SCALES: Final = {
    "viridis": "440154 482475 414487 355f8d 2a788e 21918c 22a884 44bf70 7ad151 bddf26 fde725",
    "magma": "000004 140e36 3b0f70 641a80 8c2981 b73779 de4968 f7705c fe9f6d fecf92 fcfdbf",
    "plasma": "0d0887 41049d 6a00a8 8f0da4 b12a90 cc4778 e16462 f2844b fca636 fcce25 f0f921",
    "inferno": "000004 160b39 420a68 6a176e 932667 bc3754 dd513a f37819 fca50a f6d746 fcffa4",
    "cividis": "002051 0a326a 2b446e 4d566d 696970 7f7c75 948f78 ada476 caba6a ead156 fdea45",
    "spectral": "9e0142 d13c4b f0704a fcac63 fedd8d fbf8b0 e0f3a1 a9dda2 69bda9 4288b5 5e4fa2",
    "oranges": "fff5eb fee8d3 fdd8b3 fdc28c fda762 fb8d3d f2701d e25609 c44103 9f3303 7f2704",
    "turbo": "23171b 4a58dd 2f9df5 27d7c4 4df884 95fb51 dedd32 ffa423 f65f18 ba2208 900c00",
    "rdylgn": "a50026 d4322c f16e43 fcac63 fedd8d f9f7ae d7ee8e a4d86e 64bc61 22964f 006837",
    "ylorrd": "ffffcc fff0a9 fee087 fec965 feab4b fd893c fa5c2e ec3023 d31121 af0225 800026",
    "blues": "f7fbff e3eef9 cfe1f2 b5d4e9 93c3df 6daed5 4b97c9 2f7ebc 1864aa 0a4a90 08306b",
    "greens": "f7fcf5 e8f6e3 d3eecd b7e2b1 97d494 73c378 4daf62 2f984f 157f3b 036429 00441b",
    "reds": "fff5f0 fee3d6 fdc9b4 fcaa8e fc8a6b f9694c ef4533 d92723 bb151a 970b13 67000d",
}
"""The hexadecimal stops of each scale, by its name in small letters."""


def color_mode(field: Field) -> str:
    """The colour mode of a field; thresholds when it has none."""
    return text(mapping(field.config.get("color")).get("mode")) or "thresholds"


def is_by_value(field: Field) -> bool:
    """Whether each value of a field has a colour of its own."""
    mode = color_mode(field)
    return mode == "thresholds" or mode.startswith("continuous")


@lru_cache(maxsize=32)
def scale_stops(scheme: str) -> Sequence[str]:
    """The stops of one of d3's scales."""
    return tuple(f"#{stop}" for stop in COLOR_SCALES.get(scheme.lower(), COLOR_SCALES["viridis"]).split())


def share_of(field: Field, value: float) -> float:
    """How far a value is on the way from the field's lower bound to its upper one."""
    low, high = field.bounds or (0.0, 100.0)
    share = (value - low) / (high - low) if high != low else 0.0
    return share if math.isfinite(share) else float(value > low)


def value_color(field: Field, value: float | None, theme: Theme) -> str:
    """The colour of one value of a field; one that is missing has the lowest colour."""
    mode = color_mode(field)
    if not is_by_value(field):
        return series_color(field, theme)
    share = 0.0 if value is None else share_of(field, value)
    if field.kind == "boolean" and mode == "thresholds":
        return theme.color("green" if value else "red")
    if mode == "thresholds":
        step = thresholds_of(field.config).step_at(float("-inf") if value is None else value, share)
        return theme.color(step.color)
    return continuous_color(mode, share, theme)


def continuous_color(mode: str, share: float, theme: Theme) -> str:
    """The colour of a continuous scheme at a share of the bounds."""
    if mode in _NAMED_SCALES:
        return basis_share([theme.color(name) for name in _NAMED_SCALES[mode]], share)
    return at_share(scale_stops(mode.removeprefix("continuous-")), share)


def continuous_stops(mode: str, theme: Theme) -> list[str]:
    """The colours of a continuous scheme, from the lowest to the highest."""
    return [continuous_color(mode, index / 8, theme) for index in range(9)]


def series_color(field: Field, theme: Theme) -> str:
    """The colour of a whole field, as its line and its mark in the legend have it."""
    mode = color_mode(field)
    color = mapping(field.config.get("color"))
    if mode in {"fixed", "shades"}:
        base = theme.color(text(color.get("fixedColor")) or FALLBACK_COLOR)
        return base if mode == "fixed" else _shade(base, field.series_index)
    if mode == "palette-classic-by-name":
        return hashed_color(field.title or field.name, theme)
    if not is_by_value(field):
        return theme.color(CLASSIC_PALETTE[field.series_index % len(CLASSIC_PALETTE)])
    chosen = reduced_number(field.values, text(color.get("seriesBy")) or "last")
    return value_color(field, number_or_none(chosen) or 0.0, theme)


def hashed_color(name: str, theme: Theme) -> str:
    """The colour of the palette that a name always has, among those that can be seen on a panel."""
    palette = [shade for shade in CLASSIC_PALETTE if contrast(theme.color(shade), theme.panel) >= 3]
    return theme.color(palette[_text_hash(name) % len(palette)])


def _shade(base: str, index: int) -> str:
    shades = [base]
    for step in range(1, 6):
        shades.append(brighter(turned(base, step / 6 * 10), step / 6 * 35))
        shades.append(lighter(turned(base, -step / 6 * 10), -step / 6 * 35))
    return shades[index % len(shades)]


def _text_hash(title: str) -> int:
    # The npm package string-hash, on UTF-16 units.
    value = 5381
    units = title.encode("utf-16-le", "surrogatepass")
    for index in range(len(units) - 2, -1, -2):
        value = ((value * 33) ^ int.from_bytes(units[index : index + 2], "little")) & 0xFFFFFFFF
    return value

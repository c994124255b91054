"""Lengths that a browser computes, so that one rule serves pictures and pages of any width."""

from typing import TypeAlias

from msgspec import Struct


class CssLength(Struct, frozen=True):
    """A length as an expression of CSS: `calc(…)`, `min(…)` and `max(…)` of pixels and container units."""

    expression: str

    def __add__(self, other: "Length") -> "CssLength":
        return CssLength(f"calc({self.expression} + {css(other)})")

    def __radd__(self, other: float) -> "CssLength":
        return CssLength(f"calc({css(other)} + {self.expression})")

    def __sub__(self, other: "Length") -> "CssLength":
        return CssLength(f"calc({self.expression} - {css(other)})")

    def __rsub__(self, other: float) -> "CssLength":
        return CssLength(f"calc({css(other)} - {self.expression})")

    def __mul__(self, factor: float) -> "CssLength":
        return CssLength(f"calc({self.expression} * {factor:.5g})")

    def __truediv__(self, divisor: float) -> "CssLength":
        return CssLength(f"calc({self.expression} / {divisor:.5g})")


Length: TypeAlias = float | CssLength
"""Pixels, or what a browser computes."""
CONTAINER_WIDTH = CssLength("100cqw")
"""The width of the container that a length is used in."""
CONTAINER_HEIGHT = CssLength("100cqh")
"""Its height."""


def css(length: Length) -> str:
    """A length as CSS writes it."""
    return length.expression if isinstance(length, CssLength) else f"{length:.5g}px"


def least(*lengths: Length) -> Length:
    """The smallest of some lengths."""
    pixels = [one for one in lengths if not isinstance(one, CssLength)]
    if len(pixels) == len(lengths):
        return min(pixels)
    return CssLength(f"min({', '.join(css(one) for one in lengths)})")


def greatest(*lengths: Length) -> Length:
    """The greatest of some lengths."""
    pixels = [one for one in lengths if not isinstance(one, CssLength)]
    if len(pixels) == len(lengths):
        return max(pixels)
    return CssLength(f"max({', '.join(css(one) for one in lengths)})")


def pixels(length: Length) -> float:
    """A length that was computed of pixels alone."""
    if isinstance(length, CssLength):
        message = f"only a browser knows how long {length.expression} is"
        raise TypeError(message)
    return length

"""How wide texts are, in Inter, the font of Grafana.

The advance widths are those of Inter 4.1 (https://github.com/rsms/inter), in thousandths of the font's size.
"""

import unicodedata
from functools import lru_cache
from typing import Final

_REGULAR: Final = """
    281 288 466 633 642 982 644 300 365 365 501 662 288 460 288 360 631 407 610 618 646 593 620 566 619 620
    288 302 662 662 662 511 966 690 654 730 722 601 590 746 743 269 571 672 565 903 753 765 639 765 644 642
    646 744 690 985 682 679 629 365 360 365 471 456 323 562 612 571 612 583 370 613 591 242 242 549 242 876
    591 600 612 612 376 528 327 591 562 818 546 562 552 426 333 426 662
"""
_MEDIUM: Final = """
    267 304 495 639 646 993 653 313 369 369 521 667 303 462 303 370 646 415 616 627 656 603 630 571 629 630
    303 315 667 667 667 527 982 709 657 733 722 603 589 748 745 272 575 688 565 913 756 767 642 769 648 646
    653 740 709 1003 701 696 641 369 370 369 477 463 337 568 618 577 618 587 379 620 602 252 252 559 252 888
    602 604 618 618 387 539 340 602 575 829 557 575 559 440 346 440 667
"""
_WIDTHS: Final = {
    weight: [int(width) for width in widths.split()] for weight, widths in ((400, _REGULAR), (500, _MEDIUM))
}
_OTHERS: Final = {
    "\u2013": 500, "\u2014": 1000, "\u2026": 864, "\u2022": 562, "\u221e": 936, "\u20ac": 667, "\u2192": 954,
    "\u2190": 954, "\xb5": 600,
}  # fmt: skip
_MONOSPACE: Final = 600
_ELLIPSIS: Final = "…"
LINE_HEIGHT: Final = 1.2


def text_width(text: str, size: float, weight: int = 400) -> float:
    """The width of a line of text in pixels."""
    return _thousandths(text, 500 if weight >= 500 else 400) * size / 1000


@lru_cache(maxsize=4096)
def _thousandths(text: str, weight: int) -> int:
    widths = _WIDTHS[weight]
    return sum(
        widths[ord(letter) - 32] if " " <= letter <= "~" else _other_width(letter) for letter in text
    )  # fmt: skip


def _other_width(letter: str) -> int:
    if letter in _OTHERS:
        return _OTHERS[letter]
    if unicodedata.category(letter) in {"Mn", "Cf", "Cc", "Me"}:
        return 0
    if ord(letter) >= 0x1F000 or unicodedata.east_asian_width(letter) in "WF":
        return 1250 if ord(letter) >= 0x2600 else 1000
    return 600


def monospace_width(text: str, size: float) -> float:
    """The width of a line in a font whose letters have one width."""
    return len(text) * size * _MONOSPACE / 1000


def shortened(text: str, width: float, size: float, weight: int = 400) -> str:
    """A text that fits into a width, ending with … where it was cut."""
    if text_width(text, size, weight) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if text_width(text[:middle].rstrip() + _ELLIPSIS, size, weight) <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + _ELLIPSIS if low else ""


def width_share(text: str, weight: int = 400) -> float:
    """The font size at which a line fits a width, as a share of that width."""
    return 14 / (text_width(text, 14, weight) + 2)


def size_that_fits(text: str, width: float, height: float, *, weight: int = 400, most: float = 1000) -> float:
    """The greatest font size at which a line fits: `calculateFontSize` of @grafana/ui 12.4.3."""
    return max(min(width * width_share(text, weight), height / LINE_HEIGHT, most), 1)


def wrapped(text: str, width: float, size: float, *, is_monospace: bool = False) -> list[str]:
    """The lines of a text in a width; words that are wider are broken."""

    def measure(line: str) -> float:
        return monospace_width(line, size) if is_monospace else text_width(line, size)

    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            candidate = f"{line} {word}" if line else word
            if measure(candidate) <= width:
                line = candidate
                continue
            if line:
                lines.append(line)
            line = word
            while measure(line) > width and len(line) > 1:
                count = max(1, int(len(line) * width / measure(line)))
                lines.append(line[:count])
                line = line[count:]
        lines.append(line)
    return lines

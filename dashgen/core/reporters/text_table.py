"""Tables for people: columns as wide as their longest cell on a terminal."""

from collections.abc import Sequence

from dashgen.core.diagnostics.frame import clean, width

_WIDEST = 48


def draw_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows below a head.

    Long cells are cut, but for the last column's, and columns without any text are left out.
    """
    last = len(head) - 1
    cells = [[_cut(text) if i < last else clean(text) for i, text in enumerate(row)] for row in rows]
    filled_columns = [i for i in range(len(head)) if any(row[i] for row in cells)]
    lines = [[line[i] for i in filled_columns] for line in (list(head), *cells)]
    widths = [max(width(line[i]) for line in lines) for i in range(len(filled_columns))]
    return "".join(_line(line, widths) + "\n" for line in lines)


def aligned_lines(lines: Sequence[tuple[str, str]]) -> str:
    """Lines of text, each with a place or nothing, the places below each other."""
    rows = [(clean(text), clean(location)) for text, location in lines]
    widest = max((width(text) for text, location in rows if location), default=0)
    return "".join(_line(row, (max(widest, width(row[0])), 0)) + "\n" for row in rows)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (wide - width(cell)) for cell, wide in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip()


def _cut(text: str) -> str:
    text = clean(text)
    if width(text) <= _WIDEST:
        return text
    shortened = text
    while width(shortened) > _WIDEST - 1:
        shortened = shortened[:-1]
    return shortened.rstrip() + "…"

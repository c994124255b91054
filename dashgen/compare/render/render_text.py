"""A comparison for a terminal."""

from collections.abc import Iterator

from dashgen.compare.change import Change, What
from dashgen.compare.render.render_summary import (
    SIGNS,
    ReportedComparison,
    blocks,
    extent,
    name_of,
    several_subjects,
    totals,
)
from dashgen.core.diagnostics.frame import clean, width

_COLORS = {What.CREATED: "32", What.DELETED: "31", What.CHANGED: "33", What.RENAMED: "33", What.MOVED: "33"}


def render_text(comparison: ReportedComparison, *, color: bool = False) -> str:
    """Every change in words, and a line that counts them."""
    lines = [line for change in comparison.changes for line in _change(change, color=color)]
    return "".join(f"{line}\n" for line in [*lines, totals(comparison.changes)])


def render_stat(comparison: ReportedComparison, *, color: bool = False) -> str:
    """One line for each resource that changed, with how much of it."""
    heads = [clean(f"{SIGNS[change.what]} {name_of(change)}") for change in comparison.changes]
    wide = max(map(width, heads), default=0)
    lines = []
    for head, change in zip(heads, comparison.changes, strict=True):
        padding = " " * (wide - width(head))
        rest = clean(f"{change.what}  {extent(change)}").rstrip()
        lines.append(f"{_paint(head, change, color=color)}{padding}  {rest}\n")
    return "".join([*lines, totals(comparison.changes), "\n"])


def one_line(change: Change) -> Iterator[str]:
    """A change as lines for a list of files: each names its subject, and none is left out."""
    for block in blocks(change.details):
        text = "; ".join(detail.sentence for detail in block.details)
        yield clean(f"{_subject(block.subjects)}: {text}" if block.subjects else text)


def _change(change: Change, *, color: bool) -> Iterator[str]:
    folder = f" in {change.resource.folder}" if change.resource.folder else ""
    head = clean(f"{SIGNS[change.what]} {name_of(change)}{folder}")
    if change.what in (What.CREATED, What.DELETED):
        text = extent(change)
        yield _paint(head, change, color=color) + (f": {clean(text)}" if text else "")
        return
    yield _paint(head, change, color=color)
    for block in blocks(change.details):
        sentences = [clean(detail.sentence) for detail in block.details]
        if not block.subjects:
            yield from (f"    {sentence}" for sentence in sentences)
        elif len(sentences) == 1:
            yield f"    {clean(_subject(block.subjects))}: {sentences[0]}"
        else:
            yield f"    {clean(_subject(block.subjects))}"
            yield from (f"      {sentence}" for sentence in sentences)


def _subject(subjects: tuple[str, ...]) -> str:
    return subjects[0] if len(subjects) == 1 else several_subjects(subjects)


def _paint(text: str, change: Change, *, color: bool) -> str:
    return f"\x1b[{_COLORS[change.what]}m{text}\x1b[0m" if color else text

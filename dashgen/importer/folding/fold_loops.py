"""Fold neighbours of one shape in a list into one item with ``for_each``."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

from msgspec import Struct

from dashgen.core.json_values import Json
from dashgen.importer.folding.holes import PartTemplate, template_of
from dashgen.importer.folding.panel_shapes import height, shape

ExactTest = Callable[[list[Any], Sequence[Any]], bool]
_FEW = 2
_MOST = 200


class FoldableList(Struct, frozen=True):
    """A list whose items can be folded.

    Attributes:
        key: the list's key.
        each: the name of the loop's variable.
        least: the lines that a loop has to save.
        few: the same for a loop of only two items, which is harder to read than both.
    """

    key: str
    each: str
    least: int
    few: int


PANELS = FoldableList("panels", "panel", 4, 8)
ROWS = FoldableList("rows", "row", 6, 8)
TABS = FoldableList("tabs", "tab", 6, 8)
QUERIES = FoldableList("queries", "query", 3, 6)
OVERRIDES = FoldableList("overrides", "override", 3, 6)


def fold_list(items: list[Any], kind: FoldableList, proof: ExactTest) -> list[Any]:
    """The list with loops where they are shorter.

    Before: ``[{"query": "a_total", "legend": "a"}, {"query": "b_total", "legend": "b"}, …]``
    After: ``[{"for_each": {"metric": ["a", "b", …]}, "query": "${{ metric }}_total",
    "legend": "${{ metric }}"}]``

    Args:
        items: the items of the list.
        kind: which list it is.
        proof: whether folded items expand to some others exactly.
    """
    result: list[Any] = []
    for _, alike in groupby(items, shape):
        for run, template in _runs(list(alike)):
            folded = looped(template, len(run), kind.each) if template is not None else None
            if folded is not None and _worth(run, folded, kind) and proof([folded], run):
                result.append(folded)
            else:
                result += run
    return result


def _runs(alike: list[Any]) -> Iterator[tuple[list[Any], PartTemplate | None]]:
    """Neighbours of one shape in runs that one template covers each, as long as possible."""
    if len(alike) == 1 or not isinstance(alike[0], dict) or "for_each" in alike[0]:
        yield alike, None
        return
    template = template_of(alike)
    if template is not None:
        yield alike, template if template.parameters else None
        return
    start = 0
    while start < len(alike):
        end, template = _grown(alike, start)
        yield alike[start:end], template
        start = end


def _grown(alike: list[Any], start: int) -> tuple[int, PartTemplate | None]:
    """The end of the longest run from an item on, found by adding one after the other, and its template."""
    end, template = start + 1, None
    while end < min(len(alike), start + _MOST):
        longer = template_of(alike[start : end + 1])
        if longer is None:
            break
        end, template = end + 1, longer
    return end, template if template is not None and template.parameters else None


def looped(template: PartTemplate, count: int, each: str) -> Json:
    """The loop that expands to the items of a template."""
    rows = [template.arguments(number) for number in range(count)]
    if len(template.parameters) == 1:
        name = template.parameters[0].name
        return {"for_each": {name: [row[name] for row in rows]}, **template.body()}
    return {"for_each": {each: rows}, **template.body(each)}


def _worth(run: Sequence[Any], folded: Json, kind: FoldableList) -> bool:
    # Lines saved alone would fold long lists of short items into a loop that nobody reads: it has to be a
    # fifth less.
    before, after = height(kind.key, list(run)), height(kind.key, [folded])
    least = kind.few if len(run) == _FEW else kind.least
    return before - after >= least and after <= 0.8 * before

"""What a panel's queries and height mean for how it is drawn: one series or many, gaps, bars."""

from collections.abc import Sequence

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.panel_identity import slug
from dashgen.model.panel_spec import Drawing
from dashgen.model.settled_dashboard import SettledPanel, SettledQuery
from dashgen.query import ParsedQuery, QueryShape

_TOP = lazy_pattern(r"\s*(?:topk|bottomk|limitk)\s*\(\s*([1-9]\d{0,2})\s*,")


def drawing_of(
    panel: SettledPanel, parsed: Sequence[ParsedQuery | None], shapes: Sequence[QueryShape]
) -> Drawing:
    """What the spec alone shows of a panel's drawing.

    Args:
        panel: the settled panel.
        parsed: the facts about each of its queries, None for a language that dashgen does not read.
        shapes: what its PromQL queries yield, without those that do not parse.
    """
    shown = [query for query in panel.queries if not query.query.hide]
    return Drawing(
        single=len(panel.queries) == 1 and _is_single(panel, shown, parsed),
        sparse=any(shape.quantile or shape.average_of is not None for shape in shapes),
        top=_top(shown[0].query.query) if len(shown) == 1 else None,
        height=panel.grid.h,
    )


def _is_single(
    panel: SettledPanel, shown: Sequence[SettledQuery], parsed: Sequence[ParsedQuery | None]
) -> bool:
    """Whether the only query keeps no label, and its series has the panel's name, or its old one."""
    if not shown or panel.panel.transformations or panel.repeat is not None:
        return False
    facts = parsed[0]
    unlabelled = facts is not None and facts.grouping == ()
    name = shown[0].legend
    return unlabelled and bool(name) and (name == panel.panel.title or slug(name) == panel.key)


def _top(query: str) -> int | None:
    """How many series the outermost function of a query leaves at most; PromQL and LogQL spell it alike."""
    match = _TOP.match(query)
    return int(match[1]) if match else None

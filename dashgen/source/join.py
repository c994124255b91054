"""One panel for several iterations of a loop.

A panel whose title is the same in each iteration stays one panel and gets the queries of all; two panels of
one title beside each other are never what somebody wants.
"""

from typing import Any

from dashgen.core.json_values import Json
from dashgen.source.provenance import Origin
from dashgen.source.source import Path

_OF_THE_QUERY = ("query", "legend", "exemplars")


def join_panels(panels: list[Any], parent: Path, first: int, origins: dict[Path, Origin]) -> list[Any]:
    """Join the panels that a loop made.

    Args:
        panels: the panels, one of each iteration.
        parent: the path of the list that they are in.
        first: the index of the first of them in that list.
        origins: where values were written; the entries of these panels move with them.
    """
    groups: dict[str, list[int]] = {}
    for number, panel in enumerate(panels):
        joinable = isinstance(panel, dict) and ("query" in panel or "queries" in panel)
        # No title has a NUL, so what cannot be joined is in a group of its own.
        groups.setdefault(str(panel.get("title", "")) if joinable else f"\0{number}", []).append(number)
    if len(groups) == len(panels):
        return panels
    # All entries are taken out first: a panel may move to an index that another one has now.
    before = _take(parent, first, origins)
    joined = []
    for position, numbers in enumerate(groups.values()):
        target = (*parent, first + position)
        for below, origin in before[numbers[0]].items():
            origins[(*target, *below)] = origin
        if len(numbers) == 1:
            joined.append(panels[numbers[0]])
        else:
            joined.append(
                _join([(panels[number], before[number][()]) for number in numbers], target, origins)
            )
    return joined


def _take(parent: Path, first: int, origins: dict[Path, Origin]) -> dict[int, dict[Path, Origin]]:
    """Remove the entries of the panels; what comes back has them by panel, with paths below it."""
    depth = len(parent)
    taken: dict[int, dict[Path, Origin]] = {}
    for path in list(origins):
        step = path[depth] if len(path) > depth and path[:depth] == parent else None
        if isinstance(step, int) and step >= first:
            taken.setdefault(step - first, {})[path[depth + 1 :]] = origins.pop(path)
    return taken


def _join(panels: list[tuple[Any, Origin]], target: Path, origins: dict[Path, Origin]) -> Json:
    queries: list[Any] = []
    for panel, source in panels:
        for query, steps in _queries(panel):
            query_path = (*target, "queries", len(queries))
            origins[query_path] = source.below(steps)
            queries.append(query)
    first = {key: value for key, value in panels[0][0].items() if key not in _OF_THE_QUERY}
    return {**first, "queries": queries}


def _queries(panel: Json) -> list[tuple[Any, Path]]:
    """The queries of a panel as query mappings, with where each stands below the panel."""
    if "query" in panel:
        return [({key: panel[key] for key in _OF_THE_QUERY if key in panel}, ())]
    queries = panel.get("queries")
    if isinstance(queries, dict):
        named = [({"query": q} if isinstance(q, str) else q, name) for name, q in queries.items()]
        return [({"legend": name, **q} if isinstance(q, dict) else q, ("queries", name)) for q, name in named]
    return [(query, ("queries", i)) for i, query in enumerate(queries or [])]

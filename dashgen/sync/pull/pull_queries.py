"""Changes of a panel's queries in the form in which its author wrote them."""

from collections.abc import Iterable, Iterator
from typing import Any

from dashgen.core.json_values import ABSENT, Json, at, same
from dashgen.importer.import_queries import shortest
from dashgen.model.settled_dashboard import SettledPanel
from dashgen.source.source import Path
from dashgen.sync.pull.dashboard_keys import differing_words
from dashgen.sync.pull.data_changes import DataChange, moves, onto
from dashgen.sync.pull.value_origins import REMOVED, Carried, Insertion

_ALONE = frozenset(("query", "legend", "exemplars"))


def query_changes(
    data: Json, panel: SettledPanel, old: dict[str, Json], new: dict[str, Json]
) -> list[list[DataChange]]:
    """The ways to make a panel ask what it should, the smallest first.

    Args:
        data: the resolved document.
        panel: the panel as it is now.
        old: the words of its queries by ref.
        new: those that they should have.
    """
    if list(old) == list(new) and same(old, new):
        return []
    options = []
    small = _one_by_one(data, panel, old, new)
    if small:
        options.append(small)
    grown = _grown(data, panel, old, new)
    if grown:
        options.append(grown)
    options += [
        _whole(data, panel.path, form)
        for form in (shortest(list(new.values())), {"queries": list(new.values())})
    ]
    return options


def _one_by_one(
    data: Json, panel: SettledPanel, old: dict[str, Json], new: dict[str, Json]
) -> list[DataChange]:
    """Each query where it is written; nothing when they have to be written anew."""
    places = {query.ref: query.path for query in panel.queries}
    shared_refs = [ref for ref in old if ref in new]
    order = [ref for ref in new if ref in old]
    if set(places) != set(old):
        return []
    moved = list(moves(shared_refs, order, (*panel.path, "queries")))
    if moved and (
        len(shared_refs) != len(new) or len(shared_refs) != len(old) or not _is_list(data, panel, places, old)
    ):
        return []
    changes: list[DataChange] = []
    for ref in reversed(shared_refs):
        query_edits = _of_one(data, panel.path, places[ref], old[ref], new[ref])
        if query_edits is None:
            return []
        changes += query_edits
    removed_paths = [places[ref] for ref in old if ref not in new]
    if any(path == panel.path for path in removed_paths):
        return []
    insertions = _new_ones(
        data, panel.path, [(i, new[ref]) for i, ref in enumerate(new) if ref not in old], len(old)
    )
    if insertions is None:
        return []
    return [*changes, *moved, *insertions, *(DataChange(path, REMOVED) for path in reversed(removed_paths))]


def _is_list(data: Json, panel: SettledPanel, places: dict[str, Path], refs: Iterable[str]) -> bool:
    """Whether the queries are the items of one list, in its order."""
    queries = at(data, (*panel.path, "queries"))
    return isinstance(queries, list) and [places[ref] for ref in refs] == [
        (*panel.path, "queries", number) for number in range(len(queries))
    ]


def _grown(data: Json, panel: SettledPanel, old: dict[str, Json], new: dict[str, Json]) -> list[DataChange]:
    """The one query of a panel as the first of several, or with more words, its text as it is written."""
    path, spec_panel = panel.path, at(data, panel.path)
    ref = next(iter(old), None)
    if (
        len(old) != 1
        or ref is None
        or ref != next(iter(new), None)
        or "query" not in spec_panel
        or "queries" in spec_panel
    ):
        return []
    first: Path = (*path, "queries", 0)
    written_keys = [word for word in ("query", "legend", "exemplars") if word in spec_panel]
    changes = [DataChange((*first, word), Carried((*path, word))) for word in written_keys]
    for word, _, after in differing_words(old[ref], new[ref]):
        if after is not ABSENT or word in written_keys:
            changes.append(DataChange((*first, word), REMOVED if after is ABSENT else after))
    rest = list(new.values())[1:]
    return [
        *changes,
        *(DataChange((*path, "queries", number), query) for number, query in enumerate(rest, 1)),
    ]


def _of_one(data: Json, panel: Path, path: Path, old: Json, new: Json) -> list[DataChange] | None:
    if same(old, new):
        return []
    differences = list(differing_words(old, new))
    written_query = at(data, path)
    if path == panel and not {word for word, _, _ in differences} <= _ALONE:
        return None
    if isinstance(written_query, str):
        return _of_text(path, differences, new)
    named = isinstance(path[-1], str) and path != panel
    if named and any(word == "legend" for word, _, _ in differences) and "legend" not in written_query:
        return None
    return [
        change for word, before, after in differences for change in _first(data, (*path, word), before, after)
    ]


def _first(data: Json, path: Path, old: Any, new: Any) -> list[DataChange]:
    options = onto(data, path, old, new)
    return options[0] if options else []


def _of_text(path: Path, differences: list[tuple[str, Any, Any]], new: Json) -> list[DataChange] | None:
    """A query that is only its text below its legend."""
    if any(word == "legend" for word, _, _ in differences):
        return None
    rest = {word: value for word, value in new.items() if word != "legend"}
    return [DataChange(path, rest["query"] if set(rest) == {"query"} else rest)]


def _new_ones(
    data: Json, panel: Path, new_queries: list[tuple[int, Json]], before: int
) -> list[DataChange] | None:
    if not new_queries:
        return []
    written_queries = at(data, (*panel, "queries"))
    if isinstance(written_queries, list):
        return [
            DataChange((*panel, "queries"), Insertion(min(i, len(written_queries)), query))
            for i, query in new_queries
        ]
    last = [i for i, _ in new_queries] == list(range(before, before + len(new_queries)))
    if not isinstance(written_queries, dict) or not last:
        return None
    named = [
        (str(query.get("legend") or ""), shortest([query, {"query": "", "legend": "\0"}]))
        for _, query in new_queries
    ]
    if not all(legend and legend not in written_queries for legend, _ in named):
        return None
    return [
        DataChange((*panel, "queries", legend), form["queries"][legend])
        for legend, form in named
        if isinstance(form["queries"], dict)
    ]


def _whole(data: Json, panel: Path, form: Json) -> list[DataChange]:
    return list(_replacing(data, panel, form))


def _replacing(data: Json, panel: Path, form: Json) -> Iterator[DataChange]:
    spec_panel = at(data, panel)
    for word in (*sorted(_ALONE), "queries"):
        if word in form and not (word in spec_panel and _says(spec_panel[word], form[word])):
            yield DataChange((*panel, word), form[word])
    for word in (*sorted(_ALONE), "queries"):
        if word in spec_panel and word not in form:
            yield DataChange((*panel, word), REMOVED)


def _says(written: Any, goal: Any) -> bool:
    """Whether queries say what they should, in the same order."""
    in_order = not (isinstance(written, dict) and isinstance(goal, dict)) or list(written) == list(goal)
    return in_order and same(written, goal)


def query_place(panel: SettledPanel, ref: str) -> Path | None:
    """Where a query of a panel is written."""
    return next((query.path for query in panel.queries if query.ref == ref), None)

"""Changes of a panel's queries in the form in which its author wrote them.

Queries have four forms: one text in the panel (`query:`), a list, texts by their legends, or mappings by
their legends.
"""

from collections.abc import Iterator
from typing import Any

from dashgen.core.json_values import ABSENT, Json, at, same
from dashgen.importer.import_queries import shortest
from dashgen.model.settled_dashboard import SettledPanel
from dashgen.query.enclosed import enclosed
from dashgen.source.source import Path
from dashgen.sync.pull.dashboard_keys import differing_keys
from dashgen.sync.pull.data_changes import ChangeOptions, DataChange, moves, onto
from dashgen.sync.pull.value_origins import REMOVED, Carried, Insertion

_IN_PANEL = ("exemplars", "legend", "query")
"""The keys that a panel with one query has itself."""


def query_changes(
    data: Json, panel: SettledPanel, old: dict[str, Json], new: dict[str, Json]
) -> ChangeOptions:
    """The ways to give a panel the queries that it should have, the smallest first.

    Args:
        data: the resolved document.
        panel: the panel as it is now.
        old: the keys of its queries by ref.
        new: those that they should have.
    """
    if list(old) == list(new) and same(old, new):
        return []
    rows = _rows_of_warnings(panel)
    old, new = _without_rows(old, rows), _without_rows(new, rows)
    written = [_one_by_one(data, panel, old, new), _grown(data, panel, old, new)]
    queries = list(new.values())
    whole = [list(_replacing(data, panel.path, form)) for form in (shortest(queries), {"queries": queries})]
    return [changes for changes in written if changes] + whole


def _rows_of_warnings(panel: SettledPanel) -> dict[str, str]:
    """What data warnings add to the queries of a table, by their refs: it is not in the spec's texts."""
    queries = [query for query in panel.queries if query.sent and query.warning is None]
    return {query.ref: query.sent.removeprefix(enclosed(query.query.query)) for query in queries}


def _without_rows(queries: dict[str, Json], rows: dict[str, str]) -> dict[str, Json]:
    """The queries without the rows of data warnings, as a spec has them."""
    plain = dict(queries)
    for ref, row in rows.items():
        text = plain.get(ref, {}).get("query")
        if isinstance(text, str) and text.endswith(row):
            own = text.removesuffix(row)
            inner = own[1:-1].strip()
            plain[ref] = {**plain[ref], "query": inner if enclosed(inner) == own else own}
    return plain


def _one_by_one(
    data: Json, panel: SettledPanel, old: dict[str, Json], new: dict[str, Json]
) -> list[DataChange]:
    """Each query where it is written; nothing when they have to be written anew."""
    paths = {query.ref: query.path for query in panel.queries}
    if paths.keys() != old.keys():
        return []
    shared_refs = [ref for ref in old if ref in new]
    # Queries are known by their refs: one with another ref is another query.
    moved = list(moves(shared_refs, [ref for ref in new if ref in old]))
    if moved:
        queries = at(data, (*panel.path, "queries"))
        is_list = isinstance(queries, list) and [paths[ref] for ref in old] == [
            (*panel.path, "queries", number) for number in range(len(queries))
        ]
        # Moves count all items of one list, so nothing may come or go besides.
        if len(shared_refs) != len(new) or len(shared_refs) != len(old) or not is_list:
            return []
    changes: list[DataChange] = []
    # From the end, as everywhere in lists.
    for ref in reversed(shared_refs):
        query_changes = _of_one(data, panel.path, paths[ref], old[ref], new[ref])
        if query_changes is None:
            return []
        changes += query_changes
    removed_paths = [paths[ref] for ref in old if ref not in new]
    added = [(index, query) for index, (ref, query) in enumerate(new.items()) if ref not in old]
    insertions = _insertions(data, panel.path, added, len(old))
    # A query in the panel itself cannot be removed without the panel.
    if panel.path in removed_paths or insertions is None:
        return []
    changes += [DataChange((*panel.path, "queries"), move) for move in moved]
    return [*changes, *insertions, *(DataChange(path, REMOVED) for path in reversed(removed_paths))]


def _grown(data: Json, panel: SettledPanel, old: dict[str, Json], new: dict[str, Json]) -> list[DataChange]:
    """The one query of a panel as the first of several, or with more keys, its text as it is written."""
    path, spec_panel = panel.path, at(data, panel.path)
    if len(old) != 1 or "query" not in spec_panel or "queries" in spec_panel:
        return []
    # The first of several has to be the one that is written there.
    (ref,) = old
    if ref != next(iter(new), None):
        return []
    first: Path = (*path, "queries", 0)
    written_keys = [key for key in ("query", "legend", "exemplars") if key in spec_panel]
    # Carried, so that a folded text and its comments stay as they are written.
    changes = [DataChange((*first, key), Carried((*path, key))) for key in written_keys]
    for key, _, after in differing_keys(old[ref], new[ref]):
        if after is not ABSENT or key in written_keys:
            changes.append(DataChange((*first, key), REMOVED if after is ABSENT else after))
    rest = enumerate(list(new.values())[1:], 1)
    return [*changes, *(DataChange((*path, "queries", number), query) for number, query in rest)]


def _of_one(data: Json, panel: Path, path: Path, old: Json, new: Json) -> list[DataChange] | None:
    """The changes of a query where it is written; nothing when its form has no room for them."""
    if same(old, new):
        return []
    differences = list(differing_keys(old, new))
    written_query = at(data, path)
    if path == panel and not {key for key, _, _ in differences} <= {*_IN_PANEL}:
        return None
    is_legend_key = isinstance(written_query, str) or (
        isinstance(path[-1], str) and path != panel and "legend" not in written_query
    )
    if is_legend_key and any(key == "legend" for key, _, _ in differences):
        # The legend is the key of the query, which no change of its value renames.
        return None
    if isinstance(written_query, str):
        rest = {key: value for key, value in new.items() if key != "legend"}
        return [DataChange(path, rest["query"] if set(rest) == {"query"} else rest)]
    options = [onto(data, (*path, key), before, after) for key, before, after in differences]
    return [change for key_options in options for change in (key_options[0] if key_options else ())]


def _insertions(
    data: Json, panel: Path, added: list[tuple[int, Json]], before: int
) -> list[DataChange] | None:
    """The changes that add queries; nothing when the form of the others has no room for them.

    Args:
        data: the resolved document.
        panel: the panel's path.
        added: the index and keys of each new query.
        before: how many queries there were.
    """
    if not added:
        return []
    queries = at(data, (*panel, "queries"))
    if isinstance(queries, list):
        path = (*panel, "queries")
        return [DataChange(path, Insertion(min(index, len(queries)), query)) for index, query in added]
    # A mapping gets new keys at its end.
    is_last = [index for index, _ in added] == list(range(before, before + len(added)))
    if not isinstance(queries, dict) or not is_last:
        return None
    # The importer writes queries by their legends only when there are several: the second one is there for
    # that.
    forms = [
        (str(query.get("legend") or ""), shortest([query, {"query": "", "legend": "\0"}])["queries"])
        for _, query in added
    ]
    if not all(legend and legend not in queries for legend, _ in forms):
        return None
    return [
        DataChange((*panel, "queries", legend), form[legend])
        for legend, form in forms
        if isinstance(form, dict)
    ]


def _replacing(data: Json, panel: Path, form: Json) -> Iterator[DataChange]:
    """The changes that give a panel its queries in a form, whatever form they have."""
    spec_panel = at(data, panel)
    keys = (*_IN_PANEL, "queries")
    for key in keys:
        if key in form and not (key in spec_panel and _same_in_order(spec_panel[key], form[key])):
            yield DataChange((*panel, key), form[key])
    for key in keys:
        if key in spec_panel and key not in form:
            yield DataChange((*panel, key), REMOVED)


def _same_in_order(old: Any, new: Any) -> bool:
    """Whether queries are the same, in the same order, which of a mapping counts too."""
    return same(old, new) and (not isinstance(old, dict) or list(old) == list(new))

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
    found = []
    small = _one_by_one(data, panel, old, new)
    if small:
        found.append(small)
    grown = _grown(data, panel, old, new)
    if grown:
        found.append(grown)
    found += [
        _whole(data, panel.path, form)
        for form in (shortest(list(new.values())), {"queries": list(new.values())})
    ]
    return found


def _one_by_one(
    data: Json, panel: SettledPanel, old: dict[str, Json], new: dict[str, Json]
) -> list[DataChange]:
    """Each query where it is written; nothing when they have to be written anew."""
    places = {query.ref: query.path for query in panel.queries}
    kept = [ref for ref in old if ref in new]
    order = [ref for ref in new if ref in old]
    if set(places) != set(old):
        return []
    moved = list(moves(kept, order, (*panel.path, "queries")))
    if moved and (len(kept) != len(new) or len(kept) != len(old) or not _is_list(data, panel, places, old)):
        return []
    changes: list[DataChange] = []
    for ref in reversed(kept):
        found = _of_one(data, panel.path, places[ref], old[ref], new[ref])
        if found is None:
            return []
        changes += found
    gone = [places[ref] for ref in old if ref not in new]
    if any(place == panel.path for place in gone):
        return []
    come = _new_ones(
        data, panel.path, [(i, new[ref]) for i, ref in enumerate(new) if ref not in old], len(old)
    )
    if come is None:
        return []
    return [*changes, *moved, *come, *(DataChange(place, REMOVED) for place in reversed(gone))]


def _is_list(data: Json, panel: SettledPanel, places: dict[str, Path], refs: Iterable[str]) -> bool:
    """Whether the queries are the items of one list, in its order."""
    there = at(data, (*panel.path, "queries"))
    return isinstance(there, list) and [places[ref] for ref in refs] == [
        (*panel.path, "queries", number) for number in range(len(there))
    ]


def _grown(data: Json, panel: SettledPanel, old: dict[str, Json], new: dict[str, Json]) -> list[DataChange]:
    """The one query of a panel as the first of several, or with more words, its text as it is written."""
    path, there = panel.path, at(data, panel.path)
    ref = next(iter(old), None)
    if (
        len(old) != 1
        or ref is None
        or ref != next(iter(new), None)
        or "query" not in there
        or "queries" in there
    ):
        return []
    first: Path = (*path, "queries", 0)
    said = [word for word in ("query", "legend", "exemplars") if word in there]
    changes = [DataChange((*first, word), Carried((*path, word))) for word in said]
    for word, _, after in differing_words(old[ref], new[ref]):
        if after is not ABSENT or word in said:
            changes.append(DataChange((*first, word), REMOVED if after is ABSENT else after))
    rest = list(new.values())[1:]
    return [
        *changes,
        *(DataChange((*path, "queries", number), words) for number, words in enumerate(rest, 1)),
    ]


def _of_one(data: Json, panel: Path, place: Path, old: Json, new: Json) -> list[DataChange] | None:
    if same(old, new):
        return []
    words = list(differing_words(old, new))
    there = at(data, place)
    if place == panel and not {word for word, _, _ in words} <= _ALONE:
        return None
    if isinstance(there, str):
        return _of_text(place, words, new)
    named = isinstance(place[-1], str) and place != panel
    if named and any(word == "legend" for word, _, _ in words) and "legend" not in there:
        return None
    return [change for word, before, after in words for change in _first(data, (*place, word), before, after)]


def _first(data: Json, path: Path, old: Any, new: Any) -> list[DataChange]:
    found = onto(data, path, old, new)
    return found[0] if found else []


def _of_text(place: Path, words: list[tuple[str, Any, Any]], new: Json) -> list[DataChange] | None:
    """A query that is only its text below its legend."""
    if any(word == "legend" for word, _, _ in words):
        return None
    rest = {word: value for word, value in new.items() if word != "legend"}
    return [DataChange(place, rest["query"] if set(rest) == {"query"} else rest)]


def _new_ones(data: Json, panel: Path, come: list[tuple[int, Json]], before: int) -> list[DataChange] | None:
    if not come:
        return []
    there = at(data, (*panel, "queries"))
    if isinstance(there, list):
        return [DataChange((*panel, "queries"), Insertion(min(i, len(there)), words)) for i, words in come]
    last = [i for i, _ in come] == list(range(before, before + len(come)))
    if not isinstance(there, dict) or not last:
        return None
    named = [
        (str(words.get("legend") or ""), shortest([words, {"query": "", "legend": "\0"}]))
        for _, words in come
    ]
    if not all(legend and legend not in there for legend, _ in named):
        return None
    return [
        DataChange((*panel, "queries", legend), form["queries"][legend])
        for legend, form in named
        if isinstance(form["queries"], dict)
    ]


def _whole(data: Json, panel: Path, form: Json) -> list[DataChange]:
    return list(_replacing(data, panel, form))


def _replacing(data: Json, panel: Path, form: Json) -> Iterator[DataChange]:
    there = at(data, panel)
    for word in (*sorted(_ALONE), "queries"):
        if word in form and not (word in there and _says(there[word], form[word])):
            yield DataChange((*panel, word), form[word])
    for word in (*sorted(_ALONE), "queries"):
        if word in there and word not in form:
            yield DataChange((*panel, word), REMOVED)


def _says(there: Any, wanted: Any) -> bool:
    """Whether queries say what they should, in the same order."""
    in_order = not (isinstance(there, dict) and isinstance(wanted, dict)) or list(there) == list(wanted)
    return in_order and same(there, wanted)


def query_place(panel: SettledPanel, ref: str) -> Path | None:
    """Where a query of a panel is written."""
    return next((query.path for query in panel.queries if query.ref == ref), None)

"""What the build refuses is taken out of the words: as it is kept in ``raw:``, the imported spec builds."""

from collections.abc import Sequence
from typing import Protocol

from dashgen.formats.json_values import Json, text
from dashgen.formats.upgrade.notes import Notes
from dashgen.importer.import_panels import PanelSpec
from dashgen.source.source import Path

_NEEDED = frozenset({"name", "title", "type", "uid"})


class Rows(Protocol):
    """A row of an imported dashboard."""

    header: Json | None
    panels: list[PanelSpec]


class Parts(Protocol):
    """The parts of a dashboard that words can be taken out of."""

    top: Json
    variables: list[Json]
    annotations: list[Json]
    links: list[Json]

    def placed_rows(self) -> Sequence[Rows]:
        """The rows, in order."""


def withhold(parts: Parts, faults: Sequence[tuple[Path, str]], notes: Notes) -> bool:
    """Take out the words that the build refuses; whether there were any.

    Args:
        parts: the dashboard.
        faults: the paths in the spec, each with what is wrong.
        notes: gets the queries that are refused.
    """
    changed = [_withhold(parts, path, why, notes) for path, why in faults]
    return any(changed)


def _withhold(parts: Parts, path: Path, why: str, notes: Notes) -> bool:
    if not path:
        return False
    first, rest = path[0], path[1:]
    items = {"variables": parts.variables, "annotations": parts.annotations}.get(str(first))
    if items is not None:
        return bool(rest) and _from_item(items[int(rest[0])], rest[1:], why, notes)
    if first == "links" and parts.links:
        parts.links.clear()
        return True
    if first == "panels" and rest:
        return _from_panel(_panels(parts, None)[int(rest[0])], rest[1:], why, notes)
    if first == "rows" and len(rest) > 2 and rest[1] == "panels":
        return _from_panel(_panels(parts, int(rest[0]))[int(rest[2])], rest[3:], why, notes)
    return first not in _NEEDED and parts.top.pop(str(first), None) is not None


def _panels(parts: Parts, row: int | None) -> list[PanelSpec]:
    rows = parts.placed_rows()
    if row is None:
        return next(found.panels for found in rows if found.header is None)
    return [found for found in rows if found.header is not None][row].panels


def _from_item(item: Json, path: Path, why: str, notes: Notes) -> bool:
    """Out of a variable or an annotation query."""
    word = str(path[0]) if path else "query"
    if word in _NEEDED or word not in item or item[word] in ("", []):
        return False
    notes.refused.append((text(item.get("name")), why))
    if word == "query" and item.get("type", "query") == "query" and "color" not in item:
        item["query"] = ""
    elif word == "values":
        item["values"] = []
    else:
        del item[word]
    return True


def _from_panel(panel: PanelSpec, path: Path, why: str, notes: Notes) -> bool:
    word = path[0] if path else ""
    if word in ("query", "queries"):
        return _from_query(panel, path, why, notes)
    if word in _NEEDED or word not in panel.words:
        return False
    del panel.words[str(word)]
    panel.refused.add(str(word))
    return True


def _from_query(panel: PanelSpec, path: Path, why: str, notes: Notes) -> bool:
    step = path[1] if len(path) > 1 else 0
    if path[0] == "query" or not panel.queries:
        number = 0
    elif isinstance(step, int):
        number = step
    else:
        number = next((i for i, query in enumerate(panel.queries) if query.get("legend") == step), 0)
    query = panel.queries[number] if number < len(panel.queries) else {}
    word = next((w for w in ("math", "reduce", "resample", "threshold", "query") if w in query), None)
    if word is None or query[word] == _NOTHING:
        return False
    notes.refused.append((text(panel.wanted.get("title")), why))
    del query[word]
    if word != "query":
        query["math"] = _NOTHING
    return True


_NOTHING = "0"

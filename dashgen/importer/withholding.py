"""Take out the keys that the build refuses: what they said goes to ``raw:``, and the imported spec builds."""

from collections.abc import Sequence
from typing import Any, Protocol

from dashgen.core.json_values import Json, text
from dashgen.formats.upgrade.notes import Notes
from dashgen.importer.import_panels import PanelSpec
from dashgen.importer.import_sections import ImportedRow
from dashgen.model.spec_sections import section_path
from dashgen.source.source import Path

_NEEDED = frozenset({"name", "title", "type", "uid"})


class Parts(Protocol):
    """The parts of a dashboard that keys can be taken out of."""

    goal: Json
    top: Json
    variables: list[Json]
    annotations: list[Json]
    links: list[Json]

    def row_at(self, path: Path) -> ImportedRow:
        """The row or tab at a path of the spec; the panels outside of all at the empty path."""


def withhold(parts: Parts, faults: Sequence[tuple[Path, str]], notes: Notes) -> bool:
    """Take out the keys that the build refuses; return whether there were any.

    Args:
        parts: the dashboard.
        faults: the paths in the spec, each with what is wrong.
        notes: gets the queries that are refused.
    """
    # A list, as all faults have to be taken out: `any` over a generator would stop at the first.
    changed = [_withhold(parts, path, why, notes) for path, why in faults]
    return any(changed)


def _withhold(parts: Parts, path: Path, why: str, notes: Notes) -> bool:
    if not path:
        return False
    if "raw" in path:
        return _from_raw(parts, path, notes)
    section = section_path(path)
    rest = path[len(section) :]
    if not rest:
        return False
    first, below = rest[0], rest[1:]
    if first == "panels" and below:
        return _from_panel(parts.row_at(section).panels[int(below[0])], below[1:], why, notes)
    if section:
        return _from_row(parts.row_at(section), rest, why, notes)
    items = {"variables": parts.variables, "annotations": parts.annotations}.get(str(first))
    if items is not None:
        return bool(below) and _from_item(items[int(below[0])], below[1:], why, notes)
    if first == "links" and parts.links:
        parts.links.clear()
        return True
    return first not in _NEEDED and parts.top.pop(str(first), None) is not None


def _from_row(row: ImportedRow, path: Path, why: str, notes: Notes) -> bool:
    """Take out the repetition of a row or tab, a condition, or a key of one of its variables.

    Grafana shows a row once when the variable that repeats it does not exist (``RowRepeaterBehavior``, 12).
    """
    first, below = path[0], path[1:]
    if first == "variables" and below:
        return _from_item(row.variables[int(below[0])], below[1:], why, notes)
    if first in ("show_when", "hide_when") and str(first) not in row.withheld:
        row.withheld.add(str(first))
        return True
    if first != "repeat" or row.header is None or not row.header.pop("repeat", ""):
        return False
    notes.drop(
        "the repetition of a row by a variable that the dashboard does not have; Grafana shows it once"
    )
    return True


def _from_item(item: Json, path: Path, why: str, notes: Notes) -> bool:
    """Take a key out of a variable or an annotation query."""
    key = str(path[0]) if path else "query"
    if key in _NEEDED or key not in item or item[key] in ("", []):
        return False
    notes.refused.append((text(item.get("name")), why))
    # Query variables need a query, which may be empty; annotations, which have a colour, do without one.
    if key == "query" and item.get("type", "query") == "query" and "color" not in item:
        item["query"] = ""
    elif key == "values":
        item["values"] = []
    else:
        del item[key]
    return True


def _from_panel(panel: PanelSpec, path: Path, why: str, notes: Notes) -> bool:
    key = path[0] if path else ""
    if key in ("query", "queries"):
        return _from_query(panel, path, why, notes)
    if key in _NEEDED or key not in panel.keys:
        return False
    del panel.keys[str(key)]
    panel.refused.add(str(key))
    return True


def _from_raw(parts: Parts, path: Path, notes: Notes) -> bool:
    """Take out a key that the build refuses as a misspelling of one that Grafana reads."""
    before, below = path[: path.index("raw")], path[path.index("raw") + 1 :]
    part, what = _original(parts, before)
    for step in below[:-1]:
        try:
            part = part[step]
        except (KeyError, IndexError, TypeError):
            return False
    if not below or not isinstance(part, dict) or part.pop(below[-1], None) is None:
        return False
    keys = [step for step in below if isinstance(step, str)]
    notes.unread.add(".".join([what, *keys]))
    notes.drop(f"`{'.'.join(keys)}` of a {what}, which Grafana does not read")
    return True


def _original(parts: Parts, path: Path) -> tuple[Any, str]:
    """The JSON that a part of the spec is made of, and the name of the part in notes."""
    section = section_path(path)
    rest = path[len(section) :]
    if not rest:
        return (parts.row_at(section).header, "row") if section else (parts.goal, "dashboard")
    first, number = rest[0], int(rest[1]) if len(rest) > 1 else 0
    if first in ("variables", "annotations"):
        return _original_item(parts, section, str(first), number)
    panel, below = parts.row_at(section).panels[number], rest[2:]
    if not below:
        return panel.goal, "panel"
    targets = panel.goal.get("targets") or [{}]
    return targets[min(_number(panel, below), len(targets) - 1)], "target"


def _original_item(parts: Parts, section: Path, key: str, number: int) -> tuple[Any, str]:
    """The JSON that a variable or annotation query is made of."""
    what = key.removesuffix("s")
    if key == "annotations":
        specs, listed = parts.annotations, parts.goal["annotations"]["list"]
    elif section:
        row = parts.row_at(section)
        specs, listed = row.variables, row.dynamic["variables"]
    else:
        specs, listed = parts.variables, parts.goal["templating"]["list"]
    named = [item for item in listed if item.get("name") == specs[number]["name"]]
    return (named or [{}])[-1], what


def _from_query(panel: PanelSpec, path: Path, why: str, notes: Notes) -> bool:
    number = _number(panel, path)
    query = panel.queries[number] if number < len(panel.queries) else {}
    key = next((w for w in ("math", "reduce", "resample", "threshold", "query") if w in query), None)
    if key is None or query[key] == _NOTHING:
        return False
    notes.refused.append((text(panel.goal.get("title")), why))
    del query[key]
    # An expression needs some text that the build accepts; `raw:` has the original.
    if key != "query":
        query["math"] = _NOTHING
    return True


def _number(panel: PanelSpec, path: Path) -> int:
    """The index of the query of a path: there may be one, a list, or a mapping from legend to query."""
    step = path[1] if len(path) > 1 else 0
    if path[0] == "query" or not panel.queries:
        return 0
    if isinstance(step, int):
        return step
    return next((i for i, query in enumerate(panel.queries) if query.get("legend") == step), 0)


_NOTHING = "0"

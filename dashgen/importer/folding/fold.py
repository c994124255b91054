"""A spec with everything that is said several times said once, where that is shorter and exactly the same."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from dashgen.core.json_values import Json, same
from dashgen.importer.folding.common_defaults import common_words
from dashgen.importer.folding.fold_components import fold_panels
from dashgen.importer.folding.fold_loops import OVERRIDES, PANELS, QUERIES, ROWS, Kind, Proof, fold_list
from dashgen.importer.folding.panel_shapes import height
from dashgen.importer.folding.proof import Prover
from dashgen.model.project_file import Defaults
from dashgen.source.components import ITEM_KINDS, Component
from dashgen.source.resolve import Scope
from dashgen.source.spec_text import protected

_OF_A_LOOPED_PANEL = frozenset({"for_each", "query", "legend", "exemplars"})
_BEFORE_PANELS = ("variables", "annotations", "links", "rows", "panels", "raw")


def fold(spec: Json, name: str, scope: Scope, project: Defaults) -> list[Json]:
    """The documents that stand for a spec: its components, if it gets any, and the dashboard.

    Args:
        spec: the dashboard's words, in which no text is protected yet.
        name: what the names of its components start with.
        scope: what expressions of the project can see.
        project: what the project's panels say by default.

    Returns:
        Documents in which expressions are expressions, and all other text is protected from being taken for one.
    """
    made = deepcopy(protected(spec))
    lists = _panel_lists(made)
    if defaults := common_words(lists, project):
        made = _with_defaults(made, defaults)
    prover = Prover(scope)
    for key in ("variables", "annotations"):
        if key in made:
            made[key] = use_known(made[key], key, prover)
    for panels in lists:
        for panel in panels:
            _fold_inside(panel, prover)
        panels[:] = fold_list(panels, PANELS, _proof(PANELS, prover))
    if made.get("rows"):
        made["rows"] = fold_list(made["rows"], ROWS, _proof(ROWS, prover))
    lists = _panel_lists(made)
    components = fold_panels(lists, name, prover)
    for panels in lists:
        panels[:] = [_looped(panel, prover) for panel in panels]
    return [*([{"kind": "Components", "components": components}] if components else []), made]


def _panel_lists(spec: Json) -> list[list[Json]]:
    """The panels above the rows and those of each row that is no loop."""
    parts = [spec, *(row for row in spec.get("rows", ()) if "for_each" not in row)]
    return [part["panels"] for part in parts if part.get("panels")]


def _with_defaults(spec: Json, defaults: Json) -> Json:
    before = {key: value for key, value in spec.items() if key not in _BEFORE_PANELS}
    return {**before, "defaults": defaults, **{key: spec[key] for key in spec if key not in before}}


def _proof(kind: Kind, prover: Prover) -> Proof:
    def holds(folded: list[Any], plain: Sequence[Any]) -> bool:
        return prover.same(kind.key, folded, plain, {})

    return holds


def _fold_inside(panel: Json, prover: Prover) -> None:
    """Fold the queries and the overrides of a panel."""
    for kind in (QUERIES, OVERRIDES):
        given = panel.get(kind.key)
        if not given:
            continue
        items = _as_list(given) if isinstance(given, dict) else given
        folded = fold_list(items, kind, _proof(kind, prover))
        if len(folded) < len(items) and height(kind.key, folded) < height(kind.key, given):
            panel[kind.key] = folded


def _as_list(queries: Json) -> list[Json]:
    """Queries by legend as a list."""
    return [
        {"query": query, "legend": legend} if isinstance(query, str) else {**query, "legend": legend}
        for legend, query in queries.items()
    ]


def _looped(panel: Json, prover: Prover) -> Json:
    """A panel whose only queries are a loop says the loop itself."""
    queries = panel.get("queries")
    if "for_each" in panel or not isinstance(queries, list) or len(queries) != 1:
        return panel
    query = queries[0]
    if "for_each" not in query or not set(query) <= _OF_A_LOOPED_PANEL or "query" not in query:
        return panel
    ordered = {key: query[key] for key in ("for_each", "query", "legend", "exemplars") if key in query}
    made: Json = {}
    for key, value in panel.items():
        made |= ordered if key == "queries" else {key: value}
    return made if prover.same("panels", [made], [panel], {}) else panel


def use_known(items: list[Json], key: str, prover: Prover) -> list[Json]:
    """The list with uses where the project has components that need no arguments and say the same.

    Args:
        items: the list.
        key: its key, ``variables`` or ``annotations``.
        prover: expands components.
    """
    made = items
    for name, component in prover.scope.components.items():
        if _fits(component, key):
            use = {"use": name}
            made = _replaced(made, prover.expanded(key, [use], prover.scope) or [], use)
    return made


def _fits(component: Component, key: str) -> bool:
    kind = ITEM_KINDS.get(component.kind, component.kind)
    return kind == ITEM_KINDS[key] and not any(p.required for p in component.parameters.values())


def _replaced(items: list[Json], wanted: list[Any], use: Json) -> list[Json]:
    """The list with a use instead of the first neighbours that are what it makes."""
    for start in range(len(items) - len(wanted) + 1) if wanted else ():
        if same(items[start : start + len(wanted)], wanted):
            return [*items[:start], use, *items[start + len(wanted) :]]
    return items

"""Fold a spec: equal parts are written once, where that is shorter and exactly the same."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from copy import deepcopy
from typing import Any

from dashgen.core.json_values import Json, same
from dashgen.importer.folding.common_defaults import common_defaults
from dashgen.importer.folding.fold_components import fold_panels
from dashgen.importer.folding.fold_loops import (
    OVERRIDES,
    PANELS,
    QUERIES,
    ROWS,
    TABS,
    ExactTest,
    FoldableList,
    fold_list,
)
from dashgen.importer.folding.panel_shapes import height
from dashgen.importer.folding.proof import Prover
from dashgen.model.project_file import Defaults
from dashgen.model.spec_sections import SECTION_LISTS, containers
from dashgen.source.components import ITEM_KINDS, Component
from dashgen.source.resolve import Scope
from dashgen.source.spec_text import protected

_OF_A_LOOPED_PANEL = frozenset({"for_each", "query", "legend", "exemplars"})
_BEFORE_PANELS = ("variables", "annotations", "links", "rows", "tabs", "panels", "raw")


def fold(
    spec: Json, name: str, scope: Scope, project: Defaults, taken: AbstractSet[str] = frozenset()
) -> list[Json]:
    """Fold a spec into documents: its components, if it gets any, and the dashboard.

    Args:
        spec: the dashboard's keys, in which no text is protected yet.
        name: how the names of its components begin.
        scope: what expressions of the project can see.
        project: the project's defaults of panels.
        taken: names of components of other specs that are imported too.

    Returns:
        Documents in which ``${{`` begins an expression, and is protected wherever it was text.
    """
    # Defaults first, as they make panels alike that differed only in what most have; then inside out:
    # queries and overrides before panels, panels before rows, and components of what no loop took.
    folded = deepcopy(protected(spec))
    lists = _panel_lists(folded)
    if defaults := common_defaults(lists, project):
        folded = _with_defaults(folded, defaults)
    prover = Prover(scope)
    _use_known_variables(folded, prover)
    for panels in lists:
        for panel in panels:
            _fold_inside(panel, prover)
        panels[:] = fold_list(panels, PANELS, _proof(PANELS, prover))
    _fold_sections(folded, prover)
    lists = _panel_lists(folded)
    components = fold_panels(lists, name, prover, taken)
    for panels in lists:
        panels[:] = [_looped(panel, prover) for panel in panels]
    return [*([{"kind": "Components", "components": components}] if components else []), folded]


def _panel_lists(part: Json) -> list[list[Json]]:
    """The panels of a dashboard, row or tab and of the rows and tabs in it that are no loops."""
    if "for_each" in part:
        return []
    inner = [
        panels for key in SECTION_LISTS for section in part.get(key, ()) for panels in _panel_lists(section)
    ]
    return [part["panels"], *inner] if part.get("panels") else inner


def _with_defaults(spec: Json, defaults: Json) -> Json:
    before = {key: value for key, value in spec.items() if key not in _BEFORE_PANELS}
    return {**before, "defaults": defaults, **{key: spec[key] for key in spec if key not in before}}


def _proof(kind: FoldableList, prover: Prover) -> ExactTest:
    def holds(folded: list[Any], plain: Sequence[Any]) -> bool:
        return prover.same(kind.key, folded, plain, {})

    return holds


def _use_known_variables(folded: Json, prover: Prover) -> None:
    for _, part in containers(folded):
        for key in ("variables", "annotations"):
            if key in part:
                part[key] = use_known(part[key], key, prover)


def _fold_sections(folded: Json, prover: Prover) -> None:
    """Fold rows and tabs, the inner ones before those around them."""
    for _, part in reversed(list(containers(folded))):
        for kind in (ROWS, TABS):
            if part.get(kind.key):
                part[kind.key] = fold_list(part[kind.key], kind, _proof(kind, prover))


def _fold_inside(panel: Json, prover: Prover) -> None:
    """Fold the queries and the overrides of a panel."""
    for kind in (QUERIES, OVERRIDES):
        value = panel.get(kind.key)
        if not value:
            continue
        items = _as_list(value) if isinstance(value, dict) else value
        folded = fold_list(items, kind, _proof(kind, prover))
        if len(folded) < len(items) and height(kind.key, folded) < height(kind.key, value):
            panel[kind.key] = folded


def _as_list(queries: Json) -> list[Json]:
    """A mapping from legend to query as a list."""
    return [
        {"query": query, "legend": legend} if isinstance(query, str) else {**query, "legend": legend}
        for legend, query in queries.items()
    ]


def _looped(panel: Json, prover: Prover) -> Json:
    """A panel with ``for_each`` of its own when its only queries are one loop."""
    queries = panel.get("queries")
    if "for_each" in panel or not isinstance(queries, list) or len(queries) != 1:
        return panel
    query = queries[0]
    if "for_each" not in query or not set(query) <= _OF_A_LOOPED_PANEL or "query" not in query:
        return panel
    ordered = {key: query[key] for key in ("for_each", "query", "legend", "exemplars") if key in query}
    loop: Json = {}
    for key, value in panel.items():
        loop |= ordered if key == "queries" else {key: value}
    return loop if prover.same("panels", [loop], [panel], {}) else panel


def use_known(items: list[Json], key: str, prover: Prover) -> list[Json]:
    """The list with uses where the project has components without arguments that expand to the same.

    Args:
        items: the list.
        key: its key, ``variables`` or ``annotations``.
        prover: expands components.
    """
    folded = items
    for name, component in prover.scope.components.items():
        if _fits(component, key):
            use = {"use": name}
            folded = _replaced(folded, prover.expanded(key, [use], prover.scope) or [], use)
    return folded


def _fits(component: Component, key: str) -> bool:
    kind = ITEM_KINDS.get(component.kind, component.kind)
    return kind == ITEM_KINDS[key] and not any(p.required for p in component.parameters.values())


def _replaced(items: list[Json], expansion: list[Any], use: Json) -> list[Json]:
    """The list with a use instead of the first neighbours that are what it makes."""
    for start in range(len(items) - len(expansion) + 1) if expansion else ():
        if same(items[start : start + len(expansion)], expansion):
            return [*items[:start], use, *items[start + len(expansion) :]]
    return items

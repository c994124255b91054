"""The panels of a dashboard's JSON: those at its top, and those that a collapsed row holds."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

from dashgen.core.json_values import Json, mapping, mappings, whole

Path: TypeAlias = tuple[str | int, ...]
COLUMNS: Final = 24
"""The columns of Grafana's grid of panels (``GRID_COLUMN_COUNT`` in ``public/app/core/constants.ts``)."""


def located_panels(panels: object) -> Iterator[tuple[Path, Json]]:
    """Yield every panel and row with its path in the dashboard; a row comes before the panels in it.

    Args:
        panels: what the dashboard has as ``panels``; anything but a list has no panels, nor has an item that
            is not a mapping.
    """
    for index, panel in _entries(panels):
        yield ("panels", index), panel
        for number, child in _entries(panel.get("panels")):
            yield ("panels", index, "panels", number), child


def every_panel(panels: object) -> Iterator[Json]:
    """Yield every panel and row, a row before the panels in it."""
    return (panel for _, panel in located_panels(panels))


def drawn_panels(panels: object) -> Iterator[Json]:
    """Yield the panels without the rows, those in collapsed rows too."""
    # Only rows hold panels: Grafana does not show what other panels have under this key.
    for panel in mappings(panels):
        if panel.get("type") == "row":
            yield from mappings(panel.get("panels"))
        else:
            yield panel


def panels_in_sections(panels: object) -> Iterator[tuple[Json, tuple[Json, ...]]]:
    """Yield the panels and headers at the top of a dashboard, each with the variables of its sections.

    Args:
        panels: the panels of the extended classic form (`formats/v2`); those of outer sections come first.
    """
    around: list[tuple[Json, ...]] = []
    for panel in mappings(panels):
        if panel.get("type") == "row":
            dynamic = mapping(panel.get("dynamic"))
            del around[max(whole(dynamic.get("level")), 0) :]
            around.append((*(around[-1] if around else ()), *mappings(dynamic.get("variables"))))
        yield panel, around[-1] if around else ()


def every_variable(dashboard: Mapping[str, Any]) -> list[Json]:
    """The variables of a dashboard of the extended classic form, and then those of its sections."""
    sections = (mapping(panel.get("dynamic")).get("variables") for panel in mappings(dashboard.get("panels")))
    own = mappings(mapping(dashboard.get("templating")).get("list"))
    return [*own, *(variable for variables in sections for variable in mappings(variables))]


def number_panels(panels: list[Json]) -> None:
    """Give panels without an id, or with one that a panel before them has, the smallest free one."""
    # Two rounds: a panel further down may have the number that would be the smallest free one here.
    taken: set[int] = set()
    unnumbered = []
    for panel in every_panel(panels):
        number = panel.get("id")
        if not number or number in taken:
            unnumbered.append(panel)
        else:
            taken.add(number)
    free = iter(range(1, len(taken) + len(unnumbered) + 1))
    for panel in unnumbered:
        panel["id"] = next(number for number in free if number not in taken)


def _entries(value: object) -> Iterator[tuple[int, Json]]:
    if isinstance(value, list):
        yield from ((index, item) for index, item in enumerate(value) if isinstance(item, dict))

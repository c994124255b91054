"""What uses a variable of a dashboard, and what uses the variables that depend on it."""

import re
from collections.abc import Iterator
from typing import Final

from dashgen.project.impact.impact_use import (
    ImpactProject,
    ImpactUse,
    PathOwners,
    location_of,
    part_text,
    strings,
)
from dashgen.project.inspection import InspectedDashboard
from dashgen.query.query_context import references
from dashgen.source.source import Path

_CONDITIONS: Final = frozenset(("show_when", "hide_when"))


def variable_impact(project: ImpactProject, name: str, dashboard: str = "") -> Iterator[ImpactUse]:
    """What uses a variable: every text with `$name` in it, what is repeated by it, and links that set it.

    Args:
        project: the project.
        name: the variable.
        dashboard: the uid of the one dashboard to look at; all dashboards that have the variable when empty.
    """
    for one in project.inspection.dashboards:
        names = {variable.variable.name for variable in one.settled.all_variables()}
        if name in names and dashboard in ("", one.settled.uid):
            yield from _in_dashboard(one, name)
        yield from _links_to(one, name, dashboard)


def _in_dashboard(dashboard: InspectedDashboard, name: str) -> Iterator[ImpactUse]:
    parts = PathOwners(dashboard)
    waiting: list[tuple[str, tuple[str, ...]]] = [(name, ())]
    seen = {name}
    while waiting:
        variable, via = waiting.pop(0)
        for path, offset, text in _uses(dashboard, variable):
            owner, below = parts.owner(path)
            own_name = owner.name.rpartition("/")[2]
            if owner.kind == "variable" and own_name == variable:
                continue
            origin = dashboard.resolved.origin(path)
            location = origin.character(offset, text) if offset >= 0 else origin.location()
            yield ImpactUse(owner.kind, owner.name, owner.parent, part_text(below) or "repeat", location, via)
            if owner.kind == "variable" and own_name not in seen:
                seen.add(own_name)
                waiting.append((own_name, (*via, f"${own_name}")))


def _uses(dashboard: InspectedDashboard, name: str) -> Iterator[tuple[Path, int, str]]:
    """The texts that use a variable, with the offset of the first use; -1 for what is repeated by it."""
    for path, text, is_key in strings(dashboard.resolved.data):
        if is_key:
            continue
        if (text == name and (path[-1] == "repeat" or path[-2:] == ("repeat", "by"))) or (
            path[-1] == "variable" and not _CONDITIONS.isdisjoint(path) and text.strip("${}") == name
        ):
            yield path, -1, text
        elif "$" in text or "[[" in text:
            start = next((use.start for use in references(text) if use.name == name), -1)
            if start >= 0:
                yield path, start, text


def _links_to(dashboard: InspectedDashboard, name: str, target: str) -> Iterator[ImpactUse]:
    """The addresses of links that set the variable in the dashboard that they open."""
    setting = re.compile(rf"[?&]var-{re.escape(name)}=")
    parts = PathOwners(dashboard)
    for path, text, is_key in strings(dashboard.resolved.data):
        if is_key or (match := setting.search(text)) is None or (target and f"/d/{target}" not in text):
            continue
        owner, below = parts.owner(path)
        location = dashboard.resolved.origin(path).character(match.start() + 1, text)
        yield ImpactUse(owner.kind, owner.name, owner.parent, part_text(below), location)


def variable_place(dashboard: InspectedDashboard, name: str) -> Iterator[ImpactUse]:
    """The definition of a variable in a dashboard, if it has it."""
    for variable in dashboard.settled.all_variables():
        if variable.variable.name == name:
            uid = dashboard.settled.uid
            location = location_of(dashboard.resolved, variable.path)
            yield ImpactUse("variable", f"{uid}/{name}", uid, "definition", location)

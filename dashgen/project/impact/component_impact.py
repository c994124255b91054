"""What is made by a component."""

from collections.abc import Iterator

from dashgen.compile.project_documents import COMPONENTS
from dashgen.core.json_values import at
from dashgen.project.impact.impact_use import ImpactProject, ImpactUse, PathOwners, rule_asker
from dashgen.project.placed_queries import Asker
from dashgen.source.components import RULE_GROUPS
from dashgen.source.provenance import Origin, Resolved
from dashgen.source.source import Path


def component_impact(project: ImpactProject, name: str) -> Iterator[ImpactUse]:
    """What is made by a component, at the line that uses it, and the components that use it."""
    inspection = project.inspection
    for dashboard in inspection.dashboards:
        uid = dashboard.settled.uid
        parts = dict(PathOwners(dashboard).items())
        queries = {
            query.path: Asker("panel", f"{uid}/{panel.key}", uid)
            for row in dashboard.settled.rows
            for panel in row.panels
            for query in panel.queries
            if query.path not in parts
        }
        for number, link in enumerate(dashboard.settled.dashboard.links):
            parts[("links", number)] = Asker("link", f"{uid}/{link.title or link.dashboard or link.url}", uid)
        yield from _made(dashboard.resolved, queries, name, "query")
        yield from _made(dashboard.resolved, parts, name, "")
    for group in inspection.groups:
        rules = {rule.placed.path: rule_asker(rule, group) for rule in group.rules}
        yield from _made(group.document.resolved, rules, name, "")
    yield from _components(project, name)


def _made(resolved: Resolved, parts: dict[Path, Asker], name: str, kind: str) -> Iterator[ImpactUse]:
    """The parts of a document that come from the component, each at the line of its outermost use."""
    for path, owner in parts.items():
        # What is inside of a part that comes from a component does so too: only its own use counts.
        names = _names(resolved.origin(path))
        if name not in names or (path[:-1] and name in _names(_around(resolved, path))):
            continue
        via = tuple(names[names.index(name) + 1 :])
        origin = resolved.origin(path)
        while origin.via is not None:
            origin = origin.via
        yield ImpactUse(owner.kind, owner.name, owner.parent, kind or owner.kind, origin.location(), via)


def _around(resolved: Resolved, path: Path) -> Origin:
    """The origin of the item that a part is inside of, such as the panel of a query."""
    length = len(path) - 1
    while length > 0 and isinstance(path[length - 1], str):
        length -= 1
    # A group of rules that a component brings comes from it as a whole, and each of its rules counts.
    return resolved.origin(path[:length]) if length else Origin(resolved.document, ())


def _names(origin: Origin) -> list[str]:
    """The components that a value comes through, the innermost first."""
    names = []
    step: Origin | None = origin
    while step is not None and step.via is not None:
        data = step.document.data
        if isinstance(data, dict) and data.get("kind") == COMPONENTS and len(step.path) > 1:
            names.append(str(step.path[1]))
        step = step.via
    return names


def _components(project: ImpactProject, name: str) -> Iterator[ImpactUse]:
    """The components whose bodies use it."""
    for component in project.inspection.documents.components.values():
        for key, part in ((component.kind, component.body), (RULE_GROUPS, component.rule_groups)):
            for path in _uses(part):
                if at(part, path) == name:
                    origin = component.part(key)
                    location = origin.document.location((*origin.path, *path))
                    yield ImpactUse("component", component.name, "", component.kind, location)


def _uses(body: object, path: Path = ()) -> Iterator[Path]:
    """The paths of the names of components below a value."""
    if isinstance(body, dict):
        for key, part in body.items():
            if key == "use" and isinstance(part, str):
                yield (*path, key)
            else:
                yield from _uses(part, (*path, key))
    elif isinstance(body, list):
        for number, part in enumerate(body):
            yield from _uses(part, (*path, number))

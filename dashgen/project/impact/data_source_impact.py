"""What queries a data source, or leads to it."""

from collections.abc import Iterator

from dashgen.check.lint.places import SpecPlace
from dashgen.core.diagnostics import Location
from dashgen.core.json_values import ABSENT, at
from dashgen.model.data_source_spec import DataSourceRef, PlacedDataSource, placed_data_sources
from dashgen.model.settled_alerts import SettledGroup, SettledRecord
from dashgen.model.variable_spec import DatasourceVariable
from dashgen.project.impact.impact_use import (
    ImpactProject,
    ImpactUse,
    PathOwners,
    location_of,
    part_text,
    query_use,
    strings,
)
from dashgen.project.inspection import InspectedDashboard
from dashgen.project.placed_queries import RECORDING, PlacedQuery

_LINKS = ("exemplars", "derived_fields", "traces_to_logs", "traces_to_metrics", "service_map")


def data_source_impact(
    project: ImpactProject, ref: DataSourceRef, names: frozenset[str]
) -> Iterator[ImpactUse]:
    """What queries a data source, or leads to it.

    Args:
        project: the project.
        ref: the data source.
        names: the words that mean it.
    """
    for query in project.queries:
        if query.datasource == ref.uid:
            yield query_use(query, _source_location(query))
    for dashboard in project.inspection.dashboards:
        yield from _dashboard_sources(PathOwners(dashboard), dashboard, ref)
    for group in project.inspection.groups:
        yield from _stored(group, ref)
    for item in placed_data_sources(project.inspection.documents.of("DataSources")):
        if item.uid != ref.uid:
            yield from _links(item, names)


def _source_location(query: PlacedQuery) -> Location:
    """Where a query's data source is named, or else the query itself."""
    origin = query.place
    if isinstance(origin, SpecPlace) and at(origin.value, ("datasource",)) is not ABSENT:
        return origin.location(("datasource",))
    return query.location()


def _dashboard_sources(
    parts: PathOwners, dashboard: InspectedDashboard, ref: DataSourceRef
) -> Iterator[ImpactUse]:
    """The parts of a dashboard with the data source and no query of a known language, and its choices."""
    uses = [
        (panel.path, "data source")
        for row in dashboard.settled.rows
        for panel in row.panels
        if panel.datasource == ref and not any(query.query.query for query in panel.queries)
    ]
    for variable in dashboard.settled.all_variables():
        if variable.datasource == ref and not getattr(variable.variable, "query", ""):
            uses.append((variable.path, "data source"))
        if isinstance(variable.variable, DatasourceVariable) and variable.variable.plugin == ref.type:
            uses.append((variable.path, "a choice"))
    uses += [
        (one.path, "data source")
        for one in dashboard.settled.annotations
        if one.datasource == ref and not one.annotation.query
    ]
    for path, part in uses:
        owner, _ = parts.owner(path)
        yield ImpactUse(owner.kind, owner.name, owner.parent, part, location_of(dashboard.resolved, path))


def _stored(group: SettledGroup, ref: DataSourceRef) -> Iterator[ImpactUse]:
    """The recording rules of Grafana that write into a data source."""
    for rule in group.rules:
        if isinstance(rule, SettledRecord) and rule.target == ref:
            location = location_of(group.document.resolved, (*rule.placed.path, "target"))
            yield ImpactUse(RECORDING, rule.rule.record, group.name, "target", location)


def _links(item: PlacedDataSource, names: frozenset[str]) -> Iterator[ImpactUse]:
    """The links of another data source: exemplars, derived fields, what traces lead to, the service map."""
    data = at(item.document.resolved.data, item.path)
    for path, text, is_key in strings(data):
        is_link = path[0] in _LINKS and path[-1] in (*_LINKS, "to")
        if is_link and not is_key and names & {text, text.lower()}:
            location = location_of(item.document.resolved, (*item.path, *path))
            yield ImpactUse("datasource", item.name, "", part_text(path), location)

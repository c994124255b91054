"""What a change of one thing touches, by the kind of the thing."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Final

from msgspec import Struct

from dashgen.core.diagnostics import Location, nearest
from dashgen.core.errors import DashgenError
from dashgen.model.notification_spec import contact_point_names
from dashgen.project.impact.component_impact import component_impact
from dashgen.project.impact.contact_impact import contact_point_impact
from dashgen.project.impact.data_source_impact import data_source_impact
from dashgen.project.impact.impact_use import ImpactProject, ImpactUse, arranged
from dashgen.project.impact.label_impact import label_impact, used_labels
from dashgen.project.impact.metric_impact import metric_impact
from dashgen.project.impact.variable_impact import variable_impact, variable_place
from dashgen.project.inspection import Inspection
from dashgen.project.spec_listing import entries
from dashgen.source.shipped_components import library_names


class Impact(Struct, frozen=True):
    """A subject, where it is defined, and everything that uses it."""

    kind: str
    name: str
    definitions: tuple[Location, ...]
    uses: tuple[ImpactUse, ...]


class _Kind(Struct, frozen=True):
    """A kind of subject: its names in a project, what it touches, and its kinds in `dashgen list`."""

    names: Callable[[ImpactProject], Collection[str]]
    uses: Callable[[ImpactProject, str], Iterator[ImpactUse]]
    listed: tuple[str, ...] = ()


def impact_of(inspection: Inspection, subject: str) -> Impact:
    """Everything that a change of something touches.

    Args:
        inspection: the project.
        subject: the kind and the name, such as ``metric:app_queries_total``; of a variable also
            ``variable:DASHBOARD/NAME``.

    Raises:
        DashgenError: there is no such kind, or nothing of this name.
    """
    project = ImpactProject(inspection)
    kind, colon, name = subject.partition(":")
    if not colon or kind not in KINDS:
        raise DashgenError(_wrong_kind(project, subject))
    names = KINDS[kind].names(project)
    if name not in names:
        hint = nearest(name, names)
        raise DashgenError(f"there is no {_word(kind)} `{name}`" + (f"; {hint}" if hint else ""))
    uses = arranged(KINDS[kind].uses(project, name))
    return Impact(kind, name, tuple(_definitions(project, kind, name)), tuple(uses))


def subjects(inspection: Inspection) -> Iterator[str]:
    """Every subject that `impact_of` takes."""
    project = ImpactProject(inspection)
    for kind, described in KINDS.items():
        yield from (f"{kind}:{name}" for name in sorted(described.names(project)))


def _wrong_kind(project: ImpactProject, subject: str) -> str:
    """The message about a subject without a kind, which names the kind if it is the name of something."""
    fitting = [kind for kind, described in KINDS.items() if subject in described.names(project)]
    if fitting:
        return f"`{subject}` has no kind; write `{fitting[0]}:{subject}`"
    kind = subject.partition(":")[0]
    return f"there is no kind `{kind}`; {nearest(kind, KINDS)}"


def _word(kind: str) -> str:
    return "data source" if kind == "datasource" else kind.replace("_", " ")


def _definitions(project: ImpactProject, kind: str, name: str) -> Iterator[Location]:
    inspection = project.inspection
    if kind == "variable":
        dashboard, _, variable = name.rpartition("/")
        for one in inspection.dashboards:
            if dashboard in ("", one.settled.uid):
                yield from (use.location for use in variable_place(one, variable))
        return
    names = _data_source_names(project, name) if kind == "datasource" else {name}
    for entry in entries(inspection):
        if entry.kind in KINDS[kind].listed and entry.name in names:
            yield entry.location


def _metric_names(project: ImpactProject) -> Collection[str]:
    documents = project.inspection.documents
    names = {name for document in documents.of("Metrics") for name in document.model.metrics}
    records = {rule.asker.name for rule in project.queries if rule.asker.kind == "recording-rule"}
    return names | records | {*project.series.names()}


def _data_sources(project: ImpactProject) -> Mapping[str, object]:
    return project.inspection.compiler.context.sources.by_name


def _data_source_uses(project: ImpactProject, name: str) -> Iterator[ImpactUse]:
    ref = project.inspection.compiler.context.sources.by_name[name]
    return data_source_impact(project, ref, frozenset(_data_source_names(project, name)))


def _data_source_names(project: ImpactProject, name: str) -> set[str]:
    """All words that mean the same data source."""
    sources = project.inspection.compiler.context.sources.by_name
    return {alias for alias, ref in sources.items() if ref == sources[name]}


def _variable_names(project: ImpactProject) -> Collection[str]:
    names = set()
    for one in project.inspection.dashboards:
        for variable in one.settled.all_variables():
            names |= {variable.variable.name, f"{one.settled.uid}/{variable.variable.name}"}
    return names


def _variable_uses(project: ImpactProject, name: str) -> Iterator[ImpactUse]:
    dashboard, _, variable = name.rpartition("/")
    return variable_impact(project, variable, dashboard)


def _contact_points(project: ImpactProject) -> Collection[str]:
    return contact_point_names(project.inspection.documents.of("Notifications"))


def _components(project: ImpactProject) -> Collection[str]:
    return [*project.inspection.documents.components, *library_names()]


KINDS: Final[Mapping[str, _Kind]] = {
    "metric": _Kind(_metric_names, metric_impact, ("metric", "recording-rule")),
    "datasource": _Kind(_data_sources, _data_source_uses, ("datasource",)),
    "variable": _Kind(_variable_names, _variable_uses),
    "contact_point": _Kind(_contact_points, contact_point_impact, ("contact-point",)),
    "component": _Kind(_components, component_impact, ("component",)),
    "label": _Kind(used_labels, label_impact),
}
"""The kinds of subjects."""

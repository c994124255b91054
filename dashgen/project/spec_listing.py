"""What the specs define, one entry for each thing."""

from collections.abc import Callable, Iterator

from msgspec import Struct

from dashgen.compile.project_documents import Documents
from dashgen.core.diagnostics import Location
from dashgen.model.alert_rules import AlertRule, read_rules, slug
from dashgen.model.data_source_spec import placed_data_sources
from dashgen.model.folder import folder_places
from dashgen.model.notification_spec import contact_points, inhibition_rules, mute_timings, templates
from dashgen.model.standing_annotations import event_key
from dashgen.project.inspection import Inspection
from dashgen.source.provenance import Reporter


class Entry(Struct, frozen=True):
    """What a spec defines: its kind, uid or name, title, folder if it has one, and location.

    ``tabs`` are the titles of a dashboard's tabs.
    """

    kind: str
    name: str
    title: str
    folder: str
    location: Location
    tabs: tuple[str, ...] = ()


def entries(inspection: Inspection) -> list[Entry]:
    """Everything that the specs of a project define, by kind and name."""
    listed = [*_dashboards(inspection)]
    for read in _READERS:
        listed += read(inspection.documents)
    return listed


def _dashboards(inspection: Inspection) -> Iterator[Entry]:
    for dashboard in inspection.dashboards:
        spec, location = dashboard.settled.dashboard, dashboard.resolved.origin(("title",)).location()
        tabs = tuple(tab.title for tab in spec.tabs)
        yield Entry("dashboard", dashboard.settled.uid, spec.title, spec.folder or "", location, tabs)


def _rules(documents: Documents) -> Iterator[Entry]:
    for document in documents.of("AlertRules"):
        for placed_rule in read_rules(document, Reporter(document.resolved)):
            rule, folder = placed_rule.rule, document.model.folder or ""
            location = document.resolved.origin(placed_rule.path).location()
            if isinstance(rule, AlertRule):
                uid = rule.uid or slug(rule.alert, "rule")
                yield Entry("alert-rule", uid, rule.alert, folder, location)
            else:
                yield Entry("recording-rule", rule.record, rule.record, folder, location)


def _data_sources(documents: Documents) -> Iterator[Entry]:
    for item in placed_data_sources(documents.of("DataSources")):
        location = item.document.resolved.origin(item.path).location(key=True)
        yield Entry("datasource", item.uid, item.name, "", location)


def _folders(documents: Documents) -> Iterator[Entry]:
    places, _ = folder_places(documents.of("Folder"), documents.prefix)
    for document in documents.of("Folder"):
        title = document.model.title
        location = document.resolved.origin(("title",)).location()
        folder = places.get(document.model.uid or title)
        above = "/".join(folder.titles[:-1]) if folder else ""
        yield Entry("folder", folder.uid if folder else title, title, above, location)


def _notifications(documents: Documents) -> Iterator[Entry]:
    notices = documents.of("Notifications")
    for kind, items in (
        ("contact-point", contact_points(notices)),
        ("mute-timing", mute_timings(notices)),
        ("inhibition-rule", inhibition_rules(notices)),
        ("template", templates(notices)),
    ):
        for named, _ in items:
            location = named.document.resolved.origin(named.path).location(key=True)
            yield Entry(kind, named.name, named.name, "", location)
    for document in notices:
        if document.model.policies is not None:
            location = document.resolved.origin(("policies",)).location(key=True)
            yield Entry("policies", "policies", "the policy tree", "", location)


def _metrics(documents: Documents) -> Iterator[Entry]:
    for document in documents.of("Metrics"):
        for name, metric in document.model.metrics.items():
            location = document.resolved.origin(("metrics", name)).location(key=True)
            yield Entry("metric", name, metric.help, "", location)


def _events(documents: Documents) -> Iterator[Entry]:
    for document in documents.of("Annotations"):
        for number, event in enumerate(document.model.events):
            location = document.resolved.origin(("events", number)).location()
            yield Entry("event", event_key(event), event.title, "", location)


def _scalers(documents: Documents) -> Iterator[Entry]:
    for document in documents.of("Scaler"):
        scaler, location = document.model, document.resolved.origin(("name",)).location()
        target = scaler.workload
        yield Entry("scaler", scaler.name, f"{target.kind}/{target.name}", "", location)


def _reports(documents: Documents) -> Iterator[Entry]:
    for document in documents.of("Report"):
        location = document.resolved.origin(("uid",)).location()
        yield Entry("report", document.model.uid, document.model.title, "", location)


def _components(documents: Documents) -> Iterator[Entry]:
    for component in documents.components.values():
        origin = component.origin
        location = origin.document.location(origin.path[:-1], key=True)
        yield Entry("component", component.name, component.kind, "", location)


_READERS: tuple[Callable[[Documents], Iterator[Entry]], ...] = (
    _rules,
    _data_sources,
    _folders,
    _notifications,
    _events,
    _metrics,
    _scalers,
    _reports,
    _components,
)
KINDS = (
    "dashboard", "alert-rule", "recording-rule", "datasource", "folder", "contact-point", "mute-timing",
    "inhibition-rule", "template", "policies", "event", "metric", "report", "scaler", "component",
)  # fmt: skip

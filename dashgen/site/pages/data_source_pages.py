"""The data sources: what each is, and what asks it."""

from collections.abc import Iterable
from typing import NamedTuple

from dashgen.core.diagnostics.redaction import redacted
from dashgen.core.sentence_parts import counted
from dashgen.model.data_source_spec import PlacedDataSource
from dashgen.site.plain_words import joined
from dashgen.site.site_page import SitePage
from dashgen.site.site_paths import file_stem
from dashgen.site.site_project import DATA_SOURCES, SiteLink, SiteProject


class SourceView(NamedTuple):
    """A data source."""

    anchor: str
    name: str
    type: str
    uid: str
    url: str
    notes: list[str]
    dashboards: list[SiteLink]
    location: SiteLink


def data_sources_page(project: SiteProject) -> SitePage:
    """The page of all data sources."""
    sources = [_source(project, source) for source in project.data_sources]
    names = joined([f"{one.name} {one.type}" for one in sources], " ")
    return SitePage(DATA_SOURCES, "Data sources", "list", "data-sources.html", {"sources": sources}, names)


def _source(project: SiteProject, placed: PlacedDataSource) -> SourceView:
    askers = [query.asker for query in project.impact.queries if query.datasource == placed.uid]
    uids = dict.fromkeys(asker.parent for asker in askers if asker.parent in project.dashboards)
    rules = {(asker.kind, asker.name) for asker in askers if asker.kind.endswith("-rule")}
    notes = ["New panels ask it."] if placed.source.default else []
    notes += [f"{title} lead{'s' if one else ''} to {name}." for title, name, one in _links(placed)]
    if rules:
        notes.append(f"{counted(len(rules), 'rule')} read it.")
    location = placed.document.resolved.origin(placed.path).location(key=True)
    return SourceView(
        file_stem(placed.uid), placed.name, placed.type, placed.uid, redacted(placed.source.url), notes,
        [project.dashboard_link(uid) for uid in uids], project.place(location),
    )  # fmt: skip


def _links(placed: PlacedDataSource) -> Iterable[tuple[str, str, bool]]:
    """What leads to other data sources: its name, where to, and whether it is one thing."""
    source = placed.source
    for title, link in (
        ("Its exemplars", source.exemplars),
        ("Its spans", source.traces_to_logs),
        ("Its spans", source.traces_to_metrics),
    ):
        if link:
            yield title, link if isinstance(link, str) else link.to, False
    for field in source.derived_fields:
        if field.to:
            yield f"The field {field.name} of its lines", field.to, True

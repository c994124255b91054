"""What the specs want to be in a Grafana, from a compilation in memory."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dashgen.compile.outputs.data_source_files import DATA_SOURCES_FILE
from dashgen.compile.outputs.grafana_rules import RULES_FILE
from dashgen.compile.outputs.notification_files import CONTACT_POINTS_FILE, MUTE_TIMINGS_FILE, TEMPLATES_FILE
from dashgen.compile.outputs.policy_tree import POLICIES_FILE
from dashgen.compile.pipeline import Compilation
from dashgen.compile.project_documents import Documents
from dashgen.core.json_values import mappings, scalar_text
from dashgen.formats import resources as kinds
from dashgen.model.alert_rules import slug
from dashgen.model.folder import Folder, FolderPlace, folder_places, split_path
from dashgen.source.load import decode, load_text
from dashgen.sync.push.api_shapes import (
    contact_points,
    data_source,
    mute_timing,
    policies,
    rule_group,
    template,
)
from dashgen.sync.push.item import Item
from dashgen.sync.push.item_content import Contents
from dashgen.sync.push.push_events import wanted_events
from dashgen.workspace.build_records import FileRecord

Titles = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FolderWish:
    """A folder that something needs, by its titles from the top down.

    ``uid`` is the one that a spec gives or, when ``fixed`` is not set, the one that a new folder would get.
    """

    titles: Titles
    uid: str
    fixed: bool = False
    declared: bool = False
    spec: str = ""
    description: str = ""


@dataclass(slots=True)
class Desired:
    """Everything that the specs want; the items do not know the uids of their folders yet."""

    folders: list[FolderWish] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)

    @property
    def kinds(self) -> set[str]:
        """The kinds of which anything is wanted."""
        return {item.kind for item in self.items}

    @property
    def events(self) -> "Desired":
        """The events on graphs alone."""
        return Desired(items=[item for item in self.items if item.kind == kinds.EVENT])

    def only(self, uids: frozenset[str]) -> "Desired":
        """The items with these uids, and the folders that they are in."""
        items = [item for item in self.items if item.uid in uids or item.title in uids]
        needed = {item.folder[:depth] for item in items for depth in range(1, len(item.folder) + 1)}
        return Desired([wish for wish in self.folders if wish.titles in needed or wish.uid in uids], items)


def desired(compilation: Compilation, output: Path) -> Desired:
    """What a compilation wants to be in a Grafana.

    Args:
        compilation: the compilation; it may be closed afterwards.
        output: the folder that has the files whose contents the compilation did not keep.

    Raises:
        OSError: the temporary folder of the compilation is gone.
        DashgenError: an event cannot be as it is written.
    """
    places, _ = folder_places(compilation.documents.of("Folder"), compilation.documents.prefix)
    items = [*_data_sources(compilation), *_dashboards(compilation, places, output), *_notices(compilation)]
    items += [*_rules(compilation), *wanted_events(compilation.documents, compilation.summaries)]
    wishes = {wish.titles: wish for wish in _declared(compilation.documents, places)}
    for item in items:
        _wish(item.folder, item.spec, wishes)
    for wish in list(wishes.values()):
        _wish(wish.titles, wish.spec, wishes)
    return Desired(sorted(wishes.values(), key=lambda wish: (len(wish.titles), wish.titles)), items)


def _declared(documents: Documents, places: Mapping[str, FolderPlace]) -> Iterator[FolderWish]:
    for document in documents.of("Folder"):
        model: Folder = document.model
        place = places.get(model.uid or slug(model.title, "folder"))
        if place is not None:
            fixed = model.uid is not None
            spec, about = document.resolved.file, " ".join(model.description.split())
            yield FolderWish(place.titles, place.uid, fixed, declared=True, spec=spec, description=about)


def _wish(titles: Titles, spec: str, wishes: dict[Titles, FolderWish]) -> None:
    """Wish for a folder and those above it."""
    for depth in range(1, len(titles) + 1):
        above = titles[:depth]
        if above not in wishes:
            uid = slug("/".join(above), "folder")
            wishes[above] = FolderWish(above, uid, spec=spec)


def _titles(word: str, places: Mapping[str, FolderPlace]) -> Titles:
    place = places.get(word)
    return place.titles if place else split_path(word)


def _dashboards(compilation: Compilation, places: Mapping[str, FolderPlace], output: Path) -> Iterator[Item]:
    hashes = {path: record.sha256 for path, record in compilation.records.items()}
    fresh = {path: compilation.content(path) for path in compilation.contents}
    contents = Contents(output, hashes, fresh)
    folders = {summary.uid: summary.folder or "" for summary in compilation.summaries}
    for record in compilation.records.values():
        for owned in record.owned:
            if owned.kind != kinds.DASHBOARD:
                continue
            titles = _titles(folders.get(owned.uid, ""), places)
            yield Item(
                kinds.DASHBOARD,
                owned.uid,
                owned.title,
                contents.of(record.path),
                folder=titles,
                spec=owned.spec,
                source=record.sha256,
            )


def _data_sources(compilation: Compilation) -> Iterator[Item]:
    data, specs = _file(compilation, DATA_SOURCES_FILE)
    for source in mappings(data.get("datasources")):
        yield data_source(source, specs.get(scalar_text(source.get("uid")), ""))


def _notices(compilation: Compilation) -> Iterator[Item]:
    data, specs = _file(compilation, CONTACT_POINTS_FILE)
    for point in mappings(data.get("contactPoints")):
        yield from contact_points(point, specs)
    data, specs = _file(compilation, MUTE_TIMINGS_FILE)
    for timing in mappings(data.get("muteTimes")):
        yield mute_timing(timing, specs.get(scalar_text(timing.get("name")), ""))
    data, specs = _file(compilation, TEMPLATES_FILE)
    for item in mappings(data.get("templates")):
        yield template(item, specs.get(scalar_text(item.get("name")), ""))
    data, specs = _file(compilation, POLICIES_FILE)
    for tree in mappings(data.get("policies")):
        yield policies(tree, next(iter(specs.values()), ""))


def _rules(compilation: Compilation) -> Iterator[Item]:
    data, specs = _file(compilation, RULES_FILE)
    for group in mappings(data.get("groups")):
        rules = mappings(group.get("rules"))
        yield rule_group(group, specs.get(scalar_text(rules[0].get("uid")), "") if rules else "")


def _file(compilation: Compilation, path: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The data of a provisioning file, and the spec of each resource in it by uid."""
    record = compilation.records.get(path)
    if record is None:
        return {}, {}
    loaded = load_text(path, decode(compilation.content(path), path))
    data = loaded.documents[0].data if loaded.documents else None
    return (data if isinstance(data, dict) else {}), _specs(record)


def _specs(record: FileRecord) -> dict[str, str]:
    return {owned.uid: owned.spec for owned in record.owned}

"""What is in a Grafana, as far as a push has to know it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

from dashgen.core.json_values import scalar_text
from dashgen.formats import resources as kinds
from dashgen.formats.resources import Key
from dashgen.servers.grafana import Grafana
from dashgen.servers.grafana.alert_rules_api import RuleGroup
from dashgen.servers.grafana.annotations_api import Annotation
from dashgen.servers.grafana.data_sources_api import DataSource
from dashgen.servers.grafana.folders_api import Folder
from dashgen.servers.grafana.live_dashboard import LiveDashboard
from dashgen.sync.push.item import POLICIES_UID, Item, group_uid
from dashgen.sync.push.ledger import Ledger, read_ledger
from dashgen.sync.push.normal_items import plainly_same
from dashgen.sync.push.push_events import live_events

MANAGER: Final = "dashgen"
TAG: Final = "dashgen"
FOR: Final = "@"
"""Stands between a checksum and the environment that it was pushed for."""
Handle: TypeAlias = Folder | DataSource | LiveDashboard | RuleGroup | Annotation | dict[str, Any]
_NOTICES: Final = (kinds.CONTACT_POINT, kinds.MUTE_TIMING, kinds.TEMPLATE, kinds.POLICIES)
PROVISIONING: Final = "provisioning files"
"""Who manages what Grafana reads from files."""
_OWNERS: Final = {
    "file": PROVISIONING,
    "api": "",
    "": "",
    "converted_prometheus": "a converted Prometheus rule",
}


@dataclass(frozen=True, slots=True)
class LiveItem:
    """One resource that is there.

    Attributes:
        item: what it says.
        handle: what the client gave, which is the precondition of the next write.
        owner: who else manages it, in words; nothing when it may be written.
        stamp: the checksum that dashgen left at its last push, where Grafana keeps it.
        tagged: whether it says itself that dashgen made it.
        version: what grows with every change, where Grafana has such a thing.
        noted: the checksums of what was pushed lately, where Grafana keeps them beside it.
        intended: those of what was about to be pushed when nothing more was heard of it.
        environment: the environment that dashgen pushed it for, as Grafana keeps it; nothing when there is none.
        as_wanted: whether it was seen to say what is wanted as it was read, so that its content was not kept.
    """

    item: Item
    handle: Handle = field(repr=False)
    owner: str = ""
    stamp: str = ""
    tagged: bool = False
    version: str = ""
    noted: frozenset[str] = frozenset()
    intended: frozenset[str] = frozenset()
    environment: str = ""
    as_wanted: bool = False

    @property
    def key(self) -> Key:
        """What it is told apart by."""
        return self.item.key

    @property
    def is_provisioned(self) -> bool:
        """Whether Grafana has it from a file."""
        return "provisioning file" in self.owner


class Live:
    """What was read of one Grafana.

    Args:
        items: the resources.
        ledger: what Grafana remembers of earlier pushes.
    """

    def __init__(self, items: Iterable[LiveItem] = (), ledger: Ledger | None = None) -> None:
        self._known = {item.key: item for item in items}
        self.ledger = ledger

    def __iter__(self) -> Iterator[LiveItem]:
        return iter(self._known.values())

    def get(self, key: Key) -> LiveItem | None:
        """One resource, or nothing when it is not there."""
        return self._known.get(key)

    def add(self, item: LiveItem) -> None:
        """Put a resource that was read again in the place of what was read before."""
        self._known[item.key] = item

    def of(self, kind: str) -> list[LiveItem]:
        """The resources of one kind."""
        return [live for live in self if live.item.kind == kind]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to read: uids by kind, the folders whose rule groups count, and how to see that a dashboard is as wanted.

    Attributes:
        uids: the uids by kind.
        rule_folders: the folders whose rule groups count.
        dashboards: the dashboards that are wanted, by uid.
        pushed: the versions of those whose spec says what was pushed last.
        descriptions: those of folders that are wanted, by uid.
        environment: the environment that is pushed for; nothing when there is none.
    """

    uids: Mapping[str, frozenset[str]]
    rule_folders: frozenset[str] = frozenset()
    dashboards: Mapping[str, Item] = field(default_factory=dict)
    pushed: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    environment: str = ""

    def of(self, kind: str) -> frozenset[str]:
        """The uids of one kind."""
        return self.uids.get(kind, frozenset())


def read_live(grafana: Grafana, wanted: Wanted, folders: Iterable[Folder]) -> Live:
    """Read what a push compares with, several things at once.

    Args:
        grafana: the Grafana.
        wanted: what to read.
        folders: the folders, which were read before.

    Raises:
        GrafanaError: something cannot be read.
    """
    ledger: list[Ledger] = []
    readers: list[Callable[[], list[LiveItem]]] = [
        lambda: _folders(grafana, wanted, folders),
        lambda: _dashboards(grafana, wanted),
        lambda: _noted(grafana, wanted, ledger),
    ]
    if wanted.of(kinds.DATA_SOURCE):
        readers.append(lambda: _data_sources(grafana, wanted))
    if any(wanted.of(kind) for kind in _NOTICES):
        readers += [
            lambda: [of_contact_point(item) for item in grafana.contact_points.list_all()],
            lambda: [of_named(kinds.MUTE_TIMING, item) for item in grafana.mute_timings.list_all()],
            lambda: [of_named(kinds.TEMPLATE, item) for item in grafana.templates.list_all()],
            lambda: [of_policies(grafana.policies.get())],
        ]
    if wanted.rule_folders:
        readers.append(lambda: [of_group(group) for group in grafana.alert_rules.groups(wanted.rule_folders)])
    if wanted.of(kinds.EVENT):
        readers.append(lambda: [of_event(*found) for found in live_events(grafana)])
    found = [live for some in grafana.session.map(lambda read: read(), readers) for live in some]
    known = ledger[0]
    return Live([_with_note(live, known) for live in found], known)


def _folders(grafana: Grafana, wanted: Wanted, folders: Iterable[Folder]) -> list[LiveItem]:
    def look(folder: Folder) -> LiveItem:
        about = wanted.descriptions.get(folder.uid, "")
        return of_folder(described(grafana, folder, about) if about else folder)

    return list(grafana.session.map(look, folders))


def described(grafana: Grafana, folder: Folder, wanted: str) -> Folder:
    """A folder with its description, or with the one that is wanted where Grafana does not tell."""
    able = grafana.capabilities
    found = grafana.folders.description(folder.uid, able.namespace) if able.dashboard_version else None
    return replace(folder, description=wanted if found is None else found)


def _noted(grafana: Grafana, wanted: Wanted, ledger: list[Ledger]) -> list[LiveItem]:
    ledger.append(read_ledger(grafana, wanted.environment))
    return []


def _with_note(live: LiveItem, known: Ledger) -> LiveItem:
    """A resource with what Grafana keeps beside it."""
    if live.item.kind == kinds.DASHBOARD:
        return live
    key = live.key
    return replace(
        live,
        noted=known.checksums(key),
        intended=known.pending(key),
        environment=known.environment(key),
    )


def _dashboards(grafana: Grafana, wanted: Wanted) -> list[LiveItem]:
    uids = sorted(wanted.of(kinds.DASHBOARD))
    if not uids:
        return []

    def untouched(found: LiveDashboard) -> bool:
        item = wanted.dashboards.get(found.uid)
        version = wanted.pushed.get(found.uid)
        return item is not None and found.folder_uid == item.folder_uid and version == _version(found)

    def as_wanted(found: LiveDashboard) -> bool:
        item = wanted.dashboards.get(found.uid)
        return item is not None and (untouched(found) or plainly_same(of_dashboard(found).item, item))

    def kept(found: LiveDashboard) -> LiveItem:
        if as_wanted(found):
            return replace(of_dashboard(replace(found, content={})), as_wanted=True)
        return of_dashboard(found)

    return list(grafana.dashboards.get_many(uids, kept, untouched if wanted.pushed else None))


def _version(found: LiveDashboard) -> str:
    return found.token.resource_version


def _data_sources(grafana: Grafana, wanted: Wanted) -> list[LiveItem]:
    uids = sorted(wanted.of(kinds.DATA_SOURCE))
    found = grafana.session.map(grafana.data_sources.get, uids)
    return [of_data_source(source) for source in found if source is not None]


def of_folder(folder: Folder) -> LiveItem:
    """A folder."""
    content = {"uid": folder.uid, "title": folder.title, "description": folder.description}
    item = Item(kinds.FOLDER, folder.uid, folder.title, content, folder.parent_uid)
    owner = "" if folder.managed_by in ("", "kubectl", "grafana") else folder.managed_by
    return LiveItem(item, folder, "a Git repository" if owner == "repo" else owner)


def of_data_source(source: DataSource) -> LiveItem:
    """A data source."""
    item = Item(kinds.DATA_SOURCE, source.uid, source.name, source.content)
    return LiveItem(item, source, PROVISIONING if source.read_only else "")


def of_dashboard(found: LiveDashboard) -> LiveItem:
    """A dashboard."""
    marks, tags = found.marks, found.content.get("tags")
    ours = marks.manager_id == MANAGER
    item = Item(kinds.DASHBOARD, found.uid, found.title, found.content, found.folder_uid)
    owner = found.owner
    if not owner and marks.manager_id and not ours:
        owner = f"`{marks.manager_id}`"
    if not owner and found.loses_layout:
        owner = f"Grafana's newer layout ({found.stored_as}), which a push would lose"
    stamp, _, environment = (marks.source_checksum if ours else "").partition(FOR)
    return LiveItem(
        item,
        found,
        owner,
        stamp,
        tagged=isinstance(tags, list) and TAG in tags,
        version=_version(found),
        environment=environment,
    )


def of_contact_point(content: dict[str, Any]) -> LiveItem:
    """An integration of a contact point."""
    item = Item(
        kinds.CONTACT_POINT, scalar_text(content.get("uid")), scalar_text(content.get("name")), content
    )
    return LiveItem(item, content, _owner(content))


def of_named(kind: str, content: dict[str, Any]) -> LiveItem:
    """A mute timing or a template."""
    name = scalar_text(content.get("name"))
    return LiveItem(Item(kind, name, name, content), content, _owner(content))


def of_policies(content: dict[str, Any]) -> LiveItem:
    """The tree of notification policies."""
    return LiveItem(Item(kinds.POLICIES, POLICIES_UID, "", content), content, _owner(content))


def of_event(item: Item, annotation: Annotation) -> LiveItem:
    """An event on graphs."""
    return LiveItem(item, annotation)


def of_group(group: RuleGroup) -> LiveItem:
    """A rule group."""
    content = {
        "title": group.title,
        "folderUid": group.folder_uid,
        "interval": group.interval,
        "rules": list(group.rules),
    }
    uid = group_uid(group.folder_uid, group.title)
    item = Item(kinds.RULE_GROUP, uid, group.title, content, group.folder_uid)
    return LiveItem(item, group, manager(group.provenance))


def _owner(content: Mapping[str, Any]) -> str:
    return manager(scalar_text(content.get("provenance")))


def manager(provenance: str) -> str:
    """Who manages something in alerting, in words; nothing when it may be written."""
    return _OWNERS.get(provenance, provenance)

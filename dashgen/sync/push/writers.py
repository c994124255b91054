"""Writing one item of each kind, with the precondition that was read, and reading it again."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from dashgen.core.json_values import scalar_text
from dashgen.formats import resources as kinds
from dashgen.servers.grafana import ConflictError, ConflictKind, Grafana
from dashgen.servers.grafana.alert_rules_api import RuleGroup
from dashgen.servers.grafana.annotations_api import Annotation
from dashgen.servers.grafana.data_sources_api import DataSource
from dashgen.servers.grafana.folders_api import Folder
from dashgen.servers.grafana.live_dashboard import DashboardDraft, LiveDashboard, Marks
from dashgen.sync.push import live_items as lives
from dashgen.sync.push.item import Item
from dashgen.sync.push.ledger import Ledger
from dashgen.sync.push.live_items import FOR, MANAGER, LiveItem
from dashgen.sync.push.past_versions import marked
from dashgen.sync.push.push_events import delete_event, live_event, write_event
from dashgen.sync.push.secret_references import resolved

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes to one Grafana.

    Attributes:
        grafana: the client.
        environment: what references are resolved with.
        message: why, for the history.
        ledger: what Grafana remembers of what was pushed.
        stage: the environment that is pushed for; nothing when there is none.
    """

    grafana: Grafana
    environment: Mapping[str, str] = field(repr=False)
    message: str
    ledger: Ledger | None = None
    stage: str = ""

    def write(self, item: Item, live: LiveItem | None, checksum: str) -> str:
        """Make an item, or replace the one that was read; returns Grafana's version of it, if it has one.

        Raises:
            GrafanaError: it is not as it was read any more, or Grafana does not take it.
        """
        if item.kind == kinds.DASHBOARD:
            return self._dashboard(item, live, checksum)
        content: dict[str, Any] = dict(item.content)
        if item.kind in (kinds.DATA_SOURCE, kinds.CONTACT_POINT, kinds.POLICIES):
            content = resolved(content, self.environment)
        if item.kind == kinds.FOLDER:
            self._folder(item, live)
        elif item.kind == kinds.DATA_SOURCE:
            self._data_source(content, live)
        elif item.kind == kinds.EVENT:
            write_event(self.grafana, item, _handle(live, Annotation) if live else None)
        elif item.kind == kinds.RULE_GROUP:
            self._group(item, live)
        else:
            self._notice(item.kind, content, live)
        return ""

    def delete(self, live: LiveItem) -> None:
        """Delete what was read; fine when it is gone already.

        Raises:
            GrafanaError: it is not as it was read any more, or is in use.
        """
        handle, grafana = live.handle, self.grafana
        if isinstance(handle, Folder):
            self._unchanged_folder(handle)
            grafana.folders.delete(handle.uid)
        elif isinstance(handle, DataSource):
            grafana.data_sources.delete(handle)
        elif isinstance(handle, LiveDashboard):
            grafana.dashboards.delete(handle)
        elif isinstance(handle, Annotation):
            delete_event(grafana, live.item.uid, handle)
        elif isinstance(handle, RuleGroup):
            grafana.alert_rules.delete(handle)
        elif live.item.kind == kinds.CONTACT_POINT:
            grafana.contact_points.delete(handle)
        elif live.item.kind == kinds.MUTE_TIMING:
            grafana.mute_timings.delete(handle)
        elif live.item.kind == kinds.TEMPLATE:
            grafana.templates.delete(handle)
        else:
            grafana.policies.reset(handle)

    def read(self, item: Item) -> LiveItem | None:
        """What is there now in the place of an item."""
        return _READERS[item.kind](self.grafana, item)

    def link(self, item: Item) -> str:
        """The address of a resource for people."""
        base = self.grafana.session.settings.url
        if item.kind == kinds.DASHBOARD:
            return self.grafana.dashboards.link(item.uid)
        if item.kind == kinds.FOLDER:
            return self.grafana.folders.link(item.uid)
        if item.kind == kinds.EVENT:
            on = str(item.content.get("dashboardUID") or "")
            return self.grafana.dashboards.link(on) if on else ""
        return base + _PAGES[item.kind].format(uid=item.uid)

    def _dashboard(self, item: Item, live: LiveItem | None, checksum: str) -> str:
        mark = f"{checksum}{FOR}{self.stage}" if checksum and self.stage else checksum
        marks = Marks("kubectl", MANAGER, item.spec, mark, allows_edits=True)
        message = marked(self.message, mark)
        draft = DashboardDraft(item.uid, item.content, item.folder_uid, message, marks)
        if live is None:
            return self.grafana.dashboards.create(draft).resource_version
        handle = _handle(live, LiveDashboard)
        return self.grafana.dashboards.update(draft, handle).resource_version

    def _folder(self, item: Item, live: LiveItem | None) -> None:
        wanted = Folder(item.uid, item.title, item.folder_uid, description=_about(item))
        if live is None:
            self.grafana.folders.create(wanted)
            return
        expected = _handle(live, Folder)
        told = bool(wanted.description or expected.description)
        found = self._unchanged_folder(expected, described=told)
        if (found.title, found.description) != (wanted.title, wanted.description):
            self.grafana.folders.rename(wanted, found)
        if found.parent_uid != item.folder_uid:
            self.grafana.folders.move(item.uid, item.folder_uid)

    def _unchanged_folder(self, expected: Folder, *, described: bool = False) -> Folder:
        """The folder with its version, when its title, place and description are still what was read."""
        found = self.grafana.folders.get(expected.uid)
        if found is not None and described:
            found = lives.described(self.grafana, found, expected.description)
        if found is None or _said(found) != _said(expected):
            message = f"{expected.subject} was changed in the meantime"
            raise ConflictError(message, kind=ConflictKind.VERSION)
        return found

    def _data_source(self, content: dict[str, Any], live: LiveItem | None) -> None:
        if live is None:
            self.grafana.data_sources.create(content)
        else:
            self.grafana.data_sources.update(content, _handle(live, DataSource))

    def _group(self, item: Item, live: LiveItem | None) -> None:
        content = item.content
        group = RuleGroup(item.folder_uid, item.title, content["interval"], tuple(content["rules"]))
        able = self.grafana.capabilities
        before = _handle(live, RuleGroup) if live else None
        self.grafana.alert_rules.put(group, before, makes_rules=able.makes_rules_of_groups)

    def _notice(self, kind: str, content: dict[str, Any], live: LiveItem | None) -> None:
        grafana = self.grafana
        if kind == kinds.POLICIES:
            grafana.policies.put(content, _handle(live, dict) if live else {})
            return
        collections: Mapping[str, Any] = {
            kinds.CONTACT_POINT: grafana.contact_points,
            kinds.MUTE_TIMING: grafana.mute_timings,
            kinds.TEMPLATE: grafana.templates,
        }
        collection = collections[kind]
        if live is None:
            collection.create(content)
        else:
            collection.update(content, _handle(live, dict))


def _said(folder: Folder) -> tuple[str, str, str]:
    return folder.title, folder.parent_uid, folder.description


def _about(item: Item) -> str:
    return scalar_text(item.content.get("description"))


def between(wanted: Item, live: LiveItem | None) -> Iterator[Item]:
    """What is there for a moment while an item is written with more than one request."""
    if live is not None and wanted.kind == kinds.FOLDER and live.item.folder_uid != wanted.folder_uid:
        yield replace(wanted, folder_uid=live.item.folder_uid)


def _handle(live: LiveItem, kind: type[T]) -> T:
    if not isinstance(live.handle, kind):
        raise TypeError(f"{live.item.words} was read as something else")
    return live.handle


def _folder(grafana: Grafana, item: Item) -> LiveItem | None:
    found = grafana.folders.get(item.uid)
    if found is not None and (about := _about(item)):
        found = lives.described(grafana, found, about)
    return lives.of_folder(found) if found else None


def _data_source(grafana: Grafana, item: Item) -> LiveItem | None:
    found = grafana.data_sources.get(item.uid)
    return lives.of_data_source(found) if found else None


def _dashboard(grafana: Grafana, item: Item) -> LiveItem | None:
    found = grafana.dashboards.get(item.uid)
    return lives.of_dashboard(found) if found else None


def _group(grafana: Grafana, item: Item) -> LiveItem | None:
    found = grafana.alert_rules.get(item.folder_uid, item.title)
    return lives.of_group(found) if found else None


def _contact_point(grafana: Grafana, item: Item) -> LiveItem | None:
    found = grafana.contact_points.get(item.uid)
    return lives.of_contact_point(found) if found else None


def _mute_timing(grafana: Grafana, item: Item) -> LiveItem | None:
    found = grafana.mute_timings.get(item.uid)
    return lives.of_named(kinds.MUTE_TIMING, found) if found else None


def _template(grafana: Grafana, item: Item) -> LiveItem | None:
    found = grafana.templates.get(item.uid)
    return lives.of_named(kinds.TEMPLATE, found) if found else None


def _event(grafana: Grafana, item: Item) -> LiveItem | None:
    found = live_event(grafana, item.uid)
    return lives.of_event(*found) if found else None


def _policies(grafana: Grafana, _item: Item) -> LiveItem | None:
    return lives.of_policies(grafana.policies.get())


_READERS: Mapping[str, Callable[[Grafana, Item], LiveItem | None]] = {
    kinds.FOLDER: _folder,
    kinds.DATA_SOURCE: _data_source,
    kinds.DASHBOARD: _dashboard,
    kinds.RULE_GROUP: _group,
    kinds.EVENT: _event,
    kinds.CONTACT_POINT: _contact_point,
    kinds.MUTE_TIMING: _mute_timing,
    kinds.TEMPLATE: _template,
    kinds.POLICIES: _policies,
}
_PAGES = {
    kinds.DATA_SOURCE: "/connections/datasources/edit/{uid}",
    kinds.CONTACT_POINT: "/alerting/notifications",
    kinds.MUTE_TIMING: "/alerting/routes",
    kinds.TEMPLATE: "/alerting/notifications",
    kinds.POLICIES: "/alerting/routes",
    kinds.RULE_GROUP: "/alerting/list",
}

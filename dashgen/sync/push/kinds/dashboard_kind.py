"""Dashboards: the most and the largest resources, so they are compared with as little reading as possible."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, ClassVar, Final

from msgspec.structs import replace

from dashgen.formats import resources
from dashgen.formats.normal.normal_dashboard import dashboard_resource
from dashgen.formats.resources import Resource
from dashgen.model.folder import split_path
from dashgen.servers.grafana import Grafana
from dashgen.servers.grafana.capabilities import DASHBOARD_GROUP
from dashgen.servers.grafana.live_dashboard import DashboardDraft, LiveDashboard
from dashgen.servers.grafana.managers import OURS, Manager, Marks
from dashgen.sync.push.dashboard_form import CLASSIC, V2, FormPolicy, in_form
from dashgen.sync.push.item import TAG, Item, LiveItem
from dashgen.sync.push.item_content import Contents
from dashgen.sync.push.kinds.resource_kind import (
    DesiredSources,
    FolderPath,
    ReadRequest,
    ResourceKind,
    WriteContext,
    handle_of,
)
from dashgen.sync.push.save_message import marked
from dashgen.sync.push.secret_references import Environment

_STAGE_MARK: Final = "@"
"""Separates a checksum from the environment that it was pushed for."""
_FORMS_KEPT: Final = 16
_SERVER_KEYS: Final = frozenset(("id", "uid", "version"))
_WEIGHTY: Final = frozenset(("title", "panels", "schemaVersion", "elements", "layout", "spec"))


class DashboardKind(ResourceKind):
    """Dashboards."""

    name: ClassVar[str] = resources.DASHBOARD
    order: ClassVar[int] = 20
    has_mark: ClassVar[bool] = True
    has_history: ClassVar[bool] = True
    is_numerous: ClassVar[bool] = True
    is_kept_out_of_repositories: ClassVar[bool] = True
    is_independent: ClassVar[bool] = True
    is_pulled: ClassVar[bool] = True
    is_permitted_by_folder: ClassVar[bool] = True

    def desired(self, sources: DesiredSources) -> Iterator[Item]:
        """The dashboards of a compilation; their contents are read when somebody looks."""
        compilation = sources.compilation
        hashes = {path: record.sha256 for path, record in compilation.records.items()}
        fresh = {path: compilation.content(path) for path in compilation.contents}
        contents = Contents(sources.output, hashes, fresh)
        folders = {summary.uid: summary.folder or "" for summary in compilation.summaries}
        for record in compilation.records.values():
            for owned in record.owned:
                if owned.kind != self.name:
                    continue
                key = folders.get(owned.uid, "")
                folder = sources.folders.get(key)
                yield Item(
                    self.name,
                    owned.uid,
                    owned.title,
                    contents.of(record.path),
                    folder=folder.titles if folder else split_path(key),
                    spec=owned.spec,
                    source=record.sha256,
                )

    def fitted(self, item: Item, live: LiveItem | None, policy: FormPolicy) -> Item:
        """The dashboard in the form that it is stored in, or is to be stored in."""
        if live is not None and live.as_wanted:
            return in_form(item, live.item.form)
        stored_form = live.item.form if live else ""
        return in_form(item, policy.form(item.content, is_stored_in_v2=stored_form == V2))

    def in_folder(self, item: Item, folder_uid: str) -> Item:
        """The dashboard in a folder; its content does not name it."""
        return replace(item, folder_uid=folder_uid)

    def read_all(self, grafana: Grafana, request: ReadRequest) -> Iterable[LiveItem]:
        """The dashboards of the request; the contents of those that equal their specs are not kept."""

        def is_untouched(dashboard: LiveDashboard) -> bool:
            item = request.items.get((self.name, dashboard.uid))
            version = request.pushed.get(dashboard.uid)
            return (
                item is not None
                and dashboard.folder_uid == item.folder_uid
                and version == _version(dashboard)
                and not _changes_form(item, dashboard)
            )

        def _changes_form(item: Item, dashboard: LiveDashboard) -> bool:
            form = request.policy.form(item.content, is_stored_in_v2=dashboard.is_v2)
            return form == V2 and not dashboard.is_v2

        def is_as_wanted(dashboard: LiveDashboard) -> bool:
            item = request.items.get((self.name, dashboard.uid))
            if item is None:
                return False
            if is_untouched(dashboard):
                return True
            live = live_dashboard(dashboard)
            return self.is_surely_same(live.item, self.fitted(item, live, request.policy))

        def slim(dashboard: LiveDashboard) -> LiveItem:
            if is_as_wanted(dashboard):
                return replace(live_dashboard(replace(dashboard, content={})), as_wanted=True)
            return live_dashboard(dashboard)

        # Slimmed one by one: the contents of hundreds of dashboards at once take much memory.
        uids = sorted(request.of(self.name))
        return grafana.dashboards.get_many(uids, slim, is_untouched if request.pushed else None)

    def read(self, grafana: Grafana, item: Item) -> LiveItem | None:
        """One dashboard."""
        dashboard = grafana.dashboards.get(item.uid)
        return live_dashboard(dashboard) if dashboard else None

    def normal(self, item: Item, titles: FolderPath, environment: Environment | None) -> Iterable[Resource]:
        """One resource."""
        yield replace(_normal_form(_Identity(item.content), item.uid), folder=titles(item.folder_uid))

    def is_surely_same(self, live: Item, item: Item) -> bool:
        """Whether a dashboard equals its spec but for what a server adds at the top."""
        if (live.folder_uid, live.form) != (item.folder_uid, item.form):
            return False
        desired = {key: value for key, value in item.content.items() if key not in _SERVER_KEYS}
        extra = live.content.keys() - desired.keys() - _SERVER_KEYS
        # What only Grafana has may be filled in, but not a part of what people see.
        if extra & _WEIGHTY:
            return False
        if any(key not in live.content or live.content[key] != desired[key] for key in desired):
            return False
        added = {key: live.content[key] for key in extra}
        return dashboard_resource(added).data == dashboard_resource({}).data

    def write(self, context: WriteContext, item: Item, live: LiveItem | None, checksum: str) -> str:
        """Create or replace the dashboard, with the checksum in its marks and in the message of the save."""
        # The environment is part of the mark, so that a push for one does not take those of another for its
        # own.
        mark = f"{checksum}{_STAGE_MARK}{context.stage}" if checksum and context.stage else checksum
        marks = Marks(*OURS, item.spec, mark, allows_edits=True)
        # Grafana lets nobody change who manages a resource, not even where it lets them write.
        if live is not None and live.owner is not None:
            marks = handle_of(live, LiveDashboard).marks
        message = marked(context.message, mark)
        draft = DashboardDraft(item.uid, item.content, item.folder_uid, message, marks, is_v2=item.form == V2)
        dashboards = context.grafana.dashboards
        if live is None:
            return dashboards.create(draft).resource_version
        return dashboards.update(draft, handle_of(live, LiveDashboard)).resource_version

    def delete(self, grafana: Grafana, live: LiveItem) -> None:
        """Delete the dashboard."""
        grafana.dashboards.delete(handle_of(live, LiveDashboard))

    def link(self, grafana: Grafana, item: Item) -> str:
        """The address of the dashboard."""
        return grafana.dashboards.link(item.uid)

    def precondition(self, live: LiveItem) -> str:
        """The version of the object, or of the dashboard in Grafanas without objects."""
        token = handle_of(live, LiveDashboard).token
        return token.resource_version or str(token.version)


def live_dashboard(dashboard: LiveDashboard) -> LiveItem:
    """A dashboard as it was read."""
    marks, tags = dashboard.marks, dashboard.content.get("tags")
    is_ours = marks.manager_id == OURS[1]
    item = Item(
        resources.DASHBOARD,
        dashboard.uid,
        dashboard.title,
        dashboard.content,
        dashboard.folder_uid,
        form=V2 if dashboard.is_v2 else CLASSIC,
    )
    owner = dashboard.owner
    if owner is None and dashboard.is_squeezed:
        name = f"Grafana's schema {dashboard.stored_as}, which this account cannot read or write"
        owner = Manager("", name, f"let the account use the API `{DASHBOARD_GROUP}` of Grafana")
    stamp, _, environment = (marks.source_checksum if is_ours else "").partition(_STAGE_MARK)
    return LiveItem(
        item,
        dashboard,
        owner,
        stamp,
        tagged=isinstance(tags, list) and TAG in tags,
        version=_version(dashboard),
        environment=environment,
    )


def _version(dashboard: LiveDashboard) -> str:
    return dashboard.token.resource_version


class _Identity:
    """A content as a key of a cache, equal to itself alone: no content of an item is changed in place."""

    __slots__ = ("content",)

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identity) and self.content is other.content

    def __hash__(self) -> int:
        return id(self.content)


@lru_cache(maxsize=_FORMS_KEPT)
def _normal_form(content: _Identity, uid: str) -> Resource:
    """The normal form of a dashboard, kept while its checksums and differences are computed in turn."""
    return dashboard_resource({**content.content, "uid": uid}, folder="")

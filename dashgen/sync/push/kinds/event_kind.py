"""Events on graphs that specs list: each is in Grafana once, however often it is pushed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from msgspec.structs import replace

from dashgen.core.diagnostics import nearest
from dashgen.core.errors import DashgenError
from dashgen.core.json_values import Json
from dashgen.formats import resources
from dashgen.formats.normal.normal_others import event_resource
from dashgen.formats.resources import Resource
from dashgen.model.standing_annotations import Annotations, Event, epoch_milliseconds, event_key
from dashgen.servers.grafana import ConflictError, ConflictKind, Grafana
from dashgen.servers.grafana.annotations_api import LiveAnnotation
from dashgen.sync.push.item import TAG, Item, LiveItem
from dashgen.sync.push.kinds.resource_kind import (
    DesiredSources,
    FolderPath,
    ReadRequest,
    ResourceKind,
    WriteContext,
    handle_of,
)
from dashgen.sync.push.secret_references import Environment
from dashgen.workspace.build_records import DashboardSummary

_KEYS: Final = ("text", "time", "timeEnd", "tags", "dashboardUID", "panelId")
"""Keys of Grafana's JSON of an annotation that are compared and written."""
_KEY_TAG: Final = "event:"
"""Begins the tag that makes an annotation an event of a spec: annotations have no names of their own."""


class EventKind(ResourceKind):
    """Events, which are annotations with a tag for their key."""

    name: ClassVar[str] = resources.EVENT
    order: ClassVar[int] = 80

    def desired(self, sources: DesiredSources) -> Iterator[Item]:
        """The events of the specs.

        Raises:
            DashgenError: two have one key, a date does not exist, or a dashboard or panel does not.
        """
        keys: set[str] = set()
        for document in sources.compilation.documents.of("Annotations"):
            model: Annotations = document.model
            for event in model.events:
                key = event_key(event)
                if key in keys:
                    message = f"two events have the key `{key}`: give one of them its own `key:`"
                    raise DashgenError(message)
                keys.add(key)
                content = _content(_annotation(event, key, model.tags, sources.compilation.summaries))
                yield Item(self.name, key, event.title, content, spec=document.resolved.file)

    def read_all(self, grafana: Grafana, request: ReadRequest) -> Iterable[LiveItem]:
        """All events of specs, in one request; of two with one key the older."""
        return _by_key(grafana.annotations.find(tags=(TAG,))).values()

    def read(self, grafana: Grafana, item: Item) -> LiveItem | None:
        """One event."""
        return _live(grafana, item.uid)

    def normal(self, item: Item, titles: FolderPath, environment: Environment | None) -> Iterable[Resource]:
        """One resource."""
        yield event_resource(item.uid, item.content)

    def write(self, context: WriteContext, item: Item, live: LiveItem | None, checksum: str) -> str:
        """Create the event, or change it."""
        annotations, desired = context.grafana.annotations, _from_content(item.content)
        if live is None:
            annotations.create(desired)
            return ""
        expected = handle_of(live, LiveAnnotation)
        _require_unchanged(context.grafana, item.uid, expected)
        if (expected.dashboard_uid, expected.panel_id) == (desired.dashboard_uid, desired.panel_id):
            annotations.update(replace(desired, id=expected.id))
        else:
            # Grafana moves no annotation; if this stops in between, the next push creates the event anew.
            annotations.delete(expected)
            annotations.create(desired)
        return ""

    def delete(self, grafana: Grafana, live: LiveItem) -> None:
        """Delete the event."""
        key, expected = live.item.uid, handle_of(live, LiveAnnotation)
        # Deleted already is as good as deleted.
        if _live(grafana, key) is not None:
            _require_unchanged(grafana, key, expected)
            grafana.annotations.delete(expected)

    def dashboard_uid(self, item: Item) -> str:
        """The dashboard that it is on; empty when it is on all."""
        return str(item.content.get("dashboardUID") or "")

    def link(self, grafana: Grafana, item: Item) -> str:
        """The address of the dashboard that it is on; empty when it is on all."""
        dashboard_uid = self.dashboard_uid(item)
        return grafana.dashboards.link(dashboard_uid) if dashboard_uid else ""


def panel_id(summaries: Sequence[DashboardSummary], dashboard: str, panel: str | None) -> int:
    """The number of a panel in Grafana; 0 for a whole dashboard, which need not be one of the specs.

    Raises:
        DashgenError: the specs have no such panel.
    """
    if panel is None:
        return 0
    summary = next((summary for summary in summaries if summary.uid == dashboard), None)
    if summary is None:
        hint = nearest(dashboard, [summary.uid for summary in summaries])
        raise DashgenError(f"no spec defines a dashboard with the uid `{dashboard}`; {hint}".rstrip("; "))
    if panel not in summary.panels:
        hint = nearest(panel, summary.panels)
        raise DashgenError(f"`{dashboard}` has no panel with the key `{panel}`; {hint}".rstrip("; "))
    return summary.panels[panel]


def _annotation(
    event: Event, key: str, tags: Sequence[str], summaries: Sequence[DashboardSummary]
) -> LiveAnnotation:
    start = _moment(event.at, event.title)
    # Grafana keeps a moment as a range of no length.
    end = _moment(event.until, event.title) if event.until else start
    if end < start:
        raise DashgenError(f"the event `{event.title}` ends before it begins")
    panel = panel_id(summaries, event.dashboard, event.panel) if event.dashboard else 0
    return LiveAnnotation(
        text=f"{event.title}\n{event.text}" if event.text else event.title,
        time=start,
        time_end=end,
        tags=tuple(dict.fromkeys([*tags, *event.tags, TAG, _KEY_TAG + key])),
        dashboard_uid=event.dashboard or "",
        panel_id=panel,
    )


def _moment(text: str, title: str) -> int:
    moment = epoch_milliseconds(text)
    if moment is None:
        raise DashgenError(f"the event `{title}` is at `{text}`, which is not a date")
    return moment


def _live(grafana: Grafana, key: str) -> LiveItem | None:
    return _by_key(grafana.annotations.find(tags=(TAG, _KEY_TAG + key))).get(key)


def _by_key(annotations: Iterable[LiveAnnotation]) -> Mapping[str, LiveItem]:
    """The events among annotations; of two with one key, as two pushes at once may leave them, the older."""
    events: dict[str, LiveItem] = {}
    for annotation in sorted(annotations, key=lambda annotation: annotation.id):
        key = next((tag.removeprefix(_KEY_TAG) for tag in annotation.tags if tag.startswith(_KEY_TAG)), "")
        if key:
            title = annotation.text.partition("\n")[0]
            item = Item(resources.EVENT, key, title, _content(annotation))
            events.setdefault(key, LiveItem(item, annotation))
    return events


def _require_unchanged(grafana: Grafana, key: str, expected: LiveAnnotation) -> None:
    live = _live(grafana, key)
    if live is None or not handle_of(live, LiveAnnotation).is_same_event(expected):
        raise ConflictError(f"event `{key}` was changed in the meantime", kind=ConflictKind.VERSION)


def _content(annotation: LiveAnnotation) -> Json:
    start, end = annotation.time, max(annotation.time, annotation.time_end)
    dashboard_and_panel = annotation.dashboard_uid, annotation.panel_id
    return dict(
        zip(_KEYS, (annotation.text, start, end, list(annotation.tags), *dashboard_and_panel), strict=True)
    )


def _from_content(content: Mapping[str, Any]) -> LiveAnnotation:
    text, start, end, tags, dashboard_uid, panel = (content[key] for key in _KEYS)
    return LiveAnnotation(text, start, end, tuple(tags), dashboard_uid, panel)

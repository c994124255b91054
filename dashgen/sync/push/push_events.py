"""Events on graphs that specs list: each is in Grafana once, however often it is pushed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from dashgen.compile.project_documents import Documents
from dashgen.core.diagnostics import nearest
from dashgen.core.errors import DashgenError
from dashgen.formats import resources as kinds
from dashgen.model.standing_annotations import Annotations, Event, epoch_milliseconds, event_key
from dashgen.servers.grafana import ConflictError, ConflictKind, Grafana
from dashgen.servers.grafana.annotations_api import Annotation
from dashgen.sync.push.item import Item
from dashgen.workspace.build_records import DashboardSummary

TAG: Final = "dashgen"
_PREFIX: Final = "event:"


def wanted_events(documents: Documents, summaries: Sequence[DashboardSummary]) -> Iterator[Item]:
    """The events of the specs.

    Args:
        documents: the specs.
        summaries: their dashboards, which events may be on.

    Raises:
        DashgenError: two have one key, a date is none, or a dashboard or panel is not there.
    """
    seen: set[str] = set()
    for document in documents.of("Annotations"):
        model: Annotations = document.model
        for event in model.events:
            key = event_key(event)
            if key in seen:
                message = f"two events have the key `{key}`: give one of them its own `key:`"
                raise DashgenError(message)
            seen.add(key)
            content = _content(_annotation(event, key, model.tags, summaries))
            yield Item(kinds.EVENT, key, event.title, content, spec=document.resolved.file)


def _annotation(
    event: Event, key: str, tags: Sequence[str], summaries: Sequence[DashboardSummary]
) -> Annotation:
    start = _moment(event.at, event.title)
    end = _moment(event.until, event.title) if event.until else start
    if end < start:
        raise DashgenError(f"the event `{event.title}` ends before it begins")
    panel = panel_id(summaries, event.dashboard, event.panel) if event.dashboard else 0
    return Annotation(
        text=f"{event.title}\n{event.text}" if event.text else event.title,
        time=start,
        time_end=end,
        tags=tuple(dict.fromkeys([*tags, *event.tags, TAG, _PREFIX + key])),
        dashboard_uid=event.dashboard or "",
        panel_id=panel,
    )


def _moment(text: str, title: str) -> int:
    moment = epoch_milliseconds(text)
    if moment is None:
        raise DashgenError(f"the event `{title}` is at `{text}`, which is in no calendar")
    return moment


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


def live_events(grafana: Grafana) -> list[tuple[Item, Annotation]]:
    """The annotations that say that they are events of specs, in one request; of two with one key the older.

    Raises:
        GrafanaError: they cannot be read.
    """
    return list(_by_key(grafana.annotations.find(tags=(TAG,))).values())


def live_event(grafana: Grafana, key: str) -> tuple[Item, Annotation] | None:
    """One event, or nothing when it is not there."""
    return _by_key(grafana.annotations.find(tags=(TAG, _PREFIX + key))).get(key)


def _by_key(annotations: Iterable[Annotation]) -> Mapping[str, tuple[Item, Annotation]]:
    found: dict[str, tuple[Item, Annotation]] = {}
    for annotation in sorted(annotations, key=lambda annotation: annotation.id):
        key = next((tag.removeprefix(_PREFIX) for tag in annotation.tags if tag.startswith(_PREFIX)), "")
        if key:
            title = annotation.text.partition("\n")[0]
            found.setdefault(key, (Item(kinds.EVENT, key, title, _content(annotation)), annotation))
    return found


def write_event(grafana: Grafana, item: Item, expected: Annotation | None) -> None:
    """Make an event, or change the one that was read.

    Raises:
        GrafanaError: it is not as it was read any more, or Grafana does not take it.
    """
    wanted = _of(item.content)
    if expected is None:
        grafana.annotations.create(wanted)
        return
    _require_unchanged(grafana, item.uid, expected)
    if (expected.dashboard_uid, expected.panel_id) == (wanted.dashboard_uid, wanted.panel_id):
        grafana.annotations.update(replace(wanted, id=expected.id))
    else:
        # Grafana moves none; when what follows is lost, the next push makes it anew.
        grafana.annotations.delete(expected)
        grafana.annotations.create(wanted)


def delete_event(grafana: Grafana, key: str, expected: Annotation) -> None:
    """Delete the event that was read; fine when it is gone already.

    Raises:
        GrafanaError: it is not as it was read any more.
    """
    if live_event(grafana, key) is not None:
        _require_unchanged(grafana, key, expected)
        grafana.annotations.delete(expected)


def _require_unchanged(grafana: Grafana, key: str, expected: Annotation) -> None:
    found = live_event(grafana, key)
    if found is None or not found[1].says_the_same(expected):
        raise ConflictError(f"event `{key}` was changed in the meantime", kind=ConflictKind.VERSION)


def _content(annotation: Annotation) -> dict[str, Any]:
    return {
        "text": annotation.text,
        "time": annotation.time,
        "timeEnd": max(annotation.time, annotation.time_end),
        "tags": list(annotation.tags),
        "dashboardUID": annotation.dashboard_uid,
        "panelId": annotation.panel_id,
    }


def _of(content: Mapping[str, Any]) -> Annotation:
    return Annotation(
        content["text"],
        content["time"],
        content["timeEnd"],
        tuple(content["tags"]),
        content["dashboardUID"],
        content["panelId"],
    )

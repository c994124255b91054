"""Events on graphs: those that specs list, each once however often they are pushed, and single ones."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import Final

from dashgen.diagnostics import nearest
from dashgen.errors import DashgenError
from dashgen.grafana import Grafana
from dashgen.grafana.annotations import Annotation
from dashgen.model.standing_annotations import Annotations, Event, epoch_milliseconds, event_key
from dashgen.sync.specs import Built
from dashgen.sync.state import Pushed, State

KIND: Final = "annotation"
TAG: Final = "dashgen"
_PREFIX: Final = "event:"


class Act(StrEnum):
    """What happens to an event."""

    CREATE = "created"
    UPDATE = "updated"
    REPLACE = "moved"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class EventStep:
    """What happens to one event of the specs."""

    act: Act
    key: str
    wanted: Annotation
    live: Annotation | None = None


def wanted_events(built: Built) -> dict[str, Annotation]:
    """The events of the specs by key.

    Raises:
        DashgenError: two have one key, a date is none, or a dashboard or panel is not there.
    """
    found: dict[str, Annotation] = {}
    for document in built.documents.of("Annotations"):
        model: Annotations = document.model
        for event in model.events:
            key = event_key(event)
            if key in found:
                message = f"two events have the key `{key}`: give one of them its own `key:`"
                raise DashgenError(message)
            found[key] = _annotation(event, key, model.tags, built)
    return found


def _annotation(event: Event, key: str, tags: Sequence[str], built: Built) -> Annotation:
    start = _moment(event.at, event.title)
    end = _moment(event.until, event.title) if event.until else start
    if end < start:
        raise DashgenError(f"the event `{event.title}` ends before it begins")
    panel = panel_id(built, event.dashboard, event.panel) if event.dashboard else 0
    marks = (TAG, _PREFIX + key)
    return Annotation(
        text=f"{event.title}\n{event.text}" if event.text else event.title,
        time=start,
        time_end=end,
        tags=tuple(dict.fromkeys([*tags, *event.tags, *marks])),
        dashboard_uid=event.dashboard or "",
        panel_id=panel,
    )


def _moment(text: str, title: str) -> int:
    moment = epoch_milliseconds(text)
    if moment is None:
        raise DashgenError(f"the event `{title}` is at `{text}`, which is in no calendar")
    return moment


def panel_id(built: Built, dashboard: str, panel: str | None) -> int:
    """The number of a panel in Grafana; 0 for a whole dashboard, which need not be one of the specs.

    Raises:
        DashgenError: the specs have no such panel.
    """
    if panel is None:
        return 0
    summary = next((summary for summary in built.summaries if summary.uid == dashboard), None)
    if summary is None:
        hint = nearest(dashboard, [summary.uid for summary in built.summaries])
        raise DashgenError(f"no spec defines a dashboard with the uid `{dashboard}`; {hint}".rstrip("; "))
    if panel not in summary.panels:
        hint = nearest(panel, summary.panels)
        raise DashgenError(f"`{dashboard}` has no panel with the key `{panel}`; {hint}".rstrip("; "))
    return summary.panels[panel]


def plan_events(
    wanted: dict[str, Annotation], live: Iterable[Annotation], state: State, *, force: bool
) -> Iterator[EventStep]:
    """What has to be done so that every event is there once and as the specs say.

    Args:
        wanted: the events of the specs by key.
        live: the annotations that say that dashgen made them.
        state: what was pushed last.
        force: whether to overwrite what others changed.
    """
    by_key: dict[str, Annotation] = {}
    for found in sorted(live, key=lambda annotation: annotation.id):
        for tag in found.tags:
            if tag.startswith(_PREFIX):
                by_key.setdefault(tag.removeprefix(_PREFIX), found)
    for key, annotation in wanted.items():
        there = by_key.get(key)
        if there is None:
            yield EventStep(Act.CREATE, key, annotation)
        elif there.says_the_same(annotation):
            yield EventStep(Act.UNCHANGED, key, annotation, there)
        elif not force and _is_edited(there, state.get((KIND, key))):
            yield EventStep(Act.CONFLICT, key, annotation, there)
        else:
            stays = (there.dashboard_uid, there.panel_id) == (annotation.dashboard_uid, annotation.panel_id)
            yield EventStep(Act.UPDATE if stays else Act.REPLACE, key, annotation, there)


def _is_edited(live: Annotation, pushed: Pushed | None) -> bool:
    return pushed is None or checksum(live) not in (pushed.checksum, pushed.pending)


def checksum(annotation: Annotation) -> str:
    """A checksum of what an event says."""
    end = max(annotation.time, annotation.time_end)
    place = (annotation.dashboard_uid, annotation.panel_id)
    said = (annotation.text, annotation.time, end, sorted(annotation.tags), *place)
    return sha256(repr(said).encode("utf-8", "replace")).hexdigest()[:32]


def live_events(grafana: Grafana) -> list[Annotation]:
    """The annotations that say that dashgen made them, in one request.

    Raises:
        GrafanaError: they cannot be read.
    """
    return grafana.annotations.find(tags=(TAG,))


def take_event(grafana: Grafana, step: EventStep, state: State) -> None:
    """Do what a step says, and remember it.

    Raises:
        GrafanaError: Grafana does not do it.
    """
    if step.act is Act.CONFLICT:
        return
    key, made = (KIND, step.key), checksum(step.wanted)
    if step.act is not Act.UNCHANGED:
        before = state.get(key) or Pushed()
        state.remember(key, Pushed(before.checksum, pending=made, owned=True))
    if step.act is Act.UPDATE and step.live is not None:
        grafana.annotations.update(replace(step.wanted, id=step.live.id))
    elif step.act in (Act.CREATE, Act.REPLACE):
        grafana.annotations.create(step.wanted)
        if step.live is not None:
            grafana.annotations.delete(step.live)
    state.remember(key, Pushed(made, owned=True, title=step.wanted.text[:60]))

"""Annotations: events drawn over the panels."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from dashgen.core.json_values import Json
from dashgen.servers.grafana.api_paths import checked_uid, route
from dashgen.servers.grafana.grafana_errors import GrafanaError
from dashgen.servers.grafana.session import Session, WriteRequest
from dashgen.servers.grafana.writes import write_or_verify
from dashgen.servers.http.response_values import integer, text, texts

# Without a limit Grafana answers with 100 annotations.
_MOST = 10000


class LiveAnnotation(Struct, frozen=True):
    """One event; times in milliseconds, ``time_end`` is ``time`` for a moment, ``id`` is 0 when new.

    In the API: ``{"id": 7, "text": "v2", "time": …, "timeEnd": …, "tags": […], "dashboardUID": "…",
    "panelId": 3}``.
    """

    text: str
    time: int
    time_end: int
    tags: tuple[str, ...] = ()
    dashboard_uid: str = ""
    panel_id: int = 0
    id: int = 0

    @property
    def subject(self) -> str:
        """The event in messages."""
        return f"annotation `{self.text[:60]}`"

    def is_same_event(self, other: "LiveAnnotation") -> bool:
        """Whether both mark the same event, whatever their ids and the order of tags."""
        one, two = (
            replace(event, id=0, tags=tuple(sorted(event.tags)), time_end=max(event.time_end, event.time))
            for event in (self, other)
        )
        return one == two


class AnnotationsApi:
    """Reads and writes annotations; Grafana keeps no version of them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(
        self,
        *,
        tags: Sequence[str] = (),
        any_tag: bool = False,
        start: int = 0,
        end: int = 0,
        dashboard_uid: str = "",
    ) -> list[LiveAnnotation]:
        """The annotations with all these tags, in a span of time, on one dashboard; all by default.

        With `any_tag` one of the tags is enough.
        """
        query: dict[str, str | int | Sequence[str]] = {"type": "annotation", "limit": _MOST}
        if any_tag:
            query["matchAny"] = "true"
        if tags:
            query["tags"] = list(tags)
        if start or end:
            query |= {"from": start, "to": end}
        if dashboard_uid:
            query["dashboardUID"] = checked_uid(dashboard_uid)
        listed = self._session.read(route("api", "annotations"), "the annotations", query=query).listing()
        return [_annotation(item) for item in listed]

    def create(self, annotation: LiveAnnotation) -> LiveAnnotation:
        """Add an event; the same as one that is there is a second one, so look first."""
        change = WriteRequest("POST", route("api", "annotations"), annotation.subject, _body(annotation))
        # An annotation has no uid, so after a lost answer only the ids of before tell ours from an equal one.
        before = {event.id for event in self._same(annotation)}
        return write_or_verify(
            lambda: replace(annotation, id=integer(self._session.write(change).mapping(), "id")),
            lambda: next((event for event in self._same(annotation) if event.id not in before), None),
            self._session.pause,
        )

    def update(self, annotation: LiveAnnotation) -> None:
        """Change the event with this id."""
        change = WriteRequest("PATCH", _path(annotation.id), annotation.subject, _body(annotation))
        self._session.write_verified(
            change, lambda: any(event.id == annotation.id for event in self._same(annotation))
        )

    def delete(self, annotation: LiveAnnotation) -> None:
        """Delete an event; fine when it is gone already."""
        deletion = WriteRequest("DELETE", _path(annotation.id), annotation.subject)
        self._session.delete(
            deletion, lambda: all(event.id != annotation.id for event in self._same(annotation))
        )

    def _same(self, annotation: LiveAnnotation) -> list[LiveAnnotation]:
        end = max(annotation.time_end, annotation.time) + 1
        tags, dashboard_uid = annotation.tags, annotation.dashboard_uid
        events = self.find(start=annotation.time, end=end, tags=tags, dashboard_uid=dashboard_uid)
        return [event for event in events if event.is_same_event(annotation)]


def _path(number: int) -> str:
    if number < 1:
        raise GrafanaError("the annotation was not read from Grafana, so it has no id")
    return route("api", "annotations", str(number))


def _body(annotation: LiveAnnotation) -> Json:
    body: Json = {
        "text": annotation.text,
        "time": annotation.time,
        "timeEnd": max(annotation.time_end, annotation.time),
        "tags": list(annotation.tags),
    }
    if annotation.dashboard_uid:
        body["dashboardUID"] = annotation.dashboard_uid
    if annotation.panel_id:
        body["panelId"] = annotation.panel_id
    return body


def _annotation(item: Json) -> LiveAnnotation:
    time = integer(item, "time")
    return LiveAnnotation(
        text=text(item, "text"),
        time=time,
        time_end=integer(item, "timeEnd") or time,
        tags=texts(item, "tags"),
        dashboard_uid=text(item, "dashboardUID"),
        panel_id=integer(item, "panelId"),
        id=integer(item, "id"),
    )

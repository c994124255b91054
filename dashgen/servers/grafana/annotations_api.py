"""Annotations: events drawn over the panels."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from dashgen.servers.grafana.api_paths import checked_uid, route
from dashgen.servers.grafana.grafana_errors import GrafanaError, NotFoundError
from dashgen.servers.grafana.session import Session, WriteRequest
from dashgen.servers.grafana.writes import write_or_verify
from dashgen.servers.http.response_values import integer, text, texts

_MOST = 10000


@dataclass(frozen=True, slots=True)
class LiveAnnotation:
    """One event; times in milliseconds, ``time_end`` equals ``time`` for a moment; ``id`` is 0 when it is new."""

    text: str
    time: int
    time_end: int
    tags: tuple[str, ...] = ()
    dashboard_uid: str = ""
    panel_id: int = 0
    id: int = 0

    @property
    def subject(self) -> str:
        """The event in words."""
        return f"annotation `{self.text[:60]}`"

    def says_the_same(self, other: "LiveAnnotation") -> bool:
        """Whether both mark the same event, whatever their ids and the order of tags."""
        return _key(self) == _key(other)


class AnnotationsApi:
    """Reads and writes annotations; Grafana keeps no version of them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(
        self, *, tags: Sequence[str] = (), start: int = 0, end: int = 0, dashboard_uid: str = ""
    ) -> list[LiveAnnotation]:
        """The annotations with all these tags, in a span of time, on one dashboard; all by default."""
        query: dict[str, str | int | Sequence[str]] = {"type": "annotation", "limit": _MOST}
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
        before = {event.id for event in self._same(annotation)}

        def created() -> LiveAnnotation:
            answer = self._session.write(change).mapping()
            return _with_id(annotation, integer(answer, "id"))

        def read_back() -> LiveAnnotation | None:
            return next((a for a in self._same(annotation) if a.id not in before), None)

        return write_or_verify(created, read_back, self._session.pause)

    def update(self, annotation: LiveAnnotation) -> None:
        """Change the event with this id."""
        change = WriteRequest("PATCH", self._place(annotation.id), annotation.subject, _body(annotation))

        def changed() -> bool | None:
            return True if any(a.id == annotation.id for a in self._same(annotation)) else None

        def write() -> bool:
            self._session.write(change)
            return True

        write_or_verify(write, changed, self._session.pause)

    def delete(self, annotation: LiveAnnotation) -> None:
        """Delete an event; fine when it is gone already."""

        def delete() -> bool:
            self._session.write(WriteRequest("DELETE", self._place(annotation.id), annotation.subject))
            return True

        def gone() -> bool | None:
            return True if all(a.id != annotation.id for a in self._same(annotation)) else None

        try:
            write_or_verify(delete, gone, self._session.pause)
        except NotFoundError:
            return

    def _same(self, annotation: LiveAnnotation) -> list[LiveAnnotation]:
        end = max(annotation.time_end, annotation.time)
        around = self.find(
            start=annotation.time, end=end + 1, tags=annotation.tags, dashboard_uid=annotation.dashboard_uid
        )
        return [event for event in around if event.says_the_same(annotation)]

    def _place(self, number: int) -> str:
        if number < 1:
            raise GrafanaError("the annotation was not read from Grafana, so it has no id")
        return route("api", "annotations", str(number))


def _key(event: LiveAnnotation) -> tuple[Any, ...]:
    end = max(event.time_end, event.time)
    return event.text, event.time, end, sorted(event.tags), event.dashboard_uid, event.panel_id


def _body(annotation: LiveAnnotation) -> dict[str, Any]:
    body: dict[str, Any] = {
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


def _with_id(annotation: LiveAnnotation, number: int) -> LiveAnnotation:
    return replace(annotation, id=number)


def _annotation(item: dict[str, Any]) -> LiveAnnotation:
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

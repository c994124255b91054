"""Library panels: panels that several dashboards share."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from dashgen.servers.grafana.api_paths import checked_uid, route
from dashgen.servers.grafana.grafana_errors import NotFoundError
from dashgen.servers.grafana.paging import Paging
from dashgen.servers.grafana.session import Session, WriteRequest
from dashgen.servers.grafana.writes import write_or_verify
from dashgen.servers.http.response_values import integer, mapping, objects, text

_PAGE = 100
_PANEL = 1


@dataclass(frozen=True, slots=True)
class LiveLibraryPanel:
    """One shared panel; ``model`` is the panel's JSON."""

    uid: str
    name: str
    folder_uid: str
    model: dict[str, Any] = field(repr=False)
    version: int = 0

    @property
    def subject(self) -> str:
        """The panel in words."""
        return f"library panel `{self.uid}`"


class LibraryPanels:
    """Reads and writes library panels; they go before the dashboards that show them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, uid: str) -> LiveLibraryPanel | None:
        """One panel, or nothing when there is none."""
        try:
            reply = self._session.read(self._place(uid), f"library panel `{uid}`")
        except NotFoundError:
            return None
        return _panel(mapping(reply.mapping(), "result"))

    def list_all(self) -> Iterator[LiveLibraryPanel]:
        """Every library panel, page by page."""
        paging = Paging("library panels")
        for page in count(1):
            query = {"perPage": _PAGE, "page": page, "kind": _PANEL}
            reply = self._session.read(route("api", "library-elements"), "the library panels", query=query)
            elements = objects(mapping(reply.mapping(), "result"), "elements")
            paging.count(len(elements))
            yield from map(_panel, elements)
            if len(elements) < _PAGE:
                return

    def create(self, panel: LiveLibraryPanel) -> LiveLibraryPanel:
        """Add a library panel."""
        body = {
            "uid": checked_uid(panel.uid),
            "folderUid": panel.folder_uid,
            "name": panel.name,
            "kind": _PANEL,
            "model": panel.model,
        }
        change = WriteRequest("POST", route("api", "library-elements"), panel.subject, body)
        return self._write(change, panel, None)

    def update(self, panel: LiveLibraryPanel, expected: LiveLibraryPanel) -> LiveLibraryPanel:
        """Replace the version that was read; a conflict when it has changed since."""
        body = {
            "folderUid": panel.folder_uid,
            "name": panel.name,
            "kind": _PANEL,
            "model": panel.model,
            "version": expected.version,
        }
        return self._write(
            WriteRequest("PATCH", self._place(panel.uid), panel.subject, body), panel, expected
        )

    def delete(self, uid: str) -> None:
        """Delete a library panel that no dashboard shows; fine when it is gone already."""

        def delete() -> bool:
            self._session.write(WriteRequest("DELETE", self._place(uid), f"library panel `{uid}`"))
            return True

        try:
            write_or_verify(delete, lambda: True if self.get(uid) is None else None, self._session.pause)
        except NotFoundError:
            return

    def _place(self, uid: str) -> str:
        return route("api", "library-elements", checked_uid(uid))

    def _write(
        self, change: WriteRequest, panel: LiveLibraryPanel, before: LiveLibraryPanel | None
    ) -> LiveLibraryPanel:
        def stored() -> LiveLibraryPanel | None:
            live_panel = self.get(panel.uid)
            if live_panel is None or (before is not None and live_panel.version == before.version):
                return None
            return live_panel if (live_panel.name, live_panel.model) == (panel.name, panel.model) else None

        return write_or_verify(
            lambda: _panel(mapping(self._session.write(change).mapping(), "result")),
            stored,
            self._session.pause,
        )


def _panel(data: dict[str, Any]) -> LiveLibraryPanel:
    return LiveLibraryPanel(
        uid=text(data, "uid"),
        name=text(data, "name"),
        folder_uid=text(data, "folderUid"),
        model=mapping(data, "model"),
        version=integer(data, "version"),
    )

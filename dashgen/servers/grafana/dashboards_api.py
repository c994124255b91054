"""Dashboards of one Grafana, over the better of its two APIs."""

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import TypeVar

from dashgen.core.json_values import Json
from dashgen.servers.grafana.api_paths import checked_uid, route
from dashgen.servers.grafana.capabilities import DASHBOARD_GROUP, Capabilities
from dashgen.servers.grafana.classic_dashboards import ClassicDashboards
from dashgen.servers.grafana.grafana_errors import ConflictError, ConflictKind
from dashgen.servers.grafana.kubernetes_dashboards import KubernetesDashboards
from dashgen.servers.grafana.live_dashboard import (
    SERVER_KEYS,
    DashboardApi,
    DashboardDraft,
    DashboardForms,
    LiveDashboard,
    PastVersion,
    SearchHit,
    VersionToken,
)
from dashgen.servers.grafana.managers import Marks
from dashgen.servers.grafana.paging import Paging
from dashgen.servers.grafana.payload import Cause
from dashgen.servers.grafana.session import Session
from dashgen.servers.grafana.stored_versions import dashboard_versions
from dashgen.servers.grafana.writes import write_or_verify
from dashgen.servers.http.response_values import integer, mapping, objects, text, texts

T = TypeVar("T")
_PAGE = 1000


class Dashboards:
    """Reads, searches and writes dashboards.

    Args:
        session: the connection.
        capabilities: what the server can do; it decides between the two APIs.
        forms: how schema v2 becomes classic JSON, and back.
    """

    def __init__(self, session: Session, capabilities: Capabilities, forms: DashboardForms) -> None:
        self._session = session
        versions = dashboard_versions(capabilities)
        self.api: DashboardApi = (
            KubernetesDashboards(session, versions, capabilities.namespace, forms)
            if versions
            else ClassicDashboards(session)
        )

    def get(self, uid: str) -> LiveDashboard | None:
        """One dashboard, or nothing when there is none."""
        return self.api.get(uid)

    def get_many(
        self,
        uids: Sequence[str],
        keep: Callable[[LiveDashboard], T],
        untouched: Callable[[LiveDashboard], bool] | None = None,
    ) -> Iterator[T]:
        """What is kept of those of these dashboards that exist, in any order.

        Args:
            uids: the dashboards.
            keep: makes of each what is kept.
            untouched: whether a dashboard without its content is known already, so that the content need not
                be read.
        """
        return self.api.get_many(uids, keep, untouched)

    def create(self, draft: DashboardDraft) -> VersionToken:
        """Save a new dashboard.

        Raises:
            ConflictError: when there is one with this uid that is not this draft.
        """
        return write_or_verify(
            lambda: self.api.create(draft), lambda: self._in_place(draft, None), self._session.pause
        )

    def update(self, draft: DashboardDraft, expected: LiveDashboard) -> VersionToken:
        """Save over the dashboard that was read.

        Raises:
            ConflictError: when it has changed since, or somebody else manages it.
        """
        refuse_managed(expected, draft.marks)
        # Neither API refuses a version of a dashboard that is gone: it would be created anew.
        if self.api.get(expected.uid) is None:
            message = f"{draft.subject} was deleted in the meantime"
            raise ConflictError(message, kind=ConflictKind.VERSION)
        return write_or_verify(
            lambda: self.api.update(draft, expected.token),
            lambda: self._in_place(draft, expected.token),
            self._session.pause,
        )

    def delete(self, expected: LiveDashboard) -> None:
        """Delete the dashboard that was read; fine when it is gone already.

        Raises:
            ConflictError: when it has changed since, or somebody else manages it.
        """
        refuse_managed(expected)

        def delete() -> bool:
            self.api.delete(expected.uid, expected.token)
            return True

        write_or_verify(
            delete, lambda: True if self.api.get(expected.uid) is None else None, self._session.pause
        )

    def validate(self, draft: DashboardDraft, *, exists: bool) -> tuple[Cause, ...] | None:
        """What the server would refuse, without writing; ``None`` when it cannot be asked."""
        return self.api.validate(draft, exists=exists)

    def search(self, *, tags: Sequence[str] = (), folder_uids: Sequence[str] = ()) -> Iterator[SearchHit]:
        """Dashboards with all these tags in any of these folders; the search lags behind writes."""
        query: dict[str, str | int | Sequence[str]] = {"type": "dash-db", "limit": _PAGE}
        if tags:
            query["tag"] = list(tags)
        if folder_uids:
            query["folderUIDs"] = [uid or "general" for uid in folder_uids]
        seen: set[str] = set()
        paging = Paging("dashboards")
        for page in count(1):
            reply = self._session.read(
                route("api", "search"), "the dashboards", query={**query, "page": page}
            )
            hits = reply.listing()
            paging.count(len(hits))
            fresh = [hit for hit in hits if text(hit, "uid") not in seen]
            seen.update(text(hit, "uid") for hit in fresh)
            yield from map(_hit, fresh)
            if len(hits) < _PAGE or not fresh:
                return

    def history(self, uid: str, limit: int = 20, *, is_v2: bool = False) -> list[PastVersion]:
        """The past versions, newest first; none when there is no such dashboard.

        Grafana before 12 lists them without their contents, which ``past`` has.

        Args:
            uid: the dashboard.
            limit: at most so many.
            is_v2: whether it is stored in schema v2, whose history the classic API would show squeezed.
        """
        if is_v2 and (versions := self.api.history(uid, limit)) is not None:
            return versions
        path = route("api", "dashboards", "uid", checked_uid(uid), "versions")
        subject = f"the history of dashboard `{uid}`"
        reply = self._session.read_or_none(path, subject, query={"limit": limit})
        if reply is None:
            return []
        # Grafana 10 sends the list itself, newer ones an object around it.
        listed = reply.listing() if isinstance(reply.data, list) else objects(reply.data, "versions")
        return [_past(item) for item in listed]

    def past(self, uid: str, version: int) -> PastVersion | None:
        """One past version with its content, or nothing when it is not kept."""
        path = route("api", "dashboards", "uid", checked_uid(uid), "versions", str(version))
        reply = self._session.read_or_none(path, f"version {version} of dashboard `{uid}`")
        return None if reply is None else _past(reply.mapping())

    def library_panel(self, uid: str) -> Json | None:
        """The JSON of a panel that dashboards share, or nothing when there is none.

        The answer is ``{"result": {"uid": …, "name": …, "model": {…}}}``, of which ``model`` is the panel.
        """
        path = route("api", "library-elements", checked_uid(uid))
        reply = self._session.read_or_none(path, f"library panel `{uid}`")
        return None if reply is None else mapping(mapping(reply.mapping(), "result"), "model")

    def link(self, uid: str) -> str:
        """The address of a dashboard for people."""
        return self._session.settings.url + route("d", uid)

    def _in_place(self, draft: DashboardDraft, before: VersionToken | None) -> VersionToken | None:
        """The token of what is in Grafana, when that is the draft and was not there before."""
        dashboard = self.api.get(draft.uid)
        if dashboard is None or dashboard.token == before or dashboard.folder_uid != draft.folder_uid:
            return None
        # The checksum tells our draft from another one with the same content; storage that loses marks has
        # none.
        checksums = {draft.marks.source_checksum, dashboard.marks.source_checksum} - {""}
        is_ours = len(checksums) < 2 and self.api.is_stored(dashboard, draft)
        return dashboard.token if is_ours else None


def refuse_managed(dashboard: LiveDashboard, marks: Marks | None = None) -> None:
    """Refuse to touch what somebody else manages.

    Args:
        dashboard: the dashboard.
        marks: those that a write leaves; nothing for a deletion. Where Grafana lets others write, they may
            when these are of the same manager.

    Raises:
        ConflictError: when the dashboard comes from a file, a repository, a plugin or another tool.
    """
    owner = dashboard.owner
    keeps = marks is not None and owner is not None and owner.yields and marks.manager == owner
    if owner is not None and not keeps:
        message = f"dashboard `{dashboard.uid}` is managed by {owner}"
        raise ConflictError(message, kind=ConflictKind.MANAGED, hint=owner.way)
    if dashboard.is_squeezed:
        raise ConflictError(
            f"dashboard `{dashboard.uid}` is stored as {dashboard.stored_as}, which a save over the classic "
            "API would flatten",
            kind=ConflictKind.MANAGED,
            hint=f"let this account use the API `{DASHBOARD_GROUP}` of Grafana",
        )


def _hit(hit: Json) -> SearchHit:
    return SearchHit(text(hit, "uid"), text(hit, "title"), text(hit, "folderUid"), texts(hit, "tags"))


def _past(item: Json) -> PastVersion:
    content = {key: value for key, value in mapping(item, "data").items() if key not in SERVER_KEYS}
    return PastVersion(
        version=integer(item, "version"),
        message=text(item, "message"),
        created=text(item, "created"),
        content=content,
    )

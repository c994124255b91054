"""Dashboards over ``/api/dashboards``, which every Grafana has."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from dashgen.core.json_values import Json
from dashgen.servers.grafana.api_paths import checked_uid, route
from dashgen.servers.grafana.grafana_errors import ConflictError, ConflictKind, RefusedError
from dashgen.servers.grafana.live_dashboard import (
    SERVER_KEYS,
    DashboardDraft,
    LiveDashboard,
    PastVersion,
    VersionToken,
    contains,
    is_v2_version,
    no_schema_v2,
    read_each,
)
from dashgen.servers.grafana.managers import FILES, Marks
from dashgen.servers.grafana.payload import Cause
from dashgen.servers.grafana.session import Session, WriteRequest
from dashgen.servers.http.response_values import integer, mapping, text

T = TypeVar("T")
_NOT_ACCEPTABLE = 406


class ClassicDashboards:
    """The classic API: the version number is the precondition, and no marks are kept."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, uid: str) -> LiveDashboard | None:
        """One dashboard, or nothing when there is none."""
        try:
            reply = self._session.read_or_none(_path(uid), f"dashboard `{uid}`")
        except RefusedError as error:
            if error.status != _NOT_ACCEPTABLE:
                raise
            # Some versions show what is stored in schema v2 squeezed, others not at all
            # (pkg/api/dashboard.go: "dashboard api version not supported, use /apis/… instead").
            return LiveDashboard(uid, {}, "", VersionToken(0), stored_as="v2", is_squeezed=True)
        return None if reply is None else live_dashboard(uid, reply.mapping())

    def get_many(
        self,
        uids: Sequence[str],
        keep: Callable[[LiveDashboard], T],
        untouched: Callable[[LiveDashboard], bool] | None,
    ) -> Iterator[T]:
        """What is kept of those of these dashboards that exist, each read by itself."""
        del (
            untouched
        )  # the search of this API has titles and tags only, so nothing can be known before reading
        return read_each(self._session, self.get, uids, keep)

    def create(self, draft: DashboardDraft) -> VersionToken:
        """Save a new dashboard; a conflict when there is one already."""
        try:
            return self._save(draft, None)
        except ConflictError as error:
            if error.kind is not ConflictKind.VERSION:
                raise
            raise ConflictError(
                f"{draft.subject} exists already",
                kind=ConflictKind.EXISTS,
                hint="look at it with `dashgen diff`",
                status=error.status,
                payload=error.payload,
            ) from None

    def update(self, draft: DashboardDraft, expected: VersionToken) -> VersionToken:
        """Save over the version that was read; a conflict when it has changed since."""
        return self._save(draft, expected.version)

    def delete(self, uid: str, expected: VersionToken) -> None:
        """Delete what was read; the API takes no precondition, so it is read again just before."""
        subject = f"dashboard `{uid}`"
        dashboard = self.get(uid)
        if dashboard is None:
            return
        if dashboard.token.version != expected.version:
            raise ConflictError(
                f"{subject} was changed before it could be deleted", kind=ConflictKind.VERSION
            )
        self._session.write(WriteRequest("DELETE", _path(uid), subject))

    def validate(self, draft: DashboardDraft, *, exists: bool) -> tuple[Cause, ...] | None:
        """Nothing: this API has no dry run."""
        del draft, exists
        return None

    def is_stored(self, dashboard: LiveDashboard, draft: DashboardDraft) -> bool:
        """Whether all of a draft is in a dashboard that was read."""
        return contains(dashboard.content, draft.body())

    def history(self, uid: str, limit: int) -> list[PastVersion] | None:
        """Nothing: this API shows every past version as classic JSON."""
        del uid, limit
        return None

    def _save(self, draft: DashboardDraft, version: int | None) -> VersionToken:
        if draft.is_v2:
            raise no_schema_v2(draft)
        content: Json = {**draft.body(), "uid": checked_uid(draft.uid)}
        if version is not None:
            content["version"] = version
        body = {
            "dashboard": content,
            "folderUid": draft.folder_uid,
            "message": draft.message,
            "overwrite": False,
        }
        change = WriteRequest("POST", route("api", "dashboards", "db"), draft.subject, body)
        saved = self._session.write(change).mapping()
        return _token(saved, integer(saved, "version"))


def _path(uid: str) -> str:
    return route("api", "dashboards", "uid", checked_uid(uid))


def _token(data: Json, version: int) -> VersionToken:
    """The version with the dashboard's number, as one that is created anew has version 1 again."""
    return VersionToken(version, f"{integer(data, 'id')}-{version}")


def live_dashboard(uid: str, data: Json) -> LiveDashboard:
    """Read an answer of the API: ``{"dashboard": {…}, "meta": {"folderUid": …, "version": …}}``."""
    meta, content = mapping(data, "meta"), mapping(data, "dashboard")
    stored_as = text(meta, "apiVersion")
    return LiveDashboard(
        uid=uid,
        content={key: value for key, value in content.items() if key not in SERVER_KEYS},
        folder_uid=text(meta, "folderUid"),
        token=_token(content, integer(meta, "version") or integer(content, "version")),
        marks=Marks(FILES, source_path=text(meta, "provisionedExternalId"), allows_edits=False)
        if meta.get("provisioned") is True
        else Marks(),
        stored_as=stored_as,
        is_squeezed=is_v2_version(stored_as),
    )

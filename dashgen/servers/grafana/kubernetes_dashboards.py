"""Dashboards over ``/apis/dashboard.grafana.app``, which Grafana 12 and newer serve."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from dashgen.core.json_values import Json
from dashgen.servers.grafana.api_paths import checked_name, checked_uid, route
from dashgen.servers.grafana.capabilities import DASHBOARD_GROUP
from dashgen.servers.grafana.grafana_errors import (
    ConflictError,
    ConflictKind,
    NotFoundError,
    RefusedError,
    ServerError,
    UnusableAnswerError,
)
from dashgen.servers.grafana.live_dashboard import (
    SERVER_KEYS,
    DashboardDraft,
    LiveDashboard,
    VersionToken,
    read_each,
)
from dashgen.servers.grafana.managers import PREFIX, Marks
from dashgen.servers.grafana.paging import WITHOUT_CONTENT, Paging
from dashgen.servers.grafana.payload import Cause
from dashgen.servers.grafana.session import Session, WriteRequest
from dashgen.servers.http import AnswerKind
from dashgen.servers.http.response_values import integer, mapping, objects, text

_PAGE = 100
# From so many dashboards on a few pages of a listing are faster than a request for each.
_ENOUGH_TO_LIST = 40


T = TypeVar("T")


class KubernetesDashboards:
    """The Kubernetes-style API: the resourceVersion is the precondition, and marks are kept.

    Args:
        session: the connection.
        version: the version of the API to speak, such as ``v1beta1``.
        namespace: the namespace of the organization.
    """

    def __init__(self, session: Session, version: str, namespace: str) -> None:
        self._session = session
        self._version = version
        self._group_version = f"{DASHBOARD_GROUP}/{version}"
        space = ("namespaces", checked_name(namespace))
        self._base = ("apis", DASHBOARD_GROUP, checked_name(version), *space, "dashboards")

    def get(self, uid: str) -> LiveDashboard | None:
        """One dashboard, or nothing when there is none."""
        reply = self._session.read_or_none(self._path(uid), f"dashboard `{uid}`")
        return None if reply is None else live_dashboard(reply.mapping(), self._version)

    def get_many(
        self,
        uids: Sequence[str],
        keep: Callable[[LiveDashboard], T],
        untouched: Callable[[LiveDashboard], bool] | None,
    ) -> Iterator[T]:
        """What is kept of those of these dashboards that exist: few one by one, many out of listings."""
        missing = dict.fromkeys(uids)
        # First without contents: after a push most dashboards are as they were left, and their contents are
        # most of the bytes.
        if untouched is not None and len(missing) >= _ENOUGH_TO_LIST:
            for dashboard, whole in self._heads():
                if dashboard.uid in missing and (whole or untouched(dashboard)):
                    del missing[dashboard.uid]
                    yield keep(dashboard)
        if len(missing) >= _ENOUGH_TO_LIST:
            for dashboard in self.list_all():
                if dashboard.uid in missing:
                    del missing[dashboard.uid]
                    yield keep(dashboard)
                if not missing:
                    return
        else:
            yield from read_each(self._session, self.get, list(missing), keep)

    def list_all(self) -> Iterator[LiveDashboard]:
        """Every dashboard that the account may read, page by page."""
        for page in self._pages({}):
            for item in objects(page, "items"):
                yield live_dashboard(item, self._version)

    def _heads(self) -> Iterator[tuple[LiveDashboard, bool]]:
        """Every dashboard, and whether it came with its content: some servers cannot leave it out."""
        try:
            for page in self._pages({"Accept": WITHOUT_CONTENT}):
                whole = text(page, "kind") != "PartialObjectMetadataList"
                for item in objects(page, "items"):
                    yield live_dashboard(item, self._version), whole
        except (RefusedError, NotFoundError, ServerError, UnusableAnswerError):
            # The listing that every server has says what is wrong, if it is not this way of asking.
            return

    def _pages(self, headers: Mapping[str, str]) -> Iterator[Json]:
        following, seen, size = "", set[str](), _PAGE
        paging = Paging("dashboards")
        while True:
            query: dict[str, str | int] = {"limit": size}
            if following:
                query["continue"] = following
            try:
                page = self._session.read(
                    route(*self._base), "the dashboards", query=query, headers=headers
                ).mapping()
            except UnusableAnswerError as error:
                # A page of large dashboards may exceed the bound of an answer: ask for fewer at once.
                if error.kind is not AnswerKind.TOO_BIG or size == 1:
                    raise
                size //= 2
                continue
            paging.count(len(objects(page, "items")))
            yield page
            following = text(mapping(page, "metadata"), "continue")
            # A cursor that comes twice would go on for ever.
            if not following or following in seen:
                return
            seen.add(following)

    def create(self, draft: DashboardDraft) -> VersionToken:
        """Save a new dashboard; a conflict when there is one already."""
        return self._token(WriteRequest("POST", route(*self._base), draft.subject, self._object(draft, None)))

    def update(self, draft: DashboardDraft, expected: VersionToken) -> VersionToken:
        """Save over the state that was read; a conflict when it has changed since."""
        return self._token(
            WriteRequest("PUT", self._path(draft.uid), draft.subject, self._object(draft, expected))
        )

    def delete(self, uid: str, expected: VersionToken) -> None:
        """Delete the state that was read; a conflict when it has changed since."""
        dashboard = self.get(uid)
        if dashboard is None:
            return
        subject = f"dashboard `{uid}`"
        if dashboard.token.resource_version != expected.resource_version:
            raise ConflictError(
                f"{subject} was changed before it could be deleted", kind=ConflictKind.VERSION
            )
        options = {
            "kind": "DeleteOptions",
            "apiVersion": "v1",
            "preconditions": {"resourceVersion": expected.resource_version},
        }
        self._session.write(WriteRequest("DELETE", self._path(uid), subject, options))

    def validate(self, draft: DashboardDraft, *, exists: bool) -> tuple[Cause, ...] | None:
        """What the server would refuse, from a dry run, which stores nothing."""
        method, path = ("PUT", self._path(draft.uid)) if exists else ("POST", route(*self._base))
        query = {"dryRun": "All", "fieldValidation": "Strict"}
        try:
            self._session.write(WriteRequest(method, path, draft.subject, self._object(draft, None), query))
        except RefusedError as error:
            return error.causes or (Cause("", error.payload.message or error.message),)
        return ()

    def _path(self, uid: str) -> str:
        return route(*self._base, checked_uid(uid))

    def _token(self, change: WriteRequest) -> VersionToken:
        return _token(mapping(self._session.write(change).mapping(), "metadata"))

    def _object(self, draft: DashboardDraft, expected: VersionToken | None) -> Json:
        annotations = {"folder": draft.folder_uid, "message": draft.message}
        if expected is None and not draft.folder_uid:
            # At the root nobody inherits permissions; the classic API grants these by itself.
            annotations["grant-permissions"] = "default"
        metadata: Json = {
            "name": checked_uid(draft.uid),
            "annotations": {
                **{PREFIX + key: value for key, value in annotations.items() if value},
                **draft.marks.annotations,
            },
        }
        if expected is not None:
            metadata["resourceVersion"] = expected.resource_version
        return {
            "apiVersion": self._group_version,
            "kind": "Dashboard",
            "metadata": metadata,
            "spec": draft.body(),
        }


def live_dashboard(item: Json, version: str) -> LiveDashboard:
    """Read one object: ``{"metadata": {"name": uid, "annotations": {…}}, "spec": {…}}``.

    Args:
        item: the object.
        version: the version of the API that it was read at; it is stored at that one unless its ``status``
            has another.
    """
    metadata, spec = mapping(item, "metadata"), mapping(item, "spec")
    annotations = mapping(metadata, "annotations")
    conversion = mapping(mapping(item, "status"), "conversion")
    return LiveDashboard(
        uid=text(metadata, "name"),
        content={key: value for key, value in spec.items() if key not in SERVER_KEYS},
        folder_uid=text(annotations, PREFIX + "folder"),
        token=_token(metadata),
        marks=Marks.of_annotations(annotations),
        stored_as=text(conversion, "storedVersion") or version,
        message=text(annotations, PREFIX + "message"),
    )


def _token(metadata: Json) -> VersionToken:
    return VersionToken(integer(metadata, "generation"), text(metadata, "resourceVersion"))

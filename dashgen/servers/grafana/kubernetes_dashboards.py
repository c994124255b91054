"""Dashboards over ``/apis/dashboard.grafana.app``, which Grafana 12 and newer serve."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from msgspec.structs import replace

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
    DashboardForms,
    LiveDashboard,
    PastVersion,
    VersionToken,
    contains,
    is_v2_version,
    no_schema_v2,
    read_each,
)
from dashgen.servers.grafana.managers import PREFIX, Marks
from dashgen.servers.grafana.paging import WITHOUT_CONTENT, object_pages
from dashgen.servers.grafana.payload import Cause
from dashgen.servers.grafana.preconditions import delete_options
from dashgen.servers.grafana.session import Session, WriteRequest
from dashgen.servers.grafana.stored_versions import DashboardVersions, stored_version, version_to_reread
from dashgen.servers.http import AnswerKind
from dashgen.servers.http.response_values import integer, mapping, objects, text

_PAGE = 100
_READS = 4
"""How often one dashboard is read when somebody saves it at other versions meanwhile."""
# From so many dashboards on a few pages of a listing are faster than a request for each.
_ENOUGH_TO_LIST = 40


T = TypeVar("T")


class KubernetesDashboards:
    """The Kubernetes-style API: the resourceVersion is the precondition, and marks are kept.

    A dashboard is read at the version that it is stored at, as a conversion between the two schemas loses and
    invents things, and written at that one.

    Args:
        session: the connection.
        versions: the versions of the API to speak.
        namespace: the namespace of the organization.
        forms: how schema v2 becomes classic JSON, and back.
    """

    def __init__(
        self, session: Session, versions: DashboardVersions, namespace: str, forms: DashboardForms
    ) -> None:
        self._session = session
        self._versions = versions
        self._namespace = checked_name(namespace)
        self._forms = forms
        # What earlier answers told, so that a dashboard is read once and not twice: only a hint, as anybody
        # may save it at another version meanwhile.
        self._stored: dict[str, str] = {}

    def get(self, uid: str) -> LiveDashboard | None:
        """One dashboard, or nothing when there is none."""
        version = self._versions.fitting(self._stored.get(uid, ""))
        for _ in range(_READS):
            reply = self._session.read_or_none(self._path(uid, version), f"dashboard `{uid}`")
            if reply is None:
                return None
            item = reply.mapping()
            self._stored[uid] = stored_version(item) or version
            again = version_to_reread(item, version, self._versions)
            if not again:
                return self._live(item, version)
            version = again
        raise UnusableAnswerError(
            f"Grafana does not tell at which version dashboard `{uid}` is stored", kind=AnswerKind.NOT_JSON
        )

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
        for version in self._listed_versions():
            if len(self._stored_at(missing, version)) >= _ENOUGH_TO_LIST:
                yield from map(keep, self._listed(version, missing))
        yield from read_each(self._session, self.get, list(missing), keep)

    def _listed_versions(self) -> list[str]:
        return [version for version in (self._versions.classic, self._versions.v2) if version]

    def _stored_at(self, uids: Iterable[str], version: str) -> list[str]:
        """Those of these dashboards that are read at a version, as far as earlier answers tell."""
        fitting = self._versions.fitting
        return [uid for uid in uids if fitting(self._stored.get(uid, self._versions.classic)) == version]

    def _listed(self, version: str, missing: dict[str, None]) -> Iterator[LiveDashboard]:
        """The missing dashboards that a listing shows as they are stored; of others it tells the version.

        Args:
            version: the version of the listing.
            missing: their uids, from which those are taken that were read, and those that are gone.
        """
        lacking = set(missing)
        for page in self._pages({}, version):
            for item in objects(page, "items"):
                uid = text(mapping(item, "metadata"), "name")
                if uid not in lacking:
                    continue
                lacking.remove(uid)
                self._stored[uid] = stored_version(item) or version
                if not version_to_reread(item, version, self._versions):
                    del missing[uid]
                    yield self._live(item, version)
            if not lacking:
                return
        # What the whole listing lacks is gone, and needs no further request.
        for uid in lacking:
            del missing[uid]

    def _heads(self) -> Iterator[tuple[LiveDashboard, bool]]:
        """Every dashboard, and whether it came with its content: some servers cannot leave it out."""
        try:
            for page in self._pages({"Accept": WITHOUT_CONTENT}, self._versions.classic):
                whole = text(page, "kind") != "PartialObjectMetadataList"
                for item in objects(page, "items"):
                    yield from self._head(item, whole=whole)
        except (RefusedError, NotFoundError, ServerError, UnusableAnswerError):
            # The listing that every server has says what is wrong, if it is not this way of asking.
            return

    def _head(self, item: Json, *, whole: bool) -> Iterator[tuple[LiveDashboard, bool]]:
        """A dashboard of a listing, unless the listing shows it at another version than it is stored at."""
        classic = self._versions.classic
        stored_as = stored_version(item)
        if stored_as:
            self._stored[text(mapping(item, "metadata"), "name")] = stored_as
        if not whole:
            yield replace(live_dashboard(item, classic), stored_as=stored_as), False
        elif not version_to_reread(item, classic, self._versions):
            yield self._live(item, classic), True

    def _pages(
        self, headers: Mapping[str, str], version: str, selection: Mapping[str, str] | None = None
    ) -> Iterator[Json]:
        query = {"limit": str(_PAGE), **(selection or {})}
        path = self._path(None, version)
        return object_pages(self._session, path, "dashboards", query=query, headers=headers)

    def history(self, uid: str, limit: int) -> list[PastVersion]:
        """The past versions with their contents, newest first; none when there is no such dashboard.

        Each is read at the version that it was stored at. Grafana 13 keeps histories at stable versions alone
        (docs, "Resource history"), and lists those before a change of schema in both.
        """
        versions: dict[int, PastVersion] = {}
        for version in reversed(self._listed_versions()):
            items = self._past_items(uid, version, limit)
            fitting = [item for item in items if not version_to_reread(item, version, self._versions)]
            pasts = (self._past(item, version) for item in fitting)
            versions |= {past.version: past for past in pasts}
            if len(fitting) == len(items):
                break
        return [versions[number] for number in sorted(versions, reverse=True)]

    def _past_items(self, uid: str, version: str, limit: int) -> list[Json]:
        """The newest past versions of a dashboard, as a version of the API shows them."""
        selection = {"labelSelector": f"{PREFIX}get-history=true", "fieldSelector": f"metadata.name={uid}"}
        try:
            # One page has more than anybody looks back.
            page = next(self._pages({}, version, selection))
        except NotFoundError:
            return []
        return objects(page, "items")[:limit]

    def _past(self, item: Json, version: str) -> PastVersion:
        live = self._live(item, version)
        annotations = mapping(mapping(item, "metadata"), "annotations")
        saved = text(annotations, PREFIX + "updatedTimestamp")
        created = saved or text(mapping(item, "metadata"), "creationTimestamp")
        return PastVersion(live.token.version, live.message, created, live.content)

    def create(self, draft: DashboardDraft) -> VersionToken:
        """Save a new dashboard; a conflict when there is one already."""
        path = self._path(None, self._version_of(draft))
        return self._token(WriteRequest("POST", path, draft.subject, self._object(draft, None)))

    def update(self, draft: DashboardDraft, expected: VersionToken) -> VersionToken:
        """Save over the state that was read; a conflict when it has changed since."""
        path = self._path(draft.uid, self._version_of(draft))
        return self._token(WriteRequest("PUT", path, draft.subject, self._object(draft, expected)))

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
        options = delete_options(expected.resource_version)
        path = self._path(uid, self._versions.classic)
        self._session.write(WriteRequest("DELETE", path, subject, options))

    def validate(self, draft: DashboardDraft, *, exists: bool) -> tuple[Cause, ...] | None:
        """What the server would refuse, from a dry run, which stores nothing."""
        method = "PUT" if exists else "POST"
        path = self._path(draft.uid if exists else None, self._version_of(draft))
        query = {"dryRun": "All", "fieldValidation": "Strict"}
        try:
            self._session.write(WriteRequest(method, path, draft.subject, self._object(draft, None), query))
        except RefusedError as error:
            return error.causes or (Cause("", error.payload.message or error.message),)
        return ()

    def is_stored(self, dashboard: LiveDashboard, draft: DashboardDraft) -> bool:
        """Whether all of a draft is in a dashboard, in the schema that it was to be stored in."""
        if dashboard.is_v2 != draft.is_v2:
            return False
        if draft.is_v2:
            return contains(self._forms.spec(dashboard.content), self._forms.spec(draft.body()))
        return contains(dashboard.content, draft.body())

    def _version_of(self, draft: DashboardDraft) -> str:
        """The version at which a draft is written.

        Raises:
            RefusedError: it is to be stored in schema v2, and this server has no version of it to write at.
        """
        if not draft.is_v2:
            return self._versions.classic
        if not self._versions.v2:
            raise no_schema_v2(draft)
        return self._versions.v2

    def _path(self, uid: str | None, version: str) -> str:
        """The path of a dashboard at a version, or of all without a uid."""
        base = ("apis", DASHBOARD_GROUP, checked_name(version), "namespaces", self._namespace, "dashboards")
        return route(*base) if uid is None else route(*base, checked_uid(uid))

    def _live(self, item: Json, version: str) -> LiveDashboard:
        """A whole object that was read at the version that fits it."""
        live = live_dashboard(item, version)
        if not is_v2_version(version):
            return live
        content = self._forms.content(live.content, live.uid)
        return replace(live, content={key: value for key, value in content.items() if key not in SERVER_KEYS})

    def _token(self, change: WriteRequest) -> VersionToken:
        return _token(mapping(self._session.write(change).mapping(), "metadata"))

    def _object(self, draft: DashboardDraft, expected: VersionToken | None) -> Json:
        version = self._version_of(draft)
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
            "apiVersion": f"{DASHBOARD_GROUP}/{version}",
            "kind": "Dashboard",
            "metadata": metadata,
            "spec": self._spec(draft, version),
        }

    def _spec(self, draft: DashboardDraft, version: str) -> Json:
        if not draft.is_v2:
            return draft.body()
        spec = self._forms.spec(draft.body())
        return spec if version == "v2" else _as_v2beta1(spec)


def live_dashboard(item: Json, version: str) -> LiveDashboard:
    """Read one object: ``{"metadata": {"name": uid, "annotations": {…}}, "spec": {…}}``.

    Args:
        item: the object.
        version: the version of the API that it was read at, and is stored at unless it tells another.

    Returns:
        The dashboard with its ``spec`` as content.
    """
    metadata, spec = mapping(item, "metadata"), mapping(item, "spec")
    annotations = mapping(metadata, "annotations")
    return LiveDashboard(
        uid=text(metadata, "name"),
        content={key: value for key, value in spec.items() if key not in SERVER_KEYS},
        folder_uid=text(annotations, PREFIX + "folder"),
        token=_token(metadata),
        marks=Marks.of_annotations(annotations),
        stored_as=stored_version(item) or version,
        message=text(annotations, PREFIX + "message"),
    )


def _as_v2beta1(spec: Json) -> Json:
    """A ``spec`` of ``v2`` as Grafana 12 has it, where transformations are named by their kind.

    (grafana, apps/dashboard/pkg/migration/conversion/v2_to_v2beta1.go, commit 170c8134; what is newer in
    ``v2`` the server drops.)
    """
    elements: Json = {}
    for name, element in mapping(spec, "elements").items():
        data = mapping(mapping(mapping(element, "spec"), "data"), "spec")
        transformations = [
            {"kind": text(one, "group"), "spec": {"id": text(one, "group"), **mapping(one, "spec")}}
            for one in objects(data, "transformations")
        ]
        elements[name] = element
        if transformations:
            changed = {**data, "transformations": transformations}
            panel = element["spec"]
            elements[name] = {**element, "spec": {**panel, "data": {**panel["data"], "spec": changed}}}
    return {**spec, "elements": elements}


def _token(metadata: Json) -> VersionToken:
    return VersionToken(integer(metadata, "generation"), text(metadata, "resourceVersion"))

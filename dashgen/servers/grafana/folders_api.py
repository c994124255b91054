"""Folders, which may be nested."""

from contextlib import suppress
from itertools import count

from msgspec import Struct

from dashgen.core.json_values import Json
from dashgen.servers.grafana.api_paths import checked_uid, route
from dashgen.servers.grafana.capabilities import Capabilities
from dashgen.servers.grafana.grafana_errors import (
    ConflictError,
    ConflictKind,
    ForbiddenError,
    NotFoundError,
    RefusedError,
    UnusableAnswerError,
)
from dashgen.servers.grafana.managers import Marks
from dashgen.servers.grafana.paging import WITHOUT_CONTENT, Paging, object_pages
from dashgen.servers.grafana.session import Session, WriteRequest
from dashgen.servers.http.response_values import integer, mapping, objects, text

_PAGE = 1000
# Below the root Grafana lists a folder of this uid that is none: what others share with the account.
_SHARED = "sharedwithme"
_GROUP = "folder.grafana.app"


class LiveFolder(Struct, frozen=True):
    """One folder.

    ``parent_uid`` is empty at the root, ``version`` is 0 when it was not read by itself, and no
    ``description`` leaves the one that is there.
    """

    uid: str
    title: str
    parent_uid: str = ""
    version: int = 0
    marks: Marks = Marks()
    description: str = ""

    @property
    def subject(self) -> str:
        """The folder in messages."""
        return f"folder `{self.uid}`"


class Folders:
    """Reads and writes folders over the API that every Grafana has."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, uid: str) -> LiveFolder | None:
        """One folder, or nothing when there is none."""
        reply = self._session.read_or_none(_path(uid), f"folder `{uid}`")
        return None if reply is None else _folder(reply.mapping())

    def description(self, uid: str, capabilities: Capabilities) -> str | None:
        """The description of a folder, or nothing where Grafana does not show it.

        The API that every version has leaves it out of its answers; the Kubernetes-style one has it.

        Args:
            uid: the folder.
            capabilities: what the Grafana can do.
        """
        folder = self._object(uid, capabilities)
        return None if folder is None else text(mapping(folder, "spec"), "description")

    def marks(self, capabilities: Capabilities) -> dict[str, Marks]:
        """Who manages each folder that anybody manages, by uid; nothing where Grafana does not show it.

        Listings of the API that every version has leave managers out (pkg/api/dtos/folder.go).

        Args:
            capabilities: what the Grafana can do.
        """
        marks_by_uid: dict[str, Marks] = {}
        pages = object_pages(
            self._session,
            _objects(capabilities),
            "folders",
            query={"limit": str(_PAGE)},
            headers={"Accept": WITHOUT_CONTENT},
        )
        with suppress(NotFoundError, ForbiddenError, RefusedError, UnusableAnswerError):
            for page in pages:
                for item in objects(page, "items"):
                    metadata = mapping(item, "metadata")
                    marks = Marks.of_annotations(mapping(metadata, "annotations"))
                    if marks.managed_by:
                        marks_by_uid[text(metadata, "name")] = marks
        return marks_by_uid

    def _object(self, uid: str, capabilities: Capabilities) -> Json | None:
        path = _objects(capabilities, checked_uid(uid))
        try:
            return self._session.read(path, f"folder `{uid}`").mapping()
        except (NotFoundError, ForbiddenError, UnusableAnswerError):
            return None

    def children(self, parent_uid: str = "") -> list[LiveFolder]:
        """The folders directly in a folder, or at the root."""
        return self._children(parent_uid, Paging("folders"))

    def _children(self, parent_uid: str, paging: Paging) -> list[LiveFolder]:
        folders_by_uid: dict[str, LiveFolder] = {}
        for page in count(1):
            query: dict[str, str | int] = {"limit": _PAGE, "page": page}
            if parent_uid:
                query["parentUid"] = checked_uid(parent_uid)
            listed = self._session.read(route("api", "folders"), "the folders", query=query).listing()
            paging.count(len(listed))
            before = len(folders_by_uid)
            folders_by_uid |= {f.uid: f for f in map(_folder, listed) if f.uid and f.uid != _SHARED}
            # A proxy that drops the query answers every page with the first one.
            if len(listed) < _PAGE or len(folders_by_uid) == before:
                break
        return list(folders_by_uid.values())

    def everything(self) -> list[LiveFolder]:
        """Every folder that can be reached from the root, parents first."""
        folders_by_uid: dict[str, LiveFolder] = {}
        paging = Paging("folders")
        level = self._children("", paging)
        while level:
            fresh = [folder for folder in level if folder.uid not in folders_by_uid]
            folders_by_uid |= {folder.uid: folder for folder in fresh}
            # One level after the other: the requests of a level run at once, and parents come before
            # children.
            below = self._session.map(lambda folder: self._children(folder.uid, paging), fresh)
            level = [child for children in below for child in children]
        return list(folders_by_uid.values())

    def create(self, folder: LiveFolder) -> None:
        """Create a folder; its parent has to be there.

        Raises:
            ConflictError: when there is one with this uid and another title or place.
            NotFoundError: when the parent is missing.
        """
        if folder.parent_uid and self.get(folder.parent_uid) is None:
            # Grafana itself would take it, and nobody would ever see the folder.
            raise NotFoundError(
                f"{folder.subject} cannot be created: there is no folder `{folder.parent_uid}`"
            )
        body = {"uid": checked_uid(folder.uid), "title": folder.title}
        if folder.parent_uid:
            body["parentUid"] = checked_uid(folder.parent_uid)
        if folder.description:
            body["description"] = folder.description
        change = WriteRequest("POST", route("api", "folders"), folder.subject, body)
        try:
            self._session.write_verified(change, lambda: self._is_stored(folder, None))
        except ConflictError as error:
            # Grafana answers "the folder has been changed by someone else" to a uid that is taken.
            if error.kind is not ConflictKind.VERSION:
                raise
            raise ConflictError(f"{folder.subject} exists already", kind=ConflictKind.EXISTS) from None

    def rename(self, folder: LiveFolder, expected: LiveFolder) -> None:
        """Give a folder another title or description, when it is still as it was read.

        No description takes away the one that was read; one that was not read stays.
        """
        body: Json = {"title": folder.title, "version": expected.version}
        if folder.description or expected.description:
            body["description"] = folder.description
        change = WriteRequest("PUT", _path(folder.uid), folder.subject, body)
        self._session.write_verified(change, lambda: self._is_stored(folder, expected))

    def move(self, uid: str, parent_uid: str) -> None:
        """Put a folder into another one, or at the root."""
        body = {"parentUid": parent_uid and checked_uid(parent_uid)}
        change = WriteRequest("POST", _path(uid, "move"), f"folder `{uid}`", body)

        def is_moved() -> bool:
            folder = self.get(uid)
            return folder is not None and folder.parent_uid == parent_uid

        self._session.write_verified(change, is_moved)

    def contents(self, uid: str) -> dict[str, int]:
        """How many of what is in a folder, at any depth: Grafana deletes all of it with the folder."""
        counts = self._session.read(_path(uid, "counts"), f"the contents of folder `{uid}`").mapping()
        return {kind: count for kind, count in counts.items() if isinstance(count, int) and count}

    def delete(self, uid: str) -> None:
        """Delete an empty folder; fine when it is gone already.

        Raises:
            ConflictError: when anything is in it.
        """
        subject = f"folder `{uid}`"
        try:
            inside = self.contents(uid)
        except NotFoundError:
            return
        if inside or self.children(uid):
            listed = ", ".join(f"{count} {kind}" for kind, count in inside.items()) or "folders"
            raise ConflictError(f"{subject} is not empty: {listed}", kind=ConflictKind.IN_USE)
        self._session.delete(WriteRequest("DELETE", _path(uid), subject), lambda: self.get(uid) is None)

    def link(self, uid: str) -> str:
        """The address of a folder for people."""
        return self._session.settings.url + route("dashboards", "f", uid)

    def _is_stored(self, desired: LiveFolder, before: LiveFolder | None) -> bool:
        live = self.get(desired.uid)
        if live is None or live.title != desired.title:
            return False
        # A rename leaves the folder where it is and raises its version; a new one has to be in its place.
        return live.parent_uid == desired.parent_uid if before is None else live.version != before.version


def _objects(capabilities: Capabilities, *uid: str) -> str:
    space = ("namespaces", capabilities.namespace)
    return route("apis", _GROUP, capabilities.folder_version, *space, "folders", *uid)


def _path(uid: str, *action: str) -> str:
    return route("api", "folders", checked_uid(uid), *action)


def _folder(data: Json) -> LiveFolder:
    return LiveFolder(
        uid=text(data, "uid"),
        title=text(data, "title"),
        parent_uid=text(data, "parentUid"),
        version=integer(data, "version"),
        marks=Marks(by, allows_edits=False) if (by := text(data, "managedBy")) else Marks(),
    )

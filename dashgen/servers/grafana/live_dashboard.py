"""A dashboard as it is in Grafana, the same whichever API it was read over."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from msgspec import Struct

from dashgen.core.json_values import Json
from dashgen.servers.grafana.grafana_errors import RefusedError
from dashgen.servers.grafana.managers import Manager, Marks
from dashgen.servers.grafana.payload import Cause
from dashgen.servers.grafana.session import Session

T = TypeVar("T")
SERVER_KEYS = frozenset({"id", "uid", "version"})


class VersionToken(Struct, frozen=True):
    """The state that was read: the precondition of the next write."""

    version: int
    resource_version: str = ""


class DashboardForms(Protocol):
    """The two forms of dashboards: classic JSON, and the ``spec`` of the newer schema v2."""

    def content(self, spec: Json, uid: str) -> Json:
        """A ``spec`` at ``v2`` or an older version of that schema as classic JSON, nothing of it lost."""

    def spec(self, content: Mapping[str, Any]) -> Json:
        """Classic JSON as a ``spec`` at ``v2``."""


class LiveDashboard(Struct, frozen=True):
    """One dashboard in Grafana.

    ``content`` is classic JSON without ``id``, ``uid`` and ``version``, whatever it is stored as; what only
    the newer schema has is in its keys ``dynamic``. ``stored_as`` is the version of the dashboard API that it
    is stored at, and empty when that is not known; ``message`` is that of its last save, where the API tells
    it. ``is_squeezed`` when the content lacks what is stored, because the classic API read schema v2.
    """

    uid: str
    content: Json
    folder_uid: str
    token: VersionToken
    marks: Marks = Marks()
    stored_as: str = ""
    message: str = ""
    is_squeezed: bool = False

    @property
    def title(self) -> str:
        """The title, or nothing when it has none."""
        title = self.content.get("title")
        return title if isinstance(title, str) else ""

    @property
    def is_v2(self) -> bool:
        """Whether it is stored in the newer schema."""
        return is_v2_version(self.stored_as)

    @property
    def owner(self) -> Manager | None:
        """Who else manages it; nothing when it may be written."""
        return self.marks.manager


class DashboardDraft(Struct, frozen=True):
    """A dashboard as it should be in Grafana.

    ``folder_uid`` is empty for the root; it always travels, because leaving it out moves a dashboard there.
    ``is_v2`` when it is to be stored in the newer schema; ``content`` is classic JSON all the same.
    """

    uid: str
    content: Mapping[str, Any]
    folder_uid: str = ""
    message: str = ""
    marks: Marks = Marks()
    is_v2: bool = False

    @property
    def subject(self) -> str:
        """The dashboard in messages."""
        return f"dashboard `{self.uid}`"

    def body(self) -> Json:
        """The content without what the server sets."""
        return {key: value for key, value in self.content.items() if key not in SERVER_KEYS}


class PastVersion(Struct, frozen=True):
    """One version of a dashboard's history, with its content in the form of ``LiveDashboard``."""

    version: int
    message: str
    created: str
    content: Json


class SearchHit(Struct, frozen=True):
    """A dashboard in the answer of a search, which lags behind writes."""

    uid: str
    title: str
    folder_uid: str
    tags: tuple[str, ...]


def is_v2_version(version: str) -> bool:
    """Whether a version of the dashboard API has the newer schema: ``v2``, ``v2beta1``, ``v2alpha1``."""
    return version.startswith("v2")


def no_schema_v2(draft: DashboardDraft) -> RefusedError:
    """The error for a dashboard that is to be stored in schema v2 where there is none."""
    return RefusedError(
        f"{draft.subject} cannot be written: this Grafana stores no dashboards in schema v2",
        hint="use Grafana 13 or newer, or `format: classic`",
    )


def read_each(
    session: Session,
    get: Callable[[str], LiveDashboard | None],
    uids: Iterable[str],
    keep: Callable[[LiveDashboard], T],
) -> Iterator[T]:
    """What is kept of the dashboards that exist, each read by itself, several at once."""

    def read_one(uid: str) -> list[T]:
        # `keep` runs in the reading thread, so that a whole dashboard is not in memory longer than it takes.
        dashboard = get(uid)
        return [] if dashboard is None else [keep(dashboard)]

    return (result for results in session.map(read_one, uids) for result in results)


def contains(stored_content: Any, sent_content: Any) -> bool:
    """Whether all of ``sent_content`` is in ``stored_content``.

    The server adds defaults and leaves out what is empty.
    """
    if isinstance(sent_content, dict):
        if not isinstance(stored_content, dict):
            return stored_content is None and not any(_is_set(value) for value in sent_content.values())
        return all(contains(stored_content.get(key), value) for key, value in sent_content.items())
    if isinstance(sent_content, list):
        if not sent_content and stored_content is None:
            return True
        same = isinstance(stored_content, list) and len(stored_content) == len(sent_content)
        return same and all(map(contains, stored_content, sent_content))
    return bool(stored_content == sent_content) or (stored_content is None and not _is_set(sent_content))


def _is_set(value: object) -> bool:
    """Whether a value is more than an empty default, at any depth."""
    if isinstance(value, dict):
        return any(map(_is_set, value.values()))
    return value not in (None, "", [], False, 0)


class DashboardApi(Protocol):
    """What both of Grafana's dashboard APIs can do."""

    def get(self, uid: str) -> LiveDashboard | None:
        """One dashboard, or nothing when there is none."""

    def get_many(
        self,
        uids: Sequence[str],
        keep: Callable[[LiveDashboard], T],
        untouched: Callable[[LiveDashboard], bool] | None,
    ) -> Iterator[T]:
        """What is kept of the dashboards that exist, in any order, with few in memory at once.

        Args:
            uids: the dashboards.
            keep: makes of each what is kept.
            untouched: whether a dashboard without its content is known already, so that the content need not
                be read.
        """

    def create(self, draft: DashboardDraft) -> VersionToken:
        """Save a new dashboard; a conflict when there is one already."""

    def update(self, draft: DashboardDraft, expected: VersionToken) -> VersionToken:
        """Save over the state that was read; a conflict when it has changed since."""

    def delete(self, uid: str, expected: VersionToken) -> None:
        """Delete the state that was read; a conflict when it has changed since."""

    def validate(self, draft: DashboardDraft, *, exists: bool) -> tuple[Cause, ...] | None:
        """What the server would refuse, without writing; ``None`` when this API cannot tell."""

    def is_stored(self, dashboard: LiveDashboard, draft: DashboardDraft) -> bool:
        """Whether all of a draft is in a dashboard that was read."""

    def history(self, uid: str, limit: int) -> list[PastVersion] | None:
        """The past versions with their contents, newest first; ``None`` when this API cannot tell."""

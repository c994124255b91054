"""A dashboard as it is in Grafana, the same whichever API it was read over."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from msgspec import Struct

from dashgen.core.json_values import Json
from dashgen.servers.grafana.managers import Manager, Marks
from dashgen.servers.grafana.payload import Cause
from dashgen.servers.grafana.session import Session

T = TypeVar("T")
SERVER_KEYS = frozenset({"id", "uid", "version"})


class VersionToken(Struct, frozen=True):
    """The state that was read: the precondition of the next write."""

    version: int
    resource_version: str = ""


class LiveDashboard(Struct, frozen=True):
    """One dashboard in Grafana.

    ``content`` is without ``id``, ``uid`` and ``version``. ``stored_as`` is the version of the dashboard API
    that it is stored at; ``message`` is that of its last save, where the API tells it.
    """

    uid: str
    content: Json
    folder_uid: str
    token: VersionToken
    marks: Marks = Marks()
    stored_as: str = ""
    message: str = ""

    @property
    def title(self) -> str:
        """The title, or nothing when it has none."""
        title = self.content.get("title")
        return title if isinstance(title, str) else ""

    @property
    def loses_layout(self) -> bool:
        """Whether it is stored in the newer schema, whose tabs and auto grids the content here lacks."""
        return self.stored_as.startswith("v2")

    @property
    def owner(self) -> Manager | None:
        """Who else manages it; nothing when it may be written."""
        return self.marks.manager


class DashboardDraft(Struct, frozen=True):
    """A dashboard as it should be in Grafana.

    ``folder_uid`` is empty for the root; it always travels, because leaving it out moves a dashboard there.
    """

    uid: str
    content: Mapping[str, Any]
    folder_uid: str = ""
    message: str = ""
    marks: Marks = Marks()

    @property
    def subject(self) -> str:
        """The dashboard in messages."""
        return f"dashboard `{self.uid}`"

    def body(self) -> Json:
        """The content without what the server sets."""
        return {key: value for key, value in self.content.items() if key not in SERVER_KEYS}


class PastVersion(Struct, frozen=True):
    """One version of a dashboard's history, with its content."""

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

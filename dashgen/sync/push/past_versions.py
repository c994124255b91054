"""What the history of a dashboard in Grafana tells about the last push."""

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from dashgen.servers.grafana import ForbiddenError, Grafana, GrafanaError
from dashgen.servers.grafana.live_dashboard import PastVersion
from dashgen.sync.push.dashboard_form import V2
from dashgen.sync.push.item import Item, LiveItem
from dashgen.sync.push.normal_items import digest
from dashgen.sync.push.push_state import Pushed
from dashgen.sync.push.save_message import MARK


class DashboardHistory(Struct, frozen=True):
    """What the history of one dashboard tells.

    Attributes:
        newest: the checksum in the message of the last save, when dashgen wrote it.
        untouched: whether there was no save after the first one, whose message Grafana does not keep.
        pushed: whether dashgen saved any of the versions.
        base: what was pushed last, when the history still has it.
        environment: the environment that the last save was pushed for; nothing when there is none.
    """

    newest: str = ""
    untouched: bool = False
    pushed: bool = False
    base: Item | None = None
    environment: str = ""


def read_histories(
    grafana: Grafana, dashboards: Iterable[tuple[LiveItem, Pushed | None]]
) -> Mapping[str, DashboardHistory]:
    """The pasts of dashboards by uid, several at once; those that may not be read are left out."""
    pairs = list(dashboards)
    histories = grafana.session.map(lambda pair: _past(grafana, *pair), pairs)
    return {live.item.uid: past for (live, _), past in zip(pairs, histories, strict=True) if past is not None}


def _past(grafana: Grafana, live: LiveItem, pushed: Pushed | None) -> DashboardHistory | None:
    uid = live.item.uid
    try:
        versions = grafana.dashboards.history(uid, is_v2=live.item.form == V2)
    except ForbiddenError:
        return None
    if not versions:
        return None

    def content(version: PastVersion) -> PastVersion | None:
        # Grafana before 12 lists versions without their contents.
        return version if version.content else grafana.dashboards.past(uid, version.version)

    # What was pushed last is known by its content, as Grafana, or this machine, keep the checksum of it.
    checksums = {live.stamp, *((pushed.checksum, pushed.pending) if pushed else ())} - {""}
    return DashboardHistory(
        newest=_mark(versions[0]),
        untouched=len(versions) == 1 and versions[0].version == 1,
        pushed=any(map(_mark, versions)),
        base=_base(live.item, versions, checksums, content),
        environment=(mark[2] or "") if (mark := MARK.search(versions[0].message)) else "",
    )


def _base(
    item: Item,
    versions: list[PastVersion],
    checksums: set[str],
    content: Callable[[PastVersion], PastVersion | None],
) -> Item | None:
    """The newest version that was pushed, known by the checksum of its content."""
    for version in versions:
        mark = _mark(version)
        if not checksums and not mark and version.version != 1:
            continue
        try:
            # Without contents there is no base, but what the messages tell still counts.
            full = content(version)
        except GrafanaError:
            return None
        if full is None or not full.content:
            continue
        title = full.content.get("title")
        # Versions do not say their folders.
        past = replace(item, content=full.content, title=title if isinstance(title, str) else "")
        # A message may stay through the edits of others, so it counts only with the content that it is about.
        if digest(past) in {mark, *checksums}:
            return past
    return None


def _mark(version: PastVersion) -> str:
    mark = MARK.search(version.message)
    return mark[1] if mark else ""

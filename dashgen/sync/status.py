"""How each resource stands: as the specs say, ahead of Grafana, edited there, or both."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from dashgen.diff import resources as kinds
from dashgen.grafana import Grafana
from dashgen.sync.item import Item, words_for
from dashgen.sync.normal import digest
from dashgen.sync.plan import Act, Sides, Step
from dashgen.sync.verdict import Verdict


class Standing(StrEnum):
    """How a resource stands."""

    IN_SYNC = "in sync"
    AHEAD = "ahead"
    EDITED = "edited in Grafana"
    CONFLICT = "conflict"
    MANAGED = "managed elsewhere"
    GONE = "not in the specs"
    UNMANAGED = "unmanaged"

    @property
    def exit_code(self) -> int:
        """What a command ends with because of it."""
        return _CODES.get(self, 0)


_CODES = {
    Standing.AHEAD: 1,
    Standing.GONE: 1,
    Standing.EDITED: 4,
    Standing.CONFLICT: 4,
    Standing.MANAGED: 4,
}
_PLAIN = {
    Act.CREATE: Standing.AHEAD,
    Act.UPDATE: Standing.AHEAD,
    Act.UNCHANGED: Standing.IN_SYNC,
    Act.REFUSED: Standing.MANAGED,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource and how it stands."""

    standing: Standing
    kind: str
    uid: str
    title: str
    reason: str = ""
    step: Step | None = None

    @property
    def words(self) -> str:
        """What the resource is called."""
        return words_for(self.kind, self.uid, self.title)


def standings(steps: list[Step], sides: Sides) -> Iterator[Entry]:
    """How the resources of a plan stand that was made without leave to overwrite or to delete."""
    for step in steps:
        item = step.item
        yield Entry(_standing(step, sides), item.kind, item.uid, item.title, step.reason, step)


def _standing(step: Step, sides: Sides) -> Standing:
    if step.act is Act.LEFT:
        return Standing.GONE if step.verdict is Verdict.OURS else Standing.EDITED
    if step.act is not Act.CONFLICT:
        return _PLAIN.get(step.act, Standing.GONE)
    if step.verdict is Verdict.EDITED and step.wanted is not None and _is_last(step.wanted, step, sides):
        return Standing.EDITED
    return Standing.CONFLICT


def _is_last(wanted: Item, step: Step, sides: Sides) -> bool:
    """Whether the specs still say what was pushed last, so that only the other side changed."""
    pushed = sides.pushed.get(wanted.key)
    ours = {pushed.checksum, pushed.undone} if pushed else set()
    known = {*ours, step.live.stamp if step.live else ""} - {""}
    return digest(wanted, sides.environment) in known


def unmanaged(grafana: Grafana, sides: Sides) -> list[Entry]:
    """What is in folders that the specs fill and in no spec; one more listing request.

    Raises:
        GrafanaError: the search fails.
    """
    wanted = {item.key for item in sides.wanted}
    filled = {item.folder_uid for item in sides.wanted if item.kind == kinds.DASHBOARD and item.folder_uid}
    filled |= {item.uid for item in sides.wanted if item.kind == kinds.FOLDER}
    hits = grafana.dashboards.search(folder_uids=sorted(filled)) if filled else ()
    found = [
        Entry(Standing.UNMANAGED, kinds.DASHBOARD, hit.uid, hit.title)
        for hit in hits
        if (kinds.DASHBOARD, hit.uid) not in wanted and (kinds.DASHBOARD, hit.uid) not in sides.pushed
    ]
    groups = [
        Entry(Standing.UNMANAGED, kinds.RULE_GROUP, live.item.uid, live.item.title)
        for live in sides.live.of(kinds.RULE_GROUP)
        if live.key not in wanted and live.key not in sides.pushed
    ]
    return [*found, *groups]

"""Whether what is in Grafana is what dashgen pushed last."""

from enum import StrEnum

from dashgen.sync.push.item import LiveItem
from dashgen.sync.push.kinds import kind_of
from dashgen.sync.push.normal_items import SCHEME, digest
from dashgen.sync.push.past_versions import DashboardHistory
from dashgen.sync.push.push_state import Pushed


class Verdict(StrEnum):
    """Who made what is there."""

    OURS = "ours"
    EDITED = "edited"
    UNKNOWN = "unknown"
    FOREIGN = "foreign"
    ELSEWHERE = "elsewhere"

    @property
    def words(self) -> str:
        """The verdict in a sentence about the resource."""
        return _WORDS[self]


_WORDS = {
    Verdict.OURS: "it is as it was pushed last",
    Verdict.EDITED: "it was edited in Grafana since the last push",
    Verdict.UNKNOWN: "it is not known here what was pushed last, so it may have been edited in Grafana",
    Verdict.ELSEWHERE: "it was pushed for another environment",
    Verdict.FOREIGN: "it is in Grafana already and was not made by dashgen",
}


def marks(live: LiveItem, pushed: Pushed | None, past: DashboardHistory | None) -> frozenset[str]:
    """The checksums of what was pushed, from Grafana itself, or else from its history and this machine."""
    if live.stamp.startswith(SCHEME):
        return frozenset((live.stamp,))
    memory = (pushed.checksum, pushed.pending) if pushed else ()
    checksums = {*live.noted, *live.intended, *memory, past.newest if past else ""}
    return frozenset(mark for mark in checksums if mark.startswith(SCHEME))


def judge(live: LiveItem, pushed: Pushed | None, past: DashboardHistory | None) -> Verdict:
    """Who made what Grafana has.

    What Grafana itself keeps counts before this machine's memory: somebody may have pushed from
    elsewhere.

    Args:
        live: what Grafana has.
        pushed: what this machine pushed last.
        past: what the history tells, when it was read.
    """
    # Grafana counts a version up with every save, so nobody saved it since.
    if pushed and pushed.version and pushed.version == live.version:
        return Verdict.OURS
    current = digest(live.item)
    if live.stamp.startswith(SCHEME):
        return Verdict.OURS if current == live.stamp else Verdict.EDITED
    # What was about to be written counts too: the answer to that write may have been lost.
    if current in live.noted | live.intended or (pushed and current in (pushed.checksum, pushed.pending)):
        return Verdict.OURS
    if past is not None:
        # Of the first save Grafana keeps no message, so only the tag tells that dashgen made it.
        untouched = past.untouched and live.tagged
        if past.newest == current or (untouched and pushed is None):
            return Verdict.OURS
    if _is_push_known(live, pushed, past):
        return Verdict.EDITED
    # What a new Grafana comes with is nobody's work.
    if kind_of(live.item).is_default(live.item):
        return Verdict.OURS
    # Any trace of an earlier push tells that dashgen once wrote it, though not what became of it since.
    pushed_before = live.tagged or live.noted or live.stamp or (pushed and pushed.checksum)
    return Verdict.UNKNOWN if pushed_before else Verdict.FOREIGN


def _is_push_known(live: LiveItem, pushed: Pushed | None, past: DashboardHistory | None) -> bool:
    """Whether it is known what was pushed last; checksums of another form of comparison do not tell."""
    checksums = [*live.noted, live.stamp, pushed.checksum if pushed else ""]
    if any(mark.startswith(SCHEME) for mark in checksums):
        return True
    return past is not None and past.pushed and not any(checksums)

"""Findings that only follow from others: what a spec refers to may stand in a document that could not be read."""

from collections.abc import Collection, Iterable

from dashgen.diagnostics import Diagnostic

_NEEDS = {
    "datasource/missing": "DataSources", "datasource/unknown": "DataSources", "datasource/type": "DataSources",
    "alert/datasource": "DataSources", "component/unknown": "Components", "query/metric": "Metrics",
    "alert/panel": "Dashboard", "dashboard/link": "Dashboard", "folder/unknown": "Folder", "alert/folder": "Folder",
    "alert/contact-point": "Notifications", "alert/mute-timing": "Notifications",
}  # fmt: skip


def without_follow_ups(found: Iterable[Diagnostic], unread: Collection[str]) -> list[Diagnostic]:
    """The findings without those that may be wrong because documents of the ``unread`` kinds are missing."""
    return [one for one in found if _NEEDS.get(one.rule) not in unread]

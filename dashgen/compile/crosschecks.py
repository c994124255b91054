"""What only shows when all dashboards are known: uids and titles given twice, links that lead nowhere."""

from collections.abc import Collection, Iterable, Sequence

from dashgen.core.diagnostics import Diagnostic, Location, Related, nearest
from dashgen.model.parse import NO_NAME
from dashgen.workspace.build_records import DashboardSummary


def check_dashboards(summaries: Sequence[DashboardSummary], folders: Collection[str]) -> Iterable[Diagnostic]:
    """The findings about dashboards as a whole.

    Args:
        summaries: the dashboards that compiled.
        folders: the title paths of `Folder` specs, if there are any.
    """
    yield from _duplicates(summaries, "uid")
    yield from _duplicates(summaries, "title")
    uids = {summary.uid for summary in summaries}
    for summary in summaries:
        for uid, location in summary.dashboards:
            if uid not in uids:
                close = nearest(uid, uids) if len(uids) < 1000 else ""
                hint = close if close.startswith("did you mean") else ""
                hint = hint or f"write `url: /d/{uid}` for a dashboard that is not in the specs"
                message = f"no spec defines a dashboard with the uid `{uid}`"
                yield Diagnostic("dashboard/link", message, location, hint)
        if folders and summary.folder is not None and summary.folder not in folders:
            message = f"no `Folder` spec defines the folder `{summary.folder}`"
            location = summary.folder_location or summary.location
            yield Diagnostic("folder/unknown", message, location, nearest(summary.folder, folders))


def _duplicates(summaries: Sequence[DashboardSummary], what: str) -> Iterable[Diagnostic]:
    """Grafana stops updating all dashboards of a provider with a uid twice, or a title twice in a folder."""
    first: dict[object, DashboardSummary] = {}
    for summary in summaries:
        if summary.partial and NO_NAME in (summary.uid, summary.title):
            continue
        key = summary.uid if what == "uid" else (summary.folder, summary.title)
        other = first.setdefault(key, summary)
        if other is not summary:
            related = (Related("the other one is here", _place(other, what)),)
            hint = "give each its own: Grafana would stop updating all of them"
            message = f"two dashboards have the {what} `{getattr(summary, what)}`"
            if what == "title":
                message += f" in the folder `{summary.folder}`" if summary.folder else " in the root folder"
            yield Diagnostic(
                f"dashboard/duplicate-{what}", message, _place(summary, what), hint, related=related
            )


def _place(summary: DashboardSummary, what: str) -> Location:
    return (summary.uid_location or summary.location) if what == "uid" else summary.location

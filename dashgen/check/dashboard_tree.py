"""All dashboards of a tree together: duplicates that lock a provider, and doubled folders."""

from typing import TYPE_CHECKING

from dashgen.check.check_dashboards import CheckedDashboard
from dashgen.check.check_report import Path, Report, entries, text_of
from dashgen.check.inventory import Inventory, Once
from dashgen.core.json_values import Json, mapping

if TYPE_CHECKING:
    from pathlib import Path as FilePath

_LOCKED = "provider has no database write permissions because of duplicates"


def check_dashboards_together(dashboards: list[CheckedDashboard], inventory: Inventory) -> None:
    """Report repeated uids, repeated titles in one folder and folders whose names are alike."""
    message = f"the uid `{{name}}` is used more than once: the last file wins, then the {_LOCKED}"
    uids = Once("dashboard/duplicate-uid", message, "change one of the uids")
    message = f"two dashboards of one folder have the title `{{name}}`: the {_LOCKED}"
    titles = Once("dashboard/duplicate-title", message, "rename one of them")
    structured = folders_from_directories(inventory)
    for dashboard in dashboards:
        if dashboard.uid:
            uids.add(dashboard.uid, dashboard.uid, dashboard.report, dashboard.uid_path)
        folder = dashboard.report.path.resolve().parent.name if structured else ""
        if dashboard.title:
            titles.add(
                (folder, dashboard.title), dashboard.title, dashboard.report, (*dashboard.base, "title")
            )
    if structured:
        _check_nested(dashboards)


def folders_from_directories(inventory: Inventory) -> bool:
    """Whether directories name the folders: some provider has that option, or there is no provider."""
    providers = [p for file in inventory.providers for _i, p in entries(mapping(file.data).get("providers"))]
    return not providers or any(mapping(p.get("options")).get("foldersFromFilesStructure") for p in providers)


def _check_nested(dashboards: list[CheckedDashboard]) -> None:
    first: dict[str, tuple[FilePath, CheckedDashboard]] = {}
    reported: set[FilePath] = set()
    for dashboard in dashboards:
        folder = dashboard.report.path.resolve().parent
        before = first.setdefault(folder.name, (folder, dashboard))[0]
        if before != folder and folder not in reported and "dashboards" in folder.parts:
            reported.add(folder)
            message = (
                f"two directories are called `{folder.name}`: Grafana takes only a directory's own name, "
                "so both fill one folder"
            )
            dashboard.report.warning("dashboard/folder-name", (), message, "rename one of the directories")


def check_folders(inventory: Inventory) -> None:
    """Report an alerting folder that a provider makes a second time, under a uid of its own."""
    pinned: dict[str, tuple[Report, Path]] = {}
    for report in inventory.providers:
        for index, provider in entries(mapping(report.data).get("providers")):
            folder = text_of(provider.get("folder"))
            if folder and text_of(provider.get("folderUid")) and not _structured(provider):
                pinned[folder] = (report, ("providers", index, "folderUid"))
    for report in inventory.alerting:
        for index, group in entries(mapping(report.data).get("groups")):
            folder = text_of(group.get("folder"))
            uid = pinned.get(folder)
            if uid:
                message = (
                    f"there will be two folders `{folder}`: one of a provider with a `folderUid`, "
                    "one of alerting"
                )
                first = uid[0].place(uid[1])
                path: Path = ("groups", index, "folder")
                report.duplicate(
                    "provisioning/two-folders", path, message, first, "remove the provider's `folderUid`"
                )


def _structured(provider: Json) -> bool:
    return bool(mapping(provider.get("options")).get("foldersFromFilesStructure"))

"""Dashboard providers: `provisioning/dashboards/*.yaml`."""

from dashgen.check.check_names import check_uid
from dashgen.check.check_report import Path, Report, entries, text_of
from dashgen.check.field_table import ValueKind, check_entries, check_fields
from dashgen.check.inventory import Inventory, Once
from dashgen.check.provisioning.provisioned_values import NO_START, check_choice, check_version
from dashgen.check.provisioning_references import check_dollars
from dashgen.core.json_values import Json, mapping
from dashgen.formats.json_shapes import each

_FILE = {"apiVersion": ValueKind.NUMBER, "providers": ValueKind.LIST}
_PROVIDER = {
    **each(ValueKind.TEXT, "name type orgName folder folderUid"),
    "orgId": ValueKind.NUMBER,
    **each(ValueKind.BOOLEAN, "editable disableDeletion allowUiUpdates"),
    "options": ValueKind.MAPPING,
    "updateIntervalSeconds": ValueKind.NUMBER,
}
_OPTIONS = {"path": ValueKind.TEXT, "folder": ValueKind.TEXT, "foldersFromFilesStructure": ValueKind.BOOLEAN}


def check_providers(report: Report) -> None:
    """Check one file of dashboard providers."""
    if isinstance(report.data, dict):
        check_version(report, f"{NO_START}, because it then expects the outdated format, a plain list")
    check_fields(report, (), _FILE, "a file of dashboard providers")
    for path, provider in check_entries(report, ("providers",), _PROVIDER, "a dashboard provider"):
        _check_provider(report, path, provider)


def _check_provider(report: Report, path: Path, provider: Json) -> None:
    name = text_of(provider.get("name"))
    if not name:
        message = (
            "the provider has no name: its dashboards cannot be distinguished from those of other providers"
        )
        report.error("provider/name", path, message, "add `name:`")
    if provider.get("type") is not None:
        message = f"{NO_START}: type {provider['type']} is not supported"
        check_choice(report, (*path, "type"), provider["type"], ("file",), message)
    check_uid(report, (*path, "folderUid"), provider.get("folderUid"), "provider/folder-uid", "the folder")
    check_dollars(report, path, provider, f"provider `{name}`")
    options = (
        check_fields(report, (*path, "options"), _OPTIONS, "the options of a provider")
        if "options" in provider
        else {}
    )
    if not isinstance(options.get("path", options.get("folder")), str):
        message = f"{NO_START}: failed to load dashboards, path param is not a string"
        report.error(
            "provider/path", (*path, "options") if options else path, message, "add `path:` below `options:`"
        )
    _check_folders(report, path, provider, options)
    _check_interval(report, path, provider)


def _check_folders(report: Report, path: Path, provider: Json, options: Json) -> None:
    keys = [key for key in ("folder", "folderUid") if text_of(provider.get(key))]
    if not options.get("foldersFromFilesStructure") or not keys:
        return
    if len(keys) == 2:
        message = (
            f"{NO_START}: 'folder' and 'folderUID' should be empty using 'foldersFromFilesStructure' option"
        )
    else:
        message = f"`{keys[0]}` is ignored: with `foldersFromFilesStructure` the directories name the folders"
    report.error(
        "provider/folders", (*path, keys[0]), message, "remove it, or `foldersFromFilesStructure`", key=True
    )


def _check_interval(report: Report, path: Path, provider: Json) -> None:
    interval = provider.get("updateIntervalSeconds")
    if interval is not None and not isinstance(interval, int):
        return
    if interval is None or interval <= 10:
        setting = "the default of 10 seconds" if interval is None else f"`updateIntervalSeconds: {interval}`"
        message = f"with {setting} Grafana waits for file events, which do not reach a container's bind mount"
        hint = "set `updateIntervalSeconds: 30`"
        where = path if interval is None else (*path, "updateIntervalSeconds")
        report.warning("provider/update-interval", where, message, hint)


def check_providers_together(inventory: Inventory) -> None:
    """Check all provider files together."""
    names = Once(
        "provider/duplicate-name", f"{NO_START}: provider name `{{name}}` is not unique", "rename one of them"
    )
    paths = Once(
        "provider/duplicate-path",
        "two providers read `{name}`: each dashboard is there twice, and Grafana blocks both from writing",
        "give each provider a directory of its own",
    )
    uids: dict[str, tuple[Report, Path]] = {}
    for report in inventory.providers:
        for index, provider in entries(mapping(report.data).get("providers")):
            path: Path = ("providers", index)
            name, uid = text_of(provider.get("name")), text_of(provider.get("folderUid"))
            directory = text_of(mapping(provider.get("options")).get("path")).rstrip("/")
            if name:
                names.add(name, name, report, (*path, "name"))
            if directory:
                paths.add(directory, directory, report, (*path, "options", "path"))
            if uid and uids.setdefault(uid, (report, path)) != (report, path):
                message = (
                    f"the folder uid `{uid}` is used by more than one provider: Grafana logs this as an error"
                )
                report.warning(
                    "provider/folder-uid", (*path, "folderUid"), message, "let one provider fill the folder"
                )

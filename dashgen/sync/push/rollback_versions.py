"""Putting back what a push changed or deleted, from its backup."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from dashgen.core.errors import DashgenError
from dashgen.core.files.regular import read_regular
from dashgen.core.json_values import walk
from dashgen.formats.normal.plain_values import REDACTED
from dashgen.servers.grafana import Grafana
from dashgen.sync.push.folder_placing import FolderTitles, folder_items
from dashgen.sync.push.item import Item
from dashgen.sync.push.kinds import kind_of, resource_kinds
from dashgen.sync.push.kinds.resource_kind import ReadRequest, uids_by_kind
from dashgen.sync.push.live_items import read_live
from dashgen.sync.push.normal_items import differences
from dashgen.sync.push.push_plan import PushStep, Sides, StepAction
from dashgen.sync.push.push_state import PushState
from dashgen.sync.push.secret_references import with_texts
from dashgen.sync.push.verdict import Verdict, judge
from dashgen.workspace.build_cache import FOLDER

_SERVER_SET = frozenset(
    ("id", "orgId", "orgID", "version", "provenance", "updated", "readOnly", "created", "uid")
)


class BackedUpResource(msgspec.Struct, rename="camel"):
    """One resource of a backup; ``pushed`` says that it was as dashgen had pushed it."""

    grafana: str
    kind: str
    uid: str
    title: str
    content: dict[str, Any]
    folder_uid: str = ""
    pushed: bool = False


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup and what is in it."""

    path: Path
    resources: list[BackedUpResource] = field(default_factory=list)


def find_backup(root: Path, name: str, url: str) -> Backup:
    """A backup by name, or the newest one of a Grafana.

    Args:
        root: the project's folder.
        name: the name of its folder, or nothing for the newest.
        url: the address of the Grafana.

    Raises:
        DashgenError: there is none, or it is not what dashgen wrote, or it is of another Grafana.
    """
    folder = root / FOLDER / "backups"
    if name:
        path = folder / Path(name).name
        if not path.is_dir():
            raise DashgenError(f"there is no backup `{Path(name).name}` in {FOLDER}/backups")
        backup = _read(path)
        if any(resource.grafana != url for resource in backup.resources):
            raise DashgenError(f"the backup `{path.name}` is not of `{url}`")
        return backup
    for path in sorted(folder.glob("[!.]*"), reverse=True):
        with suppress(DashgenError):
            backup = _read(path)
            if backup.resources and backup.resources[0].grafana == url:
                return backup
    raise DashgenError(f"there is no backup of `{url}` in {FOLDER}/backups")


def _read(path: Path) -> Backup:
    resources = []
    for file in sorted(path.glob("*.json")):
        try:
            resource = msgspec.json.decode(read_regular(file, follow=False), type=BackedUpResource)
        except (OSError, msgspec.MsgspecError, ValueError, RecursionError):
            raise DashgenError(f"the backup file `{file}` is not what dashgen wrote") from None
        if resource.kind not in resource_kinds():
            raise DashgenError(f"the backup file `{file}` is of no known kind")
        resources.append(resource)
    return Backup(path, resources)


def rollback_steps(
    grafana: Grafana, backup: Backup, state: PushState, *, force: bool
) -> tuple[Sides, list[PushStep]]:
    """What has to be written so that everything in a backup is there again.

    Raises:
        GrafanaError: something cannot be read.
    """
    folders = grafana.folders.everything()
    items = [_item(resource) for resource in backup.resources]
    described = folder_items(items)
    live = read_live(grafana, ReadRequest(uids_by_kind(item.key for item in items), folders, described))
    sides = Sides(items, live, state.entries, FolderTitles(folders), {})
    folder_uids = {folder.uid for folder in folders} | {item.uid for item in described.values()}
    steps = [
        replace(_step(item, sides, folder_uids, force=force), foreign=not resource.pushed)
        for item, resource in zip(items, backup.resources, strict=True)
    ]
    return sides, sorted(steps, key=lambda step: (kind_of(step.item).order, step.item.uid))


def _item(resource: BackedUpResource) -> Item:
    content = {key: value for key, value in resource.content.items() if key not in _SERVER_SET}
    kind = resource_kinds()[resource.kind]
    if kind.uid_in_content:
        content["uid"] = resource.uid
    if kind.has_references:
        # A push reads `$` in these as references; what is put back is meant as it is.
        content = with_texts(content, lambda text: text.replace("$", "$$"))
    return Item(resource.kind, resource.uid, resource.title, content, resource.folder_uid)


def _step(item: Item, sides: Sides, folders: set[str], *, force: bool) -> PushStep:
    current = sides.live.get(item.key)
    changes = tuple(differences(current.item, item, sides.titles, {})) if current else ()
    if current is not None and not changes:
        return PushStep(StepAction.UNCHANGED, item, current)
    if any(value == REDACTED for _, value in walk(item.content)):
        return PushStep(
            StepAction.REFUSED, item, current, reason="its secrets are not in the backup; push it instead"
        )
    if item.folder_uid and item.folder_uid not in folders:
        return PushStep(StepAction.REFUSED, item, current, reason="its folder is gone")
    if current is None:
        return PushStep(StepAction.CREATE, item, None)
    if current.owner:
        return PushStep(
            StepAction.REFUSED, item, current, changes, reason=f"it is managed by {current.owner}"
        )
    verdict = judge(current, sides.pushed.get(item.key), None)
    act = StepAction.UPDATE if force or verdict is Verdict.OURS else StepAction.CONFLICT
    reason = "" if verdict is Verdict.OURS else verdict.words
    return PushStep(act, item, current, changes, reason=reason, verdict=verdict)

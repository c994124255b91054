"""Putting back what a push changed or deleted, from its backup."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from dashgen.core.errors import DashgenError
from dashgen.core.files.regular import read_regular
from dashgen.formats import resources as kinds
from dashgen.formats.normal.plain_values import REDACTED
from dashgen.servers.grafana import Grafana
from dashgen.sync.push.folder_placing import FolderTitles
from dashgen.sync.push.item import Item
from dashgen.sync.push.kinds import kind_of, resource_kinds
from dashgen.sync.push.kinds.resource_kind import ReadRequest, uids_by_kind
from dashgen.sync.push.live_items import Live, read_live
from dashgen.sync.push.normal_items import differences
from dashgen.sync.push.push_plan import PushStep, Sides, StepAction
from dashgen.sync.push.push_state import PushState
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
    kept: list[BackedUpResource] = field(default_factory=list)


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
        if any(resource.grafana != url for resource in backup.kept):
            raise DashgenError(f"the backup `{path.name}` is not of `{url}`")
        return backup
    for path in sorted(folder.glob("[!.]*"), reverse=True):
        with suppress(DashgenError):
            backup = _read(path)
            if backup.kept and backup.kept[0].grafana == url:
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
    items = [(_item(resource), resource.pushed) for resource in backup.kept]
    live = read_live(grafana, ReadRequest(uids_by_kind(item.key for item, _ in items), folders))
    titles = FolderTitles(folders)
    sides = Sides([item for item, _ in items], live, state.entries, titles, {})
    folder_uids = {folder.uid for folder in folders} | {
        item.uid for item, _ in items if item.kind == kinds.FOLDER
    }
    steps = [
        replace(_step(item, sides, folder_uids, live, force=force), foreign=not pushed)
        for item, pushed in items
    ]
    return sides, sorted(steps, key=lambda step: (kind_of(step.item).order, step.item.uid))


def _item(resource: BackedUpResource) -> Item:
    content = {key: value for key, value in resource.content.items() if key not in _SERVER_SET}
    kind = resource_kinds()[resource.kind]
    if kind.uid_in_content:
        content["uid"] = resource.uid
    if kind.has_references:
        # A push reads `$` in these as references; what is put back is meant as it is.
        content = _literal(content)
    return Item(resource.kind, resource.uid, resource.title, content, resource.folder_uid)


def _literal(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("$", "$$")
    if isinstance(value, dict):
        return {key: _literal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_literal(item) for item in value]
    return value


def _step(item: Item, sides: Sides, folders: set[str], live: Live, *, force: bool) -> PushStep:
    current = live.get(item.key)
    changes = tuple(differences(current.item, item, sides.titles, {})) if current else ()
    if current is not None and not changes:
        return PushStep(StepAction.UNCHANGED, item, current)
    if REDACTED in _texts(item.content):
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


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)

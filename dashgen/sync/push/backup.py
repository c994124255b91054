"""Copies of what a push is about to change or delete, on this machine, and putting them back."""

import shutil
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import msgspec
import orjson
from msgspec.structs import replace

from dashgen.core.errors import DashgenError, os_reason
from dashgen.core.files.regular import read_regular
from dashgen.core.files.rooted_paths import Tree
from dashgen.core.json_values import Json, walk
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.formats.normal.plain_values import REDACTED
from dashgen.servers.grafana import Grafana
from dashgen.sync.push.dashboard_form import form_change
from dashgen.sync.push.folder_placing import FolderTitles, folder_items
from dashgen.sync.push.item import Item, LiveItem
from dashgen.sync.push.kinds import kind_of, resource_kinds
from dashgen.sync.push.kinds.resource_kind import ReadRequest, uids_by_kind
from dashgen.sync.push.live_items import read_live
from dashgen.sync.push.normal_items import differences
from dashgen.sync.push.push_plan import PushStep, Sides, StepAction, merged_step, refused_step
from dashgen.sync.push.push_state import PushState, prepare_folder
from dashgen.sync.push.secret_references import with_texts
from dashgen.sync.push.verdict import Verdict, judge
from dashgen.workspace.build_cache import FOLDER

_SAFE = lazy_pattern(r"[A-Za-z0-9_-]{1,60}")
_FORM = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
_SERVER_SET = frozenset(
    ("id", "orgId", "orgID", "version", "provenance", "updated", "readOnly", "created", "uid")
)
"""Keys that a server sets itself, and takes from nobody."""


class BackedUpResource(msgspec.Struct, rename="camel"):
    """One resource of a backup.

    ``pushed`` is set when it was as dashgen had pushed it; ``form`` is that in which a dashboard was stored.
    """

    grafana: str
    kind: str
    uid: str
    title: str
    content: Json
    folder_uid: str = ""
    pushed: bool = False
    form: str = ""


class Backup(msgspec.Struct, frozen=True):
    """A backup and what is in it."""

    path: Path
    resources: list[BackedUpResource] = []


def back_up(root: Path, url: str, steps: Sequence[PushStep]) -> Path | None:
    """Keep what steps change or delete, each resource in a file of its own.

    Returns the folder, if there was anything.

    Args:
        root: the project's folder.
        url: the address of the Grafana.
        steps: the steps of a plan.

    Raises:
        DashgenError: it cannot be written; nothing has been changed in Grafana then.
    """
    changed = [step for step in steps if step.act in (StepAction.UPDATE, StepAction.DELETE) and step.live]
    if not changed:
        return None
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S.%fZ")
    folder = root / FOLDER / "backups" / moment
    # A backup is there as a whole or not at all: what is half written has another name.
    unfinished = folder.with_name(f".{moment}.tmp")
    prepare_folder(root, unfinished)
    try:
        with Tree(root) as tree:
            for step in changed:
                path = unfinished.relative_to(root) / f"{step.item.kind}-{_name(step.item)}.json"
                _write(tree, path.as_posix(), _document(step, url))
        unfinished.rename(folder)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise DashgenError(
            f"cannot write the backup `{folder}`: {os_reason(error)}; nothing was pushed"
        ) from None
    return folder


def _document(step: PushStep, url: str) -> bytes:
    item = step.live.item if step.live else step.item
    content = {key: value for key, value in item.content.items() if key != "secureJsonData"}
    resource = BackedUpResource(
        grafana=url,
        kind=item.kind,
        uid=item.uid,
        title=item.title,
        content=kind_of(item).for_backup(content),
        folder_uid=item.folder_uid,
        pushed=step.verdict is Verdict.OURS,
        form=item.form,
    )
    return orjson.dumps(msgspec.to_builtins(resource, enc_hook=str), option=_FORM)


def _name(item: Item) -> str:
    """A file's name: the uid where it is harmless, else a hash, as uids of a server may be anything."""
    if _SAFE.fullmatch(item.uid):
        return item.uid
    return sha256(item.uid.encode("utf-8", "replace")).hexdigest()[:24]


def _write(tree: Tree, path: str, content: bytes) -> None:
    tree.create(path, content, 0o600)


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
        # Only the name, so that no path leads out of the folder of backups.
        path = folder / Path(name).name
        if not path.is_dir():
            raise DashgenError(f"there is no backup `{Path(name).name}` in {FOLDER}/backups")
        backup = _read(path)
        if any(resource.grafana != url for resource in backup.resources):
            raise DashgenError(f"the backup `{path.name}` is not of `{url}`")
        return backup
    # Names are moments, and those with a dot are unfinished.
    for path in sorted(folder.glob("[!.]*"), reverse=True):
        # A damaged backup does not hide an older whole one.
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
            raise DashgenError(f"the backup file `{file}` has an unknown kind")
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
    items = [_as_stored(item, live.get(item.key)) for item in items]
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
    return Item(resource.kind, resource.uid, resource.title, content, resource.folder_uid, form=resource.form)


def _as_stored(item: Item, current: LiveItem | None) -> Item:
    """The item; of a backup that does not tell the form of a dashboard, in the form that is there now."""
    return replace(item, form=current.item.form) if current and not item.form else item


def _step(item: Item, sides: Sides, folders: set[str], *, force: bool) -> PushStep:
    current = sides.live.get(item.key)
    changes = tuple(differences(current.item, item, sides.titles, {})) if current else ()
    if current and (change := form_change(current.item, item)):
        changes = (*changes, change)
    if current is not None and not changes:
        return PushStep(StepAction.UNCHANGED, item, current)
    # What was hidden in the backup would be written as the word that hides it.
    if any(value == REDACTED for _, value in walk(item.content)):
        return PushStep(
            StepAction.REFUSED, item, current, reason="its secrets are not in the backup; push it instead"
        )
    if item.folder_uid and item.folder_uid not in folders:
        return PushStep(StepAction.REFUSED, item, current, reason="its folder is gone")
    if current is None:
        return PushStep(StepAction.CREATE, item, None)
    if current.owner:
        return refused_step(item, current, changes, current.owner)
    verdict = judge(current, sides.pushed.get(item.key), None)
    if not force and verdict is Verdict.EDITED and (step := merged_step(item, current, sides, verdict)):
        return step
    act = StepAction.UPDATE if force or verdict is Verdict.OURS else StepAction.CONFLICT
    reason = "" if verdict is Verdict.OURS else verdict.words
    return PushStep(act, item, current, changes, reason=reason, verdict=verdict)

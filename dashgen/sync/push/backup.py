"""Copies of what a push is about to change or delete, on this machine."""

import re
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import orjson

from dashgen.core.errors import DashgenError
from dashgen.core.files.rooted_paths import Tree
from dashgen.sync.push.item import Item
from dashgen.sync.push.kinds import kind_of
from dashgen.sync.push.push_plan import PushStep, StepAction
from dashgen.sync.push.push_state import prepare_folder
from dashgen.sync.push.verdict import Verdict
from dashgen.workspace.build_cache import FOLDER

_SAFE = re.compile(r"[A-Za-z0-9_-]{1,60}")


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
    replaced_items = [
        (step, step.live.item)
        for step in steps
        if step.act in (StepAction.UPDATE, StepAction.DELETE) and step.live
    ]
    if not replaced_items:
        return None
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S.%fZ")
    folder = root / FOLDER / "backups" / moment
    # A backup is there as a whole or not at all: what is half written has another name.
    unfinished = folder.with_name(f".{moment}.tmp")
    prepare_folder(root, unfinished)
    try:
        with Tree(root) as tree:
            for step, item in replaced_items:
                pushed = step.verdict is Verdict.OURS
                path = unfinished.relative_to(root) / f"{item.kind}-{_name(item)}.json"
                _write(tree, path.as_posix(), _document(item, url, pushed=pushed))
        unfinished.rename(folder)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        reason = (error.strerror or str(error)).lower()
        raise DashgenError(f"cannot write the backup `{folder}`: {reason}; nothing was pushed") from None
    return folder


def _document(item: Item, url: str, *, pushed: bool) -> bytes:
    document = {
        "grafana": url,
        "kind": item.kind,
        "uid": item.uid,
        "title": item.title,
        "folderUid": item.folder_uid,
        "pushed": pushed,
        "content": _shown(item),
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS, default=str)


def _shown(item: Item) -> object:
    content = {key: value for key, value in item.content.items() if key != "secureJsonData"}
    return kind_of(item).for_backup(content)


def _name(item: Item) -> str:
    """A file's name: the uid where it is harmless, else a hash, as uids of a server may be anything."""
    if _SAFE.fullmatch(item.uid):
        return item.uid
    return sha256(item.uid.encode("utf-8", "replace")).hexdigest()[:24]


def _write(tree: Tree, path: str, content: bytes) -> None:
    tree.create(path, content + b"\n", 0o600)

"""Copies of the output in a stack that does not mount the output itself."""

import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from dashgen.check.check_tree import validate_paths
from dashgen.core.diagnostics import Diagnostic, Location, Severity
from dashgen.core.errors import DashgenError
from dashgen.core.files.regular import read_regular
from dashgen.core.files.symlinks import leads_outside
from dashgen.project.write_output import OutputChanges, plan_changes, write_changes
from dashgen.sync.install.install_record import Record, write_record
from dashgen.sync.install.mount_points import MountPoint
from dashgen.workspace.build_records import FileRecord
from dashgen.workspace.lock_file import Lock, LockEntry

_READ_SUFFIXES = frozenset((".json", ".yaml", ".yml"))


class Copy(Struct):
    """What happens in one folder: its files by their paths, and which of them were installed before."""

    mount_point: MountPoint
    records: dict[str, FileRecord]
    before: dict[str, str]
    changes: OutputChanges
    problems: list[Diagnostic] = []


def plan_copies(
    mount_points: Iterable[MountPoint], records: Iterable[FileRecord], record: Record, stack: Path
) -> list[Copy]:
    """What has to be copied and removed so that a stack has what was built.

    Args:
        mount_points: where the parts go; those that the stack mounts as they are need nothing.
        records: every built file.
        record: what was installed before.
        stack: the stack's folder.
    """
    # The record has paths from the stack's folder, which may lead out of it by `..`.
    installed_files = {Path(os.path.normpath(stack / path)): mark for path, mark in record.files.items()}
    built = list(records)
    return [
        _plan(mount_point, built, installed_files) for mount_point in mount_points if not mount_point.in_place
    ]


def _plan(mount_point: MountPoint, records: Sequence[FileRecord], installed_files: dict[Path, str]) -> Copy:
    prefix = f"{mount_point.part}/"
    own_records = {
        one.path.removeprefix(prefix): FileRecord(one.path.removeprefix(prefix), one.sha256, one.owned)
        for one in records
        if one.path.startswith(prefix)
    }
    folder = Path(os.path.normpath(mount_point.folder))
    before = {
        path.relative_to(folder).as_posix(): mark
        for path, mark in installed_files.items()
        if path.is_relative_to(folder)
    }
    # What was installed before plays the part of a lock file: only that is replaced or removed, never what
    # others put there.
    lock = Lock(resources=tuple(LockEntry("file", path, path, mark, "") for path, mark in before.items()))
    changes, problems = plan_changes(mount_point.folder, own_records, lock, shown, {})
    return Copy(mount_point, own_records, before, changes, problems)


def left_behind(copies: Iterable[Copy], record: Record, stack: Path) -> list[Diagnostic]:
    """A warning for each file that was installed where no part goes any more.

    It is not deleted: a record alone is no reason to delete something elsewhere.
    """
    current_files = {
        os.path.relpath(copy.mount_point.folder / path, stack) for copy in copies for path in copy.before
    }
    left_paths = [Path(os.path.normpath(stack / path)) for path in sorted(set(record.files) - current_files)]
    return [
        Diagnostic(
            "install/left",
            "this file was installed once, and the stack mounts another folder now",
            Location(shown(path)),
            "delete it if nothing reads it",
            Severity.WARNING,
        )
        for path in left_paths
        if path.is_file()
    ]


def write_copies(copies: Sequence[Copy], output: Path, stack: Path, record: Record) -> None:
    """Copy and remove, each file in one step.

    Raises:
        DashgenError: a file cannot be written; the next time goes on.
    """
    installed = {
        os.path.relpath(copy.mount_point.folder / path, stack): one.sha256
        for copy in copies
        for path, one in copy.records.items()
    }
    for copy in copies:
        # All folders are looked at before the first file is written.
        if leads_outside(stack, copy.mount_point.folder):
            raise DashgenError(
                f"cannot write to {copy.mount_point.folder}: a link leads out of the stack; remove it"
            )
    # What is about to be written counts as installed even when this ends in the middle.
    if any(copy.changes for copy in copies) or installed != record.files:
        write_record(stack, {**record.files, **installed})
    for copy in copies:
        write_changes(copy.mount_point.folder, copy.changes, _reader(output / copy.mount_point.part), None)
    write_record(stack, installed)


def _reader(folder: Path) -> Callable[[str], bytes]:
    return lambda path: read_regular(folder / path)


def validate_stack(
    mount_points: Iterable[MountPoint], copies: Sequence[Copy], output: Path
) -> list[Diagnostic]:
    """Check all that the servers would read afterwards: what was built, and what others put beside it."""
    copies_by_mount_point = {id(copy.mount_point): copy for copy in copies}
    # As servers would see it: what is there, without what is replaced, and with what was built.
    with TemporaryDirectory(prefix="dashgen-") as name:
        root = Path(name).resolve()
        names: dict[Path, str] = {}
        for mount_point in mount_points:
            copy = copies_by_mount_point.get(id(mount_point))
            replaced_files = {*copy.changes.deleted, *copy.records} if copy else set()
            _collect(mount_point.folder, root / mount_point.part, names, replaced_files)
            if copy:
                _collect(
                    output / mount_point.part, root / mount_point.part, names, set(), only=set(copy.records)
                )
        return validate_paths([root], show=lambda path: names.get(path, path.name))


def _collect(
    source: Path, target: Path, names: dict[Path, str], left_out: set[str], only: set[str] | None = None
) -> None:
    for path in sorted(source.rglob("*")):
        below = path.relative_to(source)
        is_included = below.as_posix() not in left_out if only is None else below.as_posix() in only
        if not is_included or path.suffix.lower() not in _READ_SUFFIXES or not path.is_file():
            continue
        (target / below).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target / below)
        names[target / below] = shown(path)


def shown(path: Path) -> str:
    """A path as it is shown: from the current folder when it is below it."""
    full = path.resolve()
    here = Path.cwd()
    return full.relative_to(here).as_posix() if full.is_relative_to(here) else full.as_posix()

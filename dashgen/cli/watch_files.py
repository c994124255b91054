"""Doing something again whenever a spec changes, as ``dashgen build --watch`` does."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn, TypeAlias

from dashgen.core.errors import DashgenError
from dashgen.project.build import BuildOptions, BuildReport, build_each, find_root
from dashgen.workspace.input_files import PROJECT_FILE
from dashgen.workspace.workspace import open_workspace

INTERVAL = 0.3
RETRY = 10
"""How many intervals pass before something is tried again that could not be done."""
Snapshot: TypeAlias = frozenset[tuple[str, int, int]]


def watch_specs(
    options: BuildOptions,
    show: Callable[[list[BuildReport]], None],
    *,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Build, then build again after each change of a spec, until Ctrl-C.

    Args:
        options: what each build is asked to do.
        show: prints what a build did.
        pause: waits; a test counts its calls.

    Raises:
        SystemExit: with code 130, on Ctrl-C.
    """
    # Once, because the folder may be renamed or deleted while somebody watches.
    options = replace(options, start=options.start.resolve())

    def act() -> bool:
        _build(options, show)
        return False

    try:
        on_save(options.start, act, pause=pause)
    except KeyboardInterrupt:
        sys.stderr.write("\nstopped watching\n")
        raise SystemExit(130) from None


def on_save(start: Path, act: Callable[[], bool], *, pause: Callable[[float], None] = time.sleep) -> NoReturn:
    """Do something, and again after each change of a spec, until Ctrl-C.

    Args:
        start: the project's folder, or one inside it.
        act: what to do; whether it wants to be done again soon although nothing changed.
        pause: waits.

    Raises:
        KeyboardInterrupt: on Ctrl-C.
    """
    seen = snapshot(start)
    again, waited = act(), 0
    while True:
        pause(INTERVAL)
        waited += 1
        now = snapshot(start)
        if now != seen:
            # An editor writes several files, or one in several steps: wait until nothing moves any more.
            seen = settled(start, now, pause)
        elif not again or waited < RETRY:
            continue
        again, waited = act(), 0


def settled(start: Path, before: Snapshot, pause: Callable[[float], None]) -> Snapshot:
    """The snapshot once two in a row are equal."""
    while True:
        pause(INTERVAL)
        now = snapshot(start)
        if now == before:
            return now
        before = now


def snapshot(start: Path) -> Snapshot:
    """Each spec file and the project file with time and size; what is gone or can't be read is not in it."""
    root = find_root(start)
    # A broken project file has the usual spec folder.
    folders = open_workspace(root).project.specs
    entries = set()
    for path in (str(root / PROJECT_FILE), *_files(root, folders)):
        try:
            stat = os.stat(path)  # noqa: PTH116  # many files, three times a second
        except OSError:
            continue
        entries.add((path, stat.st_mtime_ns, stat.st_size))
    return frozenset(entries)


def _files(root: Path, folders: Sequence[str]) -> Iterator[str]:
    """The YAML files of the spec folders; links are followed, no folder is entered twice."""
    entered: set[str] = set()
    for folder in folders:
        for directory, below, names in os.walk(root / folder, followlinks=True):
            real = os.path.realpath(directory)
            if real in entered:
                below.clear()
                continue
            entered.add(real)
            below[:] = [name for name in below if not name.startswith(".")]
            for name in names:
                if name.endswith((".yaml", ".yml")) and not name.startswith("."):
                    yield os.path.join(directory, name)  # noqa: PTH118  # see above


def _build(options: BuildOptions, show: Callable[[list[BuildReport]], None]) -> None:
    started = time.perf_counter()
    try:
        results = build_each(options)
    except (DashgenError, OSError) as error:
        sys.stderr.write(f"dashgen: {error}\n")
        return
    if any(result.failed or result.differs for result in results):
        show(results)
    seconds = time.perf_counter() - started
    now = time.strftime("%H:%M:%S")
    sys.stderr.write(f"{now} {_outcome(results)} in {seconds:.1f} s, watching for changes\n")


def _outcome(results: list[BuildReport]) -> str:
    if any(result.failed for result in results):
        return "failed"
    counts = {
        "new": sum(len(result.created) for result in results),
        "changed": sum(len(result.changed) for result in results),
        "removed": sum(len(result.deleted) for result in results),
    }
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count) or "nothing changed"

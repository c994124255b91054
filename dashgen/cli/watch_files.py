"""Repeat an action whenever a spec changes, as ``dashgen build --watch`` does."""

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NoReturn, TypeAlias

from msgspec.structs import replace

from dashgen.core.errors import DashgenError
from dashgen.project.build import BuildOptions, BuildReport, build_each, find_root
from dashgen.workspace.input_files import PROJECT_FILE
from dashgen.workspace.workspace import open_workspace

INTERVAL = 0.3
"""Seconds between two looks at the files. Polling needs no library, and works on network drives too."""
RETRY = 10
"""The number of intervals before a failed action is tried again."""
EXIT_INTERRUPTED = 130
Snapshot: TypeAlias = frozenset[tuple[str, int, int]]
"""The path, the time in nanoseconds and the size of each file."""


def watch_specs(
    options: BuildOptions,
    show: Callable[[list[BuildReport]], None],
    *,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Build, then build again after each change of a spec, until Ctrl-C.

    Args:
        options: the options of each build.
        show: prints the results of a build.
        pause: waits; a test counts its calls.

    Raises:
        SystemExit: with code 130, on Ctrl-C.
    """
    # Resolved once, because the folder may be renamed or deleted meanwhile.
    options = replace(options, start=options.start.resolve())

    def act() -> bool:
        _build(options, show)
        return False

    try:
        on_save(options.start, act, pause=pause)
    except KeyboardInterrupt:
        sys.stderr.write("\nstopped watching\n")
        raise SystemExit(EXIT_INTERRUPTED) from None


def on_save(start: Path, act: Callable[[], bool], *, pause: Callable[[float], None] = time.sleep) -> NoReturn:
    """Act, and act again after each change of a spec, until Ctrl-C.

    Args:
        start: the project's folder, or one inside it.
        act: the action; returns whether to repeat it soon although nothing changed.
        pause: waits.

    Raises:
        KeyboardInterrupt: on Ctrl-C.
    """
    on_change(lambda: snapshot(start), act, pause=pause)


def on_change(
    look: Callable[[], Snapshot], act: Callable[[], bool], *, pause: Callable[[float], None] = time.sleep
) -> NoReturn:
    """Act, and act again after each change of files, until Ctrl-C.

    Args:
        look: the files as they are.
        act: the action; returns whether to repeat it soon although nothing changed.
        pause: waits.

    Raises:
        KeyboardInterrupt: on Ctrl-C.
    """

    def after_pause() -> Snapshot:
        pause(INTERVAL)
        return look()

    seen = look()
    again, waited = act(), 0
    while True:
        now = after_pause()
        waited += 1
        if now != seen:
            # An editor writes several files, or one in several steps: wait until two snapshots in a row are
            # equal.
            seen = now
            while (now := after_pause()) != seen:
                seen = now
        elif not again or waited < RETRY:
            continue
        again, waited = act(), 0


def snapshot(start: Path) -> Snapshot:
    """The spec files and the project file with their times and sizes, without those that cannot be read."""
    root = find_root(start)
    # With a broken project file this is the default folder, so that its correction is noticed.
    folders = open_workspace(root).project.specs
    return files_snapshot((str(root / PROJECT_FILE), *_files(root, folders)))


def files_snapshot(paths: Iterable[str]) -> Snapshot:
    """Files with their times and sizes, without those that cannot be read."""
    entries = set()
    for path in paths:
        try:
            # Not `Path.stat`: this runs for every file three times a second.
            stat = os.stat(path)
        except OSError:
            continue
        entries.add((path, stat.st_mtime_ns, stat.st_size))
    return frozenset(entries)


def _files(root: Path, folders: Sequence[str]) -> Iterator[str]:
    """The YAML files of the spec folders. Links are followed; no folder is entered twice, so loops end."""
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
                    yield os.path.join(directory, name)


def _build(options: BuildOptions, show: Callable[[list[BuildReport]], None]) -> None:
    started = time.perf_counter()
    try:
        results = build_each(options)
    except (DashgenError, OSError) as error:
        sys.stderr.write(f"dashgen: {error}\n")
        return
    if any(result.failed or result.differs for result in results):
        show(results)
    finished(_outcome(results), started)


def finished(outcome: str, started: float) -> None:
    """Print what a run did and how long it took since `started`, a time of `time.perf_counter`."""
    seconds = time.perf_counter() - started
    now = time.strftime("%H:%M:%S")
    sys.stderr.write(f"{now} {outcome} in {seconds:.1f} s, watching for changes\n")


def _outcome(results: list[BuildReport]) -> str:
    if any(result.failed for result in results):
        return "failed"
    counts = {
        "new": sum(len(result.created) for result in results),
        "changed": sum(len(result.changed) for result in results),
        "removed": sum(len(result.deleted) for result in results),
    }
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count) or "nothing changed"

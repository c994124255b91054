"""``dashgen push --watch``: what changes in the specs is in a scratch Grafana a moment after it is saved."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from dashgen.cli.commands.push_once import PushRun, chosen_only, push_once
from dashgen.cli.grafana_targets import Builds
from dashgen.cli.watch_files import on_save
from dashgen.core.errors import DashgenError
from dashgen.project.targets import Chosen
from dashgen.servers.grafana.grafana_errors import BusyError, ServerError, UnreachableError
from dashgen.sync.push.apply_plan import StepEnd
from dashgen.sync.push.desired_items import Desired, RequiredFolder
from dashgen.sync.push.item import Item

EXIT_INTERRUPTED = 130
_AWAY = (UnreachableError, ServerError, BusyError)
_PUSHED = (StepEnd.CREATED, StepEnd.UPDATED, StepEnd.DELETED)


def watch_push(
    root: Path,
    chosen: Sequence[Chosen],
    only: frozenset[str],
    run: PushRun,
    *,
    pause: Callable[[float], None] = time.sleep,
) -> NoReturn:
    """Push, then push what changed after each change of a spec, until Ctrl-C.

    Args:
        root: the project's folder.
        chosen: the Grafanas.
        only: the uids or names that count; all when empty.
        run: what else the command line asks for.
        pause: waits; a test counts its calls.

    Raises:
        SystemExit: with code 130, on Ctrl-C.
    """
    watchers = [_Watcher(root, one, only, run) for one in chosen]

    def act() -> bool:
        builds = Builds(root)
        away = [watcher.act(builds) for watcher in watchers]
        return any(away)

    try:
        on_save(root, act, pause=pause)
    except KeyboardInterrupt:
        sys.stderr.write(f"\nstopped watching; {_summary(run)}\n")
        raise SystemExit(EXIT_INTERRUPTED) from None


def _summary(run: PushRun) -> str:
    counts = Counter(one.step.label for one in run.outcomes if one.end in _PUSHED)
    pushed = [f"{label}{f' ({count} times)' if count > 1 else ''}" for label, count in counts.items()]
    return f"pushed: {', '.join(pushed)}" if pushed else "nothing was pushed"


class _Watcher:
    """Pushes to one Grafana, again and again."""

    def __init__(self, root: Path, chosen: Chosen, only: frozenset[str], run: PushRun) -> None:
        self._root = root
        self._chosen = chosen
        self._only = only
        self._run = run
        self._seen: dict[tuple[str, str], Item | RequiredFolder] = {}
        self._away = False
        self._failed = False

    def act(self, builds: Builds) -> bool:
        """Push what changed; whether to try again soon, because the Grafana is away."""
        started = time.perf_counter()
        try:
            built = builds.of(self._chosen.environment)
            if built.failed:
                self._say("nothing was pushed", started)
                return False
            desired = chosen_only(built.desired, self._only) if self._only else built.desired
            return self._push(desired, started)
        except (DashgenError, OSError) as error:
            return self._stumbled(error)

    def _push(self, desired: Desired, started: float) -> bool:
        changed = self._changed(desired)
        if not changed:
            self._say("nothing changed", started)
            return False
        first = not self._seen
        part = desired if first else desired.only(frozenset(one.uid for one in changed))
        code = push_once(self._root, self._chosen, part, replace(self._run, whole=first and not self._only))
        self._away = False
        if code == 0:
            self._seen = _by_key(desired)
        self._say("pushed" if code == 0 else "not all was pushed", started)
        failed, before = code == UnreachableError.exit_code, self._failed
        self._failed = failed
        return failed and not before

    def _changed(self, desired: Desired) -> list[Item | RequiredFolder]:
        """What is not as it was when all was well last."""
        return [one for key, one in _by_key(desired).items() if self._seen.get(key) != one]

    def _stumbled(self, error: DashgenError | OSError) -> bool:
        if not isinstance(error, _AWAY):
            hint = getattr(error, "hint", "")
            sys.stderr.write(f"dashgen: {self._chosen.shown}: {error}{f'; {hint}' if hint else ''}\n")
            return False
        if not self._away:
            sys.stderr.write(f"dashgen: {self._chosen.shown}: {error}; trying again until it is back\n")
        self._away = True
        return True

    def _say(self, what: str, started: float) -> None:
        seconds = time.perf_counter() - started
        now = time.strftime("%H:%M:%S")
        sys.stderr.write(f"{now} {what} in {seconds:.1f} s, watching for changes\n")


def _by_key(desired: Desired) -> dict[tuple[str, str], Item | RequiredFolder]:
    """Everything that is wanted; the uid of a rule group is complete only with its folder."""
    folders = {("", "/".join(folder.titles)): folder for folder in desired.folders}
    return {**folders, **{(item.kind, "/".join((*item.folder, item.uid))): item for item in desired.items}}

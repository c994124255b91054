"""``dashgen push --watch``: push what changed to a scratch Grafana a moment after a spec is saved."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NoReturn

from dashgen.cli.commands.push_once import PushRun, chosen_only, push_once
from dashgen.cli.watch_files import EXIT_INTERRUPTED, finished, on_save
from dashgen.core.errors import DashgenError
from dashgen.project.targets import Chosen
from dashgen.servers.grafana.grafana_errors import BusyError, ServerError, UnreachableError
from dashgen.sync.push.apply_plan import StepEnd
from dashgen.sync.push.desired_items import Desired, RequiredFolder
from dashgen.sync.push.item import Item

_TEMPORARY = (UnreachableError, ServerError, BusyError)
"""Errors after which a push is tried again although no spec changed."""
_PUSHED = (StepEnd.CREATED, StepEnd.UPDATED, StepEnd.DELETED)


def watch_push(
    chosen: Sequence[Chosen], run: PushRun, *, pause: Callable[[float], None] = time.sleep
) -> NoReturn:
    """Push, then push what changed whenever a spec is saved, until Ctrl-C.

    Args:
        chosen: the Grafanas.
        run: the options, which name what is pushed.
        pause: waits; a test counts its calls.

    Raises:
        SystemExit: with code 130, on Ctrl-C.
    """
    watchers = [_Watcher(target, run) for target in chosen]

    def act() -> bool:
        run.builds.clear()
        # All of them act: one Grafana that is down does not keep the others from being pushed to.
        retries = [watcher.act() for watcher in watchers]
        return any(retries)

    try:
        on_save(run.root, act, pause=pause)
    except KeyboardInterrupt:
        sys.stderr.write(f"\nstopped watching; {_summary(run)}\n")
        raise SystemExit(EXIT_INTERRUPTED) from None


def _summary(run: PushRun) -> str:
    counts = Counter(outcome.step.label for outcome in run.outcomes if outcome.end in _PUSHED)
    pushed = [f"{label}{f' ({count} times)' if count > 1 else ''}" for label, count in counts.items()]
    return f"pushed: {', '.join(pushed)}" if pushed else "nothing was pushed"


class _Watcher:
    """Pushes to one Grafana again and again."""

    def __init__(self, target: Chosen, run: PushRun) -> None:
        self._target = target
        self._run = run
        self._pushed: dict[tuple[str, str], Item | RequiredFolder] = {}
        self._is_away = False
        self._failed = False

    def act(self) -> bool:
        """Push what changed, and return whether to try again soon because Grafana cannot be reached."""
        started = time.perf_counter()
        try:
            built = self._run.built(self._target.environment, "")
            if built is None:
                finished("nothing was pushed", started)
                return False
            return self._push(chosen_only(built.desired, self._run.options.only), started)
        except (DashgenError, OSError) as error:
            return self._failed_with(error)

    def _push(self, desired: Desired, started: float) -> bool:
        current = _by_key(desired)
        changed = [item for key, item in current.items() if self._pushed.get(key) != item]
        if not changed:
            finished("nothing changed", started)
            return False
        # The first push compares everything; later ones ask only for what was saved.
        is_first = not self._pushed
        part = desired if is_first else desired.only(frozenset(item.uid for item in changed))
        code = push_once(self._target, part, self._run, whole=is_first and not self._run.options.only)
        self._is_away = False
        if code == 0:
            self._pushed = current
        finished("pushed" if code == 0 else "not all was pushed", started)
        # A server that refuses one resource with "unreachable" is tried once more, not for ever.
        failed, failed_before = code == UnreachableError.exit_code, self._failed
        self._failed = failed
        return failed and not failed_before

    def _failed_with(self, error: DashgenError | OSError) -> bool:
        if not isinstance(error, _TEMPORARY):
            hint = getattr(error, "hint", "")
            sys.stderr.write(f"dashgen: {self._target.shown}: {error}{f'; {hint}' if hint else ''}\n")
            return False
        if not self._is_away:
            sys.stderr.write(f"dashgen: {self._target.shown}: {error}; trying again until it is back\n")
        self._is_away = True
        return True


def _by_key(desired: Desired) -> dict[tuple[str, str], Item | RequiredFolder]:
    """Every resource by its kind and uid; the uid of a rule group is unique only with its folder."""
    folders = {("", "/".join(folder.titles)): folder for folder in desired.folders}
    return {**folders, **{(item.kind, "/".join((*item.folder, item.uid))): item for item in desired.items}}

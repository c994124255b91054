"""What a pull did, for people."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from dashgen.sync.pull.pull import Pull, PullState
from dashgen.sync.push.kinds import label
from dashgen.sync.push.step_texts import first_lines

_SIGNS: Final = {
    PullState.TAKEN: "~",
    PullState.PARTLY: "!",
    PullState.SOME: "!",
    PullState.CONFLICT: "!",
    PullState.NEW: "+",
    PullState.GONE: "-",
}
_MOST: Final = 40


def lines(pull: Pull, *, written: bool) -> Iterator[str]:
    """Every dashboard that is not as the specs build it, and the files.

    Args:
        pull: the pull.
        written: whether its files were written.
    """
    for one in pull.dashboards:
        reason = f": {one.reason}" if one.reason else ""
        yield f"{_SIGNS.get(one.state, '?')} {label(one.item)}: {one.state}{reason}"
        yield from first_lines(one.taken, "    ", _MOST)
        yield from first_lines(one.left, "    not taken over: ", _MOST)
        yield from first_lines(one.notes, "    note: ", _MOST)
    for name in pull.changed:
        yield f"{'changed' if written else 'would change'} {name}"
    counts = Counter(one.state for one in pull.dashboards)
    yield ", ".join(f"{counts[state]} {state}" for state in PullState if counts[state]) or "nothing to pull"

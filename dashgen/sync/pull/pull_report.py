"""What a pull did, for people and for programs."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from dashgen.formats.resources import RULE_GROUP
from dashgen.sync.pull.pull import Pull, Pulled, PullState
from dashgen.sync.push.kinds import label

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
        yield from _first(one.taken, "    ")
        yield from _first(one.left, "    not taken over: ")
        yield from _first(one.notes, "    note: ")
    for name in pull.changed:
        yield f"{'changed' if written else 'would change'} {name}"
    counts = Counter(one.state for one in pull.dashboards)
    yield ", ".join(f"{counts[state]} {state}" for state in PullState if counts[state]) or "nothing to pull"


def _first(sentences: list[str], prefix: str) -> Iterator[str]:
    for sentence in sentences[:_MOST]:
        yield f"{prefix}{sentence}"
    if len(sentences) > _MOST:
        yield f"{prefix}… and {len(sentences) - _MOST} more"


def as_json(pull: Pull, patch: str) -> dict[str, Any]:
    """The same for programs."""
    groups = [one for one in pull.dashboards if one.item.kind == RULE_GROUP]
    return {
        "dashboards": [_json(one) for one in pull.dashboards if one not in groups],
        "rule_groups": [_json(one) for one in groups],
        "files": pull.changed,
        "patch": patch,
        "exit_code": pull.exit_code,
    }


def _json(one: Pulled) -> dict[str, Any]:
    return {
        "uid": one.item.uid,
        "title": one.item.title,
        "state": str(one.state),
        "reason": one.reason or None,
        "taken": one.taken,
        "left": one.left,
        "notes": one.notes,
    }

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


def lines(pull: Pull, written: bool) -> Iterator[str]:  # noqa: FBT001  # which of two tenses it speaks in
    """Every dashboard that is not as the specs say, and the files.

    Args:
        pull: what was found.
        written: whether it was written.
    """
    for one in pull.dashboards:
        reason = f": {one.reason}" if one.reason else ""
        yield f"{_SIGNS.get(one.state, '?')} {label(one.item)}: {one.state}{reason}"
        yield from _some(one.taken, "    ")
        yield from _some(one.left, "    not taken over: ")
        yield from _some(one.notes, "    note: ")
    for name in pull.changed:
        yield f"{'changed' if written else 'would change'} {name}"
    yield summary(pull)


def _some(sentences: list[str], prefix: str) -> Iterator[str]:
    for sentence in sentences[:_MOST]:
        yield f"{prefix}{sentence}"
    if len(sentences) > _MOST:
        yield f"{prefix}… and {len(sentences) - _MOST} more"


def summary(pull: Pull) -> str:
    """How many of what."""
    counts = Counter(one.state for one in pull.dashboards)
    return ", ".join(f"{counts[state]} {state}" for state in PullState if counts[state]) or "nothing to pull"


def as_json(pull: Pull, patch: str) -> dict[str, Any]:
    """The same for programs."""
    groups = [one for one in pull.dashboards if one.item.kind == RULE_GROUP]
    return {
        "dashboards": [_for_programs(one) for one in pull.dashboards if one not in groups],
        "rule_groups": [_for_programs(one) for one in groups],
        "files": pull.changed,
        "patch": patch,
        "exit_code": pull.exit_code,
    }


def _for_programs(one: Pulled) -> dict[str, Any]:
    return {
        "uid": one.item.uid,
        "title": one.item.title,
        "state": str(one.state),
        "reason": one.reason or None,
        "taken": one.taken,
        "left": one.left,
        "notes": one.notes,
    }

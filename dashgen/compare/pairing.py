"""Which resource of one side is which of the other."""

from collections import Counter
from collections.abc import Callable, Iterator

from dashgen.compare.change_values import same_or_redacted
from dashgen.formats.resources import DASHBOARD, DELETION, SERVER_RULE, Resource, Resources

Pair = tuple[Resource | None, Resource | None]


def pairs(before: Resources, after: Resources) -> Iterator[Pair]:
    """Every resource with its counterpart: by uid, and what is left by title or by its content."""
    gone = [one for one in before if one.key not in after]
    come = [one for one in after if one.key not in before]
    for one in before:
        if one.key in after:
            yield one, after.get(one.key)
    alone = len(before) == len(after) == 1
    for match in (_same_name, _same_content, *([_same_kind] if alone else [])):
        for old, new in _matched(gone, come, match):
            gone.remove(old)
            come.remove(new)
            yield old, new
    yield from ((one, None) for one in gone)
    yield from ((None, one) for one in come)


def _matched(
    gone: list[Resource], come: list[Resource], match: Callable[[Resource, Resource], bool]
) -> list[tuple[Resource, Resource]]:
    """The pairs that match one to one."""
    found = [(old, new) for old in gone for new in come if old.kind == new.kind and match(old, new)]
    left, right = Counter(old.key for old, _ in found), Counter(new.key for _, new in found)
    return [(old, new) for old, new in found if left[old.key] == right[new.key] == 1]


def _same_name(old: Resource, new: Resource) -> bool:
    if old.kind == SERVER_RULE:
        return old.title == new.title and old.data.get("server") == new.data.get("server")
    return old.title == new.title and old.folder == new.folder and bool(old.title)


def _same_content(old: Resource, new: Resource) -> bool:
    if old.kind == DASHBOARD:
        return bool(old.data.get("panels")) and same_or_redacted(old.data["panels"], new.data.get("panels"))
    return bool(old.data) and same_or_redacted(old.data, new.data)


def _same_kind(old: Resource, new: Resource) -> bool:
    # A deletion of something else is another deletion.
    return old.kind == new.kind != DELETION

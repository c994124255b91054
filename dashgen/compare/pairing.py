"""Pairing the resources of two sides."""

from collections import Counter
from collections.abc import Callable, Iterator

from dashgen.compare.change_values import same_or_redacted
from dashgen.formats.resources import DASHBOARD, DELETION, SERVER_RULE, Resource, Resources

ResourcePair = tuple[Resource | None, Resource | None]


def pairs(before: Resources, after: Resources) -> Iterator[ResourcePair]:
    """Every resource with its counterpart: by uid, and what is left by title or by its content."""
    removed = [resource for resource in before if resource.key not in after]
    added = [resource for resource in after if resource.key not in before]
    for resource in before:
        if resource.key in after:
            yield resource, after.get(resource.key)
    # Two files that are compared directly are one resource before and after, whatever they are called.
    alone = len(before) == len(after) == 1
    for match in (_same_name, _same_content, *([_same_kind] if alone else [])):
        for old, new in _matched(removed, added, match):
            removed.remove(old)
            added.remove(new)
            yield old, new
    yield from ((resource, None) for resource in removed)
    yield from ((None, resource) for resource in added)


def _matched(
    removed: list[Resource], added: list[Resource], match: Callable[[Resource, Resource], bool]
) -> list[tuple[Resource, Resource]]:
    """The pairs that match one to one."""
    matches = [(old, new) for old in removed for new in added if old.kind == new.kind and match(old, new)]
    left, right = Counter(old.key for old, _ in matches), Counter(new.key for _, new in matches)
    return [(old, new) for old, new in matches if left[old.key] == right[new.key] == 1]


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

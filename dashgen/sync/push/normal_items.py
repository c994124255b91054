"""Items in the normal form of comparisons, and checksums of it."""

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any, Final

from dashgen.compare import Change, Resource, Resources, compare
from dashgen.compare.change_values import same_or_redacted
from dashgen.core.json_values import without_fraction
from dashgen.formats.normal.filled_values import without_filled_in
from dashgen.sync.push.item import Item
from dashgen.sync.push.kinds import kind_of
from dashgen.sync.push.kinds.resource_kind import FolderPath
from dashgen.sync.push.secret_references import Environment

SCHEME: Final = "4-"
"""The start of a checksum. It changes with the normal form: checksums of another form are not compared."""


def uids(folder_uid: str) -> str:
    """A folder by its uid: for checksums, which renaming a folder must not change."""
    return folder_uid


def normal(item: Item, titles: FolderPath = uids, environment: Environment | None = None) -> list[Resource]:
    """The resources in an item: one, but for rule groups, which have their rules too.

    Args:
        item: the item.
        titles: the path of titles of a folder, by its uid.
        environment: what references are resolved with; only for items of the specs.
    """
    return list(kind_of(item).normal(item, titles, environment))


def digest(item: Item, environment: Environment | None = None) -> str:
    """A checksum of an item in its normal form, which leaves out what a server fills in."""
    return _digest(normal(item, uids, environment))


def digest_as_ours(live: Item, desired_item: Item, environment: Environment | None = None) -> str:
    """A checksum of a live item without what Grafana may have filled in where the specs have nothing."""
    return _digest(_without_filled_in(normal(live), normal(desired_item, uids, environment)))


def _digest(resources: Iterable[Resource]) -> str:
    fields = [[r.kind, r.uid, r.title, r.folder, _plain(r.data)] for r in resources]
    text = json.dumps(fields, sort_keys=True, ensure_ascii=False, default=str)
    return SCHEME + sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def _without_filled_in(live: list[Resource], desired_resources: list[Resource]) -> list[Resource]:
    desired = {one.key: one for one in desired_resources}
    return [without_filled_in(one, desired[one.key]) if one.key in desired else one for one in live]


def differences(
    before: Item,
    after: Item,
    titles: FolderPath = uids,
    environment: Environment | None = None,
    *,
    filled_in: bool = False,
) -> list[Change]:
    """What changes from one item to another; nothing when they mean the same.

    Args:
        before: the item that Grafana has.
        after: the item of the specs; only its references are resolved.
        titles: the path of titles of a folder, by its uid.
        environment: what references are resolved with.
        filled_in: whether Grafana may have filled in what only the first says; that is left out then.
    """
    # The cheap look first: most resources are as they should be.
    if before.kind == after.kind and kind_of(after).is_surely_same(before, after):
        return []
    # Compared with folders by uid; their titles are only for sentences, when there is something to tell.
    old, new = normal(before), normal(after, uids, environment)
    if filled_in:
        old = _without_filled_in(old, new)
    if len(old) == len(new) and all(map(_same, old, new)):
        return []
    old, new = normal(before, titles), normal(after, titles, environment)
    return compare(Resources(_without_filled_in(old, new) if filled_in else old), Resources(new))


def _same(old: Resource, new: Resource) -> bool:
    one, other = (old.key, old.title, old.folder), (new.key, new.title, new.folder)
    return one == other and same_or_redacted(old.data, new.data)


def _plain(value: object) -> Any:
    """The value with whole numbers in one spelling: JSON does not tell 1.0 from 1."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return without_fraction(value) if isinstance(value, float) else value

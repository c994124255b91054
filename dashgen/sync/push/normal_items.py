"""Items in the normal form of comparisons, and checksums of it."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

from dashgen.compare import Change, Resource, Resources, compare
from dashgen.compare.change_values import same_or_redacted
from dashgen.core.json_values import scalar_text, without_fraction
from dashgen.formats import resources as kinds
from dashgen.formats.normal.filled_values import without_filled_in
from dashgen.formats.normal.normal_dashboard import dashboard_resource
from dashgen.formats.normal.normal_notifications import (
    contact_points_of_api,
    mute_timings,
    policies_resource,
    templates_of_api,
)
from dashgen.formats.normal.normal_others import data_source_resource, event_resource, folder_resource
from dashgen.formats.normal.normal_rules import rules_of_api
from dashgen.sync.push.item import Item
from dashgen.sync.push.secret_references import comparable

SCHEME: Final = "2-"
"""The start of a checksum: it changes with the normal form, so that checksums of another form are not compared."""

_FORMS_KEPT: Final = 16
_SERVER_KEYS: Final = frozenset(("id", "uid", "version"))
_WEIGHTY: Final = frozenset(("title", "panels", "schemaVersion", "elements", "layout", "spec"))
Titles = Callable[[str], str]
Environment = Mapping[str, str]


def uids(folder_uid: str) -> str:
    """A folder by its uid: for checksums, which renaming a folder must not change."""
    return folder_uid


def normal(item: Item, titles: Titles = uids, environment: Environment | None = None) -> list[Resource]:
    """The resources in an item: one, but for rule groups, which have their rules too.

    Args:
        item: the item.
        titles: the path of titles of a folder, by its uid.
        environment: what references are resolved with; for what is wanted, not for what is there.
    """
    return list(_NORMAL[item.kind](item, titles, environment))


def digest(item: Item, environment: Environment | None = None) -> str:
    """A checksum of what an item says, whatever a server fills in."""
    return _digest(normal(item, uids, environment))


def digest_as_ours(live: Item, wanted: Item, environment: Environment | None = None) -> str:
    """A checksum of what is there without what Grafana may have filled in where what is wanted says nothing."""
    return _digest(_without_filled_in(normal(live), normal(wanted, uids, environment)))


def _digest(resources: Iterable[Resource]) -> str:
    said = [[r.kind, r.uid, r.title, r.folder, _plain(r.data)] for r in resources]
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, default=str)
    return SCHEME + sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def _without_filled_in(live: list[Resource], wanted: list[Resource]) -> list[Resource]:
    ours = {one.key: one for one in wanted}
    return [without_filled_in(one, ours[one.key]) if one.key in ours else one for one in live]


def differences(
    before: Item,
    after: Item,
    titles: Titles = uids,
    environment: Environment | None = None,
    *,
    filled_in: bool = False,
) -> list[Change]:
    """What changes from one item to another; nothing when they say the same.

    Args:
        before: the item as it is there.
        after: the item as it is wanted; only its references are resolved.
        titles: the path of titles of a folder, by its uid.
        environment: what references are resolved with.
        filled_in: whether Grafana may have filled in what only the first says; that is left out then.
    """
    if plainly_same(before, after):
        return []
    old, new = normal(before), normal(after, uids, environment)
    if filled_in:
        old = _without_filled_in(old, new)
    if len(old) == len(new) and all(map(_same, old, new)):
        return []
    old, new = normal(before, titles), normal(after, titles, environment)
    return compare(Resources(_without_filled_in(old, new) if filled_in else old), Resources(new))


def plainly_same(live: Item, wanted: Item) -> bool:
    """Whether a dashboard is as it is wanted but for what a server adds at the top; the quick look before the long one."""
    if live.kind != kinds.DASHBOARD or live.folder_uid != wanted.folder_uid:
        return False
    told = {key: value for key, value in wanted.content.items() if key not in _SERVER_KEYS}
    more = live.content.keys() - told.keys() - _SERVER_KEYS
    if more & _WEIGHTY or any(key not in live.content or live.content[key] != told[key] for key in told):
        return False
    added = {key: live.content[key] for key in more}
    return dashboard_resource(added).data == dashboard_resource({}).data


def _same(old: Resource, new: Resource) -> bool:
    one, other = (old.key, old.title, old.folder), (new.key, new.title, new.folder)
    return one == other and same_or_redacted(old.data, new.data)


def _plain(value: Any) -> Any:
    """The value with whole numbers in one spelling: JSON does not tell 1.0 from 1."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return without_fraction(value) if isinstance(value, float) else value


def _folder(item: Item, titles: Titles, _environment: Environment | None) -> list[Resource]:
    about = scalar_text(item.content.get("description"))
    return [folder_resource(item.uid, item.title, titles(item.folder_uid), about)]


def _data_source(item: Item, _titles: Titles, environment: Environment | None) -> list[Resource]:
    content = {key: value for key, value in item.content.items() if key != "secureJsonData"}
    if hidden := item.content.get("secureJsonData"):
        content["secureJsonFields"] = dict.fromkeys(hidden, True)
    if environment is not None:
        # Only the values under `secureJsonData` are secret; an address has to be compared.
        content = {key: comparable({"": value}, environment)[""] for key, value in content.items()}
    return [data_source_resource(content)]


def _dashboard(item: Item, titles: Titles, _environment: Environment | None) -> list[Resource]:
    return [replace(_dashboard_form(_Itself(item.content), item.uid), folder=titles(item.folder_uid))]


class _Itself:
    """A content as a key: itself, and no other that is equal. Nothing changes the content of an item in its place."""

    __slots__ = ("content",)

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and self.content is other.content

    def __hash__(self) -> int:
        return id(self.content)


@lru_cache(maxsize=_FORMS_KEPT)
def _dashboard_form(content: _Itself, uid: str) -> Resource:
    """The normal form of a dashboard, kept while its checksums and differences are asked for in turn."""
    return dashboard_resource({**content.content, "uid": uid}, folder="")


def _contact_point(item: Item, _titles: Titles, environment: Environment | None) -> list[Resource]:
    content = dict(item.content)
    return list(contact_points_of_api([_known(content, environment)]))


def _policies(item: Item, _titles: Titles, environment: Environment | None) -> list[Resource]:
    return [policies_resource(_known(dict(item.content), environment))]


def _mute_timing(item: Item, _titles: Titles, _environment: Environment | None) -> list[Resource]:
    return list(mute_timings([item.content]))


def _template(item: Item, _titles: Titles, _environment: Environment | None) -> list[Resource]:
    return list(templates_of_api([item.content]))


def _event(item: Item, _titles: Titles, _environment: Environment | None) -> list[Resource]:
    return [event_resource(item.uid, item.content)]


def _rule_group(item: Item, titles: Titles, _environment: Environment | None) -> list[Resource]:
    return list(rules_of_api([item.content], {item.folder_uid: titles(item.folder_uid)}))


def _known(content: dict[str, Any], environment: Environment | None) -> dict[str, Any]:
    found: dict[str, Any] = content if environment is None else comparable(content, environment)
    return found


_NORMAL: Final = {
    kinds.FOLDER: _folder,
    kinds.DATA_SOURCE: _data_source,
    kinds.DASHBOARD: _dashboard,
    kinds.CONTACT_POINT: _contact_point,
    kinds.POLICIES: _policies,
    kinds.MUTE_TIMING: _mute_timing,
    kinds.TEMPLATE: _template,
    kinds.RULE_GROUP: _rule_group,
    kinds.EVENT: _event,
}

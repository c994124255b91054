"""Compare two sets of resources."""

from collections.abc import Callable, Iterable
from typing import Final

from dashgen.compare.change import Change, Detail, What
from dashgen.compare.change_texts import plain_change, quoted
from dashgen.compare.change_values import leaves
from dashgen.compare.compare_alertmanager import alertmanager_details
from dashgen.compare.compare_conditions import condition_phrase
from dashgen.compare.compare_dashboard import dashboard_details, panel_count
from dashgen.compare.compare_notifications import (
    contact_point_details,
    inhibition_details,
    mute_timing_details,
    policy_details,
    template_details,
)
from dashgen.compare.compare_others import (
    data_source_details,
    group_details,
    plain_details,
    server_rule_details,
)
from dashgen.compare.compare_rules import duration, rule_details
from dashgen.compare.derived_changes import without_derived
from dashgen.compare.pairing import pairs
from dashgen.formats import resources as kinds
from dashgen.formats.resources import KINDS, Resource, Resources

Describe = Callable[[Resource, Resource], Iterable[Detail]]
_DESCRIBE: Final[dict[str, Describe]] = {
    kinds.DASHBOARD: dashboard_details,
    kinds.DATA_SOURCE: data_source_details,
    kinds.ALERT_RULE: rule_details,
    kinds.RECORDING_RULE: rule_details,
    kinds.RULE_GROUP: group_details,
    kinds.SERVER_RULE: server_rule_details,
    kinds.CONTACT_POINT: contact_point_details,
    kinds.POLICIES: policy_details,
    kinds.MUTE_TIMING: mute_timing_details,
    kinds.INHIBITION_RULE: inhibition_details,
    kinds.TEMPLATE: template_details,
    kinds.ALERTMANAGER: alertmanager_details,
}
_ORDER = {kind: number for number, kind in enumerate(KINDS)}
# A group is created and deleted with its rules, and a resource with what it carries: their changes are
# reported.
_WITHOUT_OWN_CHANGES = frozenset((kinds.RULE_GROUP, kinds.MANIFEST))


def compare(before: Resources, after: Resources) -> list[Change]:
    """The changes between two sets of resources, by kind and title.

    Fields that a server sets, and an order that means nothing, are never a change; all else is one. Changes
    of Prometheus and Loki rules that those of Grafana's alert rules, which are built from the same specs,
    imply are left out.
    """
    return without_derived(compare_all(before, after))


def compare_all(before: Resources, after: Resources) -> list[Change]:
    """The changes between two sets of resources, with those that follow from others."""
    changes = (compare_one(old, new) for old, new in pairs(before, after))
    return sorted((change for change in changes if change is not None), key=_sort_key)


def _sort_key(change: Change) -> tuple[int, str, str]:
    return _ORDER.get(change.kind, len(_ORDER)), change.title.casefold(), change.uid


def compare_one(old: Resource | None, new: Resource | None) -> Change | None:
    """The change of one resource; nothing when both sides are the same."""
    if old is None or new is None:
        resource = new or old
        if resource is None or resource.kind in _WITHOUT_OWN_CHANGES:
            return None
        what = What.DELETED if new is None else What.CREATED
        return Change(what, old, new, tuple(_contents(resource, is_deleted=new is None)))
    details = tuple(_details(old, new)) or tuple(_plain_differences(old, new))
    return Change(_what(details), old, new, details) if details else None


def _details(old: Resource, new: Resource) -> Iterable[Detail]:
    if old.title != new.title:
        yield Detail((f"renamed from {quoted(old.title)}",), ("title",), old.title, new.title)
    if old.uid not in (new.uid, old.title):
        yield Detail((f"uid {old.uid} → {new.uid}, so links to it break",), ("uid",), old.uid, new.uid)
    if old.folder != new.folder:
        sentence = f"moved from {_folder(old.folder)} to {_folder(new.folder)}"
        yield Detail((sentence,), ("folder",), old.folder, new.folder)
    yield from _DESCRIBE.get(old.kind, plain_details)(old, new)


def _plain_differences(old: Resource, new: Resource) -> Iterable[Detail]:
    """Differences for which no comparison above has a sentence, by path, so that none is lost."""
    # The rules of a group are resources of their own.
    differences = () if old.kind == kinds.RULE_GROUP else leaves(old.data, new.data)
    for path, old_value, new_value in differences:
        yield plain_change(path, old_value, new_value)


def _folder(folder: str) -> str:
    return f"folder {quoted(folder)}" if folder else "the root folder"


def _what(details: tuple[Detail, ...]) -> What:
    places = {detail.path for detail in details}
    if places == {("title",)}:
        return What.RENAMED
    return What.MOVED if places <= {("folder",), ("title",)} else What.CHANGED


def _contents(resource: Resource, *, is_deleted: bool) -> Iterable[Detail]:
    """The size of a created or deleted dashboard, or the condition of a rule."""
    if resource.kind == kinds.DASHBOARD:
        count = panel_count(resource)
        sentence = f"{count} panel{'s' * (count != 1)}"
        yield Detail((sentence,), ("panels",), count if is_deleted else None, None if is_deleted else count)
    elif (condition := condition_phrase(resource.data)) is not None:
        after = resource.data.get("for", 0)
        sentence = f"{condition} for {duration(after)}" if after else condition
        yield Detail(
            (sentence,), ("condition",), condition if is_deleted else None, None if is_deleted else condition
        )

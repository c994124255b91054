"""From the shapes of provisioning files to those of the API, whose names and spellings differ."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from dashgen.core.json_values import mapping, mappings, scalar_text
from dashgen.formats import resources as kinds
from dashgen.formats.normal.plain_values import seconds, undollared
from dashgen.model.folder import split_path
from dashgen.sync.push.item import POLICIES_UID, Item

# In a rule Grafana reads `$` as text everywhere but here, so only here it is doubled in the file.
_INTERPOLATED: Final = ("title", "labels", "notification_settings")
_RULE_NAMES: Final = {
    "keepFiringFor": "keep_firing_for",
    "missing_series_evals_to_resolve": "missingSeriesEvalsToResolve",
}
_FILE_ONLY: Final = frozenset(("orgId", "dashboardUid", "panelId"))
_RECORD_NAMES: Final = {"targetDatasourceUid": "target_datasource_uid"}


def data_source(source: Mapping[str, Any], spec: str) -> Item:
    """A data source; its texts keep their references."""
    content = {key: value for key, value in source.items() if key not in ("orgId", "editable", "version")}
    name = undollared(scalar_text(source.get("name")))
    return Item(kinds.DATA_SOURCE, scalar_text(source.get("uid")), name, content, spec=spec)


def contact_points(point: Mapping[str, Any], specs: Mapping[str, str]) -> Iterator[Item]:
    """The integrations of a contact point, which the API takes one by one; their texts keep their references."""
    name = scalar_text(point.get("name"))
    for receiver in mappings(point.get("receivers")):
        uid = scalar_text(receiver.get("uid"))
        content = {
            "uid": uid,
            "name": name,
            "type": scalar_text(receiver.get("type")),
            "settings": mapping(receiver.get("settings")),
            "disableResolveMessage": receiver.get("disableResolveMessage") is True,
        }
        yield Item(kinds.CONTACT_POINT, uid, undollared(name), content, spec=specs.get(uid, ""))


def mute_timing(timing: Mapping[str, Any], spec: str) -> Item:
    """A mute timing."""
    name = scalar_text(timing.get("name"))
    content = {"name": name, "time_intervals": mappings(timing.get("time_intervals"))}
    return Item(kinds.MUTE_TIMING, name, name, content, spec=spec)


def template(item: Mapping[str, Any], spec: str) -> Item:
    """A template of notification texts."""
    name = scalar_text(item.get("name"))
    content = {"name": name, "template": scalar_text(item.get("template"))}
    return Item(kinds.TEMPLATE, name, name, content, spec=spec)


def policies(tree: Mapping[str, Any], spec: str) -> Item:
    """The tree of notification policies; its texts keep their references."""
    content = {key: value for key, value in tree.items() if key != "orgId"}
    return Item(kinds.POLICIES, POLICIES_UID, "", content, spec=spec)


def rule_group(group: Mapping[str, Any], spec: str) -> Item:
    """A rule group; its uid is complete only when the uid of its folder is known."""
    name = undollared(scalar_text(group.get("name")))
    interval = seconds(group.get("interval"))
    content = {
        "title": name,
        "interval": interval if isinstance(interval, int) else 60,
        "rules": [_rule(rule) for rule in mappings(group.get("rules"))],
    }
    folder = split_path(undollared(scalar_text(group.get("folder"))))
    return Item(kinds.RULE_GROUP, name, name, content, folder=folder, spec=spec)


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    made = {
        _RULE_NAMES.get(key, key): undollared(value) if key in _INTERPOLATED else value
        for key, value in rule.items()
        if key not in _FILE_ONLY
    }
    if record := mapping(rule.get("record")):
        made["record"] = {_RECORD_NAMES.get(key, key): value for key, value in record.items()}
    return made

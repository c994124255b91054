"""Rule groups: Grafana takes a group with all its rules in one request."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Final

from msgspec.structs import replace

from dashgen.compare import Change
from dashgen.compile.outputs.grafana_rules import RULES_FILE
from dashgen.core.json_values import Json, JsonPath, mapping, mappings, scalar_text
from dashgen.formats import resources
from dashgen.formats.normal.normal_rules import rules_of_api
from dashgen.formats.normal.plain_values import seconds, undollared
from dashgen.formats.resources import Resource, kind_name
from dashgen.model.folder import split_path
from dashgen.servers.grafana import Grafana
from dashgen.servers.grafana.alert_rules_api import RuleGroup
from dashgen.servers.grafana.kubernetes_rules import KubernetesAlertRules
from dashgen.sync.push.item import Item, LiveItem
from dashgen.sync.push.kinds.resource_kind import (
    DesiredSources,
    FolderPath,
    Merged,
    Parts,
    ReadRequest,
    ResourceKind,
    WriteContext,
    handle_of,
)
from dashgen.sync.push.rule_merge import merged_group, part_of, parts
from dashgen.sync.push.secret_references import Environment

# In a rule Grafana reads `$` as text everywhere but here, so only here it is doubled in the file.
_INTERPOLATED: Final = ("title", "labels", "notification_settings")
_API_KEYS: Final = {
    "keepFiringFor": "keep_firing_for",
    "missing_series_evals_to_resolve": "missingSeriesEvalsToResolve",
}
"""Keys of provisioning files and of the API, where they differ."""
_FILE_ONLY: Final = frozenset(("orgId", "dashboardUid", "panelId"))
_RECORD_API_KEYS: Final = {"targetDatasourceUid": "target_datasource_uid"}
_EXPRESSIONS: Final = ("__expr__", "-100")
"""What queries name instead of a data source when Grafana computes them itself."""


class RuleGroupKind(ResourceKind):
    """Rule groups, known by their folder and title."""

    name: ClassVar[str] = resources.RULE_GROUP
    order: ClassVar[int] = 70
    page: ClassVar[str] = "/alerting/list"
    is_pulled: ClassVar[bool] = True
    is_permitted_by_folder: ClassVar[bool] = True

    def desired(self, sources: DesiredSources) -> Iterator[Item]:
        """The groups of the provisioning file; of those the spec of the first rule counts."""
        data, specs = sources.provisioning(RULES_FILE)
        for group in mappings(data.get("groups")):
            rules = mappings(group.get("rules"))
            yield rule_group(group, specs.get(scalar_text(rules[0].get("uid")), "") if rules else "")

    def uses_apis(self, grafana: Grafana) -> bool:
        """Whether each rule is an object."""
        return isinstance(grafana.alert_rules, KubernetesAlertRules)

    def in_folder(self, item: Item, folder_uid: str) -> Item:
        """The group in a folder, which is a part of its uid."""
        content = {**item.content, "folderUid": folder_uid}
        uid = group_uid(folder_uid, item.title)
        return replace(item, uid=uid, folder_uid=folder_uid, content=content)

    def label(self, uid: str, title: str) -> str:
        """The kind and the title; the uid is of no use to people.

        A rule that is in no group is known by its folder only.
        """
        if uid.endswith("/"):
            return f"{kind_name(resources.ALERT_RULE)} `{title}`"
        return f"{kind_name(self.name)} `{title}`"

    def read_all(self, grafana: Grafana, request: ReadRequest) -> Iterator[LiveItem]:
        """The groups of the folders that a requested group is in."""
        # Only of these folders, as each group takes a request.
        folders = frozenset(uid.partition("/")[0] for uid in request.of(self.name))
        return map(_live, grafana.alert_rules.groups(folders))

    def read(self, grafana: Grafana, item: Item) -> LiveItem | None:
        """One group."""
        group = grafana.alert_rules.get(item.folder_uid, item.title)
        return _live(group) if group else None

    def normal(self, item: Item, titles: FolderPath, environment: Environment | None) -> Iterable[Resource]:
        """The group and each of its rules."""
        return rules_of_api([item.content], {item.folder_uid: titles(item.folder_uid)})

    def write(self, context: WriteContext, item: Item, live: LiveItem | None, checksum: str) -> str:
        """Create or replace the group."""
        content = item.content
        group = RuleGroup(item.folder_uid, item.title, content["interval"], tuple(content["rules"]))
        before = handle_of(live, RuleGroup) if live else None
        makes_rules = context.grafana.capabilities.makes_rules_of_groups
        context.grafana.alert_rules.put(group, before, makes_rules=makes_rules, moving=context.moving)
        return ""

    def delete(self, grafana: Grafana, live: LiveItem) -> None:
        """Delete the group."""
        grafana.alert_rules.delete(handle_of(live, RuleGroup))

    def parts(self, item: Item) -> dict[str, str]:
        """The checksums of the parts of each rule, of the interval, and the order."""
        return parts(item)

    def merged(self, base: Parts, ours: Item, theirs: Item) -> Merged:
        """Merge rule by rule."""
        return merged_group(base, ours, theirs)

    def part_of(self, change: Change, path: JsonPath) -> str:
        """The part of a rule."""
        return part_of(change, path)

    def members(self, item: Item) -> list[str]:
        """The uids of the rules: a rule is in one group only."""
        return [scalar_text(rule.get("uid")) for rule in mappings(item.content.get("rules"))]

    def queried_sources(self, item: Item) -> tuple[str, ...]:
        """The data sources that the rules query: Grafana lets nobody write a rule who may not query them."""
        uids = {
            scalar_text(query.get("datasourceUid"))
            for rule in mappings(item.content.get("rules"))
            for query in mappings(rule.get("data"))
        }
        return tuple(sorted(uids - {"", *_EXPRESSIONS}))


def group_uid(folder_uid: str, title: str) -> str:
    """What a rule group is known by."""
    return f"{folder_uid}/{title}"


def rule_group(group: Mapping[str, Any], spec: str) -> Item:
    """A rule group of a provisioning file; its uid is complete only when the uid of its folder is known."""
    name = undollared(scalar_text(group.get("name")))
    interval = seconds(group.get("interval"))
    content = {
        "title": name,
        "interval": interval if isinstance(interval, int) else 60,
        "rules": [_rule(rule) for rule in mappings(group.get("rules"))],
    }
    folder = split_path(undollared(scalar_text(group.get("folder"))))
    return Item(resources.RULE_GROUP, name, name, content, folder=folder, spec=spec)


def _rule(rule: Mapping[str, Any]) -> Json:
    api_rule = {
        _API_KEYS.get(key, key): undollared(value) if key in _INTERPOLATED else value
        for key, value in rule.items()
        if key not in _FILE_ONLY
    }
    if record := mapping(rule.get("record")):
        api_rule["record"] = {_RECORD_API_KEYS.get(key, key): value for key, value in record.items()}
    return api_rule


def _live(group: RuleGroup) -> LiveItem:
    content = {
        "title": group.title,
        "folderUid": group.folder_uid,
        "interval": group.interval,
        "rules": list(group.rules),
    }
    uid = group_uid(group.folder_uid, group.title)
    item = Item(resources.RULE_GROUP, uid, group.title, content, group.folder_uid)
    return LiveItem(item, group, group.marks.manager)

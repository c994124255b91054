"""The status of each resource: as the specs define it, ahead of Grafana, edited there, or both."""

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from dashgen.core.json_values import Json, scalar_text
from dashgen.formats import resources as kinds
from dashgen.formats.resources import Key
from dashgen.servers.grafana import Grafana
from dashgen.servers.grafana.managers import Manager, Marks
from dashgen.sync.push.item import LiveItem
from dashgen.sync.push.kinds import resource_kinds
from dashgen.sync.push.kinds.dashboard_kind import live_dashboard
from dashgen.sync.push.kinds.rule_group_kind import group_uid
from dashgen.sync.push.push_plan import PushStep, Sides, StepAction
from dashgen.sync.push.verdict import Verdict


class ResourceStatus(StrEnum):
    """The status of a resource."""

    IN_SYNC = "in sync"
    AHEAD = "ahead"
    EDITED = "edited in Grafana"
    CONFLICT = "conflict"
    MANAGED = "managed elsewhere"
    GONE = "not in the specs"
    UNMANAGED = "unmanaged"

    @property
    def exit_code(self) -> int:
        """What a command ends with because of it."""
        return _CODES.get(self, 0)


_CODES = {
    ResourceStatus.AHEAD: 1,
    ResourceStatus.GONE: 1,
    ResourceStatus.EDITED: 4,
    ResourceStatus.CONFLICT: 4,
    ResourceStatus.MANAGED: 4,
}
_PLAIN = {
    StepAction.CREATE: ResourceStatus.AHEAD,
    StepAction.UPDATE: ResourceStatus.AHEAD,
    StepAction.UNCHANGED: ResourceStatus.IN_SYNC,
    StepAction.REFUSED: ResourceStatus.MANAGED,
}


class StatusEntry(Struct, frozen=True):
    """One resource and its status."""

    status: ResourceStatus
    kind: str
    uid: str
    title: str
    reason: str = ""
    step: PushStep | None = None
    link: str = ""

    @property
    def label(self) -> str:
        """What the resource is called."""
        return self.step.shown if self.step else resource_kinds()[self.kind].label(self.uid, self.title)


def statuses(steps: list[PushStep], sides: Sides) -> Iterator[StatusEntry]:
    """The status of each resource of a plan that was made without leave to overwrite or to delete."""
    for step in steps:
        item = step.item
        yield StatusEntry(_status(step, sides), item.kind, item.uid, item.title, step.explanation, step)


def _status(step: PushStep, sides: Sides) -> ResourceStatus:
    if step.act is StepAction.LEFT:
        return ResourceStatus.GONE if step.verdict is Verdict.OURS else ResourceStatus.EDITED
    if step.specs is not None:
        return ResourceStatus.EDITED
    if step.act is not StepAction.CONFLICT:
        return _PLAIN.get(step.act, ResourceStatus.GONE)
    return ResourceStatus.EDITED if sides.is_last_push(step) else ResourceStatus.CONFLICT


def unmanaged(grafana: Grafana, sides: Sides) -> list[StatusEntry]:
    """What is in folders that the specs fill and in no spec, with who made it.

    Raises:
        GrafanaError: the search fails.
    """
    managed_keys = {item.key for item in sides.wanted} | set(sides.pushed)
    # Only folders that specs fill: what is elsewhere in a shared Grafana is other people's.
    filled = {item.folder_uid for item in sides.wanted if item.kind == kinds.DASHBOARD and item.folder_uid}
    filled |= {item.uid for item in sides.wanted if item.kind == kinds.FOLDER}
    hits = grafana.dashboards.search(folder_uids=sorted(filled)) if filled else ()
    uids = [hit.uid for hit in hits if (kinds.DASHBOARD, hit.uid) not in managed_keys]
    # Who manages a dashboard is not in the listing.
    lives = grafana.dashboards.get_many(uids, live_dashboard) if uids else ()
    strangers = [_stranger(live, grafana.dashboards.link(live.item.uid)) for live in lives]
    return [*sorted(strangers, key=lambda entry: entry.uid), *_groups(grafana, filled, managed_keys)]


def _stranger(live: LiveItem, link: str) -> StatusEntry:
    item = live.item
    ours = "dashgen from another project, or from another machine" if live.stamp or live.tagged else ""
    owner = live.owner or ours
    reason = f"it is managed by {owner}" if owner else "it was made by hand"
    return StatusEntry(ResourceStatus.UNMANAGED, item.kind, item.uid, item.title, reason, link=link)


def _groups(grafana: Grafana, folders: set[str], desired_keys: set[Key]) -> Iterator[StatusEntry]:
    """The rule groups that no spec makes; Grafana lists rules only, each with the name of its group."""
    managed: dict[tuple[str, str], Manager | None] = {}
    link = f"{grafana.session.settings.url}/alerting/list"
    for rule in grafana.alert_rules.list_all() if folders else ():
        group_key = scalar_text(rule.get("folderUID")), scalar_text(rule.get("ruleGroup"))
        if group_key[0] in folders and not group_key[1]:
            yield _lone_rule(rule, link)
        # A rule may be in no group.
        if (
            group_key[0] in folders
            and group_key[1]
            and (kinds.RULE_GROUP, group_uid(*group_key)) not in desired_keys
        ):
            # A group is somebody else's as soon as one of its rules is.
            marks = Marks.of_provenance(scalar_text(rule.get("provenance")))
            managed[group_key] = managed.get(group_key) or marks.manager
    for group_key, owner in sorted(managed.items()):
        reason = f"it is managed by {owner}" if owner else "it was made by hand"
        yield StatusEntry(
            ResourceStatus.UNMANAGED, kinds.RULE_GROUP, group_uid(*group_key), group_key[1], reason, link=link
        )


def _lone_rule(rule: Json, link: str) -> StatusEntry:
    """A rule in no group, which Grafana 13 can have and specs cannot."""
    uid, title = group_uid(scalar_text(rule.get("folderUID")), ""), scalar_text(rule.get("title"))
    owner = Marks.of_provenance(scalar_text(rule.get("provenance"))).manager
    reason = f"it is in no group, and {f'managed by {owner}' if owner else 'was made by hand'}"
    return StatusEntry(ResourceStatus.UNMANAGED, kinds.RULE_GROUP, uid, title, reason, link=link)

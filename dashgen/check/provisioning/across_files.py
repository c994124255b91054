"""All alerting files together: names that are defined twice, and references to what does not exist."""

import json

from dashgen.check.check_report import Path, Report, entries, text_of
from dashgen.check.inventory import Inventory, Once
from dashgen.check.provisioning.provisioned_policies import intervals, receivers
from dashgen.check.provisioning.provisioned_values import NO_START, organization
from dashgen.core.diagnostics import Severity, nearest
from dashgen.core.json_values import Json, mapping
from dashgen.model.notification_spec import DEFAULT_CONTACT_POINT, OUTSIDE_NOTE, External


def read_outside(text: str) -> External:
    """The names that Grafana has from elsewhere, from the comment at the start of a built file."""
    for line in text.split("\n", 10)[:10]:
        if not line.startswith("#"):
            break
        _, note, names = line.partition(OUTSIDE_NOTE)
        if note:
            try:
                read = mapping(json.loads(names))
            except ValueError:
                break
            lists = [read.get(key) for key in External._fields]
            return External(
                *(
                    frozenset(map(text_of, names)) if isinstance(names, list) else frozenset()
                    for names in lists
                )
            )
    return External()


def collect_alerting(inventory: Inventory) -> None:
    """Add the contact points and mute timings that the files define to the inventory."""
    for report in inventory.alerting:
        data = mapping(report.data)
        inventory.contact_points |= {
            text_of(p.get("name")).strip() for _i, p in entries(data.get("contactPoints"))
        }
        inventory.mute_times |= {text_of(m.get("name")) for _i, m in entries(data.get("muteTimes"))}


def check_alerting_together(inventory: Inventory) -> None:
    """Check references and repetitions across all alerting files."""
    _check_rules_once(inventory)
    _check_notifications_once(inventory)
    for report in inventory.alerting:
        data = mapping(report.data)
        for index, policy in entries(data.get("policies")):
            _check_names(report, receivers(policy, ("policies", index)), inventory.contact_points)
            _check_intervals(report, intervals(policy, ("policies", index)), inventory)
        for path, rule in rules_of(report):
            settings = rule.get("notification_settings")
            where = (*path, "notification_settings")
            _check_names(report, receivers(settings, where), inventory.contact_points)
            _check_intervals(report, intervals(settings, where), inventory)
            _check_panel(report, path, rule, inventory)


def rules_of(report: Report) -> list[tuple[Path, Json]]:
    """The Grafana-managed rules of a file with their paths."""
    return [
        (("groups", index, "rules", number), rule)
        for index, group in entries(mapping(report.data).get("groups"))
        for number, rule in entries(group.get("rules"))
    ]


def _check_rules_once(inventory: Inventory) -> None:
    uids = Once(
        "alert/duplicate-uid",
        "the rule uid `{name}` is used twice: one rule replaces the other",
        "change one uid",
    )
    titles = Once(
        "alert/duplicate-title",
        "two rules of one folder have the title `{name}`: a message does not tell them apart",
        "rename one of them",
        Severity.WARNING,
    )
    groups = Once(
        "alert/duplicate-group",
        "the group `{name}` is defined twice in one folder",
        "merge them, or rename one",
    )
    deleted: dict[tuple[str, str], tuple[Report, Path]] = {}
    for report in inventory.alerting:
        for index, group in entries(mapping(report.data).get("groups")):
            org, folder, name = organization(group), text_of(group.get("folder")), text_of(group.get("name"))
            groups.add((org, folder, name), name, report, ("groups", index, "name"))
            for number, rule in entries(group.get("rules")):
                path: Path = ("groups", index, "rules", number)
                uid, title = text_of(rule.get("uid")), text_of(rule.get("title"))
                if uid:
                    uids.add((org, uid), uid, report, (*path, "uid"))
                if title:
                    titles.add((org, folder, title), title, report, (*path, "title"))
        for index, entry in entries(mapping(report.data).get("deleteRules")):
            deleted[organization(entry), text_of(entry.get("uid"))] = (report, ("deleteRules", index, "uid"))
    for key, (report, path) in deleted.items():
        if key in uids.first:
            first, where = uids.first[key]
            message = f"rule `{key[1]}` is defined and deleted"
            report.duplicate("alert/deleted", path, message, first.place(where), "remove one of them")


def _check_notifications_once(inventory: Inventory) -> None:
    uids = Once("contact/duplicate-uid", "the receiver uid `{name}` is used twice", "change one uid")
    trees = Once(
        "policy/second-tree",
        "there is more than one policy tree: the last one replaces the others",
        "merge them",
    )
    mute_times = Once(
        "mute/duplicate", "the mute timing `{name}` is defined twice: the last one wins", "rename one of them"
    )
    templates = Once(
        "template/duplicate",
        "the template `{name}` is defined twice: the last one wins",
        "rename one of them",
    )
    for report in inventory.alerting:
        data = mapping(report.data)
        for index, point in entries(data.get("contactPoints")):
            for number, receiver in entries(point.get("receivers")):
                uid = text_of(receiver.get("uid"))
                if uid:
                    where = ("contactPoints", index, "receivers", number, "uid")
                    uids.add((organization(point), uid), uid, report, where)
        for index, policy in entries(data.get("policies")):
            trees.add(organization(policy), "", report, ("policies", index))
        for section, once in (("muteTimes", mute_times), ("templates", templates)):
            for index, item in entries(data.get(section)):
                name = text_of(item.get("name"))
                if name:
                    once.add((organization(item), name), name, report, (section, index, "name"))


def _check_names(report: Report, named: list[tuple[Path, str]], defined: set[str]) -> None:
    for path, name in named:
        if name not in defined and name != DEFAULT_CONTACT_POINT and "$" not in name:
            message = f"{NO_START}: receiver '{name}' does not exist"
            hint = nearest(name, defined - {""}) or "define the contact point"
            report.error("contact/unknown", path, message, hint)


def _check_intervals(report: Report, named: list[tuple[Path, str]], inventory: Inventory) -> None:
    for path, name in named:
        if name not in inventory.mute_times and "$" not in name:
            kind = "active" if "active_time_intervals" in path else "mute"
            message = f"{NO_START}: {kind} time interval '{name}' does not exist"
            hint = nearest(name, inventory.mute_times - {""}) or "define the mute timing"
            # Files without any notification leave all of it to another place, so the timing may be there.
            if inventory.mute_times or inventory.contact_points:
                report.error("mute/unknown", path, message, hint)
            else:
                message = (
                    f"no file here defines the mute timing `{name}`, without which Grafana does not start"
                )
                report.warning("mute/unknown", path, message, "check that Grafana has it from elsewhere")


def _check_panel(report: Report, path: Path, rule: Json, inventory: Inventory) -> None:
    annotations = mapping(rule.get("annotations"))
    for keys, where, values in (
        (("dashboardUid", "panelId"), path, rule),
        (("__dashboardUid__", "__panelId__"), (*path, "annotations"), annotations),
    ):
        uid, panel = (text_of(values.get(key)) for key in keys)
        if bool(uid) != bool(panel):
            present, missing = keys if uid else keys[::-1]
            message = f"`{present}` without `{missing}`: both or neither link a rule to a panel"
            report.error("alert/panel", (*where, present), message, f"add `{missing}`")
        elif uid and inventory.panels and uid not in inventory.panels:
            message = f"the rule links to dashboard `{uid}`, which does not exist"
            report.error("alert/panel", (*where, keys[0]), message, nearest(uid, inventory.panels))
        elif uid and panel.isdecimal() and inventory.panels and int(panel) not in inventory.panels[uid]:
            message = f"dashboard `{uid}` has no panel with the id {panel}"
            report.error("alert/panel", (*where, keys[1]), message, "correct the panel's id")

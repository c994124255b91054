"""Message templates, and the Go templates inside annotations and settings."""

from msgspec import Struct

from dashgen.check.check_report import Path, Report, entries, text_of
from dashgen.check.field_table import Fields, ValueKind, check_entries
from dashgen.check.inventory import Inventory
from dashgen.check.provisioning.provisioned_values import NO_START
from dashgen.core.diagnostics import nearest
from dashgen.core.json_values import Json, mapping
from dashgen.formats.json_shapes import names
from dashgen.model.alert_text import value_refs
from dashgen.query.gotemplate import (
    GRAFANA_RULE,
    NOTIFICATION,
    PROMETHEUS_RULE,
    Dialect,
    parse_template,
    template_faults,
)

_TEMPLATE: Fields = {"orgId": ValueKind.NUMBER, "name": ValueKind.TEXT, "template": ValueKind.TEXT}
_FAILS = "fails when it runs"
BUILT_IN = frozenset(
    names(
        "default.title default.message __subject __text_alert_list __text_values_list",
        "__teams_text_alert_list __alert_list __alert_severity_list teams.default.message",
        "slack.default.title slack.default.text",
        "slack.default.footer jira.default.summary jira.default.description jira.default.priority",
        "webhook.default.payload webhook.default.payload.state ng_alert_notification",
    )
)


def check_templates(report: Report, inventory: Inventory) -> None:
    """Check the message templates of one file, and the templates inside rules and contact points."""
    data = mapping(report.data)
    for path, template in check_entries(report, ("templates",), _TEMPLATE, "a message template", "template"):
        name, text = text_of(template.get("name")), text_of(template.get("template"))
        if not name:
            report.error("template/name", path, f"{NO_START}: template must have a name", "add `name:`")
        if not text.strip():
            report.error("template/empty", path, f"{NO_START}: template must have content", "add `template:`")
            continue
        parsed = parse_template(text)
        _check_text(
            _Text(report, (*path, "template"), f"{NO_START}: template `{name}` does not parse: "),
            text,
            inventory,
        )
        if parsed.fault is None and not parsed.defined:
            message = f"template `{name}` defines no name that a contact point can use"
            hint = 'wrap it in `{{ define "name" }}…{{ end }}`'
            report.warning("template/no-define", (*path, "template"), message, hint)
    for index, group in entries(data.get("groups")):
        for number, rule in entries(group.get("rules")):
            _check_rule(report, ("groups", index, "rules", number), rule, inventory)
    _check_contact_points(report, data, inventory)


class _Text(Struct, frozen=True):
    """The location of a template, the start of messages about it, and the names that it may use."""

    report: Report
    path: Path
    before: str
    dialect: Dialect = NOTIFICATION


def _check_contact_points(report: Report, data: Json, inventory: Inventory) -> None:
    for index, point in entries(data.get("contactPoints")):
        for number, receiver in entries(point.get("receivers")):
            path: Path = ("contactPoints", index, "receivers", number, "settings")
            for key, value in mapping(receiver.get("settings")).items():
                if isinstance(value, str) and "{{" in value:
                    template_text = _Text(report, (*path, key), f"`{key}` does not parse as a template: ")
                    _check_text(template_text, value.replace("$$", "$"), inventory)


def _check_rule(report: Report, path: Path, rule: Json, inventory: Inventory) -> None:
    references = {text_of(query.get("refId")) for _index, query in entries(rule.get("data"))}
    for section in ("annotations", "labels"):
        for name, value in mapping(rule.get(section)).items():
            if not isinstance(value, str) or "{{" not in value:
                continue
            # Of these two, provisioning replaces `$$` in labels only.
            text = value.replace("$$", "$") if section == "labels" else value
            what = f"{section.removesuffix('s')} `{name}` does not parse as a template: "
            _check_text(_Text(report, (*path, section, name), what, GRAFANA_RULE), text, inventory)
            for reference in sorted(value_refs(text) - references):
                message = f"`$values` has no `{reference}`: no query of the rule has this refId"
                report.error(
                    "template/values", (*path, section, name), message, nearest(reference, references)
                )


def _check_text(template_text: _Text, text: str, inventory: Inventory) -> None:
    report, path = template_text.report, template_text.path
    template = parse_template(text)
    if template.fault is not None:
        report.error(
            "template/syntax", path, template_text.before + template.fault.message, template.fault.hint
        )
    in_prometheus = {fault.offset for fault in template_faults(template, PROMETHEUS_RULE)}
    for fault in template_faults(template, template_text.dialect):
        # A function of Prometheus alone makes Grafana show the text unexpanded; one that neither has is a
        # mistake.
        is_prometheus = template_text.dialect is GRAFANA_RULE and fault.offset not in in_prometheus
        add = report.warning if is_prometheus else report.error
        before = template_text.before
        if fault.at_run:
            before = before.replace("does not parse as a template", _FAILS).replace("does not parse", _FAILS)
        add("template/name", path, before + fault.message, fault.hint)
    used = {call.name for call in template.calls} - set(template.defined)
    for called in sorted(used):
        if called not in inventory.templates and called not in BUILT_IN:
            defined = inventory.templates | BUILT_IN
            report.error(
                "template/unknown", path, f"no template defines `{called}`", nearest(called, defined)
            )


def defined_templates(report: Report) -> set[str]:
    """The names that the message templates of one file define."""
    texts = (text_of(item.get("template")) for _index, item in entries(mapping(report.data).get("templates")))
    return {name for text in texts for name in parse_template(text).defined}

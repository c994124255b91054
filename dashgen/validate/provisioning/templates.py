"""Message templates, and the Go templates inside annotations and settings."""

import re
from typing import Any

from dashgen.diagnostics import nearest
from dashgen.validate.fields import Fields, Kind, check_entries
from dashgen.validate.go_template import names, template_problem
from dashgen.validate.inventory import Inventory
from dashgen.validate.provisioning.common import NO_START
from dashgen.validate.report import Path, Report, entries, mapping, text_of

_TEMPLATE: Fields = {"orgId": Kind.NUMBER, "name": Kind.TEXT, "template": Kind.TEXT}
_VALUES = re.compile(r"\$values\.(\w+)|index\s+\$values\s+\"(\w+)\"")
BUILT_IN = frozenset(
    {
        "default.title", "default.message", "__subject", "__text_alert_list", "__text_values_list",
        "__teams_text_alert_list", "__alert_list", "__alert_severity_list", "teams.default.message",
        "slack.default.title", "slack.default.text",
        "slack.default.footer", "jira.default.summary", "jira.default.description", "jira.default.priority",
        "webhook.default.payload", "webhook.default.payload.state", "ng_alert_notification",
    }
)  # fmt: skip


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
        _check_text(
            report, (*path, "template"), text, f"{NO_START}: template `{name}` does not parse: ", inventory
        )
        if not template_problem(text) and not names(text, "define", "block"):
            message = f"template `{name}` defines nothing that a contact point can use by a name of its own"
            report.warning(
                "template/no-define",
                (*path, "template"),
                message,
                'wrap it in `{{ define "name" }}…{{ end }}`',
            )
    for index, group in entries(data.get("groups")):
        for number, rule in entries(group.get("rules")):
            _check_rule(report, ("groups", index, "rules", number), rule, inventory)
    _check_contact_points(report, data, inventory)


def _check_contact_points(report: Report, data: dict[str, Any], inventory: Inventory) -> None:
    for index, point in entries(data.get("contactPoints")):
        for number, receiver in entries(point.get("receivers")):
            path: Path = ("contactPoints", index, "receivers", number, "settings")
            for key, value in mapping(receiver.get("settings")).items():
                if isinstance(value, str) and "{{" in value:
                    _check_text(
                        report, (*path, key), value, f"`{key}` does not parse as a template: ", inventory
                    )


def _check_rule(report: Report, path: Path, rule: dict[str, Any], inventory: Inventory) -> None:
    references = {text_of(query.get("refId")) for _index, query in entries(rule.get("data"))}
    for section in ("annotations", "labels"):
        for name, value in mapping(rule.get(section)).items():
            if not isinstance(value, str) or "{{" not in value:
                continue
            where = (*path, section, name)
            _check_text(
                report,
                where,
                value,
                f"{section.removesuffix('s')} `{name}` does not parse as a template: ",
                inventory,
            )
            for match in _VALUES.finditer(value):
                reference = match[1] or match[2]
                if reference not in references:
                    message = f"`$values` has no `{reference}`: no query of the rule has this refId"
                    report.error("template/values", where, message, nearest(reference, references))


def _check_text(report: Report, path: Path, text: str, before: str, inventory: Inventory) -> None:
    problem = template_problem(text)
    if problem:
        report.error("template/syntax", path, before + problem, "balance its blocks and braces")
    for name in sorted(names(text, "template", "block") - names(text, "define", "block")):
        if name not in inventory.templates and name not in BUILT_IN:
            known = inventory.templates | BUILT_IN
            report.error("template/unknown", path, f"no template defines `{name}`", nearest(name, known))


def defined_templates(report: Report) -> set[str]:
    """The names that the message templates of one file define."""
    texts = (text_of(item.get("template")) for _index, item in entries(mapping(report.data).get("templates")))
    return {name for text in texts for name in names(text, "define", "block")}

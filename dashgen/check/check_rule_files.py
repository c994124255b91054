"""Rule files of Prometheus and of Loki's ruler."""

from dashgen.check.check_queries import check_rule_query
from dashgen.check.check_report import Path, Report, entries, text_of
from dashgen.check.field_table import Fields, ValueKind, check_entries, check_fields
from dashgen.check.inventory import Inventory
from dashgen.core.diagnostics import Diagnostic, Related, Severity
from dashgen.core.json_values import Json, mapping
from dashgen.formats.json_shapes import each
from dashgen.model.duration import duration_problem
from dashgen.query.gotemplate import LOKI_RULE, PROMETHEUS_RULE, check_template
from dashgen.query.label_names import (
    CLASSIC_HINT,
    METRIC_NAME_HINT,
    label_name_problem,
    metric_name_problem,
    older_label_problem,
    older_metric_problem,
)

_FILE: Fields = {"groups": ValueKind.LIST}
_GROUP: Fields = {
    **each(ValueKind.TEXT, "name interval query_offset"),
    "limit": ValueKind.NUMBER,
    "labels": ValueKind.TEXT_MAPPING,
    "rules": ValueKind.LIST,
}
_RULE: Fields = {
    **each(ValueKind.TEXT, "record alert expr for keep_firing_for"),
    "labels": ValueKind.TEXT_MAPPING,
    "annotations": ValueKind.TEXT_MAPPING,
}
_REFUSED = "the whole file is refused"


def check_rules(report: Report, language: str) -> None:
    """Check one rule file; ``language`` is ``prometheus`` or ``loki``."""
    check_fields(report, (), _FILE, "a rule file", "rules", _REFUSED)
    seen: set[str] = set()
    for path, group in check_entries(report, ("groups",), _GROUP, "a rule group", "rules", _REFUSED):
        name = text_of(group.get("name"))
        if not name:
            report.error("rules/group-name", path, f"a group without a name: {_REFUSED}", "add `name:`")
        elif name in seen:
            message = f"the group `{name}` is in this file twice: {_REFUSED}"
            report.error("rules/duplicate-group", (*path, "name"), message, "rename one of them")
        seen.add(name)
        _check_durations(report, path, group, ("interval", "query_offset"))
        for where, rule in check_entries(report, (*path, "rules"), _RULE, "a rule", "rules", _REFUSED):
            _check_rule(report, where, rule, language)


def _check_rule(report: Report, path: Path, rule: Json, language: str) -> None:
    kinds = [key for key in ("alert", "record") if key in rule]
    if len(kinds) != 1:
        what = "both `alert` and `record`" if kinds else "neither `alert` nor `record`"
        report.error("rules/kind", path, f"the rule has {what}: {_REFUSED}", "give one of them")
    if "record" in kinds:
        _check_recording(report, path, rule)
    expression = text_of(rule.get("expr"))
    if not expression.strip():
        where = (*path, "expr") if "expr" in rule else path
        report.error("rules/no-query", where, f"the rule has no query: {_REFUSED}", "add `expr:`")
    else:
        check_rule_query(report, (*path, "expr"), expression, language)
    _check_durations(report, path, rule, ("for", "keep_firing_for"))
    _check_texts(report, path, rule, language)


def _check_recording(report: Report, path: Path, rule: Json) -> None:
    name = text_of(rule["record"])
    if problem := metric_name_problem(name):
        report.error("rules/record", (*path, "record"), f"{problem}: {_REFUSED}", METRIC_NAME_HINT)
    elif problem := older_metric_problem(name):
        report.warning("rules/record", (*path, "record"), problem, METRIC_NAME_HINT)
    for key in ("for", "keep_firing_for", "annotations"):
        if rule.get(key):
            message = f"a recording rule has no `{key}`: {_REFUSED}"
            report.error("rules/record", (*path, key), message, "remove it", key=True)


def _check_durations(report: Report, path: Path, values: Json, keys: tuple[str, ...]) -> None:
    for key in keys:
        problem = duration_problem(text_of(values[key])) if key in values else ""
        if problem:
            message = f"`{key}` is not a duration: {problem}"
            report.error("rules/duration", (*path, key), message, "write a number and a unit, such as `5m`")


def _check_texts(report: Report, path: Path, rule: Json, language: str) -> None:
    dialect = LOKI_RULE if language == "loki" else PROMETHEUS_RULE
    for section in ("labels", "annotations"):
        for name, value in mapping(rule.get(section)).items():
            where: Path = (*path, section, name)
            _check_name(report, where, section, str(name))
            for fault in check_template(text_of(value), dialect):
                problem = "fails when it runs" if fault.at_run else "does not parse as a template"
                message = f"`{name}` {problem}: {fault.message}"
                report.error("rules/template", where, message, fault.hint)


def _check_name(report: Report, path: Path, section: str, name: str) -> None:
    problem = label_name_problem(name)
    if problem and (section == "labels" or not name):
        report.error("rules/label", path, f"{problem}: {_REFUSED}", "use letters, digits and `_`", key=True)
    elif section == "labels" and (problem := older_label_problem(name)):
        report.warning("rules/label", path, problem, CLASSIC_HINT, key=True)


def check_rules_together(inventory: Inventory) -> None:
    """Report rules that are defined twice in the rule files of one folder."""
    seen: dict[tuple[str, str, str, str], tuple[Report, Path]] = {}
    for report in inventory.rules:
        for index, group in entries(mapping(report.data).get("groups")):
            for number, rule in entries(group.get("rules")):
                path: Path = ("groups", index, "rules", number)
                name = text_of(rule.get("alert") or rule.get("record"))
                labels = repr(sorted((k, text_of(v)) for k, v in mapping(rule.get("labels")).items()))
                key = (str(report.path.parent), name, labels, text_of(rule.get("expr")))
                first = seen.setdefault(key, (report, path))
                if first != (report, path) and name:
                    _report_twice(report, path, name, first)


def _report_twice(report: Report, path: Path, name: str, first: tuple[Report, Path]) -> None:
    message = f"rule `{name}` exists twice with the same query and labels"
    related = (Related("the first one is here", first[0].place(first[1])),)
    # Two files of one folder may be for two servers.
    severity = Severity.ERROR if first[0] is report else Severity.WARNING
    hint = "remove one of them" if first[0] is report else "remove one of them if one server reads both files"
    report.problems.append(
        Diagnostic("rules/duplicate", message, report.place(path), hint, severity, related)
    )

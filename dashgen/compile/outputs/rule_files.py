"""Rule files for Prometheus and Loki, one for each group."""

from collections.abc import Iterable

from dashgen.compile.outputs.artifact import Artifact, ArtifactResource
from dashgen.compile.outputs.rule_expression import rule_expression
from dashgen.core.json_values import Json
from dashgen.model.alert_rules import SERVER_INTERVAL, Output, slug
from dashgen.model.alert_text import for_rule_file
from dashgen.model.duration import milliseconds
from dashgen.model.settled_alerts import SettledAlert, SettledGroup, SettledRecord
from dashgen.source.provenance import SpecPart
from dashgen.source.yaml_text import generated_header, yaml_bytes

RULE_FILE_OUTPUTS: tuple[Output, ...] = ("prometheus", "loki")


def rule_file_path(group: str, output: Output) -> str:
    """Where a group's rule file goes."""
    return f"rules/{output}/{slug(group, 'group')}.yaml"


def rule_files(groups: Iterable[SettledGroup], grafana_url: str = "") -> list[Artifact]:
    """A rule file for each group and each server that evaluates rules of it.

    Args:
        groups: the groups.
        grafana_url: Grafana's address, for links from alerts to their panels; without it they are relative.
    """
    artifacts = []
    for group in groups:
        for output in RULE_FILE_OUTPUTS:
            rules = [rule for rule in group.rules if output in rule.outputs and not _is_paused(rule)]
            if rules:
                artifacts.append(_rule_file(group, rules, output, grafana_url))
    return artifacts


def _rule_file(
    group: SettledGroup, rules: list[SettledAlert | SettledRecord], output: Output, grafana_url: str
) -> Artifact:
    data = {"groups": [group_data(group, rules, output, grafana_url)]}
    resolved = group.document.resolved
    location = resolved.origin(("group",)).location()
    name = slug(group.name, "group")
    parts = ((("groups", 0, "rules", i), SpecPart(resolved, r.placed.path)) for i, r in enumerate(rules))
    content = yaml_bytes(data, generated_header([location.file], _notes(group, rules, output)))
    resource = ArtifactResource("rule-group", f"{output}/{name}", group.name, location)
    origins = ((("groups", 0), SpecPart(resolved)), *parts)
    return Artifact(rule_file_path(group.name, output), content, (resource,), origins, data)


def group_data(
    group: SettledGroup, rules: Iterable[SettledAlert | SettledRecord], output: Output, grafana_url: str = ""
) -> Json:
    """A group as Prometheus and Loki read it."""
    rule_entries = [
        _alert(rule, group, output, grafana_url) if isinstance(rule, SettledAlert) else _record(rule)
        for rule in rules
    ]
    model = group.document.model
    head: Json = {"name": group.name}
    if model.interval != SERVER_INTERVAL:
        head["interval"] = group.interval
    if model.limit is not None:
        head["limit"] = model.limit
    if model.query_offset is not None and output == "prometheus":
        head["query_offset"] = model.query_offset
    return {**head, "rules": rule_entries}


def _alert(alert: SettledAlert, group: SettledGroup, output: Output, grafana_url: str) -> Json:
    rule = alert.rule
    annotations = {name: for_rule_file(text) for name, text in alert.annotations.items()}
    if alert.panel_id is not None and rule.panel:
        dashboard = rule.panel.partition("/")[0]
        annotations["dashboard"] = f"{grafana_url.rstrip('/')}/d/{dashboard}?viewPanel={alert.panel_id}"
    optional = {
        "for": rule.for_ if milliseconds(rule.for_) else None,
        "keep_firing_for": rule.keep_firing_for,
        "labels": {name: for_rule_file(text) for name, text in alert.labels.items()},
        "annotations": annotations,
    }
    entry = {"alert": rule.alert, "expr": rule_expression(alert, output, group.interval)}
    return entry | {key: value for key, value in optional.items() if value}


def _record(record: SettledRecord) -> Json:
    entry: Json = {"record": record.rule.record, "expr": record.rule.query.strip()}
    return entry | ({"labels": dict(record.labels)} if record.labels else {})


def _is_paused(rule: SettledAlert | SettledRecord) -> bool:
    return isinstance(rule, SettledAlert) and rule.rule.paused


def _notes(group: SettledGroup, rules: list[SettledAlert | SettledRecord], output: Output) -> list[str]:
    notes = []
    for rule in rules:
        if not isinstance(rule, SettledAlert):
            continue
        if rule.rule.recover and output == "loki":
            notes.append(
                f"{rule.rule.alert}: recovers at `{rule.rule.recover}` in Grafana only; Loki cannot say so."
            )
        if rule.no_data in {"no_data", "keep_last"}:
            notes.append(f"{rule.rule.alert}: `no_data: {rule.no_data}` holds in Grafana only.")
    paused = [rule.rule.alert for rule in group.alerts if rule.rule.paused and output in rule.outputs]
    if paused:
        notes.append(f"Paused and therefore not here: {', '.join(paused)}")
    return notes

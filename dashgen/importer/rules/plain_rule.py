"""The form of rules that is compared: equal for rules that do the same, whatever their entries are called."""

from collections.abc import Mapping
from typing import Any

from dashgen.core.json_values import Json, items, mapping, text
from dashgen.importer.rules.expression_nodes import RuleNode
from dashgen.importer.rules.read_rules import RuleReading, read_rule
from dashgen.importer.rules.rule_templates import plain_text, value_names
from dashgen.model.alert_routes import ALWAYS_GROUPED
from dashgen.model.duration import milliseconds

_MOST_LEVELS = 40
# What Grafana takes for a rule without these states (pkg/services/ngalert/models, 12.4).
NO_DATA = "NoData"
ON_ERROR = "Alerting"


def plain_rule(rule: Mapping[str, Any], kinds: Mapping[str, str] | None = None) -> Json:
    """A rule of Grafana's API, its files or its database in the form that is compared.

    Args:
        rule: the rule.
        kinds: the plugin types of data sources by uid, for queries without one.
    """
    reading = read_rule(rule, kinds or {})
    annotations = {name: plain_text(part, reading) for name, part in annotations_of(rule).items()}
    labels = {name: plain_text(str(part), reading) for name, part in mapping(rule.get("labels")).items()}
    templates = [*annotations.values(), *labels.values()]
    recording = mapping(rule.get("record"))
    return {
        "title": text(rule.get("title")),
        "uid": text(rule.get("uid")),
        "for": seconds(rule.get("for")),
        "keep_firing_for": seconds(rule.get("keep_firing_for") or rule.get("keepFiringFor")),
        "no_data": "" if recording else text(rule.get("noDataState")) or NO_DATA,
        "on_error": "" if recording else text(rule.get("execErrState")) or ON_ERROR,
        "paused": rule.get("isPaused") is True,
        "missing": _missing(rule),
        "labels": labels,
        "annotations": annotations,
        "notification": _notification(rule.get("notification_settings")),
        "record": recording,
        "data": _data(reading),
        # Labels and annotations name values by refs; what a ref stands for has to be the same, not the ref.
        "named": {
            ref: _named_value(reading, ref)
            for ref in sorted({ref for template in templates for ref in value_names(template)})
        },
    }


def annotations_of(rule: Mapping[str, Any]) -> dict[str, str]:
    """The annotations, with those that Grafana makes of ``dashboardUid`` and ``panelId`` of a file."""
    annotations = {name: str(part) for name, part in mapping(rule.get("annotations")).items()}
    if rule.get("dashboardUid"):
        annotations.setdefault("__dashboardUid__", str(rule["dashboardUid"]))
    if rule.get("panelId"):
        annotations.setdefault("__panelId__", str(rule["panelId"]))
    return annotations


def seconds(value: object) -> Any:
    """A duration in seconds; anything else stays as it is."""
    if value in (None, "", "0", 0):
        return 0.0
    length = milliseconds(value) if isinstance(value, str) else None
    return value if length is None else length / 1000


def _named_value(reading: RuleReading, ref: str) -> Any:
    return "condition" if ref == reading.condition else _tree(reading.nodes, ref)


def _data(reading: RuleReading) -> Json:
    if reading.fires is None:
        return {"condition": _tree(reading.nodes, reading.condition), "other": _other(reading)}
    verdict = {"fires": reading.fires, "recovers": reading.recovers}
    return {"of": _tree(reading.nodes, reading.subject), **verdict, "other": _other(reading)}


def _other(reading: RuleReading) -> Json:
    """The entries that the condition does not depend on."""
    reached: set[str] = set()
    waiting = [reading.subject]
    while waiting:
        ref = waiting.pop()
        if ref not in reached and ref in reading.nodes:
            reached.add(ref)
            waiting += reading.nodes[ref].names
    return {ref: _tree(reading.nodes, ref) for ref in reading.nodes if ref not in reached}


def _tree(nodes: Mapping[str, RuleNode], ref: str, level: int = 0) -> Any:
    # In place of its ref an entry has the entries that it is computed from, so names make no difference.
    node = nodes.get(ref)
    if node is None or level > _MOST_LEVELS:
        return None  # entries that name each other have no end
    if not node.is_expression:
        return {"uid": node.uid, "model": node.model, "look_back": node.look_back}
    model = node.model
    if model.get("type") != "math" and "expression" in model:
        model = {key: value for key, value in model.items() if key != "expression"}
        return {**model, "of": _tree(nodes, text(node.model["expression"]), level + 1)}
    return {**model, "refs": {name: _tree(nodes, name, level + 1) for name in node.names}}


def _missing(rule: Mapping[str, Any]) -> int:
    value = rule.get("missing_series_evals_to_resolve", rule.get("missingSeriesEvalsToResolve"))
    return value if isinstance(value, int) else 0


def _notification(value: object) -> Json:
    settings = {key: part for key, part in mapping(value).items() if part not in (None, "", [])}
    group_by = items(settings.get("group_by"))
    if group_by and group_by != ["..."]:
        settings["group_by"] = sorted({*ALWAYS_GROUPED, *map(str, group_by)})
    return settings

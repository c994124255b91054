"""Build the keys of rules in memory."""

from collections.abc import Mapping

from msgspec import Struct

from dashgen.compile.outputs.grafana_rules import group_with_raw
from dashgen.compile.settle.settle_alerts import settle_alerts
from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.core.json_values import Json
from dashgen.model.alert_rules import AlertRules
from dashgen.model.data_source_spec import DataSourceRef
from dashgen.model.document import SpecDocument
from dashgen.model.parse import parse_document
from dashgen.model.settled_alerts import AlertContext, SettledGroup
from dashgen.source.load import Document
from dashgen.source.provenance import Reporter, Resolved


class GroupContext(Struct, frozen=True):
    """The group of a rule, and the names that the rule may use.

    Attributes:
        interval: how often the group is evaluated.
        sources: the data sources that specs may name, by alias.
        default: the alias of rules without one.
        panels: the keys of panels by dashboard uid and panel id.
        docs_url: the address of runbooks that have none of their own.
    """

    interval: str = "1m"
    sources: Mapping[str, DataSourceRef] = {}
    default: str = "prometheus"
    panels: Mapping[tuple[str, int], str] = {}
    docs_url: str = ""


def settled_group(group: Json, around: GroupContext) -> tuple[SettledGroup | None, list[Diagnostic]]:
    """Settle an ``AlertRules`` document, in which every name counts as defined, and list its errors."""
    document = Document.empty("imported.yaml")
    resolved = Resolved(document, {key: value for key, value in group.items() if key != "kind"})
    report = Reporter(resolved)
    model = parse_document(AlertRules, report)
    if model is None:
        return None, report.diagnostics
    # Contact points may be imported later or exist in Grafana only: whether they do is checked in a real
    # build.
    points, timings = _named(group)
    panel_ids: dict[str, dict[str, int]] = {}
    for (uid, number), key in around.panels.items():
        panel_ids.setdefault(uid, {})[key] = number
    context = AlertContext(
        datasources=around.sources,
        panel_ids=panel_ids,
        contact_points=points,
        mute_timings=timings,
        docs_url=around.docs_url,
    )
    groups, findings = settle_alerts([SpecDocument(model, resolved)], context)
    return groups[0], report.diagnostics + [
        problem for problem in findings if problem.severity is Severity.ERROR
    ]


def built_rule(keys: Json, context: GroupContext) -> tuple[Json | None, list[Diagnostic]]:
    """Build the keys of one rule to the JSON of Grafana; nothing when they have errors."""
    data: Json = {
        "group": "imported", "folder": "imported", "interval": context.interval,
        "datasource": context.default, "outputs": ["grafana"], "rules": [keys],
    }  # fmt: skip
    group, problems = settled_group(data, context)
    if group is None or problems or not group.rules:
        return None, problems
    group_json, _ = group_with_raw(group)
    rule: Json = group_json["rules"][0]
    return rule, []


def _named(group: Json) -> tuple[set[str], set[str]]:
    points = {rule["contact_point"] for rule in group["rules"] if rule.get("contact_point")}
    timings = {name for rule in group["rules"] for name in rule.get("mute_timings") or ()}
    return points | ({group["contact_point"]} if group.get("contact_point") else set()), timings

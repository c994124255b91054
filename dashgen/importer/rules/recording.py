"""Find the keys for a recording rule that Grafana evaluates."""

from collections.abc import Mapping
from typing import Any

from dashgen.core.json_values import Json, mapping, text
from dashgen.importer.rules.built_rules import GroupContext, built_rule
from dashgen.importer.rules.plain_rule import plain_rule
from dashgen.importer.rules.read_rules import read_rule
from dashgen.importer.rules.rule_keys_of import Leftover, with_sources_of
from dashgen.model.alert_rules import slug
from dashgen.query.label_names import metric_name_problem


def recording_keys(
    rule: Mapping[str, Any], context: GroupContext | None = None
) -> tuple[Json, list[Leftover]]:
    """The keys of a recording rule; empty when it is more than one query, for which a spec has no keys.

    Args:
        rule: the rule, as Grafana's provisioning API and its provisioning files have it.
        context: the group that the rule belongs to.
    """
    context = with_sources_of(rule, context or GroupContext())
    record = mapping(rule.get("record"))
    kinds = {ref.uid: ref.type for ref in context.sources.values()}
    # The entry that is recorded is named as the condition of an alert is, which is what is read.
    reading = read_rule({**rule, "condition": record.get("from")}, kinds)
    node = reading.nodes.get(text(record.get("from")))
    metric = text(record.get("metric"))
    if node is None or node.is_expression or len(reading.nodes) > 1 or metric_name_problem(metric):
        return {}, [Leftover("dropped", "it records an expression, for which a spec has no key")]
    keys = _words(rule, metric, text(node.model.get("expr")), node.uid, context)
    built, problems = built_rule(keys, context)
    if built is None:
        return {}, [Leftover("dropped", problem.message) for problem in problems]
    goal, built_form = plain_rule(rule, kinds), plain_rule(built, kinds)
    differing = [key for key in goal if key not in _APART and goal[key] != built_form[key]]
    if "data" in differing:
        return {}, [Leftover("dropped", "its query has settings for which a recording rule has no keys")]
    return keys, [
        Leftover("dropped", f"`{key}` of a recording rule, for which there is no key") for key in differing
    ]


_APART = frozenset({"uid", "record", "no_data", "on_error", "named"})


def _words(rule: Mapping[str, Any], metric: str, expr: str, uid: str, context: GroupContext) -> Json:
    aliases = {ref.uid: alias for alias, ref in reversed(list(context.sources.items()))}
    target = text(mapping(rule.get("record")).get("targetDatasourceUid"))
    keys: Json = {"record": metric, "query": expr}
    alias = aliases.get(uid, uid)
    if alias != context.default:
        keys["datasource"] = alias
    labels = {name: str(part) for name, part in mapping(rule.get("labels")).items()}
    keys |= {"labels": labels} if labels else {}
    keys["grafana"] = True
    if target and target != uid and target in aliases:
        keys["target"] = aliases[target]
    own = text(rule.get("uid"))
    return {**keys, "uid": own} if own and own != slug(metric, "record") else keys

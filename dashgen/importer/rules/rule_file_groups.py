"""Import rule files of Prometheus and Loki as ``AlertRules`` documents."""

from collections.abc import Mapping
from typing import Any

from dashgen.compile.settle.settle_data_sources import Sources
from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.formats.upgrade.notes import Notes
from dashgen.importer.import_variables import fitting_keys
from dashgen.importer.rules.built_rules import GroupContext
from dashgen.importer.rules.rule_document import ImportedRules, NamesInUse, group_document
from dashgen.importer.rules.rule_file import file_rule_keys
from dashgen.model.alert_rules import SERVER_INTERVAL, AlertRules, Output
from dashgen.model.data_source_spec import DataSourceRef
from dashgen.model.duration import milliseconds
from dashgen.query import LANGUAGES

_GROUP_KEYS = frozenset({"name", "interval", "rules", "labels", "limit", "query_offset"})


def is_rule_file(data: object) -> bool:
    """Whether data is a rule file of Prometheus or Loki, or an object of Kubernetes around one."""
    groups = mappings(mapping(_inside(data)).get("groups"))
    rules = [rule for group in groups for rule in mappings(group.get("rules"))]
    return bool(rules) and all("expr" in rule for rule in rules)


def rule_file_documents(
    data: Json, imported: ImportedRules, project: Sources, chosen: Mapping[str, str], taken: NamesInUse
) -> None:
    """Add the documents of a rule file.

    Args:
        data: the file's data.
        imported: gets the documents and the notes on them.
        project: the data sources of the project.
        chosen: aliases from the command line, by type.
        taken: names that are in use.
    """
    groups = mappings(mapping(_inside(data)).get("groups"))
    output = rule_language(groups)
    alias = _source(output, project, chosen, imported)
    for group in groups:
        interval = _interval(group)
        context = GroupContext("1m" if interval == SERVER_INTERVAL else interval, imported.sources, alias)
        rules = _rules(group, output, context, imported, taken)
        if not rules:
            continue
        head: Json = {"interval": interval, "outputs": [output], **_bounds(group, imported.notes)}
        if alias != "prometheus":
            head["datasource"] = alias
        written = text(group.get("name")) or "imported"
        name = taken.group(written)
        if name != written:
            imported.notes.convert(
                f"the group `{written}` became `{name}`, because there is one of that name"
            )
        for key in sorted(group.keys() - _GROUP_KEYS):
            imported.notes.drop(f"`{key}` of a group, for which there is no key")
        imported.documents.append(group_document(name, head, rules))


def _inside(data: Any) -> Any:
    spec = mapping(data).get("spec")
    return spec if isinstance(spec, dict) and "groups" in spec and "apiVersion" in data else data


def rule_language(groups: list[Json]) -> Output:
    """Whose rules they are: Loki's when there is one that only Loki reads."""
    expressions = [str(rule.get("expr", "")) for group in groups for rule in mappings(group.get("rules"))]
    for expr in expressions:
        if LANGUAGES["prometheus"].parse(expr).error and not LANGUAGES["loki"].parse(expr).error:
            return "loki"
    return "prometheus"


def _source(output: Output, project: Sources, chosen: Mapping[str, str], imported: ImportedRules) -> str:
    imported.sources = {**project.by_name, **imported.sources}
    chosen_alias = chosen.get(output)
    if chosen_alias is not None:
        imported.sources.setdefault(chosen_alias, DataSourceRef(output, chosen_alias))
        return chosen_alias
    if (source := imported.sources.get(output)) is not None and source.type == output:
        return output
    default = project.default
    if default is not None and project.by_name[default].type == output:
        return default
    alias = next((name for name, ref in imported.sources.items() if ref.type == output), None)
    if alias is None:
        imported.sources[output] = DataSourceRef(output, output)
        imported.notes.sources[output] = (output, output)
    return alias or output


def _interval(group: Json) -> str:
    interval = group.get("interval")
    return interval if isinstance(interval, str) and milliseconds(interval) else SERVER_INTERVAL


def _bounds(group: Json, notes: Notes) -> Json:
    """The keys of a group that bound all its rules."""
    bounds = {key: group[key] for key in ("limit", "query_offset") if group.get(key)}
    fitting_bounds = fitting_keys(bounds, AlertRules)
    for key in bounds.keys() - fitting_bounds.keys():
        notes.drop(f"`{key}` of a group, which Prometheus does not accept")
    return fitting_bounds


def _rules(
    group: Json, output: Output, context: GroupContext, imported: ImportedRules, taken: NamesInUse
) -> list[Json]:
    shared = mapping(group.get("labels"))
    spec_rules = []
    for rule in mappings(group.get("rules")):
        imported.rules += 1
        name = str(rule.get("alert", rule.get("record", "(no name)")))
        # Prometheus 3 has labels of groups, older versions and Loki do not: each rule gets them.
        labelled = {**rule, "labels": {**shared, **mapping(rule.get("labels"))}} if shared else rule
        keys, leftovers = file_rule_keys(labelled, output, context)
        for left in leftovers:
            imported.notes.drop(left.what if keys else f"the rule `{name}`: {left.what}")
        if not keys:
            continue
        imported.written += 1
        imported.exact += 1
        # Alerts of one name with other severities are common in rule files; in Grafana each needs a uid
        # of its own.
        if "alert" in keys:
            uid = taken.uid(keys, qualifier=str(mapping(labelled.get("labels")).get("severity", "")))
            keys = {"alert": keys.pop("alert"), **({"uid": uid} if uid else {}), **keys}
        spec_rules.append(keys)
    return spec_rules

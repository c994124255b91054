"""Import rule groups of Grafana, from its provisioning files or its API, as ``AlertRules`` documents."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from dashgen.compile.outputs.dashboard_files import folder_problem
from dashgen.compile.settle.settle_data_sources import Sources
from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.formats.normal.plain_values import undollared
from dashgen.formats.upgrade.notes import Notes
from dashgen.importer.import_data_sources import SourceNames
from dashgen.importer.rules.built_rules import GroupContext
from dashgen.importer.rules.expression_nodes import EXPRESSION_UIDS, guessed_kind
from dashgen.importer.rules.plain_rule import seconds
from dashgen.importer.rules.recording import recording_keys
from dashgen.importer.rules.rule_document import ImportedRules, NamesInUse, group_document
from dashgen.importer.rules.rule_keys_of import Leftover, rule_keys
from dashgen.model.data_source_spec import DataSourceRef, reference
from dashgen.model.duration import one_unit

_INTERPOLATED = ("title", "labels", "notification_settings")


class GrafanaGroup(Struct, frozen=True):
    """A group of rules as Grafana holds it."""

    name: str
    folder: str
    interval: str
    rules: list[Json] = []


def file_groups(data: Json) -> list[GrafanaGroup]:
    """The groups of a provisioning file."""
    return [
        GrafanaGroup(
            undollared(text(group.get("name"))),
            undollared(text(group.get("folder"))),
            _interval(group.get("interval")),
            [_undollared_rule(rule) for rule in mappings(group.get("rules"))],
        )
        for group in mappings(data.get("groups"))
    ]


def api_groups(groups: list[Json], folders: Mapping[str, str]) -> list[GrafanaGroup]:
    """The groups that Grafana's API answers with.

    Args:
        groups: the answers, each with its ``rules``.
        folders: the titles of folders by uid.
    """
    return [
        GrafanaGroup(
            text(group.get("title")),
            folders.get(text(group.get("folderUid")), text(group.get("folderUid"))),
            _interval(group.get("interval")),
            mappings(group.get("rules")),
        )
        for group in groups
    ]


def listed_groups(rules: list[Json], folders: Mapping[str, str]) -> list[GrafanaGroup]:
    """The groups in a list of rules, which has no intervals (``/api/v1/provisioning/alert-rules``)."""
    members_by_group: dict[tuple[str, str], list[Json]] = {}
    for rule in rules:
        members_by_group.setdefault((text(rule.get("folderUID")), text(rule.get("ruleGroup"))), []).append(
            rule
        )
    return [
        GrafanaGroup(name or "imported", folders.get(uid, uid), "1m", members)
        for (uid, name), members in members_by_group.items()
    ]


def grafana_documents(
    groups: list[GrafanaGroup],
    imported: ImportedRules,
    project: Sources,
    chosen: Mapping[str, str],
    taken: NamesInUse,
) -> None:
    """Add the documents of groups that Grafana evaluates.

    Args:
        groups: the groups.
        imported: gets the documents and the notes on them.
        project: the data sources of the project.
        chosen: aliases from the command line, by uid.
        taken: names that are in use.
    """
    uids = _name_sources(groups, imported, project, chosen)
    default = _default(imported.sources)
    for group in groups:
        context = GroupContext(group.interval, imported.sources, default)
        rules = [
            keys
            for rule in group.rules
            if (keys := _rule(_with_sources(rule, uids), context, imported, taken))
        ]
        if rules:
            imported.documents.append(_document(group, rules, default, imported.notes, taken))


def _document(group: GrafanaGroup, rules: list[Json], default: str, notes: Notes, taken: NamesInUse) -> Json:
    name = taken.group(group.name or "imported")
    if name != group.name:
        notes.convert(f"the group `{group.name}` became `{name}`, because there is one of that name")
    # Grafana has no alert rules outside of folders.
    folder = group.folder
    if not folder or folder_problem(folder):
        notes.convert(f"the group `{name}` has no folder with a usable title, and goes to `Imported`")
        folder = "Imported"
    head: Json = {"folder": folder, "interval": group.interval, "outputs": ["grafana"]}
    # `prometheus` is the language's own default; another one is written out.
    for rule in rules if default != "prometheus" else ():
        rule.setdefault("datasource", default)
    return group_document(name, head, rules)


def _rule(rule: Json, context: GroupContext, imported: ImportedRules, taken: NamesInUse) -> Json:
    imported.rules += 1
    title = text(rule.get("title")) or "(no title)"
    is_record = bool(mapping(rule.get("record")))
    keys, leftovers = recording_keys(rule, context) if is_record else rule_keys(rule, context)
    if not keys:
        # The first reason is why there is no rule; the others follow from it.
        for left in leftovers[:1]:
            imported.notes.drop(f"the rule `{title}`: {left.what}")
        return {}
    imported.written += 1
    imported.exact += "raw" not in keys and not any("raw" in query for query in _queries(keys))
    _note(title, leftovers, imported.notes)
    if "alert" in keys and (uid := taken.uid(keys)):
        imported.notes.convert(f"the rule `{title}` has the uid `{uid}`, because its own is in use")
        keys = {"alert": keys.pop("alert"), **keys, "uid": uid}
    return keys


def _queries(keys: Json) -> Iterator[Json]:
    queries = keys.get("queries")
    for query in queries.values() if isinstance(queries, dict) else ():
        if isinstance(query, dict):
            yield query


def _note(title: str, leftovers: list[Leftover], notes: Notes) -> None:
    for left in leftovers:
        if left.kind == "raw":
            notes.raw.append((title, [left.what]))
        elif left.kind == "dropped":
            notes.drop(f"the rule `{title}`: {left.what}")
        else:
            notes.convert(left.what)


def _name_sources(
    groups: list[GrafanaGroup], imported: ImportedRules, project: Sources, chosen: Mapping[str, str]
) -> dict[str, str]:
    """Give every data source an alias; return the project's uids by those in the rules."""
    kinds: dict[str, str] = {}
    for group in groups:
        for rule in group.rules:
            for entry in mappings(rule.get("data")):
                uid = text(entry.get("datasourceUid"))
                if uid and uid not in EXPRESSION_UIDS:
                    kinds[uid] = kinds.get(uid) or _kind(entry)
    panels: list[Json] = [
        {"type": "rule", "datasource": {"type": kind, "uid": uid}} for uid, kind in kinds.items()
    ]
    # The aliases of a dashboard are those of rules: a panel stands for each data source.
    names = SourceNames(project, {}, chosen, imported.notes)
    names.settle({"tags": [], "templating": {"list": []}, "annotations": {"list": []}, "panels": panels})
    uids = {uid: text(panel["datasource"]["uid"]) for uid, panel in zip(kinds, panels, strict=True)}
    imported.sources = {**names.sources, **imported.sources}
    for uid, kind in kinds.items():
        if all(ref.uid != uids[uid] for ref in imported.sources.values()):
            ref = DataSourceRef(kind, uids[uid])
            typed = f"{ref.type}/{ref.uid}"
            # Named by type and uid it needs no description.
            imported.sources[typed if reference(typed) == ref else ref.uid] = ref
    return uids


def _kind(entry: Json) -> str:
    model = mapping(entry.get("model"))
    return text(mapping(model.get("datasource")).get("type")) or guessed_kind(model)


def _with_sources(rule: Json, uids: Mapping[str, str]) -> Json:
    data = [
        {**entry, "datasourceUid": uids.get(text(entry.get("datasourceUid")), entry.get("datasourceUid"))}
        for entry in mappings(rule.get("data"))
    ]
    return {**rule, "data": data}


def _default(sources: Mapping[str, DataSourceRef]) -> str:
    if "prometheus" in sources:
        return "prometheus"
    return next((alias for alias, ref in sources.items() if ref.type == "prometheus"), "prometheus")


def _interval(value: object) -> str:
    length = value if isinstance(value, int | float) and not isinstance(value, bool) else seconds(value)
    return one_unit(int(length) * 1000) if isinstance(length, int | float) and length >= 1 else "1m"


def _undollared_rule(rule: Json) -> Json:
    # Grafana replaces variables in these parts of a rule only, so only there `$$` stands for `$`.
    return {key: undollared(part) if key in _INTERPOLATED else part for key, part in rule.items()}

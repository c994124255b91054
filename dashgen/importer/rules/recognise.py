"""Recognise rules and notifications in an input, in any of the forms of Grafana, Prometheus and Loki."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from dashgen.compile.compile_dashboards import Compiler
from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.json_values import Json, items, mapping, mappings, same, text
from dashgen.formats.upgrade.notes import Notes
from dashgen.importer.exported_inputs import ImportInput
from dashgen.importer.rules.grafana_groups import (
    GrafanaGroup,
    api_groups,
    file_groups,
    grafana_documents,
    listed_groups,
)
from dashgen.importer.rules.import_notifications import (
    has_notifications,
    notification_keys,
    notification_problems,
    plain_names,
)
from dashgen.importer.rules.notification_exports import provisioning_form
from dashgen.importer.rules.rule_document import ImportedRules, NamesInUse
from dashgen.importer.rules.rule_file_groups import is_rule_file, rule_file_documents
from dashgen.importer.spec_files_on_disk import file_name
from dashgen.source.load import load_text
from dashgen.source.resolve import resolve
from dashgen.source.spec_text import printable, spec_text

_FOLDERS = "folders"
_API_GROUPS = "ruleGroups"


def api_answer(groups: list[Json], folders: Mapping[str, str]) -> Json:
    """Rule groups that an API answered with, and the titles of folders, as one thing to import."""
    return {_API_GROUPS: groups, _FOLDERS: dict(folders)}


def import_rules(
    source: ImportInput, compiler: Compiler, chosen: Mapping[str, str], taken: NamesInUse
) -> ImportedRules | Diagnostic | None:
    """Import rules and notifications; nothing when the input has none.

    Args:
        source: the input.
        compiler: compiles as the project's build does.
        chosen: aliases of data sources from the command line.
        taken: names that are in use.
    """
    imported = ImportedRules(file_name(PurePath(source.name).stem, "rules"), lines=source.lines)
    exported = provisioning_form(source.data, imported.notes)
    data = exported if exported is not None else source.data
    if not _is_alerting(data):
        return None
    data = printable(data)
    project = compiler.context.sources
    if is_rule_file(data):
        rule_file_documents(data, imported, project, chosen, taken)
    else:
        grafana_documents(_groups(data), imported, project, chosen, taken)
        notes = _notifications(mapping(data), imported.notes)
        if notes:
            imported.documents.append(notes)
    if not imported.documents:
        # The first note tells what the only rule of a file lacks.
        why = next(iter(imported.notes.dropped), "it has no rules and no notifications")
        return Diagnostic("import/rules", f"nothing in it can become a spec: {why}", Location(source.name))
    _note_other_organisations(mapping(data), imported.notes)
    imported.text = spec_text(imported.documents)
    imported.differences = _differences(imported, compiler)
    return imported


_DELETIONS = ("deleteRules", "deleteContactPoints", "resetPolicies", "deleteMuteTimes", "deleteTemplates")
_LISTS = ("groups", "contactPoints", "policies", "muteTimes", "templates")


def _note_other_organisations(data: Json, notes: Notes) -> None:
    """Note what a provisioning file has and a spec has no place for: other organisations, and deletions."""
    numbers = {item["orgId"] for key in _LISTS for item in mappings(data.get(key)) if "orgId" in item}
    for number in sorted(numbers - {1, "1", 0, None}, key=str):
        notes.drop(f"`orgId: {number}`: what was in this organisation goes to organisation 1 now")
    for key in _DELETIONS:
        if count := len(items(data.get(key))):
            notes.drop(f"`{key}` ({count}): a build deletes what it made before, and nothing else")


def _is_alerting(data: object) -> bool:
    if isinstance(data, list):
        return bool(data) and all("ruleGroup" in mapping(item) for item in data)
    document = mapping(data)
    if is_rule_file(document) or has_notifications(document) or _API_GROUPS in document:
        return True
    rules = [rule for group in mappings(document.get("groups")) for rule in mappings(group.get("rules"))]
    return bool(rules) or ("folderUid" in document and isinstance(document.get("rules"), list))


def _groups(data: Any) -> list[GrafanaGroup]:
    if isinstance(data, list):
        return listed_groups(mappings(data), {})
    if _API_GROUPS in data:
        return api_groups(mappings(data[_API_GROUPS]), mapping(data.get(_FOLDERS)))
    if "folderUid" in data and isinstance(data.get("rules"), list):
        return api_groups([data], {})
    return file_groups(data)


def _notifications(data: Json, notes: Notes) -> Json:
    document = notification_keys(plain_names(data), notes) if has_notifications(data) else {}
    for problem in notification_problems(document) if document else ():
        notes.refused.append(("notifications", problem.message))
    return document


def _differences(imported: ImportedRules, compiler: Compiler) -> list[str]:
    """The names of the documents that the written text does not give back exactly."""
    loaded = load_text("imported.yaml", imported.text)
    if loaded.diagnostics or len(loaded.documents) != len(imported.documents):
        return ["spec"]
    differing = []
    for document, goal in zip(loaded.documents, imported.documents, strict=True):
        resolved, problems = resolve(document, compiler.scope)
        if problems or len(resolved) != 1 or not same({**resolved[0].data, "kind": goal["kind"]}, goal):
            differing.append(text(goal.get("group")) or goal["kind"])
    return differing

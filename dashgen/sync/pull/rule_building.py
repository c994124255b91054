"""A rule group of a project, built from texts in memory as a push would send it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dashgen.compile.compile_others import alert_context
from dashgen.compile.outputs.grafana_rules import grafana_rules
from dashgen.compile.project_documents import checked
from dashgen.compile.settle.settle_alerts import settle_alerts
from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.core.json_values import mappings
from dashgen.importer.rules.built_rules import GroupContext
from dashgen.model.alert_rules import AlertRules
from dashgen.model.document import SpecDocument
from dashgen.model.folder import folder_places
from dashgen.model.parse import parse_document
from dashgen.model.settled_alerts import AlertContext, SettledGroup
from dashgen.source.load import decode, load_text
from dashgen.source.provenance import Reporter
from dashgen.source.resolve import resolve
from dashgen.sync.pull.pulled_project import Building, PulledProject
from dashgen.sync.push.item import Item
from dashgen.sync.push.kinds.rule_group_kind import rule_group

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BuiltGroup:
    """A rule group: its document as it was resolved, its rules settled, and the item that a push sends."""

    document: SpecDocument[AlertRules]
    settled: SettledGroup
    item: Item


class RuleGroups:
    """Builds single rule groups of a project; everything else is taken from what the project built before.

    Args:
        project: the project.
        texts: the texts that it was built from.
        building: what they built to.
    """

    def __init__(self, project: PulledProject, texts: Texts, building: Building) -> None:
        self.project = project
        self.texts = dict(texts)
        self.building = building
        self.context = _context(project, building)

    def built(self, texts: Texts, name: str) -> BuiltGroup | None:
        """The group of a name as texts build it; nothing when they do not, or something in it is wrong.

        Args:
            texts: the texts, of which some may be other than at first.
            name: the group's name.
        """
        problems: list[Diagnostic] = []
        documents = [one for one in self._documents(texts, name, problems) if one.model.group == name]
        if len(documents) != 1 or _wrong(problems):
            return None
        groups, problems = settle_alerts(documents, self.context)
        artifacts = grafana_rules(groups)
        if _wrong(problems) or not artifacts:
            return None
        loaded = load_text(artifacts[0].path, artifacts[0].content.decode())
        (group,) = mappings(loaded.documents[0].data.get("groups"))
        return BuiltGroup(documents[0], groups[0], rule_group(group, documents[0].resolved.file))

    def around(self, group: BuiltGroup) -> GroupContext:
        """What the rules of a group stand in."""
        model = group.document.model
        panels = {(uid, number): key for (uid, key), number in self.context.panel_ids.items()}
        return GroupContext(
            model.every, self.context.datasources, model.datasource, panels, self.context.docs_url
        )

    def _documents(
        self, texts: Texts, name: str, problems: list[Diagnostic]
    ) -> Iterator[SpecDocument[AlertRules]]:
        """The documents that a group of the name can be, of the one file that changed or of the whole project."""
        files = {one.resolved.document.file for one in self._known() if one.model.group == name}
        changed = {file for file, text in texts.items() if self.texts.get(file) != text}
        if changed <= files and not any("kind: Components" in texts[file] for file in files):
            for file in sorted(files):
                yield from self._of_file(file, texts[file], problems)
            return
        building = self.project.built(texts)
        problems += building.problems
        if _others(building, name) == _others(self.building, name):
            yield from building.documents.of("AlertRules")

    def _known(self) -> list[SpecDocument[AlertRules]]:
        return self.building.documents.of("AlertRules")

    def _of_file(
        self, file: str, text: str, problems: list[Diagnostic]
    ) -> Iterator[SpecDocument[AlertRules]]:
        loaded = load_text(file, decode(text.encode(), file))
        problems += loaded.diagnostics
        compiler = self.building.compiler
        for document in checked(loaded.documents, problems):
            if document.data["kind"] != "AlertRules":
                continue
            some, new_problems = resolve(document, compiler.scope)
            problems += new_problems
            for one in some:
                compiler.defaults.apply_to_rules(one)
                model = parse_document(AlertRules, Reporter(one, diagnostics=problems))
                if model is not None:
                    yield SpecDocument(model, one)


def placed(group: BuiltGroup, item: Item) -> Item:
    """A built group in the folder that another item of it is in."""
    content = {**item.content, **group.item.content}
    return replace(item, content=content)


def _others(building: Building, name: str) -> list[Any]:
    """What everything but one group says, which a component may bring into both."""
    groups = {one.model.group: one.resolved.data for one in building.documents.of("AlertRules")}
    groups.pop(name, None)
    return [groups, {uid: one.resolved.data for uid, one in building.dashboards.items()}]


def _context(project: PulledProject, building: Building) -> AlertContext:
    places, _ = folder_places(building.documents.of("Folder"), building.documents.prefix)
    summaries = [one.summary for one in building.dashboards.values()]
    sources = building.compiler.context.sources
    return alert_context(building.documents, project.workspace, summaries, sources, places)


def _wrong(problems: list[Diagnostic]) -> bool:
    return any(one.severity is Severity.ERROR for one in problems)

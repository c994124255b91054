"""A rule group of a project, built from texts in memory as a push would send it."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from dashgen.compile.compile_others import alert_context
from dashgen.compile.outputs.grafana_rules import grafana_rules
from dashgen.compile.project_documents import checked
from dashgen.compile.settle.settle_alerts import settle_alerts
from dashgen.core.diagnostics import Diagnostic, has_errors
from dashgen.core.json_values import mappings
from dashgen.importer.rules.built_rules import GroupContext
from dashgen.model.alert_rules import AlertRules
from dashgen.model.document import SpecDocument
from dashgen.model.folder import folder_places
from dashgen.model.parse import parse_document
from dashgen.model.settled_alerts import SettledGroup
from dashgen.source.load import decode, load_text
from dashgen.source.provenance import Reporter
from dashgen.source.resolve import resolve
from dashgen.sync.pull.document_edits import Texts
from dashgen.sync.pull.pulled_project import Building, PulledProject
from dashgen.sync.push.item import Item
from dashgen.sync.push.kinds.rule_group_kind import rule_group


class BuiltGroup(Struct, frozen=True):
    """A rule group: its document as it was resolved, its rules settled, and the item that a push sends."""

    document: SpecDocument[AlertRules]
    settled: SettledGroup
    item: Item


class RuleGroups:
    """Builds single rule groups of a project; everything else is taken from what the project built before.

    A pull tries many edits of one group, and a build of the project for each would take most of its time.

    Args:
        project: the project.
        texts: the texts that it was built from.
    """

    def __init__(self, project: PulledProject, texts: Texts) -> None:
        self.project = project
        self.texts = dict(texts)
        self.building = building = project.built(texts)
        places, _ = folder_places(building.documents.of("Folder"), building.documents.prefix)
        summaries = [one.summary for one in building.dashboards.values()]
        sources = building.compiler.context.sources
        self.context = alert_context(building.documents, project.workspace, summaries, sources, places)

    def built(self, texts: Texts, name: str) -> BuiltGroup | None:
        """The group of a name as texts build it; nothing when they do not, or something in it is wrong.

        Args:
            texts: the texts, of which some may be other than at first.
            name: the group's name.
        """
        problems: list[Diagnostic] = []
        documents = [one for one in self._documents(texts, name, problems) if one.model.group == name]
        # A loop around the document may make several groups, of which only one has the name.
        if len(documents) != 1 or has_errors(problems):
            return None
        # From here on as in a build, down to the file that a push reads its groups from.
        groups, problems = settle_alerts(documents, self.context)
        artifacts = grafana_rules(groups)
        if has_errors(problems) or not artifacts:
            return None
        loaded = load_text(artifacts[0].path, artifacts[0].content.decode())
        (group,) = mappings(loaded.documents[0].data.get("groups"))
        return BuiltGroup(documents[0], groups[0], rule_group(group, documents[0].resolved.file))

    def group_context(self, group: BuiltGroup) -> GroupContext:
        """What the importer has to know of a group to put its rules into keys."""
        model = group.document.model
        by_uid = (self.context.panel_ids or {}).items()
        panels = {(uid, number): key for uid, ids in by_uid for key, number in ids.items()}
        return GroupContext(
            model.every, self.context.datasources, model.datasource, panels, self.context.docs_url
        )

    def _documents(
        self, texts: Texts, name: str, problems: list[Diagnostic]
    ) -> Iterator[SpecDocument[AlertRules]]:
        """The documents that may be the group of a name, of the one file that changed or of all files."""
        documents = self.building.documents.of("AlertRules")
        own = [one.resolved.document for one in documents if one.model.group == name]
        files = {one.file for one in own}
        # What a component brought is joined from all uses of it.
        is_written = all(one.data["kind"] == "AlertRules" for one in own)
        changed = {file for file, text in texts.items() if self.texts.get(file) != text}
        # A component in the group's file may be used in others too, so then everything is built.
        if is_written and changed <= files and not any("kind: Components" in texts[file] for file in files):
            for file in sorted(files):
                yield from self._documents_of(file, texts[file], problems)
            return
        building = self.project.built(texts)
        problems += building.problems
        if _all_but(building, name) == _all_but(self.building, name):
            yield from building.documents.of("AlertRules")

    def _documents_of(
        self, file: str, text: str, problems: list[Diagnostic]
    ) -> Iterator[SpecDocument[AlertRules]]:
        loaded = load_text(file, decode(text.encode(), file))
        problems += loaded.diagnostics
        compiler = self.building.compiler
        for document in checked(loaded.documents, problems):
            if document.data["kind"] != "AlertRules":
                continue
            resolved_documents, new_problems = resolve(document, compiler.scope)
            problems += new_problems
            for resolved in resolved_documents:
                # As the build does: what defaults give is a part of the rule that is compared.
                compiler.defaults.apply_to_rules(resolved)
                model = parse_document(AlertRules, Reporter(resolved, diagnostics=problems))
                if model is not None:
                    yield SpecDocument(model, resolved)


def _all_but(building: Building, name: str) -> list[Any]:
    """The data of everything but one group, into which a component may bring the same as into the group."""
    groups = {one.model.group: one.resolved.data for one in building.documents.of("AlertRules")}
    groups.pop(name, None)
    return [groups, {uid: one.resolved.data for uid, one in building.dashboards.items()}]

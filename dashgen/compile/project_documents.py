"""Spec documents by kind: what is read before any dashboard is compiled."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from dashgen.compile.follow_ups import without_consequences
from dashgen.compile.joined_groups import PlacedGroup, joined_groups
from dashgen.compile.spec_defaults import AppliedDefaults
from dashgen.core.diagnostics import Diagnostic, Location, nearest
from dashgen.model.alert_rules import AlertRules
from dashgen.model.base import Spec
from dashgen.model.data_source_spec import DataSources
from dashgen.model.document import SpecDocument
from dashgen.model.folder import Folder, Prefix
from dashgen.model.metrics_spec import Metrics
from dashgen.model.notification_spec import Notifications
from dashgen.model.parse import parse_document
from dashgen.model.report_spec import ReportSpec
from dashgen.model.scaler_spec import Scaler
from dashgen.model.standing_annotations import Annotations
from dashgen.source.components import Component, read_components
from dashgen.source.load import Document, Loaded
from dashgen.source.provenance import Origin, Reporter, Resolved
from dashgen.source.resolve import Scope, resolve
from dashgen.source.work import HINT, MAX_BUILD, TOO_MUCH
from dashgen.workspace.name_prefixes import prefixed_events, prefixed_scaler

DASHBOARD = "Dashboard"
COMPONENTS = "Components"
BUDGET = "expression/budget"
MODELS: Mapping[str, type[Spec]] = {
    "AlertRules": AlertRules,
    "Annotations": Annotations,
    "DataSources": DataSources,
    "Folder": Folder,
    "Metrics": Metrics,
    "Notifications": Notifications,
    "Report": ReportSpec,
    "Scaler": Scaler,
}
KINDS = (DASHBOARD, COMPONENTS, *MODELS)


def component_documents(files: Iterable[Loaded]) -> Iterator[Document]:
    """The documents of files that define components."""
    for loaded in files:
        for document in loaded.documents:
            if isinstance(document.data, dict) and document.data.get("kind") == COMPONENTS:
                yield document


def holds_only_dashboards(raw: bytes) -> bool:
    """Whether a file surely has nothing but dashboards, told without parsing it.

    Such files are compiled one by one; all others are read first, because dashboards depend on them.
    """
    text = b"\n" + raw
    kinds = text.count(b"\nkind:")
    return kinds > 0 and text.count(b"\nkind: Dashboard\n") == kinds and text.count(b"\n---") <= kinds


class Documents(Struct):
    """All documents but dashboards, typed; dashboards that stand in files of their own are not among them.

    ``brought`` has the groups of rules that components brought, before they are typed. ``prefix`` is what
    the environment puts before its uids and folders. ``unread`` has the kinds of which a document could
    not be read, ``broken`` the documents of which a part could not be.
    """

    components: dict[str, Component] = {}
    dashboards: list[Resolved] = []
    by_kind: dict[str, list[SpecDocument[Any]]] = {}
    diagnostics: list[Diagnostic] = []
    unread: set[str] = set()
    broken: list[Resolved] = []
    prefix: Prefix = field(default_factory=Prefix)
    brought: list[PlacedGroup] = []

    def of(self, kind: str) -> list[SpecDocument[Any]]:
        """The documents of one kind, in the order of files."""
        return self.by_kind.get(kind, [])


def read_documents(
    files: Sequence[Loaded], scope: Scope, defaults: AppliedDefaults
) -> tuple[Documents, Scope]:
    """Type the documents of the given files; the scope that comes back knows their components."""
    result = Documents(prefix=defaults.prefix)
    sound: list[Document] = []
    for loaded in files:
        result.diagnostics += loaded.diagnostics
        before = len(result.diagnostics)
        sound += checked(loaded.documents, result.diagnostics)
        if loaded.diagnostics or len(result.diagnostics) > before:
            # What kind a document was meant to be is not known, so it may have been any.
            result.unread.update(KINDS)
    result.components, problems = read_components([d for d in sound if d.data["kind"] == COMPONENTS])
    result.diagnostics += problems
    if problems:
        result.unread.add(COMPONENTS)
    scope = replace(scope, components=result.components)
    for document in sound:
        if document.data["kind"] == COMPONENTS:
            continue
        if scope.work.done > MAX_BUILD:
            result.diagnostics.append(too_much_work(document.location()))
            break
        _read(document, scope, defaults, result)
    for group in joined_groups(result.brought, result.diagnostics):
        _type("AlertRules", group, defaults, result)
    return result, scope


def too_much_work(location: Location) -> Diagnostic:
    """The finding where a build stops because of what the expressions before did."""
    return Diagnostic(BUDGET, TOO_MUCH, location, HINT)


def _read(document: Document, scope: Scope, defaults: AppliedDefaults, result: Documents) -> None:
    """Resolve a document and type it; what is wrong with it is left out."""
    kind = document.data["kind"]
    resolved, problems = resolve(document, scope)
    result.diagnostics += problems
    if problems:
        result.unread.add(kind)
    for one in resolved:
        folder = _folder(one, defaults) if kind == DASHBOARD else None
        result.brought += [PlacedGroup(group, folder) for group in one.rule_groups]
        if kind == DASHBOARD:
            result.dashboards.append(one)
        else:
            _type(kind, one, defaults, result)


def _folder(dashboard: Resolved, defaults: AppliedDefaults) -> tuple[str, Origin] | None:
    """The folder of a dashboard, as the spec or the project's defaults name it."""
    if isinstance(folder := dashboard.data.get("folder"), str):
        return folder, dashboard.origin(("folder",))
    folder = defaults.defaults.dashboard.get("folder")
    if isinstance(folder, str) and defaults.origin is not None:
        return folder, defaults.origin.child("dashboard").child("folder")
    return None


def _type(kind: str, resolved: Resolved, defaults: AppliedDefaults, result: Documents) -> None:
    """Type a resolved document that is no dashboard."""
    if kind == "AlertRules":
        defaults.apply_to_rules(resolved)
    elif kind == "Annotations":
        resolved.data = prefixed_events(resolved.data, defaults.prefix)
    elif kind == "Scaler":
        resolved.data = prefixed_scaler(resolved.data, defaults.prefix)
    report = Reporter(resolved)
    model = parse_document(MODELS[kind], report)
    result.diagnostics += without_consequences(report.diagnostics, resolved.broken)
    if resolved.broken or report.diagnostics:
        result.broken.append(resolved)
    if model is not None:
        result.by_kind.setdefault(kind, []).append(SpecDocument(model, resolved))


def checked(documents: Sequence[Document], problems: list[Diagnostic]) -> list[Document]:
    """The documents that are mappings with a known kind; empty documents are passed over."""
    good = []
    for document in documents:
        if document.data is None:
            continue
        if not isinstance(document.data, dict):
            problems.append(
                _problem(
                    document, "spec/type", "a spec has to be a mapping", "start it with `kind: Dashboard`"
                )
            )
            continue
        kind = document.data.get("kind")
        if kind is None:
            problems.append(
                _problem(
                    document,
                    "spec/kind",
                    "`kind` is missing",
                    "start the document with `kind:` and one of " + ", ".join(KINDS),
                )
            )
        elif kind not in KINDS:
            location = document.location(("kind",))
            problems.append(
                Diagnostic("spec/kind", f"unknown kind `{kind}`", location, nearest(str(kind), KINDS))
            )
        else:
            good.append(document)
    return good


def _problem(document: Document, rule: str, message: str, hint: str) -> Diagnostic:
    location: Location = document.location()
    return Diagnostic(rule, message, location, hint)

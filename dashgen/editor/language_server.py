"""The language server: messages of the protocol in, what the other modules of the package know out."""

from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import unquote, urlsplit

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.workspace import ServerTextPosition, ServerTextRange, TextDocument

from dashgen.core.diagnostics import Diagnostic, Location, Severity, Span, TextEdit
from dashgen.core.diagnostics.redaction import redacted
from dashgen.core.version import VERSION
from dashgen.editor.completions import Suggestion, component_suggestions, suggestions
from dashgen.editor.component_names import component_at, definition_at, rename_edits
from dashgen.editor.hovers import hover
from dashgen.editor.open_project import OpenProject
from dashgen.editor.query_cursor import query_at
from dashgen.workspace.input_files import find_project

_SEVERITIES: Final = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}
_KINDS: Final = {
    "metric": types.CompletionItemKind.Variable,
    "label": types.CompletionItemKind.Property,
    "value": types.CompletionItemKind.Value,
    "function": types.CompletionItemKind.Function,
    "component": types.CompletionItemKind.Module,
}


def path_of(uri: str) -> Path:
    """The file of a ``file:`` address."""
    return Path(unquote(urlsplit(uri).path))


class SpecServer(LanguageServer):
    """A server for the projects whose files an editor has open."""

    def __init__(self) -> None:
        super().__init__("dashgen", VERSION)
        self.projects: dict[Path, OpenProject] = {}
        self.fixes: dict[str, list[Diagnostic]] = {}

    def project(self, uri: str) -> tuple[OpenProject, str]:
        """The project of a file with the texts that are open, and the file's name in it."""
        path = path_of(uri)
        root = find_project(path.parent) or path.parent
        project = self.projects.setdefault(root, OpenProject(root))
        for document in self.workspace.text_documents.values():
            other = path_of(document.uri)
            if (
                other.is_relative_to(root)
                and other.suffix in (".yaml", ".yml")
                and other.name != "dashgen.yaml"
            ):
                project.texts[project.name_of(other)] = document.source
        return project, project.name_of(path)

    def close(self, uri: str) -> None:
        """Take the text on the disk for a file again."""
        for project in self.projects.values():
            project.texts.pop(project.name_of(path_of(uri)), None)

    def publish(self, uri: str) -> None:
        """Show what is wrong with a file."""
        project, name = self.project(uri)
        document = self.workspace.get_text_document(uri)
        findings = [one for one in project.findings(name) if one.location and one.location.file == name]
        self.fixes[uri] = findings
        shown = [_shown(one, document) for one in findings]
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri, shown, version=document.version)
        )


def _range(span: Span | None, document: TextDocument) -> types.Range:
    if span is None:
        return types.Range(types.Position(0, 0), types.Position(0, 0))
    start = ServerTextPosition(span.line - 1, span.column - 1)
    end = ServerTextPosition(span.end_line - 1, span.end_column - 1)
    return document.range_to_client_units(ServerTextRange(start, end))


def _shown(finding: Diagnostic, document: TextDocument) -> types.Diagnostic:
    span = finding.location.span if finding.location else None
    message = f"{finding.message}\n{finding.hint}" if finding.hint else finding.message
    return types.Diagnostic(
        _range(span, document),
        redacted(message),
        severity=_SEVERITIES[finding.severity],
        code=finding.rule,
        source="dashgen",
    )


def start_server(requests: BinaryIO, answers: BinaryIO) -> None:
    """Serve an editor until it ends; the streams are closed then."""
    make_server().start_io(requests, answers)


def make_server() -> SpecServer:
    """A server with all that it can do."""
    server = SpecServer()
    _add_documents(server)
    _add_queries(server)
    _add_changes(server)
    return server


def _add_documents(server: SpecServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        server.publish(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        server.publish(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(_params: types.DidSaveTextDocumentParams) -> None:
        # Another file may depend on it: a component, a metric.
        for uri in list(server.workspace.text_documents):
            server.publish(uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        server.close(params.text_document.uri)
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(params.text_document.uri, []))


def _cursor(server: SpecServer, uri: str, position: types.Position) -> tuple[list[str], int, int]:
    document = server.workspace.get_text_document(uri)
    offset = document.position_from_client_units(position)
    return document.source.split("\n"), offset.line, offset.character


def _add_queries(server: SpecServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hovered(params: types.HoverParams) -> types.Hover | None:
        uri = params.text_document.uri
        project, name = server.project(uri)
        text = hover(project, name, *_cursor(server, uri, params.position))
        content = types.MarkupContent(types.MarkupKind.Markdown, redacted(text))
        return types.Hover(content) if text else None

    options = types.CompletionOptions(trigger_characters=["{", "(", '"', ",", "|"])

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, options)
    def completed(params: types.CompletionParams) -> list[types.CompletionItem]:
        uri = params.text_document.uri
        cursor_position = _cursor(server, uri, params.position)
        cursor = query_at(*cursor_position)
        project, _ = server.project(uri)
        items = (
            component_suggestions(project, *cursor_position)
            if cursor is None
            else suggestions(project, cursor)
        )
        return [_item(one, params.position) for one in items]

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    def defined(params: types.DefinitionParams) -> types.Location | None:
        uri = params.text_document.uri
        project, _ = server.project(uri)
        location = definition_at(project, *_cursor(server, uri, params.position))
        return _location(server, project, location) if location is not None else None


def _item(suggestion: Suggestion, position: types.Position) -> types.CompletionItem:
    start = types.Position(position.line, position.character - suggestion.replaced)
    return types.CompletionItem(
        suggestion.label,
        kind=_KINDS[suggestion.kind],
        detail=suggestion.detail or None,
        documentation=suggestion.documentation or None,
        text_edit=types.TextEdit(types.Range(start, position), suggestion.label),
    )


def _location(server: SpecServer, project: OpenProject, location: Location) -> types.Location:
    uri = (project.root / location.file).as_uri()
    return types.Location(uri, _range(location.span, server.workspace.get_text_document(uri)))


def _add_changes(server: SpecServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    def preparing(params: types.PrepareRenameParams) -> types.Range | None:
        uri = params.text_document.uri
        project, name = server.project(uri)
        _, line, column = _cursor(server, uri, params.position)
        component = component_at(project, name, line, column)
        if component is None:
            return None
        return _range(component[1], server.workspace.get_text_document(uri))

    @server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    def renamed(params: types.RenameParams) -> types.WorkspaceEdit | None:
        uri = params.text_document.uri
        project, name = server.project(uri)
        _, line, column = _cursor(server, uri, params.position)
        component = component_at(project, name, line, column)
        if component is None:
            return None
        try:
            return _workspace_edit(server, project, rename_edits(project, component[0], params.new_name))
        except ValueError as error:
            server.window_show_message(types.ShowMessageParams(types.MessageType.Error, str(error)))
            return None

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION)
    def actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = params.text_document.uri
        project, _ = server.project(uri)
        document = server.workspace.get_text_document(uri)
        return [
            types.CodeAction(
                one.fix.title,
                kind=types.CodeActionKind.QuickFix,
                diagnostics=[_shown(one, document)],
                is_preferred=one.fix.is_safe,
                edit=_workspace_edit(server, project, list(one.fix.edits)),
            )
            for one in server.fixes.get(uri, [])
            if one.fix is not None and _touches(_shown(one, document).range, params.range)
        ]


def _touches(first: types.Range, second: types.Range) -> bool:
    return first.start.line <= second.end.line and second.start.line <= first.end.line


def _workspace_edit(server: SpecServer, project: OpenProject, edits: list[TextEdit]) -> types.WorkspaceEdit:
    changes: dict[str, list[types.TextEdit]] = {}
    for edit in edits:
        uri = (project.root / edit.file).as_uri()
        document = server.workspace.get_text_document(uri)
        changes.setdefault(uri, []).append(types.TextEdit(_range(edit.span, document), edit.text))
    return types.WorkspaceEdit(changes=changes)

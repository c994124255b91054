"""Components by their names: where one is defined, and everything that has to change with its name."""

from collections.abc import Iterator, Sequence

from dashgen.core.diagnostics import Location, Span, TextEdit
from dashgen.core.json_values import walk
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.editor.open_project import OpenProject
from dashgen.editor.query_cursor import query_at
from dashgen.source.components import SHIPPED, Component
from dashgen.source.load import Document
from dashgen.source.shipped_components import library_path

_USE = lazy_pattern(r"\buse\s*:\s*[\"']?(?P<name>[\w./-]+)")
_NAME = lazy_pattern(r"[A-Za-z0-9][\w-]*\Z")


def definition_at(project: OpenProject, lines: Sequence[str], line: int, column: int) -> Location | None:
    """Where the component or the metric at a cursor is defined; None when it is neither."""
    name = used_component(lines, line, column)
    if name:
        component = project.components().get(name)
        return _definition(component) if component is not None else None
    cursor = query_at(lines, line, column)
    metric = project.metrics().get(cursor.word) if cursor is not None else None
    if metric is None:
        return None
    written = metric.document.data.get("metrics") or {}
    # What the contract itself does not describe comes from its convention.
    if metric.family not in written:
        return metric.document.location(("convention",), key=True)
    return metric.document.location(("metrics", metric.family), key=True)


def _definition(component: Component) -> Location:
    location = component.origin.location()
    if component.origin.document.shipped:
        return Location(str(library_path(component.name)), location.span)
    return location


def used_component(lines: Sequence[str], line: int, column: int) -> str:
    """The component whose name a cursor is on, where it is used; empty for none."""
    for match in _USE.finditer(lines[line]) if line < len(lines) else ():
        if match.start("name") <= column <= match.end("name"):
            return match["name"]
    return ""


def component_at(project: OpenProject, file: str, line: int, column: int) -> tuple[str, Span] | None:
    """The component whose name a cursor is on, where it is used or defined, and the span of the name.

    Args:
        project: the project.
        file: the name of the file.
        line: the cursor's line, from 0.
        column: the number of characters before the cursor.
    """
    for document in project.documents():
        for name, location in _names(document) if document.file == file else ():
            span = location.span
            if span is not None and span.line == line + 1 and span.column - 1 <= column < span.end_column:
                return name, span
    return None


def rename_edits(project: OpenProject, name: str, new: str) -> list[TextEdit]:
    """The edits that give a component another name, where it is defined and where it is used.

    Raises:
        ValueError: the new name is taken, or is none that a component can have, or the component is shipped.
    """
    if name.startswith(SHIPPED):
        raise ValueError(f"`{name}` is a component of dashgen; copy it to give it another name")
    if not _NAME.match(new):
        raise ValueError(f"`{new}` is not a name: letters, digits, `-` and `_`")
    if new in project.components():
        raise ValueError(f"there is a component `{new}` already")
    edits = []
    for document in project.documents():
        for used, location in _names(document):
            if used == name and location.span is not None:
                written = _unquoted(document, location.span, name)
                edits.append(TextEdit(location.file, written, new))
    return edits


def _names(document: Document) -> Iterator[tuple[str, Location]]:
    """The names of components in a document with their places: of definitions and of uses."""
    data = document.data
    if (
        isinstance(data, dict)
        and data.get("kind") == "Components"
        and isinstance(data.get("components"), dict)
    ):
        for name in data["components"]:
            yield str(name), document.location(("components", name), key=True)
    for path, value in walk(data):
        if path[-1:] == ("use",) and isinstance(value, str):
            yield value, document.location(path)


def _unquoted(document: Document, span: Span, name: str) -> Span:
    """The span of a name without the quotes around it."""
    line = document.source.text.split("\n")[span.line - 1]
    start = line.find(name, span.column - 1)
    if start < 0:
        return span
    return Span(span.line, start + 1, span.line, start + 1 + len(name))

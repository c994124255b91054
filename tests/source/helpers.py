"""Loading small specs, and saying where things are by the text that stands there."""

from typing import Any

from dashgen.core.diagnostics import Diagnostic, Location, Span
from dashgen.model.base import Spec
from dashgen.source.components import read_components
from dashgen.source.load import Document, Loaded, load_text
from dashgen.source.provenance import Resolved
from dashgen.source.resolve import Scope, resolve

FILE = "spec.yaml"
__all__ = ["FILE", "Spec", "document", "load", "resolved", "resolved_all", "rules", "told", "under"]


def load(text: str) -> Loaded:
    """The text as a loaded file."""
    return load_text(FILE, text)


def document(text: str) -> Document:
    """The one document of a text without problems."""
    loaded = load(text)
    assert loaded.diagnostics == []
    return loaded.documents[0]


def under(text: str, location: Location | Span | None) -> str:
    """What stands in the text at a place: the characters under its caret."""
    span = location.span if isinstance(location, Location) else location
    assert span is not None
    lines = text.split("\n")
    if span.line == span.end_line:
        return lines[span.line - 1][span.column - 1 : span.end_column - 1]
    first, last = lines[span.line - 1][span.column - 1 :], lines[span.end_line - 1][: span.end_column - 1]
    return "\n".join([first, *lines[span.line : span.end_line - 1], last])


def rules(diagnostics: list[Diagnostic]) -> list[str]:
    """Only the rules, in the order they were found."""
    return [diagnostic.rule for diagnostic in diagnostics]


def told(diagnostics: list[Diagnostic]) -> list[str]:
    """Each finding as ``line:column rule: message``."""
    result = []
    for one in diagnostics:
        span = one.location.span if one.location else None
        location = f"{span.line}:{span.column} " if span else ""
        result.append(f"{location}{one.rule}: {one.message}")
    return result


def resolved_all(
    text: str,
    variables: dict[str, Any] | None = None,
    environment: str | None = None,
    environments: tuple[str, ...] = ("dev", "prod"),
) -> tuple[list[Resolved], list[Diagnostic]]:
    """Every document of the text that is not `Components`, resolved with those that are."""
    loaded = load(text)
    problems = list(loaded.diagnostics)
    own = [
        d for d in loaded.documents if not (isinstance(d.data, dict) and d.data.get("kind") == "Components")
    ]
    components, result = read_components([d for d in loaded.documents if d not in own])
    problems += result
    scope = Scope(variables or {}, components, environment, environments)
    results: list[Resolved] = []
    for one in own:
        documents, result = resolve(one, scope)
        results += documents
        problems += result
    return results, problems


def resolved(text: str, variables: dict[str, Any] | None = None, environment: str | None = None) -> Resolved:
    """The one document that a text without problems stands for."""
    results, problems = resolved_all(text, variables, environment)
    assert told(problems) == []
    assert len(results) == 1
    return results[0]

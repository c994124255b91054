"""What ``dashgen list`` prints as JSON."""

from collections.abc import Iterable
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from dashgen.core.reporters.json_report import Findings, OutputDocument, reported
from dashgen.project.inspection import Inspection
from dashgen.project.spec_listing import Entry


class ListedEntry(Struct, frozen=True):
    """A thing that a spec defines."""

    kind: Annotated[str, Meta(description="Its kind, as `dashgen list KIND` takes it.")]
    name: Annotated[str, Meta(description="The name that other specs use.")]
    title: Annotated[str, Meta(description="The title that people see; may be the name.")]
    folder: Annotated[str, Meta(description="Its folder in Grafana; may be empty.")]
    file: Annotated[str, Meta(description="The spec that defines it.")]
    line: Annotated[int | None, Meta(description="The line there, from 1.")]
    tabs: Annotated[tuple[str, ...] | UnsetType, Meta(description="The titles of a dashboard's tabs.")] = (
        UNSET
    )


class ListDocument(OutputDocument, frozen=True, kw_only=True):
    """What the specs define."""

    entries: Annotated[list[ListedEntry], Meta(description="The things, by kind and name.")]
    diagnostics: Findings


def list_document(listed: Iterable[Entry], inspection: Inspection) -> ListDocument:
    """The entries of a list, and the findings of the project."""
    return ListDocument(
        entries=[_listed(entry) for entry in listed], diagnostics=reported(inspection.diagnostics)
    )


def _listed(entry: Entry) -> ListedEntry:
    line = entry.location.span.line if entry.location.span else None
    file, tabs = entry.location.file, entry.tabs or UNSET
    return ListedEntry(entry.kind, entry.name, entry.title, entry.folder, file, line, tabs)

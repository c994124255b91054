"""What ``dashgen impact`` prints as JSON."""

from typing import Annotated

from msgspec import Meta, Struct

from dashgen.core.diagnostics import Location
from dashgen.core.reporters.json_report import OutputDocument
from dashgen.project.impact.impact import Impact

UseLine = Annotated[int | None, Meta(description="The line, from 1; null for the whole file.")]
UseColumn = Annotated[int | None, Meta(description="The character, from 1; null for the whole file.")]


class ReportedDefinition(Struct, frozen=True):
    """A place that defines the subject."""

    file: Annotated[str, Meta(description="The spec.")]
    line: UseLine
    column: UseColumn


class ReportedUse(Struct, frozen=True, kw_only=True):
    """A use of the subject."""

    kind: Annotated[str, Meta(description="What uses it: `panel`, `variable`, `alert-rule`, `policy`, …")]
    name: Annotated[str, Meta(description="Its name; of a part of a dashboard after the dashboard's uid.")]
    parent: Annotated[str, Meta(description="The dashboard or rule group it belongs to; may be empty.")]
    part: Annotated[str, Meta(description="The part of it, such as `query A`.")]
    file: Annotated[str, Meta(description="The spec that the part is in.")]
    line: UseLine
    column: UseColumn
    via: Annotated[
        list[str], Meta(description="What leads to it, such as the recording rule whose series it reads.")
    ]


class ImpactDocument(OutputDocument, frozen=True, kw_only=True):
    """What a change of something touches."""

    kind: Annotated[str, Meta(description="The kind of the subject, such as `metric`.")]
    name: Annotated[str, Meta(description="The subject.")]
    definitions: Annotated[list[ReportedDefinition], Meta(description="Where it is defined.")]
    uses: Annotated[list[ReportedUse], Meta(description="Everything that uses it.")]


def impact_document(touched: Impact) -> ImpactDocument:
    """What a change touches, for programs."""
    uses = [
        ReportedUse(
            kind=use.kind,
            name=use.name,
            parent=use.parent,
            part=use.part,
            file=use.location.file,
            line=_line(use.location),
            column=_column(use.location),
            via=list(use.via),
        )
        for use in touched.uses
    ]
    definitions = [
        ReportedDefinition(defined.file, _line(defined), _column(defined)) for defined in touched.definitions
    ]
    return ImpactDocument(kind=touched.kind, name=touched.name, definitions=definitions, uses=uses)


def _line(location: Location) -> int | None:
    return location.span.line if location.span else None


def _column(location: Location) -> int | None:
    return location.span.column if location.span else None

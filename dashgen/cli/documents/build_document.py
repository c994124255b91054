"""What ``dashgen build`` prints as JSON."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct

from dashgen.cli.unchanged_build import shown_folder
from dashgen.core.reporters.json_report import Findings, OutputDocument, reported
from dashgen.project.build import BuildReport

Folder = Annotated[str, Meta(description="The folder that is built.")]
Files = Annotated[list[str], Meta(description="Every built file, below that folder.")]
Created = Annotated[list[str], Meta(description="The files that were not there.")]
Changed = Annotated[list[str], Meta(description="The files that had another content.")]
Deleted = Annotated[list[str], Meta(description="The files that no spec builds any more.")]
Differences = Annotated[
    list[str], Meta(description="With `--check`: what differs, as `FILE: sentence`; else empty.")
]


class BuiltOutput(Struct, frozen=True, kw_only=True):
    """One folder that is built."""

    output: Folder
    files: Files
    created: Created
    changed: Changed
    deleted: Deleted
    differences: Differences


class BuildDocument(OutputDocument, frozen=True, kw_only=True):
    """What a build wrote or, with `--check`, would write."""

    output: Folder
    files: Files
    created: Created
    changed: Changed
    deleted: Deleted
    differences: Differences
    diagnostics: Findings


class BuildsDocument(OutputDocument, frozen=True, kw_only=True):
    """The same of a project that has a folder for each environment."""

    outputs: Annotated[list[BuiltOutput], Meta(description="The folders.")]
    diagnostics: Findings


def build_document(results: Sequence[BuildReport]) -> BuildDocument | BuildsDocument:
    """The results of a build.

    A single output has its keys at the top, as it had before environments had outputs.
    """
    diagnostics = reported(diagnostic for result in results for diagnostic in result.diagnostics)
    outputs = [_output(result) for result in results]
    if len(outputs) > 1:
        return BuildsDocument(outputs=outputs, diagnostics=diagnostics)
    output = outputs[0]
    return BuildDocument(
        output=output.output,
        files=output.files,
        created=output.created,
        changed=output.changed,
        deleted=output.deleted,
        differences=output.differences,
        diagnostics=diagnostics,
    )


def _output(result: BuildReport) -> BuiltOutput:
    return BuiltOutput(
        output=shown_folder(str(result.output)),
        files=[record.path for record in result.records],
        created=result.created,
        changed=result.changed,
        deleted=result.deleted,
        differences=result.differences,
    )

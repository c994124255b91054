"""What commands with a short result print as JSON, such as annotate, backfill and rollback."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from dashgen.cli.documents.push_document import ReportedPush, TargetName, TargetUrl
from dashgen.core.reporters.json_report import OutputDocument


class ReportedEvent(Struct, frozen=True):
    """An event in one Grafana."""

    target: TargetName
    url: TargetUrl
    uid: Annotated[str | None, Meta(description="Its uid in the specs; null for one of the command line.")]
    text: Annotated[str, Meta(description="Its text, or why nothing was done.")]
    outcome: Annotated[str, Meta(description="What became of it, such as `created`, or what would.")]


class EventsDocument(OutputDocument, frozen=True, kw_only=True):
    """Events that were marked, or would be."""

    events: Annotated[list[ReportedEvent], Meta(description="The events, Grafana by Grafana.")]


class RecordingFile(Struct, frozen=True):
    """A rule file of one level."""

    file: Annotated[str, Meta(description="The file.")]
    rules: Annotated[list[str], Meta(description="The names that it records.")]


class BackfillDocument(OutputDocument, frozen=True, kw_only=True):
    """Recording rules in the order in which their past can be computed."""

    files: Annotated[list[RecordingFile], Meta(description="The files, in that order.")]
    circular: Annotated[
        list[str], Meta(description="Names that read each other, or themselves; their past begins empty.")
    ]


class InstalledPart(Struct, frozen=True):
    """A part of the output, and where a server reads it."""

    part: Annotated[str, Meta(description="The folder in the output.")]
    server: Annotated[str, Meta(description="The server that reads it.")]
    folder: Annotated[str, Meta(description="Where it reads it.")]
    in_place: Annotated[bool, Meta(description="Whether the server mounts the output itself.")]
    created: Annotated[list[str], Meta(description="New files.")]
    changed: Annotated[list[str], Meta(description="Changed files.")]
    removed: Annotated[list[str], Meta(description="Removed files.")]


class ServerReload(Struct, frozen=True):
    """What a server did."""

    server: Annotated[str, Meta(description="The server.")]
    address: Annotated[str, Meta(description="Its address; empty if it is not known.")]
    message: Annotated[str, Meta(description="What it did, or why it did nothing.")]
    exit_code: Annotated[int, Meta(description="The exit code for it; the command's is the highest.")]


class InstallDocument(OutputDocument, frozen=True, kw_only=True):
    """What was installed, or would be."""

    dry_run: Annotated[bool, Meta(description="Whether nothing was written.")]
    output: Annotated[str, Meta(description="The folder with the output.")]
    parts: Annotated[list[InstalledPart], Meta(description="The parts that servers read.")]
    reloads: Annotated[list[ServerReload], Meta(description="The servers that were reloaded, or not.")]


class MetricsImportDocument(OutputDocument, frozen=True, kw_only=True):
    """A contract that was made, or completed."""

    metrics: Annotated[list[str], Meta(description="The metrics that the application exposes.")]
    file: Annotated[str | None, Meta(description="The spec; null without `--out`.")]
    outcome: Annotated[
        str, Meta(description="`created`, `completed`, `unchanged`, or `printed` without `--out`.")
    ]
    spec: Annotated[str | UnsetType, Meta(description="The spec's text, without `--out`.")] = UNSET


class RollbackDocument(OutputDocument, frozen=True, kw_only=True):
    """What was restored, or would be."""

    backup: Annotated[str, Meta(description="The name of the backup's folder.")]
    target: Annotated[ReportedPush, Meta(description="The Grafana, and what became of each resource.")]


class StackInitDocument(OutputDocument, frozen=True, kw_only=True):
    """What became of the password of Grafana's administrator, which is not in it."""

    file: Annotated[str, Meta(description="The file that has it.")]
    outcome: Annotated[str, Meta(description="`written`, `completed`, `renewed` or `kept`.")]

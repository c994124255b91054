"""What ``dashgen status`` prints as JSON."""

from collections.abc import Iterable
from typing import Annotated

from msgspec import UNSET, Meta, Struct

from dashgen.cli.documents.push_document import DashboardFormat, TargetName, TargetUrl
from dashgen.core.reporters.json_report import OutputDocument
from dashgen.project.targets import Chosen
from dashgen.sync.push.step_texts import change_sentences
from dashgen.sync.push.sync_status import StatusEntry


class ReportedResource(Struct, frozen=True):
    """How a resource in Grafana compares with the specs."""

    kind: Annotated[str, Meta(description="Its kind.")]
    uid: Annotated[str, Meta(description="Its uid, or its name where Grafana knows it by that.")]
    title: Annotated[str, Meta(description="Its title.")]
    state: Annotated[str, Meta(description="Such as `in sync`, `ahead` or `conflict`.")]
    reason: Annotated[str | None, Meta(description="Why it is in that state.")]
    link: Annotated[str | None, Meta(description="The page that shows it.")]
    theirs: Annotated[list[str], Meta(description="What was changed in Grafana since the last push.")]
    changes: Annotated[list[str], Meta(description="What a push would change.")]
    format: DashboardFormat = UNSET


class ReportedStatus(Struct, frozen=True):
    """The resources of one Grafana."""

    target: TargetName
    url: TargetUrl
    resources: Annotated[list[ReportedResource], Meta(description="The resources.")]


class StatusDocument(OutputDocument, frozen=True, kw_only=True):
    """How running Grafanas compare with the specs."""

    targets: Annotated[list[ReportedStatus], Meta(description="The Grafanas.")]


def reported_status(target: Chosen, entries: Iterable[StatusEntry]) -> ReportedStatus:
    """The state of one Grafana."""
    return ReportedStatus(target.name or None, target.settings.url, [_resource(entry) for entry in entries])


def _resource(entry: StatusEntry) -> ReportedResource:
    return ReportedResource(
        entry.kind,
        entry.uid,
        entry.title,
        str(entry.status),
        entry.reason or None,
        entry.link or None,
        list(change_sentences(entry.step.theirs)) if entry.step else [],
        list(change_sentences(entry.step.changes)) if entry.step else [],
        (entry.step.item.form if entry.step else "") or UNSET,
    )

"""What ``dashgen pull`` prints as JSON."""

from typing import Annotated

from msgspec import Meta, Struct

from dashgen.cli.documents.push_document import ExitCode, TargetName, TargetUrl
from dashgen.core.reporters.json_report import OutputDocument
from dashgen.formats.resources import RULE_GROUP
from dashgen.project.targets import Chosen
from dashgen.sync.pull.pull import Pull, Pulled


class PulledResource(Struct, frozen=True):
    """What became of the edits in one dashboard or rule group."""

    uid: Annotated[str, Meta(description="Its uid, or its name.")]
    title: Annotated[str, Meta(description="Its title.")]
    state: Annotated[str, Meta(description="Such as `taken over` or `conflict`.")]
    reason: Annotated[str | None, Meta(description="Why it is in that state.")]
    taken: Annotated[list[str], Meta(description="What was taken over, as sentences.")]
    left: Annotated[list[str], Meta(description="What was not, as sentences.")]
    notes: Annotated[list[str], Meta(description="What else to know.")]


class ReportedPull(Struct, frozen=True, kw_only=True):
    """What was taken over from one Grafana."""

    target: TargetName
    url: TargetUrl
    dashboards: Annotated[list[PulledResource], Meta(description="The dashboards.")]
    rule_groups: Annotated[list[PulledResource], Meta(description="The rule groups.")]
    files: Annotated[list[str], Meta(description="The specs that change.")]
    patch: Annotated[str, Meta(description="The change as a unified diff.")]
    exit_code: ExitCode


class PullDocument(OutputDocument, frozen=True, kw_only=True):
    """What was taken over from running Grafanas, or would be."""

    targets: Annotated[list[ReportedPull], Meta(description="The Grafanas.")]


def reported_pull(chosen: Chosen, pull: Pull, patch: str, exit_code: int) -> ReportedPull:
    """A pull from one Grafana.

    Args:
        chosen: the Grafana.
        pull: its result.
        patch: the change of the specs.
        exit_code: that of the command.
    """
    groups = [one for one in pull.dashboards if one.item.kind == RULE_GROUP]
    return ReportedPull(
        target=chosen.name or None,
        url=chosen.settings.url,
        dashboards=[_pulled(one) for one in pull.dashboards if one not in groups],
        rule_groups=[_pulled(one) for one in groups],
        files=pull.changed,
        patch=patch,
        exit_code=exit_code,
    )


def _pulled(one: Pulled) -> PulledResource:
    return PulledResource(
        one.item.uid, one.item.title, str(one.state), one.reason or None, one.taken, one.left, one.notes
    )

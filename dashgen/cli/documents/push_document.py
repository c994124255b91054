"""What ``dashgen push`` and ``dashgen apply`` print as JSON."""

from collections.abc import Callable, Iterable
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from dashgen.core.reporters.json_report import OutputDocument
from dashgen.sync.push.apply_plan import StepOutcome
from dashgen.sync.push.push import Push
from dashgen.sync.push.push_plan import PushStep
from dashgen.sync.push.step_texts import change_sentences

TargetName = Annotated[str | None, Meta(description="The target in dashgen.yaml; null without one.")]
TargetUrl = Annotated[str, Meta(description="The address of the Grafana.")]
DashboardFormat = Annotated[
    str | UnsetType,
    Meta(description="Of a dashboard, the form that it is stored in: `classic` JSON or schema `v2`."),
]
ExitCode = Annotated[int, Meta(description="The exit code for this Grafana; the command's is the highest.")]


class ReportedStep(Struct, frozen=True, kw_only=True):
    """What happens to one resource."""

    kind: Annotated[str, Meta(description="The kind of the resource.")]
    uid: Annotated[str, Meta(description="Its uid, or its name where Grafana knows it by that.")]
    title: Annotated[str, Meta(description="Its title.")]
    action: Annotated[str, Meta(description="What the plan does with it, such as `create`.")]
    reason: Annotated[str | None, Meta(description="Why nothing is done, if so.")]
    format: DashboardFormat = UNSET
    changes: Annotated[list[str], Meta(description="What changes in Grafana, as sentences.")]
    theirs: Annotated[list[str], Meta(description="What was changed in Grafana since the last push.")]
    spec: Annotated[str | None, Meta(description="The spec that it is built from.")]
    outcome: Annotated[str | UnsetType, Meta(description="What became of it, if it was tried.")] = UNSET
    message: Annotated[str | UnsetType | None, Meta(description="Grafana's answer to it.")] = UNSET
    link: Annotated[str | UnsetType | None, Meta(description="The page that shows it.")] = UNSET


class ReportedPush(Struct, frozen=True, kw_only=True):
    """A plan for one Grafana, and what became of it."""

    target: TargetName
    url: TargetUrl
    grafana: Annotated[
        str | UnsetType | None, Meta(description="The version of the Grafana; null if it hides it.")
    ] = UNSET
    steps: Annotated[list[ReportedStep] | UnsetType, Meta(description="What happens to each resource.")] = (
        UNSET
    )
    backup: Annotated[str | UnsetType | None, Meta(description="The file with what was there before.")] = (
        UNSET
    )
    error: Annotated[
        str | UnsetType, Meta(description="Why nothing was pushed: then all of that is absent.")
    ] = UNSET
    exit_code: ExitCode


class PushDocument(OutputDocument, frozen=True, kw_only=True):
    """What was pushed, or would be."""

    targets: Annotated[list[ReportedPush], Meta(description="The Grafanas.")]


def reported_push(
    push: Push, outcomes: Iterable[StepOutcome], exit_code: int, show: Callable[[str], str]
) -> ReportedPush:
    """A plan with its outcomes.

    Args:
        push: the plan.
        outcomes: what became of its steps.
        exit_code: that of the command.
        show: takes secrets and control characters out of a sentence.
    """
    ends = {outcome.step.key: outcome for outcome in outcomes}
    return ReportedPush(
        target=push.chosen.name or None,
        url=push.chosen.settings.url,
        grafana=push.grafana.capabilities.version or None,
        steps=[_step(step, ends.get(step.key), show) for step in push.steps],
        backup=str(push.backup) if push.backup else None,
        exit_code=exit_code,
    )


def _step(step: PushStep, outcome: StepOutcome | None, show: Callable[[str], str]) -> ReportedStep:
    return ReportedStep(
        kind=step.item.kind,
        uid=step.item.uid,
        title=step.item.title,
        action=str(step.act),
        reason=show(step.reason) or None,
        format=step.item.form or UNSET,
        changes=list(map(show, change_sentences(step.changes))),
        theirs=list(map(show, change_sentences(step.theirs))),
        spec=(step.wanted.spec or None) if step.wanted else None,
        outcome=str(outcome.end) if outcome else UNSET,
        message=(show(outcome.message) or None) if outcome else UNSET,
        link=(outcome.link or None) if outcome else UNSET,
    )

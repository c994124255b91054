"""A plan and its outcomes for people."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from dashgen.compare import Change, Detail
from dashgen.formats.resources import kind_name
from dashgen.sync.push.apply_plan import StepEnd, StepOutcome
from dashgen.sync.push.kinds import kind_of, resource_kinds
from dashgen.sync.push.push import Push
from dashgen.sync.push.push_plan import PushStep, StepAction

_SIGNS: Final = {
    StepAction.CREATE: "+",
    StepAction.UPDATE: "~",
    StepAction.DELETE: "-",
    StepAction.CONFLICT: "!",
    StepAction.REFUSED: "!",
    StepAction.LEFT: "?",
}
_MOST: Final = 12
_COUNTED: Final = (
    (StepAction.CREATE, "to create"),
    (StepAction.UPDATE, "to update"),
    (StepAction.DELETE, "to delete"),
    (StepAction.UNCHANGED, "unchanged"),
    (StepAction.CONFLICT, "in conflict"),
    (StepAction.REFUSED, "refused"),
    (StepAction.LEFT, "no longer in the specs"),
)


def plan_lines(push: Push, *, again: str = "dashgen push") -> Iterator[str]:
    """A plan: what happens to each resource, and what in it changes.

    Args:
        push: the plan.
        again: the command that overwrites with `--force`.
    """
    version = push.grafana.capabilities.version
    yield f"{push.chosen.shown}{f', Grafana {version}' if version else ''}"
    for step in push.steps:
        if step.act is not StepAction.UNCHANGED:
            yield from step_lines(step, push.chosen.named, again)
    counts = Counter(step.act for step in push.steps)
    yield (
        ", ".join(f"{counts[act]} {word}" for act, word in _COUNTED if counts[act])
        or "no spec defines anything"
    )


def step_lines(step: PushStep, target: str, again: str) -> Iterator[str]:
    """One step with its reasons."""
    reason = f": {step.reason}" if step.reason else ""
    yield f"  {_SIGNS[step.act]} {step.shown}{reason}"
    if step.act in (StepAction.UPDATE, StepAction.CONFLICT):
        yield from first_lines(change_sentences(step.theirs), "      in Grafana: ", _MOST)
        label = "a push: " if step.act is StepAction.CONFLICT or step.theirs else ""
        yield from first_lines(change_sentences(step.changes), f"      {label}", _MOST)
    if step.act is StepAction.CONFLICT:
        yield f"      {ways(step, target, again)}"
    elif step.act is StepAction.LEFT and step.reason.startswith("no spec"):
        yield "      delete it with `--prune`"
    if step.way:
        yield f"      {step.way}"


def ways(step: PushStep, target: str, again: str) -> str:
    """How to go on from a conflict."""
    option = "--url" if "://" in target else "--target"
    if again != "dashgen push":
        return f"look at it with `dashgen diff {option} {target}`, or overwrite it with `--force`"
    only = f" --only {step.item.uid}" if step.wanted is not None else " --prune"
    # The way that loses nobody's work comes first.
    look = f"look at it with `dashgen diff {option} {target}`"
    force = f"`dashgen push {option} {target}{only} --force`"
    take = "bring the change into the specs and push again"
    if kind_of(step.item).is_pulled:
        take = f"take it into the specs with `dashgen pull {option} {target}`"
    return f"{look}, {take}, or overwrite it with {force}"


def first_lines(sentences: Iterable[str], prefix: str, most: int) -> Iterator[str]:
    """Sentences as lines that begin with a prefix; of many only the first ones."""
    every = list(sentences)
    yield from (f"{prefix}{sentence}" for sentence in every[:most])
    if len(every) > most:
        yield f"{prefix}… and {len(every) - most} more"


def change_sentences(changes: Iterable[Change]) -> Iterator[str]:
    """The sentences of changes; those of rules name the rule."""
    for change in changes:
        # A rule is written with its group.
        is_part = change.kind not in resource_kinds()
        about = f"{kind_name(change.kind)} {change.title}: " if is_part else ""
        if not change.details:
            yield f"{about}{change.what}"
        for detail in change.details:
            subject = f"{detail.subject}: " if detail.subject else ""
            yield f"{about}{subject}{_sentence(detail)}"


def _sentence(detail: Detail) -> str:
    """The sentence.

    Of a new title both, as the reader does not see which side the resource's own name is from.
    """
    if detail.path == ("title",):
        return f'renamed "{detail.old}" → "{detail.new}"'
    return detail.sentence


def outcome_line(outcome: StepOutcome) -> str:
    """What became of one step."""
    label = outcome.step.label
    message = f": {outcome.message}" if outcome.message else ""
    hint = f"; {outcome.hint}" if outcome.hint else ""
    link = f" {outcome.link}" if outcome.link else ""
    return f"{outcome.end} {label}{message}{hint}{link}"


def summary(outcomes: Iterable[StepOutcome], unchanged: int) -> str:
    """How many of what happened."""
    counts = Counter(outcome.end for outcome in outcomes)
    counts[StepEnd.UNCHANGED] += unchanged
    return ", ".join(f"{counts[end]} {end}" for end in StepEnd if counts[end]) or "nothing happened"

"""A running Grafana against the specs: each difference with who made it since the last push."""

from collections.abc import Iterator
from dataclasses import dataclass

from dashgen.compare import Change, Resource, Resources, Side, classify, compare
from dashgen.compare.render.render_summary import ReportedComparison
from dashgen.formats.resources import kind_name
from dashgen.sync.push.item import Item
from dashgen.sync.push.normal_items import normal
from dashgen.sync.push.push import Push
from dashgen.sync.push.push_plan import PushStep, Sides, StepAction
from dashgen.sync.push.step_texts import change_sentences
from dashgen.sync.push.verdict import Verdict

_SHOWN = (StepAction.CREATE, StepAction.UPDATE, StepAction.CONFLICT, StepAction.REFUSED)
_WORDS = {Side.OURS: "ours", Side.THEIRS: "theirs", Side.BOTH: "both", Side.CONFLICT: "conflict"}


@dataclass(frozen=True, slots=True)
class SidedSentence:
    """One difference in words, and who made it: ours, theirs, both, conflict, or nothing when that is not known."""

    side: str
    sentence: str


def differences_of(push: Push) -> Iterator[tuple[PushStep, list[SidedSentence]]]:
    """The resources that are not as the specs say, each with what differs."""
    for step in push.steps:
        if step.act in _SHOWN and (step.changes or step.act is StepAction.CREATE):
            yield step, list(_sided_sentences(step, push.sides))


def _sided_sentences(step: PushStep, sides: Sides) -> Iterator[SidedSentence]:
    if step.wanted is None or step.live is None:
        return
    base = _base(step, sides)
    if base is None:
        yield from (SidedSentence("", sentence) for sentence in change_sentences(step.changes))
        return
    of = [
        Resources(_resources(item, sides, is_desired=item is step.wanted))
        for item in (base, step.wanted, step.live.item)
    ]
    changes = list(classify(*of))
    if not changes:
        # Secrets, which no side shows.
        yield from (SidedSentence("ours", sentence) for sentence in change_sentences(step.changes))
    for change in changes:
        prefix = f"{kind_name(change.change.kind)} {change.change.title}: " if len(of[0]) > 1 else ""
        for sided in change.details:
            about = f"{sided.detail.subject}: " if sided.detail.subject else ""
            yield SidedSentence(_WORDS[sided.side], f"{prefix}{about}{sided.detail.sentence}")
        if not change.details:
            yield SidedSentence(_WORDS[change.side], f"{prefix}{change.change.what}")


def _base(step: PushStep, sides: Sides) -> Item | None:
    """What was pushed last, as far as that is known."""
    if step.live is not None and step.verdict is Verdict.OURS:
        return step.live.item
    past = sides.past(step.item)
    return past.base if past else None


def _resources(item: Item, sides: Sides, *, is_desired: bool) -> list[Resource]:
    return normal(item, sides.titles, sides.environment if is_desired else None)


def text(push: Push) -> Iterator[str]:
    """Every difference as lines, each marked with who made it."""
    count = 0
    for step, differences in differences_of(push):
        count += 1
        sign = "+" if step.act is StepAction.CREATE else "~"
        reason = f": {step.reason}" if step.reason else ""
        yield f"{sign} {step.label}{reason}"
        for one in differences:
            yield f"    {one.side + ': ' if one.side else ''}{one.sentence}"
    if not count:
        yield f"{push.chosen.shown} is as the specs say"


def comparison(push: Push) -> ReportedComparison:
    """What a push would change, for the reports of `dashgen diff`; edits of others are warnings."""
    changes: list[Change] = []
    warnings: list[str] = []
    for step, differences in differences_of(push):
        changes += step.changes or _created(step, push.sides)
        if step.reason:
            theirs = "; ".join(one.sentence for one in differences if one.side in ("theirs", "conflict"))
            warnings.append(f"{step.label}: {step.reason}{f' ({theirs})' if theirs else ''}")
    return ReportedComparison(push.chosen.shown, "the specs", changes, warnings)


def _created(step: PushStep, sides: Sides) -> list[Change]:
    desired_resources = _resources(step.item, sides, is_desired=True)
    return compare(Resources(), Resources(desired_resources))

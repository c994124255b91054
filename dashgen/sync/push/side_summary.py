"""A running Grafana against the specs: each difference with who made it since the last push."""

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from dashgen.compare import Change, Resources, Side, classify, compare
from dashgen.compare.render.render_summary import ReportedComparison
from dashgen.formats.resources import kind_name
from dashgen.sync.push.dashboard_form import form_change
from dashgen.sync.push.item import Item
from dashgen.sync.push.kinds import kind_of
from dashgen.sync.push.kinds.resource_kind import Merged
from dashgen.sync.push.normal_items import differences, normal
from dashgen.sync.push.push import Push
from dashgen.sync.push.push_plan import PushStep, Sides, StepAction, merged_with_edits
from dashgen.sync.push.step_texts import change_sentences
from dashgen.sync.push.verdict import Verdict

_SHOWN = (StepAction.CREATE, StepAction.UPDATE, StepAction.CONFLICT, StepAction.REFUSED)


class SidedSentence(Struct, frozen=True):
    """One difference in words, and who made it; empty when that is not known."""

    side: Side | Literal[""]
    sentence: str


def differences_of(push: Push) -> Iterator[tuple[PushStep, list[SidedSentence]]]:
    """The resources that are not as the specs define them, each with what differs."""
    for step in push.steps:
        if step.act in _SHOWN and (step.changes or step.act is StepAction.CREATE):
            yield step, list(_differences_of_step(step, push.sides))


def _differences_of_step(step: PushStep, sides: Sides) -> Iterator[SidedSentence]:
    if step.wanted is None or step.live is None:
        return
    # What is as it was pushed is the base itself: then every difference is ours.
    specs = step.specs or step.wanted
    merged = None
    if step.verdict is Verdict.EDITED:
        merged = merged_with_edits(specs, step.live, sides.pushed.get(specs.key))
    if merged is not None:
        yield from _sides_of_parts(specs, step.live.item, merged, sides)
        return
    past = sides.past(step.item)
    base = step.live.item if step.verdict is Verdict.OURS else past.base if past else None
    if base is None:
        yield from (SidedSentence("", sentence) for sentence in change_sentences(step.changes))
        return
    sided = list(sided_sentences(base, step.wanted, step.live.item, sides))
    yield from sided
    if not sided:
        # Secrets, which no side shows.
        yield from (SidedSentence(Side.OURS, sentence) for sentence in change_sentences(step.changes))


def _sides_of_parts(specs: Item, live: Item, merged: Merged, sides: Sides) -> Iterator[SidedSentence]:
    """The differences of a resource of which only checksums of what was pushed last are known, by its parts.

    What both sides made is a merge, so what the specs lack of that is theirs, and what Grafana lacks is ours.
    """
    titles, kind = sides.titles, kind_of(specs)
    for side, changes in (
        (Side.OURS, differences(live, merged.item, titles, filled_in=True)),
        (Side.THEIRS, differences(specs, merged.item, titles)),
    ):
        for change in changes:
            for detail in change.details or (None,):
                part = kind.part_of(change, detail.path if detail else ())
                sentences = change_sentences([replace(change, details=(detail,) if detail else ())])
                is_clash = part in merged.clashes
                yield from (SidedSentence(Side.CONFLICT if is_clash else side, one) for one in sentences)


def sided_sentences(base: Item, built: Item, live: Item, sides: Sides) -> Iterator[SidedSentence]:
    """Each difference between the specs and Grafana, with who made it since the last push.

    Args:
        base: what was pushed last.
        built: what the specs build.
        live: what Grafana has.
        sides: what folders are called, and what references are resolved with.
    """
    old, ours, theirs = (
        Resources(normal(item, sides.titles, sides.environment if item is built else None))
        for item in (base, built, live)
    )
    if form := form_change(live, built):
        yield from (SidedSentence(Side.OURS, sentence) for sentence in change_sentences([form]))
    for change in classify(old, ours, theirs):
        # Of a group of rules, which rule.
        name = f"{kind_name(change.change.kind)} {change.change.title}: " if len(old) > 1 else ""
        for sided in change.details:
            subject = f"{sided.detail.subject}: " if sided.detail.subject else ""
            yield SidedSentence(sided.side, f"{name}{subject}{sided.detail.sentence}")
        if not change.details:
            yield SidedSentence(change.side, f"{name}{change.change.what}")


def text(push: Push) -> Iterator[str]:
    """Every difference as lines, each marked with who made it."""
    count = 0
    for step, sentences in differences_of(push):
        count += 1
        sign = "+" if step.act is StepAction.CREATE else "~"
        reason = f": {step.explanation}" if step.reason else ""
        yield f"{sign} {step.shown}{reason}"
        for one in sentences:
            yield f"    {one.side + ': ' if one.side else ''}{one.sentence}"
    if not count:
        yield f"{push.chosen.shown} is as the specs say"


def comparison(push: Push) -> ReportedComparison:
    """What a push would change, for the reports of `dashgen diff`; edits of others are warnings."""
    changes: list[Change] = []
    warnings: list[str] = []
    for step, sentences in differences_of(push):
        # A step that creates has no changes of its own: everything in it is new.
        changes += step.changes or compare(
            Resources(), Resources(normal(step.item, push.sides.titles, push.sides.environment))
        )
        if step.reason:
            theirs = "; ".join(one.sentence for one in sentences if one.side in (Side.THEIRS, Side.CONFLICT))
            warnings.append(f"{step.label}: {step.explanation}{f' ({theirs})' if theirs else ''}")
    return ReportedComparison(push.chosen.shown, "the specs", changes, warnings)

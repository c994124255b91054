"""What of a dashboard is to be taken over: all of what is there, or what they changed since a common base."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from dashgen.compare import Resources, Side, classify
from dashgen.formats import resources as kinds
from dashgen.formats.normal.filled_values import without_selections
from dashgen.sync.pull.sound_check import sound
from dashgen.sync.pull.three_way_merge import merged
from dashgen.sync.push.item import TAG, Item, LiveItem
from dashgen.sync.push.normal_items import differences, digest, normal
from dashgen.sync.push.push_plan import PushStep, Sides, StepAction
from dashgen.sync.push.step_texts import change_sentences
from dashgen.sync.push.verdict import Verdict

_UNKNOWN: Final = (
    "what was pushed last is not known, so it cannot be told what was edited in Grafana; "
    "`--theirs` takes everything that is there"
)


@dataclass(slots=True)
class Edited:
    """A dashboard that is not as the specs say.

    Attributes:
        wanted: what the specs build.
        live: what is there.
        data: what the specs are to build; nothing when nothing can be taken over.
        taken: what is taken over, in words.
        conflicts: what both sides changed, in words, which stays as it is in the specs.
        reason: why nothing can be taken over.
        whole: whether everything that is there is taken over.
    """

    wanted: Item
    live: LiveItem
    data: Mapping[str, Any] | None = None
    taken: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    reason: str = ""
    whole: bool = True

    @property
    def moved(self) -> bool:
        """Whether it is in another folder than the specs say."""
        return self.wanted.folder_uid != self.live.item.folder_uid


def edited_dashboard(step: PushStep, sides: Sides, *, theirs: bool) -> Edited | None:
    """What was edited of a dashboard; nothing when it is as it was pushed.

    Args:
        step: what a push would do.
        sides: everything that is known of both sides.
        theirs: whether everything that is there is wanted, whoever changed it.
    """
    if step.act not in (StepAction.CONFLICT, StepAction.REFUSED) or step.wanted is None or step.live is None:
        return None
    if step.act is StepAction.REFUSED:
        return Edited(step.wanted, step.live, reason=step.reason)
    built_item, live = step.wanted, _sound(step.live)
    if theirs or is_last(built_item, step, sides):
        live_content = without_selections(live.item.content, built_item.content)
        edit = Edited(built_item, live, with_tag(live_content))
        aim = replace(live.item, content=live_content)
        edit.taken = list(change_sentences(differences(built_item, aim, sides.titles)))
        return edit
    past = sides.histories.get(built_item.uid)
    if past is None or past.base is None or step.verdict is not Verdict.EDITED:
        return Edited(built_item, live, reason=_UNKNOWN)
    return _merged(built_item, live, replace(past.base, content=sound(past.base.content)), sides)


def _sound(live: LiveItem) -> LiveItem:
    return replace(live, item=replace(live.item, content=sound(live.item.content)))


def is_last(built_item: Item, step: PushStep, sides: Sides) -> bool:
    """Whether the specs still say what was pushed last, so that only the other side changed."""
    pushed = sides.pushed.get(built_item.key)
    ours = {pushed.checksum, pushed.undone} if pushed else set()
    known_digests = {*ours, step.live.stamp if step.live else ""} - {""}
    return step.verdict is Verdict.EDITED and digest(built_item, sides.environment) in known_digests


def _merged(built_item: Item, live: LiveItem, base: Item, sides: Sides) -> Edited:
    edit = Edited(built_item, live, whole=False)
    of = [Resources(normal(item, sides.titles)) for item in (base, built_item, live.item)]
    for change in classify(*of):
        for sided in change.details:
            about = f"{sided.detail.subject}: " if sided.detail.subject else ""
            sentence = f"{about}{sided.detail.sentence}"
            if sided.side is Side.THEIRS:
                edit.taken.append(sentence)
            elif sided.side is Side.CONFLICT:
                edit.conflicts.append(sentence)
    if edit.taken:
        live_content = without_selections(live.item.content, base.content)
        both = merged(dict(base.content), dict(built_item.content), live_content)
        edit.data = with_tag(both)
    return edit


def with_tag(content: Mapping[str, Any]) -> dict[str, Any]:
    """A dashboard with the tag that every dashboard of the specs has."""
    tags = content.get("tags")
    tag_names = [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
    return {**content, "tags": tag_names if TAG in tag_names else [*tag_names, TAG]}


def is_dashboard(step: PushStep) -> bool:
    """Whether a step is about a dashboard."""
    return step.item.kind == kinds.DASHBOARD

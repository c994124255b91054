"""What of a dashboard to take over: all that Grafana has, or what changed there since the last push."""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from dashgen.compare import Side
from dashgen.core.json_values import Json, items, mappings
from dashgen.formats.normal.filled_values import without_selections
from dashgen.sync.pull.paired_headers import with_paired_headers
from dashgen.sync.pull.three_way_merge import merged
from dashgen.sync.push.item import TAG, Item, LiveItem
from dashgen.sync.push.normal_items import differences
from dashgen.sync.push.push_plan import PushStep, Sides, StepAction
from dashgen.sync.push.side_summary import sided_sentences
from dashgen.sync.push.step_texts import change_sentences
from dashgen.sync.push.verdict import Verdict

_UNKNOWN: Final = (
    "what was pushed last is not known, so neither is what was edited in Grafana since; "
    "`--theirs` takes everything that is there"
)
_LISTS: Final = frozenset(
    ("panels", "rows", "targets", "links", "transformations", "overrides", "properties")
)
"""Keys of dashboards, panels and overrides whose values are lists of objects."""
_OBJECTS: Final = frozenset(
    ("templating", "annotations", "gridPos", "fieldConfig", "defaults", "matcher", "time")
)
"""Keys whose values are objects."""
_WITH_LIST: Final = frozenset(("templating", "annotations"))
"""Objects with a `list` of objects."""
_TEXTS: Final = frozenset(("title", "description", "type", "refId", "expr", "legendFormat"))


class Edited(Struct):
    """A dashboard that is not as the specs build it.

    Attributes:
        built: what the specs build.
        live: what Grafana has.
        data: what the specs are to build; nothing when nothing can be taken over.
        taken: what is taken over, in words.
        conflicts: what both sides changed, in words, which stays as it is in the specs.
        reason: why nothing can be taken over.
        whole: whether everything that Grafana has is taken over.
    """

    built: Item
    live: LiveItem
    data: Json | None = None
    taken: list[str] = []
    conflicts: list[str] = []
    reason: str = ""
    whole: bool = True

    @property
    def moved(self) -> bool:
        """Whether it is in another folder than the specs put it."""
        return self.built.folder_uid != self.live.item.folder_uid


def edited_dashboard(step: PushStep, sides: Sides, *, theirs: bool) -> Edited | None:
    """What was edited of a dashboard; nothing when it is as it was pushed.

    Args:
        step: what a push would do.
        sides: everything that is known of both sides.
        theirs: whether everything that is in Grafana is taken over, whoever changed it.
    """
    if step.act not in (StepAction.CONFLICT, StepAction.REFUSED) or step.wanted is None or step.live is None:
        return None
    if step.act is StepAction.REFUSED:
        return Edited(step.wanted, step.live, reason=step.explanation)
    built = step.wanted
    live = replace(step.live, item=replace(step.live.item, content=sound(step.live.item.content)))
    if theirs or sides.is_last_push(step):
        # What a viewer chose in a drop-down is saved along, and is no edit unless the specs choose too.
        content = without_selections(live.item.content, built.content)
        changes = differences(built, replace(live.item, content=content), sides.titles)
        return Edited(built, live, with_tag(content), list(change_sentences(changes)))
    # Both sides changed: without what was pushed last there is no telling whose change is newer.
    past = sides.histories.get(built.uid)
    if past is None or past.base is None or step.verdict is not Verdict.EDITED:
        return Edited(built, live, reason=_UNKNOWN)
    # The base went through the same Grafana, and is cleaned alike.
    base = replace(past.base, content=sound(past.base.content))
    edit = Edited(built, live, whole=False)
    for one in sided_sentences(base, built, live.item, sides):
        if one.side == Side.THEIRS:
            edit.taken.append(one.sentence)
        elif one.side == Side.CONFLICT:
            edit.conflicts.append(one.sentence)
    if edit.taken:
        content = without_selections(live.item.content, base.content)
        # A merge pairs panels by their ids, and schema v2 has none of rows and tabs.
        pushed = with_paired_headers(base.content, built.content)
        edit.data = with_tag(merged(pushed, dict(built.content), with_paired_headers(content, pushed)))
    return edit


def with_tag(content: Mapping[str, Any]) -> Json:
    """A dashboard with the tag that every dashboard of the specs has, which an editor may have removed."""
    tags = [tag for tag in items(content.get("tags")) if isinstance(tag, str)]
    return {**content, "tags": tags if TAG in tags else [*tags, TAG]}


def sound(data: Mapping[str, Any]) -> Json:
    """A dashboard, or a part of one, without what is of another type than Grafana's pages take.

    Grafana takes any JSON over its API, whatever its pages can draw: `panels` may hold null, numbers or text.
    """
    sound_data: Json = {}
    for key, value in data.items():
        if key in _LISTS:
            sound_data[key] = list(map(sound, mappings(value)))
        elif key in _WITH_LIST and isinstance(value, dict):
            items = {"list": list(map(sound, mappings(value["list"])))} if "list" in value else {}
            sound_data[key] = {**value, **items}
        elif key in _OBJECTS:
            if isinstance(value, dict):
                sound_data[key] = sound(value)
        elif key not in _TEXTS or isinstance(value, str) or value is None:
            sound_data[key] = value
    return sound_data

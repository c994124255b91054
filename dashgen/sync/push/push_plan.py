"""Plan a push: a pure function of what the specs define, what Grafana has, and what was pushed last."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from dashgen.compare import Change, Detail, What
from dashgen.formats.resources import FOLDER, Key
from dashgen.servers.grafana.managers import Manager
from dashgen.sync.push.dashboard_form import V2, form_change
from dashgen.sync.push.item import Item, LiveItem
from dashgen.sync.push.kinds import kind_of, label
from dashgen.sync.push.kinds.resource_kind import FolderPath, Merged
from dashgen.sync.push.live_items import Live
from dashgen.sync.push.normal_items import differences, digest, digest_as_ours, normal
from dashgen.sync.push.past_versions import DashboardHistory
from dashgen.sync.push.push_state import Pushed
from dashgen.sync.push.rotation import Rotation
from dashgen.sync.push.secret_references import Environment
from dashgen.sync.push.verdict import Verdict, judge, marks


class StepAction(StrEnum):
    """What happens to one resource."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    REFUSED = "refused"
    LEFT = "left"


WRITES: Final = frozenset((StepAction.CREATE, StepAction.UPDATE, StepAction.DELETE))


class PushStep(Struct, frozen=True):
    """What happens to one resource, and why.

    Attributes:
        act: what happens.
        wanted: the resource as the specs define it; nothing when no spec does.
        live: the resource as Grafana has it; nothing when it does not.
        changes: what a write changes, from what Grafana has to what the specs define.
        theirs: what somebody else changed since the last push, as far as that is known.
        reason: why, when it is not just that the specs say so.
        verdict: whether what is there is what was pushed last.
        early: whether a deletion comes before what is created, because that takes its place.
        foreign: whether what is written is somebody else's, so that it does not count as pushed.
        way: what to do instead, where somebody else manages the resource.
        specs: the resource as the specs define it, where `wanted` has edits made in Grafana too.
    """

    act: StepAction
    wanted: Item | None
    live: LiveItem | None
    changes: tuple[Change, ...] = ()
    theirs: tuple[Change, ...] = ()
    reason: str = ""
    verdict: Verdict = Verdict.OURS
    early: bool = False
    foreign: bool = False
    way: str = ""
    specs: Item | None = None

    @property
    def item(self) -> Item:
        """The resource, as the specs define it or else as Grafana has it.

        Raises:
            ValueError: there is neither.
        """
        item = self.wanted or (self.live.item if self.live else None)
        if item is None:
            raise ValueError("a step needs a wanted or a live item")
        return item

    @property
    def key(self) -> Key:
        """The kind and the uid, which no two resources share."""
        return self.item.key

    @property
    def label(self) -> str:
        """What the resource is called in a sentence."""
        return label(self.item)

    @property
    def shown(self) -> str:
        """What the resource is called in a list, where what is stored in schema v2 says so."""
        return f"{self.label}, in schema v2" if self.item.form == V2 else self.label

    @property
    def explanation(self) -> str:
        """Why, and what to do instead."""
        return f"{self.reason}; {self.way}" if self.way else self.reason


class PlanOptions(Struct, frozen=True):
    """What a user allows."""

    force: bool = False
    prune: bool = False


@dataclass(slots=True)
class Sides:
    """Everything that a plan is made from.

    Attributes:
        wanted: every resource that the specs define, in any order.
        live: what Grafana has.
        pushed: what was pushed last, by key.
        titles: the path of titles of a folder, by its uid.
        environment: what references are resolved with.
        histories: what the histories of dashboards tell, by uid.
        rotation: what is known of secrets.
        stage: the environment that is pushed for; nothing when there is none.
        otherwise: what of folders is not as their specs have it, in words.
    """

    wanted: Sequence[Item]
    live: Live
    pushed: Mapping[Key, Pushed]
    titles: FolderPath
    environment: Environment = field(repr=False)
    histories: Mapping[str, DashboardHistory] = field(default_factory=dict)
    rotation: Rotation = field(default_factory=Rotation)
    stage: str = ""
    otherwise: Sequence[str] = ()

    def past(self, item: Item) -> DashboardHistory | None:
        """The history of an item; nothing where Grafana keeps none or it was not read."""
        return self.histories.get(item.uid) if kind_of(item).has_history else None

    def is_last_push(self, step: PushStep) -> bool:
        """Whether of an edited resource the specs build what was pushed last: only Grafana's side changed."""
        if step.verdict is not Verdict.EDITED or step.wanted is None:
            return False
        pushed = self.pushed.get(step.wanted.key)
        # After a pull that was thrown away the specs build again what they did before it.
        checksums = {pushed.checksum, pushed.undone} if pushed else set()
        checksums |= {step.live.stamp} if step.live else set()
        return digest(step.wanted, self.environment) in checksums - {""}


def plan(sides: Sides, options: PlanOptions, *, whole: bool = True) -> list[PushStep]:
    """The steps of a push, in the order in which they are taken.

    Args:
        sides: what the specs define, what Grafana has, and what was pushed.
        options: what the user allows.
        whole: whether all of the specs count; else nothing beyond `sides.wanted` is looked at.
    """
    steps = [_unavailable(item, sides) or _step(item, sides, options) for item in sides.wanted]
    if whole:
        steps += _gone(sides, options)
    steps = list(_with_early_deletions(steps))
    # What gives members away is written when they have gone.
    givers = set(moving_members(steps).values())
    return sorted(steps, key=lambda step: _place(step, gives=step.item.uid in givers))


def moving_members(steps: Iterable[PushStep]) -> dict[str, str]:
    """The members that move from one resource to another, with the uid of the one that has them now."""
    owners: dict[str, str] = {}
    taken: set[str] = set()
    for step in steps:
        kind = kind_of(step.item)
        desired = set(kind.members(step.wanted)) if step.wanted else set()
        live = set(kind.members(step.live.item)) if step.live else set()
        taken |= desired - live
        # Only what is as it was pushed may be taken apart.
        is_ours = step.verdict is Verdict.OURS and step.act in WRITES
        if step.live and is_ours and not step.live.owner:
            owners |= dict.fromkeys(live - desired, step.live.item.uid)
    return {uid: owner for uid, owner in owners.items() if uid in taken}


def unsure(sides: Sides) -> list[tuple[LiveItem, Pushed | None]]:
    """The dashboards that differ and that somebody else may have changed: their history knows more."""
    dashboards = []
    for item in sides.wanted:
        live = sides.live.get(item.key)
        if not kind_of(item).has_history or live is None or live.owner or live.as_wanted:
            continue
        pushed = sides.pushed.get(item.key)
        surely_ours = _judged(item, live, pushed, None, sides) is Verdict.OURS
        if surely_ours:
            continue
        if form_change(live.item, item) or differences(live.item, item, sides.titles, sides.environment):
            dashboards.append((live, pushed))
    return dashboards


def refused_step(
    item: Item | None, live: LiveItem | None, changes: tuple[Change, ...], manager: Manager
) -> PushStep:
    """A step that is not taken because somebody else manages the resource."""
    reason = f"it is managed by {manager}"
    return PushStep(StepAction.REFUSED, item, live, changes, reason=reason, way=manager.way)


def _unavailable(item: Item, sides: Sides) -> PushStep | None:
    """A step that is not taken because this Grafana has nothing of the kind."""
    reason = sides.live.lacking.get(item.kind, "")
    return PushStep(StepAction.REFUSED, item, None, reason=reason) if reason else None


def _step(item: Item, sides: Sides, options: PlanOptions) -> PushStep:
    live, pushed = sides.live.get(item.key), sides.pushed.get(item.key)
    if live is None:
        reason = "it was deleted in Grafana since the last push" if pushed and pushed.checksum else ""
        created = PushStep(StepAction.CREATE, item, None, reason=reason)
        return _refused_for_others(item, None, (), sides) or created
    as_wanted = live.as_wanted or _is_as_pushed(item, live, pushed, sides)
    past = sides.past(item)
    changes = () if as_wanted else _changes(item, live, past, sides)
    if item.key in sides.rotation.changed:
        changes = (*changes, _rotated(item, live, sides))
    content = item.content
    has_secrets = kind_of(item).has_secrets and bool(
        content.get("secureJsonData") or "$" in str(content.get("settings", ""))
    )
    # Whether secrets differ is not always known, so force writes them again.
    if not changes and not (options.force and has_secrets):
        return PushStep(StepAction.UNCHANGED, item, live)
    owner = live.owner
    if owner is not None and owner.yields and options.force:
        reason = f"it is managed by {owner}, which may undo this"
        return PushStep(StepAction.UPDATE, item, live, changes, reason=reason, verdict=Verdict.FOREIGN)
    if refused := _refused_for_others(item, live, changes, sides):
        return refused
    verdict = _judged(item, live, pushed, past, sides)
    if not changes:
        reason = "its secrets are written again"
        return PushStep(StepAction.UPDATE, item, live, reason=reason, verdict=verdict)
    if verdict is Verdict.OURS:
        return PushStep(StepAction.UPDATE, item, live, changes)
    if not options.force and (step := merged_step(item, live, sides, verdict)):
        return step
    base = past.base if past else None
    theirs = tuple(differences(base, live.item, sides.titles)) if base else ()
    reason = verdict.words
    if verdict is Verdict.ELSEWHERE:
        reason = f"it was pushed for the environment `{_pushed_for(live, past)}`"
    act = StepAction.UPDATE if options.force else StepAction.CONFLICT
    return PushStep(act, item, live, changes, theirs, reason, verdict)


def merged_step(item: Item, live: LiveItem, sides: Sides, verdict: Verdict) -> PushStep | None:
    """The step of what people edited in Grafana since the last push, merged with what is to be written.

    Nothing when it cannot be known who changed what.
    """
    merged = merged_with_edits(item, live, sides.pushed.get(item.key)) if verdict is Verdict.EDITED else None
    if merged is None:
        return None
    changes = tuple(differences(live.item, merged.item, sides.titles, filled_in=True))
    theirs = tuple(differences(item, merged.item, sides.titles))
    if not merged.clashes and not theirs:
        # A push that was interrupted wrote a part of it.
        return PushStep(StepAction.UPDATE, item, live, changes)
    reason = verdict.words + (f": {', '.join(merged.edited)}" if merged.edited else "")
    if merged.clashes:
        reason = f"{verdict.words}, and the specs changed the same: {'; '.join(merged.clashes.values())}"
    if merged.clashes or not changes:
        # There is nothing to write but over what somebody edited.
        overwritten = _changes(item, live, None, sides)
        return PushStep(StepAction.CONFLICT, item, live, overwritten, theirs, reason, verdict)
    step = PushStep(StepAction.UPDATE, merged.item, live, changes, theirs, reason, verdict)
    return replace(step, specs=item)


def merged_with_edits(item: Item, live: LiveItem, pushed: Pushed | None) -> Merged | None:
    """What the specs and people in Grafana changed since the last push, together.

    Nothing when the parts of what was pushed last are not known.
    """
    # What Grafana itself keeps counts before this machine's memory.
    base = live.parts or (pushed.parts if pushed else {})
    return kind_of(item).merged(base, item, live.item) if base else None


def _refused_for_others(
    item: Item, live: LiveItem | None, changes: tuple[Change, ...], sides: Sides
) -> PushStep | None:
    """The step of what somebody else manages, or whose folder a repository does; nothing of what is free."""
    if live is not None and live.owner is not None:
        return refused_step(item, live, changes, live.owner)
    folder = sides.live.get((FOLDER, item.folder_uid))
    owner = folder.owner if folder is not None and kind_of(item).is_kept_out_of_repositories else None
    if owner is None or not owner.is_repository:
        return None
    reason = f"its folder is managed by {owner}, and Grafana takes nothing else into it"
    return PushStep(StepAction.REFUSED, item, live, changes, reason=reason, way=owner.way)


def _judged(
    item: Item, live: LiveItem, pushed: Pushed | None, past: DashboardHistory | None, sides: Sides
) -> Verdict:
    """Who made what is there.

    What a pull took over is theirs again when the specs are as they were before it.
    """
    if _pushed_for(live, past) not in ("", sides.stage):
        return Verdict.ELSEWHERE
    verdict = judge(live, pushed, past)
    # What Grafana filled in since the push where the specs have nothing is no edit.
    if verdict is Verdict.EDITED and digest_as_ours(live.item, item, sides.environment) in marks(
        live, pushed, past
    ):
        verdict = Verdict.OURS
    undone = pushed is not None and pushed.undone and digest(item, sides.environment) == pushed.undone
    return Verdict.EDITED if undone and verdict is Verdict.OURS else verdict


def _pushed_for(live: LiveItem, past: DashboardHistory | None) -> str:
    """The environment that what is there was pushed for.

    Nothing when there is none, or when that is not known.
    """
    return live.environment or (past.environment if past else "")


def _rotated(item: Item, live: LiveItem, sides: Sides) -> Change:
    """That secrets changed, in words; the secrets themselves are in none."""
    detail = Detail(("the secrets are others than at the last push",), ("secrets",), None, None)
    old, new = normal(live.item)[0], normal(item, sides.titles, sides.environment)[0]
    return Change(What.CHANGED, old, new, (detail,))


def _changes(item: Item, live: LiveItem, past: DashboardHistory | None, sides: Sides) -> tuple[Change, ...]:
    """What a write changes. What Grafana filled in since the last push is no change.

    What that push wrote is one.
    """
    form = [change] if (change := form_change(live.item, item)) else []
    changes = [*differences(live.item, item, sides.titles, sides.environment), *form]
    # When Grafana has just what a push wrote, nothing was filled in since, and every difference is one of the
    # specs.
    if not changes or digest(live.item) in marks(live, sides.pushed.get(item.key), past):
        return tuple(changes)
    return (*differences(live.item, item, sides.titles, sides.environment, filled_in=True), *form)


def _is_as_pushed(item: Item, live: LiveItem, pushed: Pushed | None, sides: Sides) -> bool:
    """Whether neither side changed since the last push, without looking at contents, which takes long."""
    if pushed is None or not live.version or pushed.version != live.version or live.item.form != item.form:
        return False
    return digest(item, sides.environment) == pushed.checksum


def _gone(sides: Sides, options: PlanOptions) -> Iterator[PushStep]:
    """The steps of what dashgen made and no spec defines any more."""
    wanted_keys = {item.key for item in sides.wanted}
    for live in sides.live:
        pushed = sides.pushed.get(live.key)
        # Another project may leave the same marks: only what was pushed from this machine is known to be of
        # this one.
        if live.key in wanted_keys or pushed is None or not pushed.owned:
            continue
        verdict = judge(live, pushed, None)
        act, reason, way = StepAction.LEFT, "no spec defines it any more", ""
        if live.owner:
            reason, way = f"it is managed by {live.owner}", "its manager has to delete it"
        elif options.prune and (verdict is Verdict.OURS or options.force):
            act = StepAction.DELETE
        elif options.prune:
            act, reason = StepAction.CONFLICT, f"{reason}, but {verdict.words}"
        yield PushStep(act, None, live, reason=reason, verdict=verdict, way=way)


def _with_early_deletions(steps: list[PushStep]) -> Iterator[PushStep]:
    """The steps.

    An old group whose rules all move to others is deleted, as Grafana deletes it when they are gone.
    """
    moving = {
        uid: step.item.title for step in steps if step.wanted for uid in kind_of(step.item).members(step.item)
    }
    for step in steps:
        live = step.live
        uids = kind_of(live.item).members(live.item) if live and step.wanted is None else []
        is_ours = live is not None and step.verdict is Verdict.OURS and not live.owner
        if uids and is_ours and all(uid in moving for uid in uids):
            reason = f"its rules are in the group `{moving[uids[0]]}` now"
            yield replace(step, act=StepAction.DELETE, reason=reason, early=True)
        else:
            yield step


def _place(step: PushStep, *, gives: bool) -> tuple[int, int, bool, int, str]:
    """Deletions come last and the other way round; folders before those in them."""
    number = kind_of(step.item).order
    depth = len(step.item.folder)
    if step.act is StepAction.DELETE and not step.early:
        return 1, -number, False, -depth, step.item.uid
    # Groups that give their rules away go behind those that take them: Grafana moves rules with their
    # history.
    return 0, number, gives, depth, step.item.uid


def checksum(step: PushStep, environment: Environment) -> str:
    """The checksum of what counts as pushed after a step: edits that it keeps are not of the specs."""
    pushed = step.specs or step.wanted
    return digest(pushed, environment) if pushed and not step.foreign else ""

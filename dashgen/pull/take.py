"""Brings the texts of a project to build what is live, one dashboard after the other."""

from dashgen.pull.layout import take_layout
from dashgen.pull.leaves import without
from dashgen.pull.leftovers import take_leftovers
from dashgen.pull.loops import unroll
from dashgen.pull.panels import take_panels
from dashgen.pull.parts import panels
from dashgen.pull.patch import Counted, Patch
from dashgen.pull.structure import take_structure
from dashgen.pull.top import take_folder, take_top
from dashgen.pull.words import DashboardWords, words_of

_ROUNDS = 4


def take_over(patch: Patch, uid: str) -> None:
    """Write into the specs what a dashboard's goal has and its build has not, as far as that can be done."""
    goal = patch.goals[uid]
    wanted = words_of(goal.data, patch.building, patch.dashboard(uid))
    take_folder(patch, uid)
    if wanted is None:
        take_leftovers(patch, uid)
        return
    for _ in range(_ROUNDS):
        before = patch.texts
        _take(patch, uid, wanted)
        # What stands in a loop no more may be said in other ways.
        if not patch.rest[uid] or patch.texts == before:
            break
    if not patch.rest[uid]:
        return
    kept = patch.keep()
    late = [number for number in panels(patch, uid) if f"panel {number}" in patch.rest[uid]]
    if unroll(patch, uid, late):
        _take(patch, uid, wanted)
        if patch.rest[uid]:
            patch.restore(kept)


def _take(patch: Patch, uid: str, wanted: DashboardWords) -> None:
    take_structure(patch, uid, wanted)
    _take_words(patch, uid, wanted)
    take_layout(patch, uid, wanted)
    if patch.rest[uid]:
        take_leftovers(patch, uid)
        take_layout(patch, uid, wanted)


def _take_words(patch: Patch, uid: str, wanted: DashboardWords) -> None:
    for _ in range(_ROUNDS):
        built = words_of(patch.dashboard(uid).data, patch.building, patch.dashboard(uid))
        if built is None or not without(patch.rest[uid], Counted.VALUES.value):
            break
        done = take_top(patch, uid, built, wanted)
        if not take_panels(patch, uid, built, wanted) and not done:
            break

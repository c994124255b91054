"""Brings the texts of a project to build what is live, one dashboard after the other."""

from dashgen.sync.pull.dashboard_keys import DashboardKeys, words_of
from dashgen.sync.pull.key_parts import panels
from dashgen.sync.pull.leaves import without
from dashgen.sync.pull.leftovers import take_leftovers
from dashgen.sync.pull.pull_layout import take_layout
from dashgen.sync.pull.pull_loops import unroll
from dashgen.sync.pull.pull_panels import take_panels
from dashgen.sync.pull.pull_settings import take_folder, take_top
from dashgen.sync.pull.pull_structure import take_structure
from dashgen.sync.pull.spec_patch import CountedPaths, Patch

_ROUNDS = 4


def take_over(patch: Patch, uid: str) -> None:
    """Write into the specs what a dashboard's goal has and its build has not, as far as that can be done."""
    goal = patch.goals[uid]
    goal_keys = words_of(goal.data, patch.building, patch.dashboard(uid))
    take_folder(patch, uid)
    if goal_keys is None:
        take_leftovers(patch, uid)
        return
    for _ in range(_ROUNDS):
        before = patch.texts
        _take(patch, uid, goal_keys)
        # What stands in a loop no more may be said in other ways.
        if not patch.rest[uid] or patch.texts == before:
            break
    if not patch.rest[uid]:
        return
    snapshot = patch.keep()
    late = [number for number in panels(patch, uid) if f"panel {number}" in patch.rest[uid]]
    if unroll(patch, uid, late):
        _take(patch, uid, goal_keys)
        if patch.rest[uid]:
            patch.restore(snapshot)


def _take(patch: Patch, uid: str, goal_keys: DashboardKeys) -> None:
    take_structure(patch, uid, goal_keys)
    _take_words(patch, uid, goal_keys)
    take_layout(patch, uid, goal_keys)
    if patch.rest[uid]:
        take_leftovers(patch, uid)
        take_layout(patch, uid, goal_keys)


def _take_words(patch: Patch, uid: str, goal_keys: DashboardKeys) -> None:
    for _ in range(_ROUNDS):
        built = words_of(patch.dashboard(uid).data, patch.building, patch.dashboard(uid))
        if built is None or not without(patch.rest[uid], CountedPaths.VALUES.value):
            break
        done = take_top(patch, uid, built, goal_keys)
        if not take_panels(patch, uid, built, goal_keys) and not done:
            break

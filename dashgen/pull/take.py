"""Brings the texts of a project to build what is live, one dashboard after the other."""

from dashgen.pull.leaves import without_places
from dashgen.pull.panels import take_panels
from dashgen.pull.patch import Patch
from dashgen.pull.words import words_of

_ROUNDS = 4


def take_over(patch: Patch, uid: str) -> None:
    """Write into the specs what a dashboard's goal has and its build has not, as far as that can be done."""
    goal = patch.goals[uid]
    wanted = words_of(goal.data, patch.building, patch.dashboard(uid))
    for _ in range(_ROUNDS):
        if wanted is None or not without_places(patch.rest[uid]):
            break
        built = words_of(patch.dashboard(uid).data, patch.building, patch.dashboard(uid))
        if built is None or not take_panels(patch, uid, built, wanted):
            break

"""The parts of a built dashboard by the names that its goal has for them."""

from collections.abc import Iterator

from dashgen.model.settled_dashboard import SettledPanel, SettledRow
from dashgen.sync.pull.spec_patch import Patch


def goal_id(patch: Patch, uid: str, panel: SettledPanel) -> int:
    """What a panel's id is in the goal."""
    own = panel.panel.raw.get("id", panel.id)
    ids = patch.goals[uid].ids
    return ids.get(own, own)


def panels(patch: Patch, uid: str) -> dict[int, SettledPanel]:
    """Every panel by its id in the goal, in the order of the spec."""
    return {goal_id(patch, uid, panel): panel for row in rows(patch, uid) for panel in row.panels}


def rows(patch: Patch, uid: str) -> list[SettledRow]:
    """The rows, with those panels that are in none in an untitled first one."""
    return patch.dashboard(uid).settled.rows


def headers(patch: Patch, uid: str) -> Iterator[tuple[int | None, SettledRow]]:
    """Each row with the id that its header has in the goal; nothing for rows without a title."""
    ids = patch.goals[uid].ids
    for row in rows(patch, uid):
        own = row.raw.get("id", row.id)
        yield (None if row.title is None else ids.get(own, own)), row

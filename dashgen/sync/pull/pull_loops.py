"""Loops that cannot say what one of their turns is to be: each turn becomes an item of its own."""

from collections.abc import Iterable

from dashgen.core.json_values import at
from dashgen.source.edit import Edit, InsertItem, SetValue
from dashgen.source.expressions import ExpressionError
from dashgen.source.provenance import Origin
from dashgen.source.spec_text import protected
from dashgen.sync.pull.candidate_edits import variables_of
from dashgen.sync.pull.key_parts import panels
from dashgen.sync.pull.loop_iterations import copies, evaluated, turns_of
from dashgen.sync.pull.spec_patch import DocumentEdit, Patch


def unroll(patch: Patch, uid: str, numbers: Iterable[int]) -> bool:
    """Write the turns of the loops out that made some panels; whether there was one. What is built stays the same.

    Args:
        patch: the texts.
        uid: the dashboard.
        numbers: the panels, by their ids in the goal.
    """
    done = False
    for number in numbers:
        panel = panels(patch, uid).get(number)
        if panel is None:
            continue
        found = copies(patch.dashboard(uid).resolved, panel.path)
        if found.count > 1:
            done |= _unroll(patch, uid, found.place, found.count)
    return done


def _unroll(patch: Patch, uid: str, place: Origin, count: int) -> bool:
    item = at(place.document.data, place.path)
    variables = variables_of(patch.building, patch.dashboard(uid))
    turns = turns_of(place, variables)
    if turns is None or len(turns) != count or not isinstance(place.path[-1], int):
        return False
    rest = {key: value for key, value in item.items() if key != "for_each"}
    try:
        items = [protected(evaluated(rest, {**variables, **turn})) for turn in turns]
    except ExpressionError:
        return False
    index, parent = place.path[-1], place.path[:-1]
    edits: list[Edit] = [
        InsertItem(parent, index + number, one) for number, one in enumerate(items) if number
    ]
    # The first turn stays where the loop was, with the comments there.
    edits.append(SetValue(place.path, items[0]))
    kept = patch.keep()
    if patch.move(uid, [DocumentEdit(place.document.file, place.document.index, edit) for edit in edits]):
        if patch.rest == kept.rest:
            return True
        patch.restore(kept)
    return False

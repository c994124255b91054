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
        iteration = copies(patch.dashboard(uid).resolved, panel.path)
        if iteration.count > 1:
            done |= _unroll(patch, uid, iteration.place, iteration.count)
    return done


def _unroll(patch: Patch, uid: str, origin: Origin, count: int) -> bool:
    item = at(origin.document.data, origin.path)
    variables = variables_of(patch.building, patch.dashboard(uid))
    turns = turns_of(origin, variables)
    if turns is None or len(turns) != count or not isinstance(origin.path[-1], int):
        return False
    rest = {key: value for key, value in item.items() if key != "for_each"}
    try:
        items = [protected(evaluated(rest, {**variables, **turn})) for turn in turns]
    except ExpressionError:
        return False
    index, parent = origin.path[-1], origin.path[:-1]
    edits: list[Edit] = [
        InsertItem(parent, index + number, one) for number, one in enumerate(items) if number
    ]
    # The first turn stays where the loop was, with the comments there.
    edits.append(SetValue(origin.path, items[0]))
    snapshot = patch.keep()
    if patch.move(uid, [DocumentEdit(origin.document.file, origin.document.index, edit) for edit in edits]):
        if patch.rest == snapshot.rest:
            return True
        patch.restore(snapshot)
    return False

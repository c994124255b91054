"""Loops that cannot express what one of their iterations is to be: each iteration becomes an item of its own."""

from collections.abc import Iterable

from dashgen.source.edit import Edit, InsertItem, SetValue
from dashgen.source.expressions import ExpressionError
from dashgen.source.spec_text import protected
from dashgen.sync.pull.dashboard_search import DashboardEditor
from dashgen.sync.pull.document_edits import DocumentEdit
from dashgen.sync.pull.loop_iterations import Iteration, evaluated, iteration_of, loop_variables
from dashgen.sync.pull.value_origins import written


def unroll(editor: DashboardEditor, numbers: Iterable[int]) -> bool:
    """Write the iterations of the loops out that made some panels.

    Whether there was one. What is built stays the same.

    Args:
        editor: the dashboard.
        numbers: the panels, by their ids in the goal.
    """
    progress = False
    for number in numbers:
        panel = editor.panels.get(number)
        if panel is not None:
            iteration = iteration_of(editor.resolved, panel.path)
            progress |= iteration.count > 1 and _unroll(editor, iteration)
    return progress


def _unroll(editor: DashboardEditor, iteration: Iteration) -> bool:
    origin, variables = iteration.origin, editor.scoped.variables
    iterations = loop_variables(origin, variables)
    if iterations is None or len(iterations) != iteration.count or not isinstance(origin.path[-1], int):
        return False
    rest = {key: value for key, value in written(origin).items() if key != "for_each"}
    try:
        items = [protected(evaluated(rest, {**variables, **own})) for own in iterations]
    except ExpressionError:
        return False
    index, parent = origin.path[-1], origin.path[:-1]
    edits: list[Edit] = [
        InsertItem(parent, index + number, item) for number, item in enumerate(items) if number
    ]
    # The first iteration stays where the loop was, with the comments there.
    edits.append(SetValue(origin.path, items[0]))
    document = origin.document
    document_edits = [DocumentEdit(document.file, document.index, edit) for edit in edits]
    snapshot = editor.search.state
    if editor.search.move(editor.uid, document_edits):
        if editor.search.state.rest == snapshot.rest:
            return True
        editor.search.state = snapshot
    return False

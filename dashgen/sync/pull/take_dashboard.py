"""Edit the specs so that they build what a dashboard is in Grafana, step by step."""

from dashgen.sync.pull.dashboard_keys import DashboardKeys
from dashgen.sync.pull.dashboard_search import DashboardEditor, DashboardSearch
from dashgen.sync.pull.pull_layout import take_layout
from dashgen.sync.pull.pull_panels import take_leftovers, take_panels
from dashgen.sync.pull.pull_settings import take_folder, take_settings
from dashgen.sync.pull.pull_structure import take_structure
from dashgen.sync.pull.search import CountedPaths, without

_ROUNDS = 4


def take_over(search: DashboardSearch, uid: str) -> None:
    """Write into the specs what a dashboard's goal has and its build has not, as far as that can be done."""
    editor = DashboardEditor(search, uid)
    take_folder(editor)
    if editor.goal_keys is None:
        take_leftovers(editor)
        return
    for _ in range(_ROUNDS):
        before = search.texts
        _take_all(editor, editor.goal_keys)
        # A round may make others possible: what is in a loop no more can be written in other ways.
        if not editor.rest or search.texts == before:
            break
    if not editor.rest:
        return
    # As the last resort the loops are written out, but only if that settles everything: it costs their
    # comments.
    snapshot = search.state
    if editor.unroll([number for number in editor.panels if f"panel {number}" in editor.rest]):
        _take_all(editor, editor.goal_keys)
        if editor.rest:
            search.state = snapshot


def _take_all(editor: DashboardEditor, goal: DashboardKeys) -> None:
    # Keys and places are compared panel by panel, so the panels come first, in their rows; places last, as
    # every change of a height moves what is below.
    take_structure(editor, goal)
    _take_keys(editor, goal)
    take_layout(editor, goal)
    if editor.rest:
        take_leftovers(editor)
        take_layout(editor, goal)


def _take_keys(editor: DashboardEditor, goal: DashboardKeys) -> None:
    for _ in range(_ROUNDS):
        built = editor.keys_of(editor.built.data)
        if built is None or not without(editor.rest, CountedPaths.VALUES.value):
            break
        # Both are taken, whatever becomes of the first.
        progress = [take_settings(editor, built, goal), take_panels(editor, built, goal)]
        if not any(progress):
            break

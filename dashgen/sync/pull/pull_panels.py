"""Changes of panels that stay: their keys and their queries."""

from dashgen.core.json_values import ABSENT
from dashgen.sync.pull.dashboard_keys import DashboardKeys, PanelKeys, differing_keys
from dashgen.sync.pull.dashboard_search import DashboardEditor
from dashgen.sync.pull.data_changes import ChangeOptions, DataChange, onto
from dashgen.sync.pull.pull_queries import query_changes
from dashgen.sync.pull.value_origins import has

_MOST_TOGETHER = 2


def take_panels(editor: DashboardEditor, built: DashboardKeys, goal: DashboardKeys) -> bool:
    """Write what differs in panels that both sides have; whether anything was written."""
    built_ids = {goal_id: built_id for built_id, goal_id in editor.goal.ids.items()}
    progress = False
    for number in editor.panels:
        old, new = built.panels.get(built_ids.get(number, number)), goal.panels.get(number)
        if old is not None and new is not None and f"panel {number}" in editor.rest:
            progress |= _take_panel(editor, number, old, new)
    return progress


def _take_panel(editor: DashboardEditor, number: int, old: PanelKeys, new: PanelKeys) -> bool:
    parts = [f"panel {number}"]
    # What has no key is tried when keys are not enough, as it may follow from them.
    by_key = _options_by_key(editor, number, old, new) or _options_by_key(editor, number, old, new, raw=True)
    # One build for all keys, where that settles them.
    depth = min(max(map(len, by_key), default=0), _MOST_TOGETHER)
    together = [
        [change for options in by_key for change in options[min(i, len(options) - 1)]] for i in range(depth)
    ]
    if len(by_key) > 1 and editor.attempt_changes(together, parts):
        return True
    progress = False
    for index in range(len(_options_by_key(editor, number, old, new, raw=True)) if by_key else 0):
        # Anew for each key: what was written may have moved what stands beside it.
        now = _options_by_key(editor, number, old, new, raw=True)
        progress |= index < len(now) and editor.attempt_changes(now[index], parts)
    return progress


def _options_by_key(
    editor: DashboardEditor, number: int, old: PanelKeys, new: PanelKeys, *, raw: bool = False
) -> list[ChangeOptions]:
    """The ways to write each key of a panel that differs, and its queries."""
    data, panel = editor.resolved.data, editor.panels[number]

    def key_options(key: str, before: object, after: object) -> ChangeOptions:
        path = (*panel.path, key)
        if key == "raw":
            if after is ABSENT and not has(data, path):
                return []
            return onto(data, path, {} if before is ABSENT else before, {} if after is ABSENT else after)
        options = onto(data, path, before, after)
        if key == "title" and not has(data, (*panel.path, "key")):
            # The panel's id is a hash of its key, so a renamed panel keeps its old name as its key.
            own_key = DataChange((*panel.path, "key"), panel.key)
            return [[own_key, *changes] for changes in options]
        return options

    every = [
        key_options(key, before, after)
        for key, before, after in differing_keys(old.own, new.own)
        if raw or key != "raw"
    ]
    every.append(query_changes(data, panel, old.queries, new.queries))
    return [options for options in every if options]

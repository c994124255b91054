"""Changes of panels that stay: their keys, their queries, and what has no key, which goes to ``raw:``."""

from typing import Any

from dashgen.compare.list_order import ORDER
from dashgen.core.json_values import ABSENT, Json, at
from dashgen.model.settled_dashboard import SettledPanel
from dashgen.source.source import Path
from dashgen.source.spec_text import protected
from dashgen.sync.pull.dashboard_keys import DashboardKeys, PanelKeys, differing_keys
from dashgen.sync.pull.dashboard_search import DashboardEditor, panels_by_id
from dashgen.sync.pull.data_changes import ChangeOptions, DataChange, onto
from dashgen.sync.pull.pull_queries import query_changes
from dashgen.sync.pull.search import CountedPaths
from dashgen.sync.pull.value_origins import has

_MOST_TOGETHER = 2
_MODES = {"mode": ("instant", "range", "queryType")}
"""Keys of the normal form of a query, and those of Grafana's JSON that they come from."""


def take_panels(editor: DashboardEditor, built: DashboardKeys, goal: DashboardKeys) -> bool:
    """Write what differs in panels that both sides have; whether anything was written."""
    # The goal may have other ids for the same panels.
    built_ids = {goal_id: built_id for built_id, goal_id in editor.ids.items()}
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


def take_leftovers(editor: DashboardEditor) -> None:
    """Put what no key could express into the ``raw:`` of panels, and only the values that differ."""
    goal_panels = panels_by_id(editor.goal.data)
    for number in editor.panels:
        paths = editor.rest.get(f"panel {number}", frozenset())
        values = [path for path in paths if path and path[0] not in CountedPaths.VALUES.value]
        if number in goal_panels and values:
            changes = _raw_changes(editor.panels[number], sorted(values, key=str), goal_panels[number])
            # All together, or else as many as do no harm.
            options = [changes, *([change] for change in changes)]
            editor.attempt_changes(options, [f"panel {number}"])


def _raw_changes(panel: SettledPanel, paths: list[Path], goal_panel: Json) -> list[DataChange]:
    values: dict[Path, Any] = {}
    for path in paths:
        if path[0] == "targets" and path[-1] == ORDER:
            values[(*panel.path, "raw", "targets")] = at(goal_panel, ("targets",))
        elif path[0] == "targets" and len(path) > 2:
            # The normal form knows queries by their ref, the spec by where they are written.
            query_path = next((query.path for query in panel.queries if query.ref == str(path[1])), None)
            target: Json = next((t for t in goal_panel.get("targets", ()) if t.get("refId") == path[1]), {})
            # A query in its short form, a text in the panel, has no `raw:` of its own.
            if query_path is not None and query_path != panel.path:
                for key in _MODES.get(str(path[2]), (str(path[2]),)):
                    values[(*query_path, "raw", key)] = at(target, (key,))
        else:
            # `raw:` is merged into the JSON, where lists are replaced as a whole.
            whole = next((path[:i] for i, step in enumerate(path) if isinstance(step, int)), path)
            values[(*panel.path, "raw", *whole)] = at(goal_panel, whole)
    # Null in `raw:` removes a key.
    return [DataChange(path, None if value is ABSENT else protected(value)) for path, value in values.items()]

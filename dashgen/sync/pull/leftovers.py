"""What no key could express goes to ``raw:``, and only the values that differ."""

from typing import Any

from dashgen.compare.list_order import ORDER
from dashgen.core.json_values import ABSENT, Json, at
from dashgen.model.settled_dashboard import SettledPanel
from dashgen.source.source import Path
from dashgen.source.spec_text import protected
from dashgen.sync.pull.dashboard_search import DashboardEditor, panels_by_id
from dashgen.sync.pull.data_changes import DataChange
from dashgen.sync.pull.search import CountedPaths

_MODES = {"mode": ("instant", "range", "queryType")}
"""Keys of the normal form of a query, and those of Grafana's JSON that they come from."""


def take_leftovers(editor: DashboardEditor) -> None:
    """Put what still differs in panels into their ``raw:``."""
    goal_panels = panels_by_id(editor.goal.data)
    for number in editor.panels:
        paths = editor.rest.get(f"panel {number}", frozenset())
        values = [path for path in paths if path and path[0] not in CountedPaths.VALUES.value]
        if number in goal_panels and values:
            changes = _changes(editor.panels[number], sorted(values, key=str), goal_panels[number])
            # All together, or else as many as do no harm.
            options = [changes, *([change] for change in changes)]
            editor.attempt_changes(options, [f"panel {number}"])


def _changes(panel: SettledPanel, paths: list[Path], goal_panel: Json) -> list[DataChange]:
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

"""What no word could say goes to ``raw:``, and only the values that differ."""

from typing import Any

from dashgen.compare.list_order import ORDER
from dashgen.core.json_values import ABSENT, Json, at
from dashgen.formats.panel_tree import every_panel
from dashgen.model.settled_dashboard import SettledPanel
from dashgen.source.source import Path
from dashgen.source.spec_text import protected
from dashgen.sync.pull.candidate_edits import make
from dashgen.sync.pull.data_changes import DataChange
from dashgen.sync.pull.key_parts import panels
from dashgen.sync.pull.pull_queries import query_place
from dashgen.sync.pull.spec_patch import CountedPaths, Patch

_MODES = {"mode": ("instant", "range", "queryType")}


def take_leftovers(patch: Patch, uid: str) -> None:
    """Put what still differs in panels into their ``raw:``."""
    goal_panels = {panel.get("id"): panel for panel in every_panel(patch.goals[uid].data.get("panels"))}
    for number in list(panels(patch, uid)):
        paths = patch.rest[uid].get(f"panel {number}", frozenset())
        values = [path for path in paths if path and path[0] not in CountedPaths.VALUES.value]
        if number not in goal_panels or not values:
            continue
        panel = panels(patch, uid)[number]
        changes = _changes(panel, sorted(values, key=str), goal_panels[number])
        make(patch, uid, [f"panel {number}"], [changes, *([change] for change in changes)])


def _changes(panel: SettledPanel, paths: list[Path], goal_panel: Json) -> list[DataChange]:
    values: dict[Path, Any] = {}
    for path in paths:
        if path[0] == "targets" and path[-1] == ORDER:
            values[(*panel.path, "raw", "targets")] = _plain(at(goal_panel, ("targets",)))
            continue
        if path[0] == "targets" and len(path) > 2:
            query_path = query_place(panel, str(path[1]))
            target: Json = next((t for t in goal_panel.get("targets", ()) if t.get("refId") == path[1]), {})
            if query_path is not None and query_path != panel.path:
                for key in _MODES.get(str(path[2]), (str(path[2]),)):
                    values[(*query_path, "raw", key)] = _plain(at(target, (key,)))
            continue
        short = _before_lists(path)
        values[(*panel.path, "raw", *short)] = _plain(at(goal_panel, short))
    return [DataChange(path, value) for path, value in values.items()]


def _before_lists(path: Path) -> Path:
    """The path down to the first list, which is replaced as a whole."""
    return next((path[:i] for i, step in enumerate(path) if isinstance(step, int)), path)


def _plain(value: Any) -> Any:
    return None if value is ABSENT else protected(value)

"""Panels and rows that somebody added in Grafana: numbered as dashgen would, and written as a person would.

The id that Grafana counted up means nothing, so a new panel gets the one that its key gives. And the editor
saves its own defaults; where a new panel has just those, the specs leave them out, so that it looks as all
other panels do.
"""

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from itertools import chain, count
from typing import Any, Final

from dashgen.core.json_values import ABSENT, Json
from dashgen.formats.normal.normal_panel import normal_panel
from dashgen.formats.panel_tree import every_panel
from dashgen.model.panel_identity import panel_ids, slug
from dashgen.sync.pull.leaves import flat

_KEPT: Final = frozenset(
    ("title", "type", "query", "queries", "legend", "datasource", "on", "use", "with", "key", "library")
)
"""Keys that say what a panel is about: never left out of a new one."""
_ROW_KEY: Final = "row:"
_PLACE: Final = frozenset(("gridPos", "row", "id"))
_STEPS: Final = [{"color": "green", "value": None}, {"color": "red", "value": 80}]
_FRESH: Final[Json] = {
    "fieldConfig": {
        "defaults": {
            "color": {"mode": "palette-classic"},
            "thresholds": {"mode": "absolute", "steps": _STEPS},
        },
        "overrides": [],
    }
}
"""What the editor of Grafana 12 fills into a new panel, as far as it is no default of the panel type."""
_BY_THRESHOLDS: Final = ("stat", "gauge", "bargauge", "table")


def numbered(
    goal_data: Mapping[str, Any], new: Iterable[int], taken: Iterable[str]
) -> tuple[Json, dict[int, str]]:
    """A dashboard whose new panels and rows have the ids that dashgen gives them, and the keys for that.

    Args:
        goal_data: the dashboard as it is in Grafana.
        new: the ids of the panels and rows that no spec has.
        taken: the keys of those that specs have.
    """
    data = deepcopy(dict(goal_data))
    new_ids, taken_keys, keys = set(new), set(taken), dict[int, str]()
    ids: dict[int, int] = {}
    for one in every_panel(data.get("panels")):
        number = one.get("id")
        if number not in new_ids:
            continue
        is_row = one.get("type") == "row"
        title = str(one.get("title") or "")
        plain = row_key(title) if is_row else slug(title, str(one.get("type", "")))
        # As in the build: the second panel of a title has the key `title-2`.
        key = next(
            name for name in chain([plain], (f"{plain}-{n}" for n in count(2))) if name not in taken_keys
        )
        taken_keys.add(key)
        one["id"] = ids[number] = panel_ids([key])[key]
        if key != plain and not is_row:
            keys[one["id"]] = key
    for one in every_panel(data.get("panels")):
        for target in one.get("targets") or ():
            # A panel of the data source `-- Dashboard --` shows what another one queried.
            if isinstance(target, dict) and target.get("panelId") in ids:
                target["panelId"] = ids[target["panelId"]]
    return data, keys


def row_key(title: str) -> str:
    """The key of a row without one of its own."""
    return _ROW_KEY + slug(title)


def shortened(spec: Json, panel: Json, build: Callable[[Json], Json | None]) -> Json:
    """The keys of a new panel without those that only repeat what Grafana's editor filled in.

    Args:
        spec: the keys.
        panel: its JSON in Grafana.
        build: the JSON that keys are built to, or nothing when they do not build.
    """
    left = dict(spec)
    for word in [word for word in spec if word not in _KEPT]:
        tried = {key: value for key, value in left.items() if key != word}
        built_panel = build(tried)
        if built_panel is not None and is_house_style(built_panel, panel):
            left = tried
    return left


def is_house_style(built_panel: Json, panel: Json) -> bool:
    """Whether a built panel differs from the one in Grafana only where that has what the editor filled in."""
    ours, theirs, filled = (flat(_normal(one)) for one in (built_panel, panel, _filled_in(panel)))
    return all(
        theirs.get(path, ABSENT) == filled.get(path, ABSENT)
        for path in {**ours, **theirs}
        if ours.get(path, ABSENT) != theirs.get(path, ABSENT)
    )


def _normal(panel: Json) -> Json:
    normal_form = normal_panel(dict(panel))
    return {key: value for key, value in normal_form.items() if key not in _PLACE}


def _filled_in(panel: Json) -> Json:
    """A panel of the same type as it was just added."""
    fresh_panel = {**deepcopy(_FRESH), "type": panel.get("type"), "title": panel.get("title")}
    # The colour scheme that a new panel of these types has.
    if panel.get("type") in _BY_THRESHOLDS:
        fresh_panel["fieldConfig"]["defaults"]["color"] = {"mode": "thresholds"}
    return {**fresh_panel, **{key: panel[key] for key in ("targets", "datasource") if key in panel}}

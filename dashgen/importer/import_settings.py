"""Find the keys at the top of a spec, and the ``raw:`` of a dashboard, its variables and its annotations."""

from typing import Any, Protocol

import msgspec

from dashgen.compile.lower.lower_dashboard import TOOLTIPS, time_range
from dashgen.core.json_values import Json, make_patch, same, text
from dashgen.importer.import_variables import fitting_keys, settle_variables
from dashgen.model.base import fields_of
from dashgen.model.dashboard_spec import Dashboard
from dashgen.model.times import range_problem

_TOOLTIPS = {number: name for name, number in TOOLTIPS.items()}
_PICKER = {
    "hidden": "hidden", "nowDelay": "now_delay", "quick_ranges": "quick_ranges",
    "refresh_intervals": "refresh_intervals",
}  # fmt: skip
_PARTS = ("annotations", "links", "panels", "tags", "templating", "schemaVersion")


class SettingParts(Protocol):
    """The parts of a spec that may need ``raw:``."""

    goal: Json
    variables: list[Json]
    annotations: list[Json]
    links: list[Json]
    raw: Json


def top_keys(goal: Json, folder: str | None, datasource: str | None) -> Json:
    """The keys at the top of a spec."""
    keys: Json = {"title": goal["title"]}
    if goal["uid"]:
        keys = {"uid": goal["uid"], **keys}
    optional: Json = {
        "folder": folder,
        "description": text(goal.get("description")),
        "tags": [tag for tag in goal["tags"] if tag != "dashgen"],
        "datasource": datasource,
        "time": _time(goal["time"]),
        "refresh": goal["refresh"],
        "timezone": "" if goal["timezone"] == "browser" else goal["timezone"] or "default",
        "week_start": goal["weekStart"],
        "tooltip": _TOOLTIPS.get(goal["graphTooltip"], "single"),
        "live_now": goal["liveNow"],
        "preload": bool(goal.get("preload")),
        "time_picker": {
            key_of_spec: goal["timepicker"][k]
            for k, key_of_spec in _PICKER.items()
            if k in goal["timepicker"]
        },
    }
    defaults = {"time": "6h", "tooltip": "single"}
    keys |= {key: value for key, value in optional.items() if value and value != defaults.get(key)}
    if not goal["editable"]:
        keys["editable"] = False
    return fitting_keys(keys, Dashboard)


def beside_defaults(keys: Json, defaults: Json, usual_source: str | None) -> Json:
    """The keys of a dashboard in a project with defaults: without the same, with those that undo others.

    Args:
        keys: the keys where there are no defaults.
        defaults: the project's defaults of dashboards.
        usual_source: the data source of dashboards that name none.
    """
    # A default of the project that the dashboard has no key for is written out with the language's own
    # default.
    struct_defaults = {f.name: f.default for f in fields_of(Dashboard)}
    struct_defaults |= {
        f.name: f.default_factory()
        for f in fields_of(Dashboard)
        if f.default is msgspec.NODEFAULT and f.default_factory is not msgspec.NODEFAULT
    }
    source = keys.get("datasource") or usual_source
    differing = {
        key: value
        for key, value in keys.items()
        if key == "datasource" or _with_source(defaults.get(key), source) != _with_source(value, source)
    }
    unsaid = [key for key in defaults if key not in keys and key not in ("datasource", "folder")]
    return {
        **differing,
        **{key: struct_defaults[key] for key in unsaid if struct_defaults.get(key) is not None},
    }


def _with_source(value: object, source: str | None) -> Any:
    """A list whose items name their data source, so that one with and one without it compare as equal."""
    if not isinstance(value, list):
        return value
    return [{"datasource": source, **item} if isinstance(item, dict) else item for item in value]


def _time(time: Json) -> str:
    start, end = time["from"], time["to"]
    candidates = [start.removeprefix("now-"), start] if end == "now" else [f"{start} to {end}"]
    for candidate in candidates:
        if range_problem(candidate) is not None:
            continue
        lowered = time_range(candidate).to_json_data()
        if lowered["from"] == start and lowered["to"] == end:
            return str(candidate)
    return "6h"


def settle_top_raw(parts: SettingParts, built: Json) -> None:
    """Put into ``raw:`` what no key says of the dashboard, its variables and its annotations."""
    goal = parts.goal
    here = {key: value for key, value in built.items() if key not in _PARTS}
    needed = {key: value for key, value in goal.items() if key not in _PARTS}
    if not needed["uid"]:
        needed["uid"] = here["uid"]
    parts.raw = make_patch(here, needed)
    settle_variables(parts.variables, built["templating"]["list"], goal["templating"]["list"])
    _settle_annotations(parts, built)
    if not same(built["links"], goal["links"]):
        parts.links.clear()
        parts.raw["links"] = goal["links"]


def _settle_annotations(parts: SettingParts, built: Json) -> None:
    """Grafana's own annotations have no keys: when they are not as usual, ``raw:`` gets all annotations."""
    goal, present = parts.goal["annotations"]["list"], built["annotations"]["list"]
    names = [item["name"] for item in present]
    is_usual = len(goal) == len(present) and len(set(names)) == len(names) and same(goal[0], present[0])
    if not is_usual:
        if not same(goal, present):
            parts.annotations.clear()
            parts.raw["annotations"] = {"list": goal}
        return
    for keys, item, needed in zip(parts.annotations, present[1:], goal[1:], strict=True):
        if raw := make_patch(item, needed):
            keys["raw"] = raw

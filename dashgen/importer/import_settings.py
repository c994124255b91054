"""What a dashboard says of itself, apart from its panels."""

from typing import Any, Protocol

import msgspec

from dashgen.compile.lower.lower_dashboard import TOOLTIPS, time_range
from dashgen.core.json_values import Json, make_patch, same, text
from dashgen.importer.import_variables import fitting, said
from dashgen.model.dashboard_spec import Dashboard
from dashgen.model.times import range_problem

_TOOLTIPS = {number: name for name, number in TOOLTIPS.items()}
_PICKER = {
    "hidden": "hidden", "nowDelay": "now_delay", "quick_ranges": "quick_ranges",
    "refresh_intervals": "refresh_intervals",
}  # fmt: skip
_PARTS = ("annotations", "links", "panels", "tags", "templating", "schemaVersion")


class Parts(Protocol):
    """The parts of a spec that get what no word can say."""

    wanted: Json
    variables: list[Json]
    annotations: list[Json]
    links: list[Json]
    raw: Json


def top_words(wanted: Json, folder: str | None, datasource: str | None) -> Json:
    """The keys at the top of a spec."""
    words: Json = {"title": wanted["title"]}
    if wanted["uid"]:
        words = {"uid": wanted["uid"], **words}
    said: dict[str, Any] = {
        "folder": folder,
        "description": text(wanted.get("description")),
        "tags": [tag for tag in wanted["tags"] if tag != "dashgen"],
        "datasource": datasource,
        "time": _time(wanted["time"]),
        "refresh": wanted["refresh"],
        "timezone": "" if wanted["timezone"] == "browser" else wanted["timezone"] or "default",
        "week_start": wanted["weekStart"],
        "tooltip": _TOOLTIPS.get(wanted["graphTooltip"], "single"),
        "live_now": wanted["liveNow"],
        "preload": bool(wanted.get("preload")),
        "time_picker": {
            word: wanted["timepicker"][k] for k, word in _PICKER.items() if k in wanted["timepicker"]
        },
    }
    defaults = {"time": "6h", "tooltip": "single"}
    words |= {key: value for key, value in said.items() if value and value != defaults.get(key)}
    if not wanted["editable"]:
        words["editable"] = False
    return fitting(words, Dashboard)


def beside_defaults(words: Json, defaults: Json, usual_source: str | None) -> Json:
    """The same words where the project has defaults: what those say is left out, what they must not say is said.

    Args:
        words: what the dashboard says.
        defaults: what the project says of every dashboard.
        usual_source: the data source of dashboards that name none.
    """
    usual = {f.name: f.default for f in msgspec.structs.fields(Dashboard)}
    usual |= {
        f.name: f.default_factory()
        for f in msgspec.structs.fields(Dashboard)
        if f.default is msgspec.NODEFAULT and f.default_factory is not msgspec.NODEFAULT
    }
    source = words.get("datasource") or usual_source
    made = {
        key: value
        for key, value in words.items()
        if key == "datasource" or _asking(defaults.get(key), source) != _asking(value, source)
    }
    unsaid = [key for key in defaults if key not in words and key not in ("datasource", "folder")]
    return {**made, **{key: usual[key] for key in unsaid if usual.get(key) is not None}}


def _asking(value: Any, source: str | None) -> Any:
    """A list whose items name the data source that they ask anyway."""
    if not isinstance(value, list):
        return value
    return [{"datasource": source, **item} if isinstance(item, dict) else item for item in value]


def _time(time: Json) -> str:
    start, end = time["from"], time["to"]
    candidates = [start.removeprefix("now-"), start] if end == "now" else [f"{start} to {end}"]
    for candidate in candidates:
        if range_problem(candidate) is not None:
            continue
        made = time_range(candidate).to_json_data()
        if made["from"] == start and made["to"] == end:
            return str(candidate)
    return "6h"


def settle_top_raw(parts: Parts, built: Json) -> None:
    """Put into ``raw:`` what words could not say of the dashboard, its variables and its annotations."""
    wanted = parts.wanted
    here = {key: value for key, value in built.items() if key not in _PARTS}
    needed = {key: value for key, value in wanted.items() if key not in _PARTS}
    if not needed["uid"]:
        needed["uid"] = here["uid"]
    parts.raw = make_patch(here, needed)
    _settle_variables(parts, built)
    _settle_annotations(parts, built)
    if not same(built["links"], wanted["links"]):
        parts.links.clear()
        parts.raw["links"] = wanted["links"]


def _settle_variables(parts: Parts, built: Json) -> None:
    by_name = {item["name"]: item for item in built["templating"]["list"]}
    spec = {item["name"]: item for item in parts.variables}
    for item in parts.wanted["templating"]["list"]:
        there = said(by_name[item["name"]])
        needed = said(item)
        raw = make_patch(there, needed)
        if spec[item["name"]].get("query") == "":
            raw.setdefault(
                "query", needed.get("query", "")
            )  # the build refuses a query that is empty only in words
        if raw:
            spec[item["name"]]["raw"] = raw


def _settle_annotations(parts: Parts, built: Json) -> None:
    """Grafana's own annotations have no words: when they are not as usual, all of them are given as they are."""
    wanted, there = parts.wanted["annotations"]["list"], built["annotations"]["list"]
    names = [item["name"] for item in there]
    usual = len(wanted) == len(there) and len(set(names)) == len(names) and same(wanted[0], there[0])
    if not usual:
        if not same(wanted, there):
            parts.annotations.clear()
            parts.raw["annotations"] = {"list": wanted}
        return
    for words, item, needed in zip(parts.annotations, there[1:], wanted[1:], strict=True):
        if raw := make_patch(item, needed):
            words["raw"] = raw

"""The normal form of queries, in panels and in alert rules."""

from collections.abc import Mapping
from typing import Any

from dashgen.core.json_values import Json, mapping, mappings
from dashgen.formats.normal.plain_values import without_defaults, without_empty

# Stored by query editors for themselves.
_EDITOR = ("editorMode", "key", "queryCachingTTL", "useBackend", "fullMetaSearch", "includeNullMetadata", "_")
_DEFAULTS = {
    "hide": False,
    "exemplar": False,
    "format": "time_series",
    "intervalFactor": 1,
    "intervalMs": 1000,
    "maxDataPoints": 43200,
    "direction": "backward",
}
_MODES = ("range", "instant")
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LETTERS = (*_ALPHABET, *(a + b for a in _ALPHABET for b in _ALPHABET))
_SPECIAL = ("__expr__", "-100")


def normal_source(source: object) -> Any:
    """A data source as type and uid; older dashboards have a name, which stays.

    A variable in place of the name is its uid: Grafana's conversion to schema v2 writes it so.
    """
    if isinstance(source, str) and source.startswith("$"):
        return {"uid": source}
    if not isinstance(source, dict):
        return source or None
    reference = {key: source[key] for key in ("type", "uid") if source.get(key)}
    if reference.get("uid") in _SPECIAL:
        return {"uid": "__expr__"}
    return reference or None


def normal_targets(value: object, panel_source: object) -> tuple[list[Json], Any]:
    """The queries of a panel, each with a refId, and the panel's data source.

    A query's data source is left out when it is the panel's; a panel without one has that of its queries.
    """
    targets = [normal_target(item) for item in mappings(value)]
    source = normal_source(panel_source)
    target_sources = [target.get("datasource") for target in targets]
    if source is None and target_sources and all(other == target_sources[0] for other in target_sources):
        source = target_sources[0]
    for target in targets:
        if _is_same_source(target.get("datasource"), source):
            target.pop("datasource", None)
    _number(targets)
    # The editor adds this query to every new panel; without an expression it reads nothing.
    if targets == [{"refId": "A"}]:
        return [], source
    return targets, source


def normal_target(target: Mapping[str, Any]) -> Json:
    """One query without defaults; whether it is of a range or an instant is its ``mode``."""
    normal = {key: value for key, value in target.items() if key not in _EDITOR}
    mode = _mode(normal)
    for key in _MODES:
        normal.pop(key, None)
    if normal.get("queryType") in _MODES:
        normal.pop("queryType")
    if "datasource" in normal:
        normal["datasource"] = normal_source(normal["datasource"])
    normal_form: Json = without_empty(without_defaults(normal, _DEFAULTS))
    return normal_form | ({"mode": mode} if mode else {})


def _mode(target: Mapping[str, Any]) -> str:
    kind = target.get("queryType")
    instant = target.get("instant") is True or kind == "instant"
    if not instant:
        return ""
    return "both" if target.get("range") is True and kind not in _MODES else "instant"


def _is_same_source(own: object, source: object) -> bool:
    if own is None or own == source:
        return True
    mine, its = mapping(own), mapping(source)
    # The type is redundant beside a uid; older files leave it out.
    return (
        bool(mine.get("uid"))
        and mine.get("uid") == its.get("uid")
        and not (mine.get("type") and its.get("type") and mine["type"] != its["type"])
    )


def _number(targets: list[Json]) -> None:
    used = {target.get("refId") for target in targets}
    free = (letter for letter in _LETTERS if letter not in used)
    for target in targets:
        if not target.get("refId"):
            target["refId"] = next(free)

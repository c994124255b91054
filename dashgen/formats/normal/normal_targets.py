"""The normal form of queries, in panels and in alert rules."""

from collections.abc import Mapping
from typing import Any

from dashgen.core.json_values import Json, mapping, mappings
from dashgen.core.lazy_pattern import lazy_pattern
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
_MIXED = "-- Mixed --"
_VARIABLE = lazy_pattern(r"\$\w+")


def normal_source(source: object) -> Any:
    """A data source as type and uid; older dashboards have a name, which stays.

    A variable in place of the name is its uid: Grafana's conversion to schema v2 writes it so.
    """
    if isinstance(source, str) and source.startswith("$"):
        return {"uid": _braced(source)}
    if not isinstance(source, dict):
        return source or None
    reference = {key: _braced(source[key]) for key in ("type", "uid") if source.get(key)}
    if reference.get("uid") in _SPECIAL:
        return {"uid": "__expr__"}
    # Versions of Grafana disagree on the plugin of its own source for queries of several others.
    if reference.get("uid") == _MIXED:
        return {"uid": _MIXED}
    return reference or None


def _braced(name: Any) -> Any:
    """A name that is a variable as a whole, in the longer of its two spellings: ``$ds`` as ``${ds}``."""
    return f"${{{name[1:]}}}" if isinstance(name, str) and _VARIABLE.fullmatch(name) else name


def normal_targets(value: object, panel_source: object) -> tuple[list[Json], Any]:
    """The queries of a panel, each with a refId, and the panel's data source.

    A query's data source is left out when it is the panel's, and when the panel's wins over it: Grafana sends
    queries to their own only where that of the panel is the mixed one. A panel without a data source has that
    of its queries, and one without queries has none.
    """
    targets = [normal_target(item) for item in mappings(value)]
    source = normal_source(panel_source)
    if source is None or (isinstance(source, dict) and "uid" not in source):
        # A plugin without a uid is what queries without a data source of their own read.
        targets = [{**target, "datasource": target.get("datasource") or source} for target in targets]
        source = _common_source(targets)
    for target in targets:
        if _is_same_source(target.get("datasource"), source) or _is_overruled(target, source):
            target.pop("datasource", None)
    _number(targets)
    # The editor adds this query to every new panel; without an expression it reads nothing.
    if targets == [{"refId": "A"}]:
        targets = []
    return targets, source if targets else None


def _common_source(targets: list[Json]) -> Any:
    """The data source of a panel that names none: that of its queries, or the mixed one if they differ."""
    sources = [target.get("datasource") for target in targets]
    queried = [source for source in sources if mapping(source).get("uid") not in _SPECIAL] or sources
    if all(source == queried[0] for source in queried):
        return queried[0] if queried else None
    return {"uid": _MIXED}


def _is_overruled(target: Json, source: object) -> bool:
    """Whether the panel's data source is queried in place of the query's own."""
    uid = mapping(source).get("uid")
    is_expression = mapping(target.get("datasource")).get("uid") in _SPECIAL
    return bool(uid) and uid != _MIXED and not is_expression


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

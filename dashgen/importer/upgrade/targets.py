"""Queries: what their editors remember for themselves is left out, what is said in an old way is said in today's."""

from typing import Any

from dashgen.importer.report import Notes
from dashgen.importer.upgrade.sources import References
from dashgen.importer.values import Json, mappings, text, without_nulls

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_EDITOR = frozenset(
    {
        "$$hashKey", "alias", "builderMode", "calculatedInterval", "datasourceErrors", "disableTextWrap", "editorMode", "errors",
        "fullMetaSearch", "hashKey", "includeNullMetadata", "key", "legend", "metric", "qryType", "query",
        "queryType", "refId2", "requestId", "scopes", "step", "target", "textEditor", "useBackend", "valueType",
        "builder", "visualQuery",
    }
)  # fmt: skip
_OTHERS = frozenset({"$$hashKey", "hashKey", "errors", "requestId"})
_LOKI_EDITOR = frozenset({"$$hashKey", "editorMode", "key", "hashKey", "errors", "requestId", "resolution"})


def upgrade_targets(panel: Json, references: References, notes: Notes) -> list[Json]:
    """The queries of a panel, each with a ref and a data source."""
    given = mappings(panel.get("targets"))
    taken = {text(target.get("refId")) for target in given}
    free = iter([ref for ref in _refs() if ref not in taken])
    own = panel.get("datasource")
    found = []
    for item in given:
        target = without_nulls(item)
        source = references.find(target.get("datasource")) or (own if not _mixed(own) else None)
        target["datasource"] = dict(source or references.default())
        target["refId"] = text(target.get("refId")) or next(free)
        if set(target) - {"datasource", "refId", "hide"}:
            found.append(_by_type(target, notes))
    return _unique(found, free)


def _refs() -> list[str]:
    return [*_LETTERS, *(f"{letter}{number}" for number in range(1, 40) for letter in _LETTERS)]


def _mixed(source: Any) -> bool:
    return isinstance(source, dict) and source.get("uid") == "-- Mixed --"


def _unique(targets: list[Json], free: Any) -> list[Json]:
    seen: set[str] = set()
    for target in targets:
        if target["refId"] in seen:
            target["refId"] = next(free)
        seen.add(target["refId"])
    return targets


def _by_type(target: Json, notes: Notes) -> Json:
    kind = text((target.get("datasource") or {}).get("type"))
    if not target.get("hide"):
        target.pop("hide", None)
    if kind == "prometheus" or (not kind and "expr" in target):
        return _prometheus(target, notes)
    if kind == "loki":
        return _loki(target)
    return {key: value for key, value in target.items() if key not in _OTHERS}


def _prometheus(target: Json, notes: Notes) -> Json:
    made = {key: value for key, value in target.items() if key not in _EDITOR}
    if any(target[key] not in (None, "", False, "code") for key in target.keys() - made.keys()):
        notes.drop("what query editors remember for themselves (editor mode, old step, …)")
    instant = bool(made.get("instant"))
    made["instant"] = instant
    made["range"] = bool(made.get("range", not instant)) or not instant
    made["exemplar"] = bool(made.get("exemplar"))
    made["format"] = text(made.get("format")) or "time_series"
    made.setdefault("legendFormat", "")
    made.setdefault("expr", "")
    made["editorMode"] = "code"
    if made.get("intervalFactor") == 1:
        del made["intervalFactor"]
    for key in ("interval", "hide", "stepMode"):
        if not made.get(key):
            made.pop(key, None)
    return made


def _loki(target: Json) -> Json:
    made = {key: value for key, value in target.items() if key not in _LOKI_EDITOR}
    instant = made.pop("instant", None)
    made.pop("range", None)
    made.setdefault("queryType", "instant" if instant else "range")
    made.setdefault("legendFormat", "")
    made.setdefault("direction", "backward")
    made["editorMode"] = "code"
    return made

"""Alert rules in one form, so that what was sent and what is stored can be compared."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from dashgen.core.json_values import Json
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.servers.http.response_values import text

_SERVER_SET = frozenset({"id", "orgID", "updated", "provenance", "ruleGroup", "folderUID", "guid", "version"})
_DURATIONS = frozenset({"for", "keep_firing_for", "group_wait", "group_interval", "repeat_interval"})
_MODEL_DEFAULTS = {"intervalMs": 1000, "maxDataPoints": 43200}
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}
_DURATION = lazy_pattern(r"(\d+(?:\.\d+)?)(ms|[smhdwy])")


def comparable(rule: Mapping[str, Any]) -> Json:
    """A rule without what the server sets, fills in or spells in its own way, such as ``60s`` for ``1m``."""
    compared_fields = {key: _value(key, value) for key, value in rule.items() if key not in _SERVER_SET}
    data = rule.get("data")
    if isinstance(data, list):
        queries = [_query(item) if isinstance(item, dict) else item for item in data]
        # Their order means nothing, and the API that has a resource for each rule does not keep it.
        compared_fields["data"] = sorted(queries, key=lambda query: text(query, "refId"))
    return {key: value for key, value in compared_fields.items() if not _is_empty(value)}


def fingerprint(interval: int, rules: tuple[Json, ...]) -> str:
    """A short text that is equal for groups that do the same."""
    form = json.dumps([interval, [comparable(rule) for rule in rules]], sort_keys=True, default=str)
    return hashlib.sha256(form.encode()).hexdigest()[:32]


def first_difference(sent_rule: Mapping[str, Any], stored_rule: Mapping[str, Any]) -> str | None:
    """The name of the first field that differs between two rules, or nothing."""
    one, other = comparable(sent_rule), comparable(stored_rule)
    return next((key for key in sorted(one.keys() | other.keys()) if one.get(key) != other.get(key)), None)


def seconds(duration: str) -> float | None:
    """The length of a duration such as ``1h30m`` in seconds, or nothing when it is not a duration."""
    parts = _DURATION.findall(duration)
    if not parts or "".join(number + unit for number, unit in parts) != duration:
        return None
    return sum(float(number) * _UNITS[unit] for number, unit in parts)


def _query(query: Json) -> Json:
    model = query.get("model")
    if not isinstance(model, dict):
        return query
    ref_id = query.get("refId")
    plain = {
        key: value
        for key, value in model.items()
        if not (key == "refId" and value == ref_id) and _MODEL_DEFAULTS.get(key, object()) != value
    }
    span = query.get("relativeTimeRange")
    # Expressions have no range; Grafana adds one of zeros when it stores them.
    time_range = None if span == {"from": 0, "to": 0} else span
    compared_fields = {**query, "model": plain, "relativeTimeRange": time_range}
    # Grafana copies the query type out of the model.
    if compared_fields.get("queryType") == plain.get("queryType"):
        compared_fields.pop("queryType", None)
    return {key: value for key, value in compared_fields.items() if not _is_empty(value)}


def _value(key: str, value: object) -> Any:
    if key in _DURATIONS and isinstance(value, str):
        length = seconds(value)
        return value if length is None else length
    if isinstance(value, dict):
        inner = {name: _value(name, item) for name, item in value.items()}
        return {name: item for name, item in inner.items() if not _is_empty(item)}
    return value


def _is_empty(value: object) -> bool:
    return value in (None, "", [], {}) or value is False or (value == 0 and isinstance(value, float))

"""Read the queries and expressions of a rule of Grafana, without what its editor leaves in them."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from dashgen.compile.lower.lower_alerting import LOOK_BACK_SECONDS, MAX_DATA_POINTS
from dashgen.core.json_values import Json, items, mapping, mappings, text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query import LANGUAGES
from dashgen.query.math_expression import math_refs

EXPRESSION = "__expr__"
EXPRESSION_UIDS = frozenset({EXPRESSION, "-100", "__expression__"})
_INTERVAL_MS = 1000
_NOTHING: tuple[Any, ...] = (None, "", [], {}, False)
# Keys of the editor, and keys that only matter where series are drawn.
_EDITOR = frozenset(
    {"refId", "hide", "datasource", "datasourceUid", "editorMode", "editormode", "key", "requestId"}
)
_DRAWN = frozenset(
    {
        "legendFormat", "exemplar", "exemplars", "intervalFactor", "instant", "range", "qryType", "metric",
        "useBackend", "fullMetaSearch", "includeNullMetadata", "disableTextWrap", "utcOffsetSec", "maxLines",
        "direction", "resolution",
    }
)  # fmt: skip
_TWO_BOUNDS = frozenset({"within_range", "outside_range", "within_range_included", "outside_range_included"})
_VARIABLE_TIME = lazy_pattern(r"\$\{?__")


class RuleNode(Struct, frozen=True):
    """One entry of a rule's ``data``.

    Attributes:
        ref: its name.
        kind: the plugin type of its data source, `EXPRESSION` for what Grafana computes.
        uid: the data source's uid.
        model: what its model says.
        look_back: the seconds before now that it looks at, from and to; None where that makes no difference.
    """

    ref: str
    kind: str
    uid: str
    model: Json
    look_back: tuple[int, int] | None = None

    @property
    def is_expression(self) -> bool:
        """Whether Grafana computes it from other entries."""
        return self.kind == EXPRESSION

    @property
    def is_instant(self) -> bool:
        """Whether it has one value for each series."""
        return not self.is_expression and (
            self.model.get("mode") == "instant" or self.model.get("queryType") == "instant"
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The entries that it is computed from."""
        if not self.is_expression:
            return ()
        if self.model.get("type") == "math":
            return math_refs(self.model["expression"])
        if self.model.get("type") == "classic_conditions":
            return tuple(dict.fromkeys(part["of"] for part in self.model["conditions"]))
        return (text(self.model.get("expression")),)


def read_node(entry: Mapping[str, Any], kinds: Mapping[str, str]) -> RuleNode:
    """Read one entry of a rule's ``data``.

    Before: ``{"refId": "A", "datasourceUid": "p", "model": {"expr": "up", "instant": true,
    "editorMode": "code"}}``
    After: ``RuleNode("A", "prometheus", "p", {"expr": "up", "mode": "instant"})``

    Args:
        entry: the entry.
        kinds: the plugin types of data sources by uid, for entries without one.
    """
    model = mapping(entry.get("model"))
    source = model.get("datasource")
    uid = text(entry.get("datasourceUid")) or text(mapping(source).get("uid"))
    ref = text(entry.get("refId")) or text(model.get("refId"))
    if uid in EXPRESSION_UIDS:
        return RuleNode(ref, EXPRESSION, EXPRESSION, _expression(model))
    kind = kinds.get(uid) or text(mapping(source).get("type")) or guessed_kind(model)
    if kind == EXPRESSION:
        kind = ""  # Grafana goes by the uid, whatever type the model names
    cleaned = _READERS.get(kind, _other)(model, text(entry.get("queryType")))
    return RuleNode(ref, kind, uid, cleaned, _look_back(entry, cleaned))


def guessed_kind(model: Mapping[str, Any]) -> str:
    """The type of data source that a query without one is written for."""
    expr = model.get("expr")
    if not isinstance(expr, str):
        return ""
    # Both languages are in `expr`. Only the editor of Loki writes a `queryType`, with mistakes in the
    # text too.
    is_promql = not LANGUAGES["prometheus"].parse(expr).error
    is_loki = not is_promql and ("queryType" in model or not LANGUAGES["loki"].parse(expr).error)
    return "loki" if is_loki else "prometheus"


def _look_back(entry: Mapping[str, Any], model: Json) -> tuple[int, int] | None:
    span = mapping(entry.get("relativeTimeRange"))
    start, end = span.get("from", LOOK_BACK_SECONDS), span.get("to", 0)
    if not isinstance(start, int | float) or not isinstance(end, int | float):
        return None
    instant = model.get("mode") == "instant" or model.get("queryType") == "instant"
    # A query of one moment looks at `to` only; `$__range` would put the length of the range into its text.
    if end == 0 and instant and "$__range" not in text(model.get("expr")):
        return None
    return None if (start, end) == (LOOK_BACK_SECONDS, 0) else (int(start), int(end))


def _prometheus(model: Json, _: str) -> Json:
    instant, over_time = model.get("instant") is True, model.get("range") is True
    mode = "both" if instant and over_time else "instant" if instant else "range"
    expr = text(model.get("expr")).strip()
    return {"expr": expr, "mode": mode, **_rest(model, {"expr", "queryType"}, instant=mode == "instant")}


def _loki(model: Json, beside: str) -> Json:
    # The entry's own `queryType`, beside the model, is the one that Loki's plugin is sent.
    kind = beside or text(model.get("queryType")) or ("instant" if model.get("instant") is True else "range")
    expr = text(model.get("expr")).strip()
    return {"expr": expr, "queryType": kind, **_rest(model, {"expr", "queryType"}, instant=kind == "instant")}


def _rest(model: Json, read_keys: set[str], *, instant: bool) -> Json:
    rest = {
        key: value
        for key, value in model.items()
        if key not in _EDITOR | _DRAWN | read_keys and value not in _NOTHING and not _is_default(key, value)
    }
    if instant and not _VARIABLE_TIME.search(text(model.get("expr"))):
        # One value now has no steps.
        for key in ("interval", "step", "intervalMs", "maxDataPoints"):
            rest.pop(key, None)
    return rest


def _other(model: Json, beside: str) -> Json:
    # False may mean something to a plugin that is not known here, so only nothing at all is left out.
    rest = {
        key: value
        for key, value in model.items()
        if key not in _EDITOR and value not in (None, "", [], {}) and not _is_default(key, value)
    }
    kind = beside or text(model.get("queryType"))
    return {**rest, "queryType": kind} if kind else rest


def _is_default(key: str, value: object) -> bool:
    defaults = {"intervalMs": _INTERVAL_MS, "maxDataPoints": MAX_DATA_POINTS, "format": "time_series"}
    return key in defaults and value == defaults[key]


_READERS = {"prometheus": _prometheus, "loki": _loki}


def _expression(model: Json) -> Json:
    kind = text(model.get("type"))
    of = text(model.get("expression")).strip()
    if kind == "math":
        return {"type": kind, "expression": of}
    if kind == "reduce":
        return {"type": kind, "expression": of.lstrip("$"), **_reduction(model)}
    if kind == "resample":
        keys = ("window", "downsampler", "upsampler")
        return {"type": kind, "expression": of.lstrip("$"), **{key: text(model.get(key)) for key in keys}}
    if kind == "threshold":
        return {"type": kind, "expression": of, **_threshold(model)}
    if kind == "classic_conditions":
        return {"type": kind, "conditions": [_classic(part) for part in mappings(model.get("conditions"))]}
    return {key: value for key, value in model.items() if key not in _EDITOR and value not in _NOTHING}


def _reduction(model: Json) -> Json:
    settings = mapping(model.get("settings"))
    reduction: Json = {"reducer": text(model.get("reducer")), "mode": text(settings.get("mode"))}
    if reduction["mode"] == "replaceNN":
        reduction["replaceWithValue"] = settings.get("replaceWithValue", 0)
    return reduction


def _threshold(model: Json) -> Json:
    conditions = mappings(model.get("conditions"))
    if len(conditions) != 1 or (fires := read_evaluator(conditions[0].get("evaluator"))) is None:
        return {"conditions": model.get("conditions")}
    recovers = conditions[0].get("unloadEvaluator")
    return {"fires": fires, **({"recovers": read_evaluator(recovers)} if recovers else {})}


def read_evaluator(data: object) -> Json | None:
    """A comparison with the numbers that its type looks at; nothing when one of them is missing."""
    kind = text(mapping(data).get("type"))
    count = 2 if kind in _TWO_BOUNDS else 0 if kind == "no_value" else 1
    numbers = items(mapping(data).get("params"))[:count]
    if not kind or len(numbers) < count or any(not _is_number(number) for number in numbers):
        return None
    return {"type": kind, "params": [float(number) for number in numbers]}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _classic(part: Json) -> Json:
    names = items(mapping(part.get("query")).get("params"))
    return {
        "of": text(names[0]) if names else "",
        "reducer": text(mapping(part.get("reducer")).get("type")),
        "fires": read_evaluator(part.get("evaluator")),
        "operator": text(mapping(part.get("operator")).get("type")) or "and",
    }

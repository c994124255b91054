"""The names of TraceQL, and the types of its intrinsics (lexer.go, expr.y, ast.go of Tempo 3.0.3)."""

from enum import StrEnum
from typing import Final


class Type(StrEnum):
    """The type of a field expression; ``ANY`` is known only when the query runs."""

    ANY = "of any type"
    NUMBER = "a number"
    DURATION = "a duration"
    TEXT = "a text"
    BOOLEAN = "a condition"
    STATUS = "a status"
    KIND = "a kind"


INTRINSICS: Final = {
    "duration": Type.DURATION, "name": Type.TEXT, "status": Type.STATUS, "statusMessage": Type.TEXT,
    "kind": Type.KIND, "rootName": Type.TEXT, "rootServiceName": Type.TEXT, "traceDuration": Type.DURATION,
    "nestedSetLeft": Type.NUMBER, "nestedSetRight": Type.NUMBER, "nestedSetParent": Type.NUMBER,
}  # fmt: skip
SCOPED: Final = {
    "trace": {"duration": Type.DURATION, "rootName": Type.TEXT, "rootService": Type.TEXT, "id": Type.TEXT},
    "span": {
        "duration": Type.DURATION, "name": Type.TEXT, "kind": Type.KIND, "status": Type.STATUS,
        "statusMessage": Type.TEXT, "id": Type.TEXT, "parentID": Type.TEXT, "childCount": Type.NUMBER,
    },
    "event": {"name": Type.TEXT, "timeSinceStart": Type.DURATION},
    "link": {"traceID": Type.TEXT, "spanID": Type.TEXT},
    "instrumentation": {"name": Type.ANY, "version": Type.ANY},
}  # fmt: skip
UNSCOPED: Final = {
    "span:duration": "duration", "span:name": "name", "span:status": "status", "span:kind": "kind",
    "span:statusMessage": "statusMessage", "trace:duration": "traceDuration", "trace:rootName": "rootName",
    "trace:rootService": "rootServiceName",
}  # fmt: skip
"""Intrinsics with a scope, and the older names of the same."""
STATICS: Final = {
    "true": Type.BOOLEAN, "false": Type.BOOLEAN, "ok": Type.STATUS, "error": Type.STATUS,
    "unset": Type.STATUS, "unspecified": Type.KIND, "internal": Type.KIND, "server": Type.KIND,
    "client": Type.KIND, "producer": Type.KIND, "consumer": Type.KIND, "minInt": Type.NUMBER,
    "maxInt": Type.NUMBER,
}  # fmt: skip
SCOPES: Final = ("resource", "span", "event", "link", "instrumentation")
AGGREGATES: Final = frozenset({"count", "max", "min", "avg", "sum"})
PLAIN_METRICS: Final = frozenset({"rate", "count_over_time"})
FIELD_METRICS: Final = frozenset(
    ["min_over_time", "max_over_time", "avg_over_time", "sum_over_time", "quantile_over_time",
     "histogram_over_time"]
)  # fmt: skip
METRICS: Final = PLAIN_METRICS | FIELD_METRICS | {"compare"}
CHOOSING: Final = frozenset({"topk", "bottomk"})
STAGES: Final = METRICS | CHOOSING | AGGREGATES | {"by", "select", "coalesce"}
KEYWORDS: Final = (
    STAGES | INTRINSICS.keys() | STATICS.keys() - {"minInt", "maxInt"}
    | {"nil", "with", "parent", "childCount", "rootService", "id", "traceID", "spanID", "parentID",
       "timeSinceStart", "version"}
)  # fmt: skip
"""Words that have a meaning of their own, so that no hint can be called so."""
HINTS: Final = {
    "sample": "a share of the spans, or `true`", "trace_sample": "a share of the traces",
    "span_sample": "a share of the spans", "exemplars": "whether, or how many",
    "most_recent": "`true` or `false`", "extrapolate": "`true` or `false`",
}  # fmt: skip
"""The hints that Tempo takes from everybody (enum_hints.go); it ignores others without a word."""

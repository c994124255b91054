"""The names of TraceQL, and the types of its intrinsics (tempo/pkg/traceql/lexer.go, expr.y, ast.go, 3.0)."""

from enum import Enum
from typing import Final


class Type(Enum):
    """The type of a field expression; ``ANY`` is known only when the query runs."""

    ANY = "of any type"
    NUMBER = "a number"
    DURATION = "a duration"
    TEXT = "a text"
    BOOLEAN = "a condition"
    STATUS = "a status"
    KIND = "a kind"
    NIL = "nil"


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
STATICS: Final = {
    "true": Type.BOOLEAN, "false": Type.BOOLEAN, "nil": Type.NIL, "ok": Type.STATUS, "error": Type.STATUS,
    "unset": Type.STATUS, "unspecified": Type.KIND, "internal": Type.KIND, "server": Type.KIND,
    "client": Type.KIND, "producer": Type.KIND, "consumer": Type.KIND, "minInt": Type.NUMBER,
    "maxInt": Type.NUMBER,
}  # fmt: skip
AGGREGATES: Final = frozenset({"count", "max", "min", "avg", "sum"})
PLAIN_METRICS: Final = frozenset({"rate", "count_over_time"})
FIELD_METRICS: Final = frozenset(
    {
        "min_over_time",
        "max_over_time",
        "avg_over_time",
        "sum_over_time",
        "quantile_over_time",
        "histogram_over_time",
    }
)
METRICS: Final = PLAIN_METRICS | FIELD_METRICS | {"compare"}
CHOOSING: Final = frozenset({"topk", "bottomk"})
STAGES: Final = METRICS | CHOOSING | AGGREGATES | {"by", "select", "coalesce"}

"""Made-up traces in the form of Tempo's answers: a list of traces, TraceQL metrics, one trace."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from dashgen.core.json_values import Json, text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.doctor.live.live_queries import PanelQuery
from dashgen.preview.sample.made_up_curves import MadeUpCurve, Rhythm, chance

_SERVICE: Final = lazy_pattern(r'(?:resource\.)?service\.name\s*=~?\s*"([^"$]+)"')
_NAME: Final = lazy_pattern(r'(?<![\w.])(?:span:)?name\s*=~?\s*"([^"$]+)"')
_BY: Final = lazy_pattern(r"\bby\s*\(([^()]*)\)")
_METRICS: Final = lazy_pattern(r"\|\s*(rate|count_over_time|\w+_over_time|compare)\s*\(")
_TRACE_ID: Final = lazy_pattern(r"[0-9a-fA-F]{16,32}")
_ERRORS: Final = lazy_pattern(r"status\s*=\s*error")
_MOST_TRACES: Final = 20
_MILLION: Final = 1_000_000
_OPERATIONS: Final = (
    ("handle", ""),
    ("authorize", "auth"),
    ("search", "search"),
    ("SELECT", "db"),
    ("answer", "llm"),
)


class _SpanPlan(NamedTuple):
    """A span: its name, its service, its parent's index, and its start and end as shares of the trace."""

    name: str
    service: str
    parent: int | None
    start: float
    end: float


class SampleTraces:
    """Traces of the services that a project has.

    Args:
        services: the names of services, the entry first.
    """

    def __init__(self, services: Sequence[str]) -> None:
        self._services = services or ("app",)

    def tags(self, *, start: float, end: float) -> tuple[str, ...]:
        """The names of all attributes."""
        del start, end
        return ("resource.service.name", "name", "status")

    def tag_values(self, tag: str, *, start: float, end: float) -> tuple[str, ...]:
        """The values of an attribute."""
        del start, end
        if tag.endswith("service.name"):
            return tuple(self._services)
        return ("error", "ok", "unset") if tag == "status" else tuple(name for name, _ in _OPERATIONS)

    def answer(self, query: PanelQuery) -> Json:
        """The body of Tempo's answer to a query."""
        expr = query.expr.strip()
        if _TRACE_ID.fullmatch(expr):
            return {"batches": self.batches(expr, round(query.window.end * 1000) - 600_000)}
        if _METRICS.search(expr):
            return {"series": list(self._series(query))}
        return {"traces": list(self._matching_traces(query))}

    def _service(self, expr: str) -> str:
        match = _SERVICE.search(expr)
        return match[1].split("|")[0] if match else self._services[0]

    def _matching_traces(self, query: PanelQuery) -> Iterator[Json]:
        start, end = query.window.start * 1000, query.window.end * 1000
        service, named = self._service(query.expr), _NAME.search(query.expr)
        is_error = _ERRORS.search(query.expr) is not None
        for index in range(_MOST_TRACES):
            key = f"{query.expr}{index}"
            share = (index + chance(key)) / _MOST_TRACES
            at = round(end - (end - start) * share * share)
            duration = round(40 + 1900 * chance(f"{key}d") * chance(f"{key}e"))
            trace_id = trace_id_of(key)
            status = "STATUS_CODE_ERROR" if is_error or chance(f"{key}s") < 0.05 else "STATUS_CODE_OK"
            span = {
                "spanID": trace_id[:16],
                "name": named[1].split("|")[0] if named else "handle",
                "startTimeUnixNano": str(at * _MILLION),
                "durationNanos": str(duration * _MILLION),
                "attributes": [
                    {"key": "service.name", "value": {"stringValue": service}},
                    {"key": "status", "value": {"stringValue": status.rpartition("_")[2].lower()}},
                ],
            }
            yield {
                "traceID": trace_id,
                "rootServiceName": service,
                "rootTraceName": span["name"],
                "startTimeUnixNano": str(at * _MILLION),
                "durationMs": duration,
                "spanSets": [{"spans": [span], "matched": 1}],
            }

    def _series(self, query: PanelQuery) -> Iterator[Json]:
        start, end = (round(edge * 1000) for edge in query.window.aligned)
        times = range(start, end + 1, max(round(query.window.step * 1000), 1))
        grouping = _BY.search(query.expr)
        names = [name.strip() for name in grouping[1].split(",")] if grouping else []
        level = 0.4 if "_over_time" in query.expr else 2.0
        for index in range(3 if names else 1):
            labels = [
                {"key": name, "value": {"stringValue": self._value(name, index, query.expr)}}
                for name in names
            ]
            rhythm = Rhythm(f"{query.expr}{index}", 0.4, 0.1, 0.4)
            values = MadeUpCurve(level / (index + 1), rhythm, 0, end).heights(times)
            samples = [
                {"timestampMs": str(at), "value": value} for at, value in zip(times, values, strict=True)
            ]
            yield {
                "labels": labels or [{"key": "__name__", "value": {"stringValue": "rate"}}],
                "samples": samples,
            }

    def _value(self, name: str, index: int, expr: str) -> str:
        if name.endswith("service.name"):
            return self._services[index % len(self._services)] if index else self._service(expr)
        if name.endswith("status"):
            return ("ok", "error", "unset")[index]
        return _OPERATIONS[index][0] if name.endswith("name") else f"{name.rpartition('.')[2]}-{index + 1}"

    def batches(self, trace_id: str, at: int) -> list[Json]:
        """The spans of a trace that began at a time, by service."""
        length = round(200 + 1200 * chance(trace_id))
        by_service: dict[str, list[Json]] = {}
        for index, plan in enumerate(self._plans(trace_id)):
            is_failed = index == 3 and chance(f"{trace_id}f") < 0.2
            span: dict[str, Any] = {
                "traceId": trace_id,
                "spanId": _span_id(trace_id, index),
                "parentSpanId": "" if plan.parent is None else _span_id(trace_id, plan.parent),
                "name": plan.name,
                "kind": "SPAN_KIND_SERVER" if plan.parent is None else "SPAN_KIND_CLIENT",
                "startTimeUnixNano": str((at + round(length * plan.start)) * _MILLION),
                "endTimeUnixNano": str((at + round(length * plan.end)) * _MILLION),
                "status": {"code": "STATUS_CODE_ERROR" if is_failed else "STATUS_CODE_OK"},
                "attributes": [],
            }
            by_service.setdefault(plan.service, []).append(span)
        return [
            {
                "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]},
                "scopeSpans": [{"spans": spans}],
            }
            for service, spans in by_service.items()
        ]

    def _plans(self, trace_id: str) -> Iterator[_SpanPlan]:
        yield _SpanPlan(_OPERATIONS[0][0], self._services[0], None, 0.0, 1.0)
        cursor = 0.03
        for index, (name, role) in enumerate(_OPERATIONS[1:], 1):
            width = (0.08, 0.2, 0.15, 0.42)[index - 1] * (0.7 + 0.6 * chance(f"{trace_id}{index}"))
            others = self._services[1:]
            service = others[(index - 1) % len(others)] if others else role
            parent = 2 if role == "db" else 0
            start = cursor if role != "db" else cursor - 0.12
            yield _SpanPlan(name, service, parent, start, min(start + width, 0.98))
            cursor = min(cursor + width, 0.9)


def trace_id_of(key: str) -> str:
    """The id of a trace that is the same for a key."""
    return f"{int(chance(key) * 2**64):016x}{int(chance(f'{key}b') * 2**64):016x}"


def _span_id(trace_id: str, index: int) -> str:
    return f"{int(chance(f'{trace_id}{index}') * 2**64):016x}"


def service_names(labels: Sequence[str], queries: Sequence[str]) -> list[str]:
    """The names of services: of log streams, and those that queries of traces name."""
    named = [match[1].split("|")[0] for query in queries for match in _SERVICE.finditer(text(query))]
    return [*dict.fromkeys([*labels, *named])]

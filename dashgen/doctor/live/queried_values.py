"""The options of a variable that a server has, as Grafana's data sources find them.

Sources: metric_find_query.ts of packages/grafana-prometheus (grafana/grafana at 9483bef2), variables.ts of
the Loki and Tempo data sources, and `metricNamesToVariableValues` and `sortVariableValues` of
@grafana/scenes.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

from dashgen.core.json_values import Json, mapping, scalar_text, text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.doctor.live.variable_options import VariableOption
from dashgen.drawing.fields.field_matchers import script_pattern, unanchored_pattern
from dashgen.drawing.values.javascript_numbers import number_text
from dashgen.servers.telemetry.results import Result

_LABEL_VALUES: Final = lazy_pattern(
    r"\s*label_values\(\s*(?:(?P<selector>.+),)?\s*(?P<label>[\w.]+|\"[^\"]+\")\s*\)\s*", re.DOTALL
)
_CALL: Final = lazy_pattern(r"\s*(label_names|metrics|query_result)\((.*)\)\s*", re.DOTALL)
_DIGITS: Final = lazy_pattern(r".*?(\d+).*")
_MOST: Final = 5000
_LONGEST: Final = 2000


class QuerySpan(NamedTuple):
    """A stretch of time in seconds since 1970."""

    start: float
    end: float


class MetricsServer(Protocol):
    """What lists the labels of metrics: a Prometheus."""

    def label_values(
        self, label: str, match: Sequence[str] = (), *, start: float | None = None, end: float | None = None
    ) -> tuple[str, ...]:
        """The values of a label, of all series or of those that a selector matches."""

    def label_names(self, *, start: float, end: float) -> tuple[str, ...]:
        """The names of all labels."""

    def series(
        self, match: Sequence[str], *, start: float, end: float, limit: int = 1000
    ) -> tuple[Mapping[str, str], ...]:
        """The label sets of the series that any of the selectors matches."""

    def query(self, expr: str, *, at: float | None = None) -> Result:
        """An expression at one moment."""


class LogsServer(Protocol):
    """What lists the labels of log streams: a Loki."""

    def labels(self, *, start: float, end: float) -> tuple[str, ...]:
        """The labels that streams have."""

    def label_values(self, label: str, *, start: float, end: float, selector: str = "") -> tuple[str, ...]:
        """The values of a label, of all streams or of those that a selector matches."""


class TracesServer(Protocol):
    """What lists the attributes of traces: a Tempo."""

    def tags(self, *, start: float, end: float) -> tuple[str, ...]:
        """The names of all attributes."""

    def tag_values(self, tag: str, *, start: float, end: float) -> tuple[str, ...]:
        """The values of an attribute."""


def written_query(variable: Mapping[str, Any]) -> str:
    """The query of a variable as text."""
    query = variable.get("query")
    inner = mapping(query)
    return text(inner.get("query")) or text(query) or text(variable.get("definition"))


def prometheus_values(server: MetricsServer, query: str, span: QuerySpan) -> list[str]:
    """What a query for values yields at a Prometheus, in its order.

    Args:
        server: the Prometheus.
        query: `label_values(…)`, `label_names()`, `metrics(…)`, `query_result(…)`, or a selector of series;
            without variables.
        span: the time in which values have to be.

    Raises:
        ServiceError: it does not answer, or refuses the query.
    """
    if (match := _LABEL_VALUES.fullmatch(query)) is not None:
        selector = (match["selector"] or "").strip()
        label = match["label"].strip('"')
        values = server.label_values(label, [selector] if selector else [], start=span.start, end=span.end)
        return sorted(values)
    call = _CALL.fullmatch(query)
    if call is None:
        return _series_texts(server, query, span) if query.strip() else []
    name, argument = call[1], call[2].strip()
    if name == "query_result":
        return _result_texts(server, argument, span)
    if name == "metrics":
        # A pattern of metrics is looked for anywhere in a name.
        pattern = unanchored_pattern(argument)
        names = server.label_values("__name__", start=span.start, end=span.end)
        return [one for one in names if pattern is not None and pattern.search(one)]
    return list(server.label_names(start=span.start, end=span.end))


def _series_texts(server: MetricsServer, query: str, span: QuerySpan) -> list[str]:
    return [_series_text(dict(labels)) for labels in server.series([query], start=span.start, end=span.end)]


def _series_text(labels: dict[str, str]) -> str:
    name = labels.pop("__name__", "")
    return name + "{" + ",".join(f'{label}="{value}"' for label, value in sorted(labels.items())) + "}"


def _result_texts(server: MetricsServer, expr: str, span: QuerySpan) -> list[str]:
    texts = []
    for series in server.query(expr, at=span.end).series:
        for at, value in series.points[:1]:
            texts.append(f"{_series_text(dict(series.labels))} {number_text(value)} {round(at * 1000)}")
    return texts


def loki_values(server: LogsServer, query: object, span: QuerySpan) -> list[str]:
    """What a query for values yields at a Loki: `label_values(…)`, or an object with label and stream.

    Raises:
        ServiceError: it does not answer, or refuses the query.
    """
    label, selector = _loki_parts(query)
    if not label:
        return list(server.labels(start=span.start, end=span.end))
    return list(server.label_values(label, start=span.start, end=span.end, selector=selector))


def _loki_parts(query: object) -> tuple[str, str]:
    inner = mapping(query)
    if inner and not text(inner.get("query")):
        return text(inner.get("label")), text(inner.get("stream"))
    match = _LABEL_VALUES.fullmatch(text(inner.get("query")) or text(query))
    return (match["label"].strip('"'), (match["selector"] or "").strip()) if match else ("", "")


def tempo_values(server: TracesServer, query: object, span: QuerySpan) -> list[str]:
    """What a query for values yields at a Tempo: the names of attributes, or the values of one.

    Raises:
        ServiceError: it does not answer, or refuses the query.
    """
    label = text(mapping(query).get("label"))
    if not label:
        return list(server.tags(start=span.start, end=span.end))
    return list(server.tag_values(label, start=span.start, end=span.end))


def chosen_options(variable: Json, values: Iterable[str]) -> list[VariableOption]:
    """The options that are made of what a query yields, by the pattern and the order of the variable.

    Args:
        variable: its JSON, with `regex`, `regexApplyTo` and `sort`.
        values: what the query yields.
    """
    pattern = text(variable.get("regex"))
    compiled = script_pattern(pattern[:_LONGEST]) if pattern else None
    options: dict[str, VariableOption] = {}
    for value in values:
        option = VariableOption(value, value) if compiled is None else _matched(compiled, value)
        if option is not None:
            options.setdefault(option.value, option)
        if len(options) >= _MOST:
            break
    return _sorted(list(options.values()), variable.get("sort"))


def _matched(pattern: re.Pattern[str], value: str) -> VariableOption | None:
    match = pattern.search(value[:_LONGEST])
    if match is None:
        return None
    named = match.groupdict()
    if named.get("value") is not None or named.get("text") is not None:
        chosen = named.get("value") or named.get("text") or ""
        return VariableOption(named.get("text") or chosen, chosen)
    group = match[1] if pattern.groups and match[1] is not None else value
    return VariableOption(group, group)


_Key = Callable[[VariableOption], Any]


def _number(option: VariableOption) -> float:
    match = _DIGITS.match(option.text)
    return float(match[1]) if match else -1


def _natural(option: VariableOption) -> list[tuple[int, Any]]:
    parts = re.split(r"(\d+)", option.text)
    return [(0, int(part)) if part.isdecimal() else (1, part) for part in parts if part]


_ORDERS: Final[Sequence[_Key]] = (
    lambda option: option.text,
    _number,
    lambda option: option.text.lower(),
    _natural,
)


def _sorted(options: list[VariableOption], order: object) -> list[VariableOption]:
    number = int(scalar_text(order)) if scalar_text(order).isdecimal() else 0
    if not 1 <= number <= len(_ORDERS) * 2:
        return options
    ascending = sorted(options, key=_ORDERS[(number - 1) // 2])
    # Grafana turns the sorted list around, so equal ones change places too.
    return ascending[::-1] if number % 2 == 0 else ascending

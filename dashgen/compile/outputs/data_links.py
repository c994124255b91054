"""How metrics, logs and traces lead to each other, as keys of Grafana's ``jsonData``."""

from dashgen.core.diagnostics import nearest
from dashgen.core.json_values import Json
from dashgen.model.data_source_spec import (
    DataSource,
    DerivedField,
    Exemplars,
    Refs,
    Tags,
    TracesToLogs,
    TracesToMetrics,
)
from dashgen.source.provenance import Reporter


def links_of(source: DataSource, refs: Refs, report: Reporter) -> Json:
    """The keys for exemplars, derived fields, trace links, the service map and the node graph."""
    links = _Links(refs, report)
    written: Json = {
        "exemplarTraceIdDestinations": links.exemplars(source.exemplars),
        "derivedFields": [links.derived(i, one) for i, one in enumerate(source.derived_fields)],
        "tracesToLogsV2": links.logs(source.traces_to_logs),
        "tracesToMetrics": links.metrics(source.traces_to_metrics),
        "serviceMap": {"datasourceUid": links.uid(source.service_map, "service_map")}
        if source.service_map
        else None,
        "nodeGraph": {"enabled": source.node_graph} if source.node_graph is not None else None,
        "search": {"hide": not source.search} if source.search is not None else None,
        "streamingEnabled": {"search": source.streaming} if source.streaming is not None else None,
    }
    return {key: value for key, value in written.items() if value not in (None, [])}


class _Links:
    """The links of one data source; each target is looked up, and reported at its line when it is unknown."""

    def __init__(self, refs: Refs, report: Reporter) -> None:
        self.refs, self.report = refs, report

    def uid(self, name: str, *path: str | int) -> str:
        data_source = self.refs.get(name) or self.refs.get(name.lower())
        if data_source is None:
            message = f"there is no data source `{name}`"
            self.report.error("datasource/unknown", message, path, nearest(name, self.refs))
            return name
        return data_source.uid

    def exemplars(self, exemplars: str | Exemplars | None) -> list[Json]:
        if exemplars is None:
            return []
        full = Exemplars(to=exemplars) if isinstance(exemplars, str) else exemplars
        steps = ("exemplars",) if isinstance(exemplars, str) else ("exemplars", "to")
        entry = {"name": full.label, "datasourceUid": self.uid(full.to, *steps)}
        return [{**entry, "urlDisplayLabel": full.title} if full.title else entry]

    def derived(self, number: int, field: DerivedField) -> Json:
        if (field.regex is None) == (field.label is None):
            message = f"the derived field `{field.name}` needs either `regex` or `label`"
            path, hint = ("derived_fields", number), "keep the one that finds the value"
            self.report.error("datasource/derived-field", message, path, hint)
        by_label = field.regex is None
        entry: Json = {
            "name": field.name,
            "matcherType": "label" if by_label else "regex",
            "matcherRegex": field.label if by_label else field.regex,
            "url": field.url,
        }
        if field.to:
            entry["datasourceUid"] = self.uid(field.to, "derived_fields", number, "to")
        return {**entry, "urlDisplayLabel": field.title} if field.title else entry

    def logs(self, traces_to_logs: str | TracesToLogs | None) -> Json | None:
        if traces_to_logs is None:
            return None
        full = TracesToLogs(to=traces_to_logs) if isinstance(traces_to_logs, str) else traces_to_logs
        steps = ("traces_to_logs",) if isinstance(traces_to_logs, str) else ("traces_to_logs", "to")
        entry = {
            **self._spans(full, steps),
            "filterByTraceID": full.by_trace_id,
            "filterBySpanID": full.by_span_id,
        }
        return {**entry, "customQuery": True, "query": full.query} if full.query else entry

    def metrics(self, traces_to_metrics: str | TracesToMetrics | None) -> Json | None:
        if traces_to_metrics is None:
            return None
        full = (
            TracesToMetrics(to=traces_to_metrics) if isinstance(traces_to_metrics, str) else traces_to_metrics
        )
        steps = ("traces_to_metrics",) if isinstance(traces_to_metrics, str) else ("traces_to_metrics", "to")
        entry = self._spans(full, steps)
        queries = [{"name": name, "query": query} for name, query in full.queries.items()]
        return {**entry, "queries": queries} if queries else entry

    def _spans(self, link: TracesToLogs | TracesToMetrics, steps: tuple[str, ...]) -> Json:
        entry: Json = {
            "datasourceUid": self.uid(link.to, *steps),
            "spanStartTimeShift": f"-{link.before}",
            "spanEndTimeShift": link.after,
        }
        return {**entry, "tags": _tags(link.tags)} if link.tags else entry


def _tags(tags: Tags) -> list[dict[str, str]]:
    if isinstance(tags, list):
        return [{"key": name} for name in tags]
    return [{"key": name, "value": label} for name, label in tags.items()]

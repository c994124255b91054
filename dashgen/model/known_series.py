"""Series and labels that no metric contract has to describe."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Final

RUNTIME: Final = (
    "process_*",
    "python_*",
    "go_*",
    "promhttp_*",
    "prometheus_*",
    "jvm_*",
    "nodejs_*",
    "dotnet_*",
    "ruby_*",
    "otel_*",
    "target_info",
    "*_build_info",
    "scrape_*",
    "up",
)
"""Metrics of runtimes, client libraries and the scrape itself."""
OF_PROMETHEUS: Final = ("ALERTS", "ALERTS_FOR_STATE")
"""Series that Prometheus writes for its own alerts (prometheus/rules/alerting.go)."""
OF_TEMPO: Final = ("traces_spanmetrics_*", "traces_service_graph_*", "traces_target_info")
"""Series that Tempo's metrics generator makes of spans (modules/generator/processor of Tempo 2.9)."""
TARGET_LABELS: Final = frozenset(
    [
        "job",
        "instance",
        "namespace",
        "pod",
        "container",
        "node",
        "service",
        "endpoint",
        "cluster",
        "region",
        "zone",
        "az",
        "env",
        "environment",
        "host",
        "hostname",
        "datacenter",
        "dc",
        "stage",
        "tenant",
        "prometheus",
        "replica",
        "exported_job",
        "exported_instance",
        "__name__",
    ]
)
"""Labels that a scrape commonly adds: Prometheus' own, the Prometheus operator's, and external labels."""
STREAM_LABELS: Final = frozenset(
    [
        "job",
        "instance",
        "namespace",
        "pod",
        "container",
        "node",
        "cluster",
        "host",
        "hostname",
        "filename",
        "stream",
        "service_name",
        "detected_level",
        "level",
        "env",
        "environment",
        "region",
        "app",
    ]
)
"""Labels that collectors and Loki itself commonly add to streams."""
ALERT_LABELS: Final = frozenset({"alertname", "alertstate", "severity", "grafana_folder"})


class PassedOver:
    """Knows which metrics nobody has to describe.

    Args:
        patterns: names that the project or the user gave, with ``*`` and ``?``.
    """

    def __init__(self, patterns: Iterable[str] = ()) -> None:
        self._patterns = (*RUNTIME, *OF_PROMETHEUS, *OF_TEMPO, *patterns)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and any(fnmatchcase(name, pattern) for pattern in self._patterns)

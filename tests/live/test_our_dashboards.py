"""The project's own dashboards against a Prometheus that holds what their contract promises."""

import itertools
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashgen.doctor.live.check_live import check_panels
from dashgen.doctor.live.live_queries import panel_queries
from dashgen.doctor.live.panel_verdict import Bounds, QueryState, diagnostics_of
from dashgen.doctor.live.run_queries import Servers
from dashgen.doctor.live.series_views import project_views, scrape_intervals
from dashgen.model.metrics_spec import Bound, Metric, Metrics
from dashgen.model.settled_alerts import SettledRecord
from dashgen.project.inspection import inspect_project
from dashgen.servers.telemetry import Prometheus
from tests.telemetry.running import endpoint, prometheus_server

pytestmark = pytest.mark.external
ROOT = Path(__file__).parents[2]
HOURS, COARSE, FINE_MINUTES, FINE = 26, 270, 10, 15
MOST_VALUES = 2
BUCKETS = ("0.5", "8.0", "30.0", "+Inf")


def _label_sets(metric: Metric) -> Iterator[dict[str, str]]:
    names = list(metric.labels)
    values = [
        [found.example or "x"] if isinstance(found, Bound) else found for found in metric.labels.values()
    ]
    for chosen in itertools.product(*values):
        yield dict(zip(names, chosen, strict=True))


def _series(name: str, metric: Metric, labels: dict[str, str]) -> Iterator[tuple[str, dict[str, str], float]]:
    """The series of one label set, each with how much it grows in a step; 0 for a gauge."""
    if metric.type == "histogram":
        for number, bound in enumerate(BUCKETS, 1):
            yield f"{name}_bucket", {**labels, "le": bound}, float(number)
        yield f"{name}_sum", labels, 20.0
        yield f"{name}_count", labels, float(len(BUCKETS))
    else:
        yield name, labels, 1.0 if metric.type == "counter" else 0.0


def _history(contract: Metrics, now: float) -> str:
    ago = [*range(HOURS * 3600, FINE_MINUTES * 60, -COARSE), *range(FINE_MINUTES * 60, -1, -FINE)]
    moments = [int(now) - seconds for seconds in ago]
    lines = []
    for name, metric in contract.metrics.items():
        family = name.removesuffix("_total") if metric.type == "counter" else name
        lines.append(f"# TYPE {family} {metric.type}")
        for labels in _label_sets(metric):
            for series, own, growth in _series(name, metric, labels):
                written = ",".join(f'{key}="{value}"' for key, value in own.items())
                lines += [
                    f"{series}{{{written}}} {growth * index if growth else 7} {moment}"
                    for index, moment in enumerate(moments)
                ]
    return "\n".join([*lines, "# EOF", ""])


def test_every_panel_of_prometheus_shows_data(tmp_path: Path) -> None:
    found = inspect_project(ROOT)
    contracts = [document.model.metrics for document in found.documents.of("Metrics")]
    contract = Metrics(metrics={name: metric for metrics in contracts for name, metric in metrics.items()})
    recorded = {
        rule.rule.record for group in found.groups for rule in group.rules if isinstance(rule, SettledRecord)
    }
    # What rules record has no past here; `nox -s stack` asks for those panels.
    queries = [
        query
        for query in panel_queries(project_views(found), datetime.now(UTC), scrape_intervals(found))
        if not recorded.intersection(re.findall(r"[\w:]+", query.expr))
    ]
    with (
        prometheus_server(tmp_path, _history(contract, time.time())) as url,
        Prometheus(endpoint(url)) as prometheus,
    ):
        checked = check_panels(queries, Servers(prometheus, concurrency=2), Bounds(), datetime.now(UTC))
    asked = [one for one in checked.verdicts if one.state is not QueryState.NOT_ASKED]
    # Tempo is not here, and nothing was a week ago.
    elsewhere = ("traces_service_graph", "offset 7d")
    wrong = [
        one.message for one in diagnostics_of(asked) if not any(part in one.message for part in elsewhere)
    ]
    assert wrong == []
    assert len(asked) > 40

"""The figures as Prometheus metrics: exactly those of the contract in specs/insights-metrics.yaml."""

import math
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar, Final, NamedTuple

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from insights.outcome import Figure

PREFIX: Final = "dubai_estate"
METRICS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "churn_risk_users": (
        "Active or paying users by their probability to churn within 30 days: low < 20 %, medium < 50 %, high.",
        ("tier", "risk"),
    ),
    "churn_revenue_at_risk_usd": (
        "Expected monthly revenue of users who churn within 30 days: the price of each by the probability.",
        ("tier",),
    ),
    "forecast_cost_usd": (
        "Expected cost of a UTC day; day 01 is the day of the job's last run. 80 % of days are between low and high.",
        ("day", "bound"),
    ),
    "forecast_queries": (
        "Expected questions of a UTC day; day 01 is the day of the job's last run. 80 % are between low and high.",
        ("day", "bound"),
    ),
    "insights_quality": (
        "How good a model was on days that it had not seen, by measure.",
        ("model", "measure"),
    ),
    "insights_better_than_naive": (
        "1 if a model was surely better than its naive rival on days that it had not seen, 0 if not.",
        ("model",),
    ),
    "insights_training_rows": (
        "Rows that a model learnt from: users and cut-offs (churn), or days.",
        ("model",),
    ),
    "insights_tested_rows": (
        "Rows that a model was tested on: users of the held-out month (churn), or days forecast in the past.",
        ("model",),
    ),
    "insights_tested_days": ("How many days ahead a model was tested.", ("model",)),
    "insights_state": (
        "1 for the state that a model is in, 0 for the others; it predicts only in the state ok.",
        ("model", "reason"),
    ),
    "insights_last_run_duration_seconds": ("How long the last run of a model took.", ("model",)),
    "insights_last_success_timestamp_seconds": ("When a model last made a prediction.", ("model",)),
}
_PATIENCE: Final = 10


class FigureCollector(Collector):
    """The metrics of figures as of now."""

    def __init__(self, figures: Callable[[], Iterable[Figure]]) -> None:
        self._figures = figures

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing: which metrics there are is known at each scrape only."""
        return ()

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """A family for each metric that has a value."""
        families: dict[str, GaugeMetricFamily] = {}
        for figure in self._figures():
            # Text that a metric cannot show as a number is worse than none.
            if not math.isfinite(figure.value):
                continue
            text, labels = METRICS[figure.name]
            family = families.setdefault(
                figure.name, GaugeMetricFamily(f"{PREFIX}_{figure.name}", text, labels=labels)
            )
            family.add_metric([figure.labels[label] for label in labels], figure.value)
        return families.values()


def registry_of(figures: Callable[[], Iterable[Figure]]) -> CollectorRegistry:
    """A registry that has figures and nothing else."""
    registry = CollectorRegistry()
    registry.register(FigureCollector(figures))
    return registry


def metrics_server(
    host: str, port: int, registry: CollectorRegistry, is_well: Callable[[], bool]
) -> ThreadingHTTPServer:
    """A server of `/metrics` and `/healthz` that listens already; its `serve_forever` answers.

    Args:
        host: the address to listen on.
        port: the port; 0 takes a free one.
        registry: what `/metrics` shows.
        is_well: whether `/healthz` answers 200, and not 503.

    Raises:
        OSError: it cannot listen there.
    """

    class Handler(_Handler):
        pages = _Pages(registry, is_well)

    return ThreadingHTTPServer((host, port), Handler)


class _Pages(NamedTuple):
    metrics: CollectorRegistry
    is_well: Callable[[], bool]


class _Handler(BaseHTTPRequestHandler):
    pages: ClassVar[_Pages]
    timeout = _PATIENCE
    server_version = "insights"
    sys_version = ""

    def do_GET(self) -> None:
        """Metrics, or a sign of life."""
        path = self.path.partition("?")[0]
        if path == "/metrics":
            encode, kind = choose_encoder(self.headers.get("Accept", ""))
            self._answer(200, encode(self.pages.metrics), kind)
        elif path == "/healthz":
            code, body = (200, b"ok\n") if self.pages.is_well() else (503, b"the job hangs\n")
            self._answer(code, body, "text/plain; charset=utf-8")
        else:
            self._answer(404, b"there is /metrics and /healthz\n", "text/plain; charset=utf-8")

    def _answer(self, code: int, body: bytes, kind: str) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *values: object) -> None:  # noqa: A002  # the name that the base class has
        """Nothing: a scrape every 15 s is no event."""

"""What the benchmark's dashboards show, in no tool's language: 3 rows, 21 panels, 30 queries, 3 variables each."""

from dataclasses import dataclass
from typing import Any

THRESHOLDS = (("green", 0), ("yellow", 70), ("red", 90))


@dataclass(frozen=True)
class Query:
    """A Prometheus query and the name of its series."""

    expr: str
    legend: str


@dataclass(frozen=True)
class Panel:
    """A panel: its type, texts, queries, and place."""

    kind: str
    title: str
    description: str
    unit: str
    queries: tuple[Query, ...]
    x: int
    y: int
    w: int
    h: int


@dataclass(frozen=True)
class Row:
    """A titled row of panels."""

    title: str
    y: int
    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class Dashboard:
    """A dashboard."""

    uid: str
    title: str
    rows: tuple[Row, ...]


VARIABLES = (
    ("env", "Environment", "label_values(shop_http_requests_total, env)"),
    ("region", "Region", 'label_values(shop_http_requests_total{env=~"$env"}, region)'),
    (
        "instance",
        "Instance",
        'label_values(shop_http_requests_total{env=~"$env", region=~"$region"}, instance)',
    ),
)

# Type, title, unit, description, then (expression, legend) pairs; SEL becomes the service's label matchers.
_KEY_FIGURES: tuple[tuple[Any, ...], ...] = (
    ("stat", "Requests", "reqps", "Requests a second over all instances; a sudden drop is an outage upstream.",
     ("sum(rate(shop_http_requests_total{SEL}[$__rate_interval]))", "requests")),
    ("stat", "Success rate", "percentunit", "Share of requests answered without a server error; the target is 99.9 %.",
     ('sum(rate(shop_http_requests_total{SEL, status!~"5.."}[5m])) / sum(rate(shop_http_requests_total{SEL}[5m]))', "ok")),
    ("stat", "Median latency", "s", "Half of all requests are faster than this; users notice from 300 ms.",
     ("histogram_quantile(0.5, sum by (le) (rate(shop_http_request_duration_seconds_bucket{SEL}[5m])))", "P50")),
    ("stat", "Orders", "short", "Orders placed in the last hour, over all regions.",
     ("sum(increase(shop_orders_total{SEL}[1h]))", "orders")),
    ("stat", "Restarts", "short", "Restarts of any instance in the last day; more than two want a look at the log.",
     ("sum(changes(process_start_time_seconds{SEL}[1d]))", "restarts")),
    ("stat", "Revenue", "currencyUSD", "Revenue of the last hour in dollars, before refunds and discounts.",
     ("sum(increase(shop_revenue_usd_total{SEL}[1h]))", "revenue")),
)  # fmt: skip
_TRAFFIC: tuple[tuple[Any, ...], ...] = (
    ("timeseries", "Request rate", "reqps", "Requests a second by status class; the red area is what failed.",
     ("sum by (status) (rate(shop_http_requests_total{SEL}[$__rate_interval]))", "{{status}}"),
     ("sum(rate(shop_http_requests_total{SEL}[$__rate_interval] offset 1w))", "last week")),
    ("timeseries", "Latency", "s", "Latency percentiles; the distance between them shows outliers.",
     ("histogram_quantile(0.50, sum by (le) (rate(shop_http_request_duration_seconds_bucket{SEL}[$__rate_interval])))", "P50"),
     ("histogram_quantile(0.95, sum by (le) (rate(shop_http_request_duration_seconds_bucket{SEL}[$__rate_interval])))", "P95"),
     ("histogram_quantile(0.99, sum by (le) (rate(shop_http_request_duration_seconds_bucket{SEL}[$__rate_interval])))", "P99")),
    ("timeseries", "Errors", "reqps", "Failed requests a second by route; look at the route's owner first.",
     ('topk(5, sum by (route) (rate(shop_http_requests_total{SEL, status=~"5.."}[$__rate_interval])))', "{{route}}"),
     ('sum(rate(shop_http_requests_total{SEL, status=~"4.."}[$__rate_interval]))', "client errors")),
    ("timeseries", "CPU", "percentunit", "Processor time used by each instance, as a share of one core.",
     ("sum by (instance) (rate(process_cpu_seconds_total{SEL}[$__rate_interval]))", "{{instance}}"),
     ("avg(rate(process_cpu_seconds_total{SEL}[$__rate_interval]))", "average")),
    ("timeseries", "Memory", "bytes", "Resident memory of each instance; a steady climb is a leak.",
     ("sum by (instance) (process_resident_memory_bytes{SEL})", "{{instance}}"),
     ("max(process_resident_memory_bytes{SEL})", "largest")),
    ("timeseries", "Queue", "short", "Jobs waiting and jobs being worked on; workers scale with the first.",
     ("sum(shop_queue_waiting{SEL})", "waiting"),
     ("sum(shop_queue_active{SEL})", "active")),
    ("timeseries", "Database calls", "ops", "Calls to the database a second by kind of statement.",
     ("sum by (statement) (rate(shop_db_calls_total{SEL}[$__rate_interval]))", "{{statement}}")),
    ("timeseries", "Cache hits", "percentunit", "Share of lookups that the cache answered; below 80 % the database suffers.",
     ("sum(rate(shop_cache_hits_total{SEL}[5m])) / sum(rate(shop_cache_lookups_total{SEL}[5m]))", "hits")),
)  # fmt: skip
_DETAILS: tuple[tuple[Any, ...], ...] = (
    ("table", "Slowest routes", "s", "The ten slowest routes of the time range by mean latency.",
     ("topk(10, sum by (route) (rate(shop_http_request_duration_seconds_sum{SEL}[$__range])))", "{{route}}"),
     ("topk(10, sum by (route) (rate(shop_http_request_duration_seconds_count{SEL}[$__range])))", "{{route}}")),
    ("table", "Instances", "short", "Every instance with its version and how long it has been up.",
     ("count by (instance, version) (shop_build_info{SEL})", "{{instance}}"),
     ("sum by (instance) (time() - process_start_time_seconds{SEL})", "{{instance}}")),
    ("bargauge", "Busiest routes", "reqps", "The ten routes with the most requests in the time range.",
     ("topk(10, sum by (route) (rate(shop_http_requests_total{SEL}[$__range])))", "{{route}}")),
    ("bargauge", "Disk", "percent", "How full the disk of each instance is; from 90 % somebody is paged.",
     ("max by (instance) (100 * shop_disk_used_bytes{SEL} / shop_disk_size_bytes{SEL})", "{{instance}}")),
    ("piechart", "Payment methods", "short", "How customers paid in the time range.",
     ("sum by (method) (increase(shop_payments_total{SEL}[$__range]))", "{{method}}")),
    ("piechart", "Regions", "short", "Where the orders of the time range came from.",
     ("sum by (region) (increase(shop_orders_total{SEL}[$__range]))", "{{region}}")),
    ("gauge", "Connections", "percent", "Share of the database's connections in use; above 90 % requests wait.",
     ("100 * sum(shop_db_connections{SEL}) / sum(shop_db_connections_max{SEL})", "used")),
)  # fmt: skip
_ROWS = (("Key figures", _KEY_FIGURES, 4, 4), ("Traffic", _TRAFFIC, 6, 8), ("Details", _DETAILS, 8, 9))


def dashboard(number: int, change: str = "") -> Dashboard:
    """The dashboard with a number; a change makes one description another."""
    service = f"svc-{number:04d}"
    selector = f'service="{service}", env=~"$env", instance=~"$instance"'
    rows, y = [], 0
    for title, panels, width, height in _ROWS:
        placed = []
        for index, (kind, name, unit, about, *queries) in enumerate(panels):
            filled = tuple(Query(expr.replace("SEL", selector), legend) for expr, legend in queries)
            column, line = index * width % 24, index * width // 24
            text = f"{about}{change}"
            placed.append(
                Panel(
                    str(kind),
                    str(name),
                    text,
                    str(unit),
                    filled,
                    column,
                    y + 1 + line * height,
                    width,
                    height,
                )
            )
        rows.append(Row(title, y, tuple(placed)))
        y = placed[-1].y + height
    return Dashboard(service, f"Service {number:04d}", tuple(rows))


def metrics() -> dict[str, str]:
    """The type of every metric that the queries read, for a contract."""
    counters = (
        "shop_http_requests_total", "shop_orders_total", "shop_revenue_usd_total", "process_cpu_seconds_total",
        "shop_db_calls_total", "shop_cache_hits_total", "shop_cache_lookups_total", "shop_payments_total",
    )  # fmt: skip
    gauges = (
        "process_start_time_seconds", "process_resident_memory_bytes", "shop_queue_waiting", "shop_queue_active",
        "shop_build_info", "shop_disk_used_bytes", "shop_disk_size_bytes", "shop_db_connections",
        "shop_db_connections_max",
    )  # fmt: skip
    found = dict.fromkeys(counters, "counter") | dict.fromkeys(gauges, "gauge")
    return found | {"shop_http_request_duration_seconds": "histogram"}

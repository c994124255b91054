"""What lint rules about panels find, and what they leave alone."""

import pytest

from dashgen.check.lint import LintLink, LintOverride, LintPanel
from tests.lint.lint_dashboards import findings, panel

SHARE = 'sum(rate(x_total{code="500"}[5m])) / sum(rate(x_total[5m]))'
LATENCY = "histogram_quantile(0.95, sum by (le) (rate(x_seconds_bucket[5m])))"
AT_NAME = ("overrides", 0)
FIGURE = {"kind": "stat", "is_colored": True, "base_color": "green"}


ALONE: dict[str, list[LintPanel]] = {
    "panel/no-title": [
        panel("", kind="text"),
        panel("", "up", kind="stat", text_mode="value_and_name"),
        panel("", "up", kind="stat", display_name="Up"),
        panel("", kind="row"),
        panel("", "a", "b", kind="stat"),
        panel("", kind="some-plugin"),
        panel("", "up", kind="table"),
        panel("", "up", kind="logs"),
        panel("", "up", kind="stat", has_mappings=True),
        panel("", "up", kind="stat", grid=(0, 0, 2, 2)),
    ],
    "panel/no-unit": [
        panel("Requests", "sum(rate(x_requests_total[5m]))"),
        panel("Fragmentation", "redis_mem_fragmentation_ratio"),
        panel("Cores", "sum(rate(process_cpu_seconds_total[5m]))"),
        panel("State", "x_seconds", kind="stat", has_mappings=True),
        panel("Version", "x_bytes", kind="stat", shown_fields="/^version$/"),
        panel("Both", "x_bytes", "y_seconds"),
        panel("Table", "x_bytes", "y_bytes", kind="table"),
        panel("Table", "x_bytes", kind="table", overrides=(LintOverride("name", "Value", {}, AT_NAME),)),
        panel("MiB", "x_bytes / 1024 / 1024"),
        panel("Buckets", "sum by (le) (rate(x_seconds_bucket[5m]))"),
        panel("Bytes", "x_bytes", overrides=(LintOverride("type", "number", {"unit": "bytes"}, AT_NAME),)),
        panel("Entropy", "node_entropy_available_bits"),
        panel("A variable", "$metric"),
        panel("Latency (s)", "x_seconds"),
        panel("Memory [%]", f"{SHARE} * 100"),
        panel("Free MiB", "x_bytes"),
        panel("MTU", "node_network_mtu_bytes", unit="none"),
        panel("Starts", "sum(min_over_time(container_start_time_seconds[2m]))"),
        panel(
            "Share",
            "sum(rate(x_cpu_seconds_total[5m])) / scalar(count(count by (cpu) (x_cpu_seconds_total)))",
        ),
    ],
    "panel/wrong-unit": [
        panel("Bytes", "x_bytes", unit="decbytes"),
        panel("Milliseconds", "x_seconds * 1000", unit="ms"),
        panel("Microseconds", "engine_get_micro_seconds", unit="µs"),
        panel("Days", "(time() - x_timestamp_seconds) / 86400", unit="d"),
        panel("Date", "process_start_time_seconds * 1000", unit="dateTimeAsIso"),
        panel("Cores", "rate(process_cpu_seconds_total[5m])", unit="suffix: cores"),
        panel("Cores", "rate(process_cpu_seconds_total[5m])", unit="s"),
        panel("Bits", "rate(x_bytes_total[5m]) * 8", unit="bps"),
        panel("Percent", f"{SHARE} * 100", unit="percent"),
        panel("Per request", "rate(x_bytes_total[5m]) / rate(y_requests_total[5m])", unit="bytes"),
        panel("Plain", "x_seconds", unit="short"),
        panel("Requests", "rate(x_requests_total[5m])", unit="reqps"),
        panel("Recorded", "job:x_seconds:rate5m", unit="ms"),
        panel("Unknown", "x_bytes", unit="furlong"),
        panel("Memory", "avg(rate(process_resident_memory_bytes[5m]))", unit="decbytes"),
        panel("Joined", "x_seconds", unit="ms", transformations=("calculateField",)),
    ],
    "panel/mixed-units": [
        panel("Latency", LATENCY, "sum(rate(x_seconds_sum[5m])) / sum(rate(x_seconds_count[5m]))"),
        panel("Both", "x_bytes", "y_total"),
        panel("Table", "x_bytes", "y_seconds", kind="table"),
        panel("CPU", "rate(cpu_seconds_total[5m])", LATENCY),
    ],
    "panel/too-many-decimals": [
        panel("Cost", decimals=6, unit="currencyUSD"),
        panel("Place", decimals=6, unit="degree"),
        panel("Four", decimals=4),
        panel("None"),
    ],
    "panel/count-with-decimals": [
        panel("Mean", "count(up)", kind="stat", decimals=1, calcs=("mean",)),
        panel("Thousands", "count(up) / 1000", kind="stat", decimals=1),
        panel("Graph", "count(up)", decimals=1),
        panel("Sum", "sum(up)", kind="stat", decimals=1),
        panel("Whole", "count(up)", kind="stat", decimals=0),
    ],
    "panel/title-quantile": [
        panel("Latency p95", LATENCY),
        panel("Latency P95 and P50", LATENCY),
        panel("Latency (95th percentile)", LATENCY),
        panel("Latency", LATENCY),
        panel("p99 latency", "histogram_quantile($quantile, x)"),
        panel("p99 latency", "x_p99_seconds"),
        panel("Median", "quantile(0.5, x)"),
        panel("p99.9", "histogram_quantile(0.999, x)"),
        panel("P2P peers", LATENCY),
        panel("Lat p999", "histogram_quantile(0.999, x)"),
        panel("p95 vs p50", LATENCY, "histogram_quantile(0.5, x)"),
    ],
    "panel/title-rate": [
        panel("Requests per second", "sum(rate(x_total[5m]))"),
        panel("Requests per minute", "sum(rate(x_total[5m])) * 60"),
        panel("Requests per minute", "sum(increase(x_total[1m]))"),
        panel("Orders per day", "sum(x)"),
        panel("Requests per minute", "rate(x_total[5m])", "rate(y_total[5m]) * 60"),
        panel("Memory per server", "rate(x_total[5m])"),
        panel("Tokens per second and per request", "rate(x_total[5m])"),
        panel("Errors / service", "rate(x_total[5m])"),
    ],
    "panel/title-window": [
        panel("Orders (24h)", "sum(increase(x_total[1d]))"),
        panel("Orders (24h)", "sum(increase(x_total[$__range]))"),
        panel("Orders (24h)", "sum(increase(x_total[1h]))", time_from="24h"),
        panel("Load (5m)", "node_load5"),
        panel("Requests (1h)", "rate(x_total[5m])"),
        panel("Orders (24h)", "increase(x_total[1h])", "increase(x_total[1d])"),
        panel("Last hour", "increase(x_total[60m])"),
        panel("Errors in the last deployment", "increase(x_total[1h])"),
    ],
    "panel/threshold-order": [
        panel("Good", **FIGURE, thresholds=((1, "yellow"), (2, "red"))),
        panel("More is better", **{**FIGURE, "base_color": "red"}, thresholds=((1, "yellow"), (2, "green"))),
        panel("In the middle", **{**FIGURE, "base_color": "red"}, thresholds=((1, "green"), (2, "red"))),
        panel("Reachable", **FIGURE, thresholds=((0, "red"), (1, "green"))),
        panel("States", **FIGURE, thresholds=((1, "red"), (2, "green")), has_mappings=True),
        panel("Cold", **{**FIGURE, "base_color": "blue"}, thresholds=((1, "red"), (2, "green"))),
        panel("Two reds", **FIGURE, thresholds=((1, "yellow"), (2, "red"), (3, "dark-red"))),
        panel("Hidden", kind="stat", base_color="green", thresholds=((1, "red"), (2, "yellow"))),
    ],
    "panel/threshold-direction": [
        panel("Errors", **FIGURE, thresholds=((1, "red"),)),
        panel("Time since last error", **{**FIGURE, "base_color": "red"}, thresholds=((60, "green"),)),
        panel("p99 of response success", **FIGURE, thresholds=((1, "red"),), unit="s"),
        panel("Error budget remaining", **{**FIGURE, "base_color": "red"}, thresholds=((1, "green"),)),
        panel("Uptime", **{**FIGURE, "base_color": "red"}, thresholds=((60, "green"),)),
        panel("Failed", **{**FIGURE, "base_color": "red"}, thresholds=((0, "green"),)),
        panel("Success and errors", **FIGURE, thresholds=((1, "red"),), unit="percent"),
    ],
    "panel/threshold-scale": [
        panel("Share", **FIGURE, thresholds=((0.8, "red"),), unit="percentunit"),
        panel("Over all", **FIGURE, thresholds=((1.5, "red"),), unit="percentunit"),
        panel("Untouched", **FIGURE, thresholds=((80, "red"),), unit="percentunit"),
        panel("Small", **FIGURE, thresholds=((0.1, "red"),), unit="percent"),
        panel(
            "Of the scale",
            **FIGURE,
            thresholds=((90, "red"),),
            unit="percentunit",
            thresholds_are_percentages=True,
        ),
    ],
    "panel/gauge-without-end": [
        panel("Share", "x", kind="gauge", unit="percent"),
        panel("Bars", "x", kind="bargauge"),
        panel("Set", "x", kind="gauge", max=10),
        panel("By series", "x", kind="gauge", overrides=(LintOverride("name", "x", {"max": 10}, AT_NAME),)),
    ],
    "panel/too-small": [
        panel("Graph", grid=(0, 0, 6, 4), legend_mode="list"),
        panel("", grid=(0, 0, 6, 3), legend_mode="list"),
        panel("Sparkline", grid=(0, 0, 6, 3), legend_mode="hidden"),
        panel("Figure", kind="stat", grid=(0, 0, 2, 2)),
        panel("Unplaced"),
        panel("Base search", kind="logs", grid=(0, 0, 12, 1)),
    ],
    "panel/cost-without-currency": [
        panel("Queries per dollar of cost", "x"),
        panel("Cost", "x", unit="currencyEUR"),
        panel("Share of costs", "x"),
        panel("Requests", "x"),
    ],
    "panel/bars-cut-off": [
        panel("Negative", kind="bargauge", min=-5),
        panel("Without zeros", kind="bargauge", min=0.01),
        panel("Without zeros", kind="bargauge", min=1, max=500),
        panel("Without zeros", kind="bargauge", min=1, unit="percent"),
        panel("Line", min=5),
        panel("Temperature", kind="barchart", min=10, unit="celsius"),
    ],
    "panel/title-status": [
        panel("5xx", 'x{code=~"5.."}'),
        panel("4xx and 5xx", 'x{code=~"[45].."}'),
        panel("Errors", 'x{code!="200"}'),
        panel("Errors", 'x{code=~"4..|5.."}'),
        panel("Error rate", 'x{code="200"} / x'),
        panel("Errors", 'x{code=~"$code"}'),
        panel("Errors", 'x{code="OK"}'),
        panel("Answers", 'x{code="200"}'),
        panel("Errors", 'x{code="200"}', 'x{code="500"}'),
        panel("Latency (excluding errors)", 'x{code=~"2.."}'),
        panel("Successes vs errors", 'x{code="200"}'),
        panel("2xx", 'x{status=~"2xx"}'),
    ],
    "panel/title-aggregation": [
        panel("Average CPU", "avg(x)"),
        panel("Max and average", "avg(x)"),
        panel("Max memory", "avg(x_memory_limit_bytes)"),
        panel("Max of the day", "avg(max_over_time(x[1d]))"),
        panel("Highest", "avg(x)", calcs=("max",)),
        panel("Requests / min", "max(x)"),
        panel("Last 5 min", "max(x)"),
        panel("Max latency", "histogram_quantile(1, avg by (le) (x))"),
        panel("Max sum", "max(sum by (a) (x))"),
        panel("Max", "sum(x)"),
    ],
    "panel/negative-slices": [
        panel("Changes", "abs(delta(x[1h]))", kind="piechart"),
        panel("Changes", "delta(x[1h]) > 0", kind="piechart"),
        panel("Increase", "increase(x_total[1h])", kind="piechart"),
    ],
    "panel/color-blind-thresholds": [
        panel("With yellow", **FIGURE, thresholds=((1, "yellow"), (2, "red"))),
        panel("Shades", **FIGURE, thresholds=((1, "dark-green"),)),
        panel("Unknown", **FIGURE, thresholds=((1, "rebeccapurple"),)),
    ],
    "panel/unnamed-series": [
        panel("One", "sum(up)", kind="stat", text_mode="value"),
        panel("Named", "sum by (job) (up)", kind="stat", text_mode="auto"),
        panel("Selected", 'sum by (job) (up{job="a"})', kind="stat", text_mode="value"),
    ],
}


@pytest.mark.parametrize(
    ("rule", "subject"), [(rule, subject) for rule, subjects in ALONE.items() for subject in subjects]
)
def test_a_sound_panel_is_left_alone(rule: str, subject: LintPanel) -> None:
    assert findings(rule, subject) == []


FOUND: dict[str, list[LintPanel]] = {
    "panel/bars-cut-off": [panel("Share", kind="bargauge", min=0.9, unit="percentunit")],
    "panel/no-unit": [panel("Memory", "x_bytes", kind="table"), panel("Share", SHARE, unit="none")],
    "panel/title-status": [
        panel("Errors", 'sum(rate(x{code="200"}[5m]))'),
        panel("Successful", 'x{status=~"5.."}'),
        panel("5XX", 'x{status=~"4xx|2xx"}'),
    ],
    "panel/title-aggregation": [
        panel("Average CPU", "max by (a) (x)"),
        panel("Peak memory", "avg(x_memory_bytes)"),
        panel("Lowest", "max(x)", "max(y)"),
    ],
    "panel/wrong-unit": [
        panel("Date", "process_start_time_seconds", unit="dateTimeFromNow"),
        panel("Share", SHARE, unit="percent"),
        panel("Rate", "sum(rate(x_bytes_total[5m]))", unit="bytes"),
        panel("Latency", LATENCY, unit="ms"),
        panel("Micro", "engine_get_micro_seconds", unit="s"),
    ],
    "panel/title-quantile": [
        panel("Latency P99", LATENCY),
        panel("99th percentile", LATENCY),
        panel("Median latency", LATENCY),
        panel("p99", 'x_seconds{quantile="0.5"}'),
    ],
    "panel/title-rate": [
        panel("Orders/min", "sum(rate(x_total[5m]))"),
        panel("RPM", "sum(rate(x_total[5m]))"),
        panel("Orders per second", "sum(rate(x_total[5m])) * 60"),
    ],
    "panel/title-window": [
        panel("Orders (last 24 hours)", "sum(increase(x_total[1h]))"),
        panel("Orders of the last hour", "sum(increase(x_total[1d]))"),
        panel("Orders (7d)", "sum(count_over_time(x[1d]))"),
    ],
    "panel/threshold-order": [
        panel("Up and down", **FIGURE, thresholds=((1, "#F2495C"), (2, "yellow"))),
        panel(
            "Old colours", **{**FIGURE, "base_color": "#299c46"}, thresholds=((1, "#d44a3a"), (2, "#EAB839"))
        ),
    ],
    "panel/threshold-direction": [
        panel("Success rate", **FIGURE, thresholds=((0.5, "red"),), unit="percentunit"),
        panel("Uptime", **FIGURE, thresholds=((80, "red"),), unit="s"),
        panel("5xx", **{**FIGURE, "base_color": "red"}, thresholds=((80, "green"),)),
    ],
    "panel/color-blind-thresholds": [
        panel("Both", **FIGURE, thresholds=((1, "red"),)),
        panel(
            "Old",
            **{**FIGURE, "base_color": "rgba(50, 172, 45, 0.97)"},
            thresholds=((1, "rgba(245, 54, 54, 0.9)"),),
        ),
        panel("Purple", **{**FIGURE, "base_color": "blue"}, thresholds=((1, "purple"),)),
    ],
}


@pytest.mark.parametrize(
    ("rule", "subject"), [(rule, subject) for rule, subjects in FOUND.items() for subject in subjects]
)
def test_a_fault_of_a_panel_is_found(rule: str, subject: LintPanel) -> None:
    assert len(findings(rule, subject)) == 1


def test_a_text_between_panels_begins_another_part() -> None:
    second = panel("Rate", "up", grid=(0, 10, 8, 8))
    heading = panel("", kind="text", grid=(0, 8, 24, 2))
    first = panel("Rate", "up", grid=(0, 0, 8, 8))
    assert second.row is not None
    second.row.panels = [first, heading, second]
    assert findings("panel/same-title", second) == []
    second.row.panels = [first, second]
    assert findings("panel/same-title", second) == ["another panel of the row is called `Rate` too"]


def test_small_figures_belong_to_larger_ones() -> None:
    for size, count in (((3, 2), 0), ((6, 4), 1)):
        first, second = (panel("Drop rate", kind="stat", grid=(x, 0, *size)) for x in (0, 12))
        assert second.row is not None
        second.row.panels = [first, second]
        assert len(findings("panel/same-title", second)) == count


def test_links_of_a_panel_are_titles_too() -> None:
    subject = panel("Orders")
    subject.links = [LintLink(place=subject.place, title="Logs of ${__data.fields.email}", owner=subject)]
    assert findings("safety/personal-title", subject) == [
        "the link `Logs of ${__data.fields.email}` of the panel `Orders` shows `email`"
    ]

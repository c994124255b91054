"""A dashboard from metrics: what is recognised, and that what is built has no finding."""

from pathlib import Path

import pytest

from dashgen.cli.scaffold.adopted_project import adopted_project
from dashgen.cli.scaffold.first_dashboard import first_dashboard, open_labels
from dashgen.cli.scaffold.starting_points import MetricsPage, StartingPoints
from dashgen.core.json_values import Json
from dashgen.doctor.contract.contract_spec import contract_of
from dashgen.model.known_series import PassedOver
from dashgen.servers.telemetry.exposition import parse_exposition
from tests.cli.transcript import run_command

INSTRUMENTATOR = """\
# TYPE http_requests_total counter
http_requests_total{handler="/a",method="GET",status="2xx"} 5
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{handler="/a",method="GET",le="0.1"} 5
http_request_duration_seconds_bucket{handler="/a",method="GET",le="+Inf"} 5
http_request_duration_seconds_sum{handler="/a",method="GET"} 1
http_request_duration_seconds_count{handler="/a",method="GET"} 5
"""
OTEL = """\
# TYPE http_server_request_duration_seconds histogram
http_server_request_duration_seconds_bucket{http_route="/a",http_response_status_code="200",le="+Inf"} 5
http_server_request_duration_seconds_sum{http_route="/a",http_response_status_code="200"} 1
http_server_request_duration_seconds_count{http_route="/a",http_response_status_code="200"} 5
"""
WORDS = """\
# TYPE shop_requests_total counter
shop_requests_total{status="ok"} 5
shop_requests_total{status="error"} 1
shop_requests_total{status="failed"} 1
# TYPE shop_request_duration_seconds histogram
shop_request_duration_seconds_bucket{le="+Inf"} 5
shop_request_duration_seconds_sum 1
shop_request_duration_seconds_count 5
"""
GENAI = """\
# TYPE gen_ai_client_operation_duration_seconds histogram
gen_ai_client_operation_duration_seconds_bucket{gen_ai_request_model="m",LABEL="p",le="+Inf"} 5
gen_ai_client_operation_duration_seconds_sum{gen_ai_request_model="m",LABEL="p"} 1
gen_ai_client_operation_duration_seconds_count{gen_ai_request_model="m",LABEL="p"} 5
"""
GENAI_NEW = """\
# TYPE gen_ai_client_inference_duration_seconds histogram
gen_ai_client_inference_duration_seconds_bucket{gen_ai_request_model="m",le="+Inf"} 5
gen_ai_client_inference_duration_seconds_sum{gen_ai_request_model="m"} 1
gen_ai_client_inference_duration_seconds_count{gen_ai_request_model="m"} 5
# TYPE gen_ai_client_inference_usage_input_tokens_total counter
gen_ai_client_inference_usage_input_tokens_total{gen_ai_request_model="m"} 7
"""
NODE = "".join(
    f"# TYPE {name} {kind}\n{name}{{{labels}}} 1\n"
    for name, kind, labels in [
        ("node_cpu_seconds_total", "counter", 'cpu="0",mode="idle"'),
        ("node_load1", "gauge", ""),
        ("node_memory_MemAvailable_bytes", "gauge", ""),
        ("node_memory_MemTotal_bytes", "gauge", ""),
        ("node_vmstat_pgmajfault", "counter", ""),
        ("node_disk_io_time_seconds_total", "counter", 'device="a"'),
        ("node_disk_io_time_weighted_seconds_total", "counter", 'device="a"'),
        ("node_filesystem_avail_bytes", "gauge", 'fstype="ext4",mountpoint="/"'),
        ("node_filesystem_size_bytes", "gauge", 'fstype="ext4",mountpoint="/"'),
        ("node_network_receive_errs_total", "counter", 'device="a"'),
        ("node_network_transmit_errs_total", "counter", 'device="a"'),
        ("node_network_receive_drop_total", "counter", 'device="a"'),
        ("node_network_transmit_drop_total", "counter", 'device="a"'),
    ]
)
KINDS = """\
# TYPE jobs_done_total counter
jobs_done_total{kind="a"} 1
jobs_done_total{kind="b"} 1
# TYPE jobs_waiting gauge
jobs_waiting{queue="x"} 1
jobs_waiting{queue="y"} 1
# TYPE jobs_seconds histogram
jobs_seconds_bucket{le="+Inf"} 1
jobs_seconds_sum 1
jobs_seconds_count 1
# TYPE jobs_size_bytes summary
jobs_size_bytes_sum 1
jobs_size_bytes_count 1
# TYPE jobs_info gauge
jobs_info{version="1"} 1
# TYPE "dotted.name" gauge
{"dotted.name"} 1
"""
PROCESS = "# TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes 5\n"


def rows_of(text: str) -> list[Json]:
    exposition = parse_exposition(text)
    metrics = open_labels(contract_of(exposition, PassedOver([])))
    first = first_dashboard(metrics, exposition.families.keys() - metrics.keys(), "App")
    return [] if first is None else first.spec["rows"]


def uses_of(text: str) -> list[tuple[str, Json]]:
    return [(row["use"], row.get("with", {})) for row in rows_of(text) if "use" in row]


def test_requests_are_shown_by_rate_errors_and_duration() -> None:
    words = dict(uses_of(WORDS))["std/red"]
    assert words["errors"] == 'shop_requests_total{status=~"error|failed"}'
    assert words["duration"] == "shop_request_duration_seconds"
    alone = dict(uses_of(OTEL))["std/red"]
    assert alone["requests"] == "http_server_request_duration_seconds_count"
    assert alone["errors"].endswith('{http_response_status_code=~"5.."}')


def test_libraries_are_recognised_by_their_names() -> None:
    assert uses_of(INSTRUMENTATOR)[1] == ("std/fastapi", {"names": "instrumentator"})
    assert uses_of(OTEL)[1] == ("std/fastapi", {"names": "otel"})
    assert uses_of(NODE) == [("std/use", {})]
    for label, convention in (("gen_ai_system", "1.36"), ("gen_ai_provider_name", "1.37")):
        assert uses_of(GENAI.replace("LABEL", label)) == [("std/genai", {"convention": convention})]
    assert uses_of(GENAI_NEW) == [("std/genai", {"convention": "genai-0.1"})]


def test_every_type_of_metric_has_its_query() -> None:
    panels = {panel["title"]: panel for row in rows_of(KINDS) for panel in row["panels"]}
    assert panels["Done"]["query"] == "sum by (kind) (rate(jobs_done_total[$__rate_interval]))"
    assert panels["Waiting"]["query"] == "max by (queue) (jobs_waiting)"
    assert panels["Size"]["query"].startswith("sum(rate(jobs_size_bytes_sum[")
    assert "jobs_seconds_bucket" in panels["Seconds"]["queries"][0]["query"]
    assert not any("info" in title.lower() or "dotted" in title.lower() for title in panels)


def test_nothing_to_draw_is_no_dashboard() -> None:
    assert rows_of("") == []
    assert [row["title"] for row in rows_of(PROCESS)] == ["Process"]


@pytest.mark.parametrize(
    "text",
    [
        INSTRUMENTATOR,
        OTEL,
        WORDS,
        GENAI.replace("LABEL", "gen_ai_system"),
        GENAI_NEW,
        NODE,
        KINDS,
        PROCESS,
        INSTRUMENTATOR + WORDS + NODE + KINDS + PROCESS,
    ],
)
def test_a_project_from_metrics_has_no_finding(text: str, tmp_path: Path) -> None:
    points = StartingPoints(pages=[MetricsPage("page", parse_exposition(text))])
    for path, content in adopted_project(points, "app", lambda _: None).files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    for words in (["build"], ["validate", "--strict"], ["lint", "--fail-on", "info"]):
        result = run_command(words, tmp_path, {})
        assert result.code == 0, result.stdout + result.stderr


def test_many_metrics_stay_few_rows() -> None:
    text = "".join(f"# TYPE g{n % 9}_m{n} gauge\ng{n % 9}_m{n} 1\n" for n in range(400))
    rows = rows_of(text)
    assert len(rows) <= 6
    assert max(len(row["panels"]) for row in rows) <= 6

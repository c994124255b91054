"""`std/genai` and the conventions that a metric contract follows: no panel goes empty without a word."""

from pathlib import Path

import pytest

from dashgen.compile.prepare import prepare
from dashgen.core.diagnostics import Severity
from dashgen.doctor.contract import compare
from dashgen.model.genai_conventions import GENAI_METRICS, all_metrics, conventions_of
from dashgen.model.metrics_spec import Metric, Metrics
from dashgen.model.series_contract import series_contract
from dashgen.servers.telemetry import parse_exposition
from dashgen.workspace.workspace import open_workspace
from tests.library.recorded_values import recorded_rules
from tests.project.project import run

TOKENS = 'gen_ai_client_token_usage_count{gen_ai_request_model="small", %s="anthropic"}'
OLD, NEW = TOKENS % "gen_ai_system", TOKENS % "gen_ai_provider_name"
NEWEST = 'gen_ai_client_inference_duration_seconds_count{gen_ai_provider_name="anthropic"}'
SENT = "the application sends names of the conventions {}"


@pytest.mark.parametrize(
    ("convention", "series", "expected"),
    [
        ("1.36", {OLD: 1}, []),
        ("1.36", {NEW: 1}, ["1.37"]),
        ("1.36", {NEWEST: 1}, ["genai-0.1"]),
        ("1.37", {NEW: 1}, []),
        ("1.37", {OLD: 1}, ["1.36"]),
        ("1.37", {NEW: 1, NEWEST: 1}, ["genai-0.1"]),
        ("genai-0.1", {NEWEST: 1}, []),
        ("genai-0.1", {OLD: 1}, ["1.36 to 1.41"]),
        ("genai-0.1", {NEW: 1}, ["1.36 to 1.41"]),
        ("genai-0.1", {}, []),
    ],
)
def test_names_of_another_version_are_said_on_the_panel(
    tmp_path: Path, convention: str, series: dict[str, float], expected: list[str]
) -> None:
    row = recorded_rules(tmp_path, "std/genai", {"convention": convention})
    shown = row.warnings(series).get("Calls by Model", set())
    assert shown == {SENT.format(one) for one in expected}


@pytest.mark.parametrize("matchers", ["", 'service_name="shop"'])
def test_only_what_the_matchers_leave_counts(tmp_path: Path, matchers: str) -> None:
    row = recorded_rules(tmp_path, "std/genai", {"convention": "genai-0.1", "matchers": matchers})
    assert bool(row.warnings({OLD: 1})) is not bool(matchers)


def test_the_metrics_of_a_convention_belong_to_the_contract() -> None:
    own = Metric(type="gauge", help="Mine.")
    contract = Metrics(convention="1.37", metrics={"gen_ai_client_token_usage": own, "up_users": own})
    assert all_metrics(contract)["gen_ai_client_token_usage"] is own
    series = series_contract([Metrics(convention="1.37")])
    assert series is not None
    assert series.convention == "1.37"
    assert series.has_label("gen_ai_client_token_usage_sum", "gen_ai_token_type")
    assert not series.has_label("gen_ai_client_token_usage_sum", "gen_ai_system")
    assert not series.knows("gen_ai_client_inference_duration_seconds_count")


@pytest.mark.parametrize("convention", GENAI_METRICS)
def test_a_metric_of_a_convention_is_of_no_other(convention: str) -> None:
    assert conventions_of(GENAI_METRICS[convention], convention) == {}


INPUT = "gen_ai_client_inference_usage_input_tokens_total"
EXPOSITION = f"""
# HELP {INPUT} Tokens.
# TYPE {INPUT} counter
{INPUT} 1
# TYPE gen_ai_client_operation_duration_seconds histogram
gen_ai_client_operation_duration_seconds_bucket{{le="+Inf"}} 1
gen_ai_client_operation_duration_seconds_sum 1
gen_ai_client_operation_duration_seconds_count 1
"""


@pytest.mark.parametrize(
    ("convention", "expected"),
    [
        (
            "1.37",
            [
                (
                    "contract/convention",
                    f"the contract follows the conventions 1.37, and the application exports `{INPUT}`",
                    2,
                )
            ],
        ),
        ("genai-0.1", []),
    ],
)
def test_an_application_that_follows_another_version_than_its_contract_is_a_difference(
    tmp_path: Path, convention: str, expected: list[tuple[str, str, int]]
) -> None:
    (tmp_path / "dashgen.yaml").write_text("specs: [specs]\n", encoding="utf-8")
    (tmp_path / "specs").mkdir()
    contract = f'kind: Metrics\nconvention: "{convention}"\n'
    (tmp_path / "specs/metrics.yaml").write_text(contract, encoding="utf-8")
    workspace = open_workspace(tmp_path, None)
    prepared = prepare(workspace, workspace.spec_files(), "classic")
    assert prepared.diagnostics == []
    differences = compare(prepared.documents.of("Metrics"), parse_exposition(EXPOSITION), "app")
    assert all(one.severity is Severity.ERROR for one in differences)
    assert [
        (one.rule, one.message, one.location.span.line if one.location and one.location.span else 0)
        for one in differences
    ] == expected


SPECS = """\
kind: DataSources
datasources: {prometheus: {url: "http://prometheus:9090", default: true}}
---
kind: Metrics
convention: "CONVENTION"
---
kind: Dashboard
uid: d
title: D
folder: F
panels: [{title: Calls, query: 'sum(rate(gen_ai_client_token_usage_count{LABEL="anthropic"}[5m]))'}]
"""


@pytest.mark.parametrize(
    ("convention", "label", "rules"),
    [
        ("1.36", "gen_ai_system", []),
        ("1.37", "gen_ai_provider_name", []),
        ("1.37", "gen_ai_system", ["query/label"]),
        ("1.36", "gen_ai_provider_name", ["query/label"]),
        ("genai-0.1", "gen_ai_provider_name", ["query/metric"]),
    ],
)
def test_queries_are_checked_against_the_version_of_the_contract(
    tmp_path: Path, convention: str, label: str, rules: list[str]
) -> None:
    (tmp_path / "dashgen.yaml").write_text("specs: [specs]\n", encoding="utf-8")
    (tmp_path / "specs").mkdir()
    text = SPECS.replace("CONVENTION", convention).replace("LABEL", label)
    (tmp_path / "specs/all.yaml").write_text(text, encoding="utf-8")
    finished = run("build", "-C", str(tmp_path))
    assert [rule for rule in ("query/label", "query/metric") if rule in finished.err] == rules
    linted = run("lint", "-C", str(tmp_path), "--select", "genai/old-name")
    is_old = (convention, label) in {("1.37", "gen_ai_system"), ("genai-0.1", "gen_ai_provider_name")}
    assert ("genai/old-name" in linted.out + linted.err) is is_old

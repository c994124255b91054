"""The bot, its load, Prometheus and Alertmanager together: panels show data, alerts fire and clear, logs and traces fit."""

import json
import os
import re
import subprocess
import sys
import time

import pytest
import requests
import yaml

from dashgen.doctor.live.run_queries import Servers
from dashgen.preview.sources.telemetry_source import TelemetrySource
from dashgen.preview.views.view import View
from dashgen.preview.views.view_dashboard import viewed_dashboard
from dashgen.servers.telemetry import Prometheus
from tests.golden import RECORD
from tests.native.log_fields import fields_read, kept
from tests.native.report import Row, scenarios_page
from tests.native.scenarios import SCENARIOS
from tests.stack.files import ROOT
from tests.telemetry.running import endpoint

pytestmark = pytest.mark.stack
FIRING = [(scenario.name, alert) for scenario in SCENARIOS for alert in scenario.alerts]
# Tempo makes these of spans, and Tempo does not run here.
FROM_TEMPO = "traces_service_graph_"
# Without failures nothing is spent, and what is spent of nothing lasts for ever.
NOTHING_IS_WELL = {"Budget lasts"}
# What records only what is unusual.
UNUSUAL = re.compile(r"anomaly:\w+:spread|attention:\w+:listed|retention:too_early:\w+|verdict:\w+:failing")
_ASKED_AT_MOST = 3


def dashgen(*words):
    return subprocess.run(
        [sys.executable, "-m", "dashgen", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="session")
def panels(runs):
    """Every panel of the three dashboards, asked of the Prometheus of a normal day."""
    # A Prometheus that just joins its blocks can answer a query with nothing, so what is empty is asked again.
    for _ in range(_ASKED_AT_MOST):
        done = dashgen("check", "--live", "--prometheus", runs["normal-day"].prometheus, "--format", "json")
        assert done.stdout, done.stderr
        found = json.loads(done.stdout)["panels"]
        if not empty_ones(found):
            break
        time.sleep(5)
    return found


def empty_ones(panels):
    return [
        (p["panel"], q["expr"], q["finding"])
        for p, q in targets(panels, "prometheus")
        if not q["rows"]
        and q["state"] != "data"
        and FROM_TEMPO not in q["expr"]
        and p["panel"] not in NOTHING_IS_WELL
    ]


def targets(panels, kind):
    return [
        (panel, query)
        for panel in panels
        for query in panel["queries"]
        if query["datasource"]["type"] == kind
    ]


def test_every_prometheus_panel_returns_data(panels, rows):
    asked = {(p["dashboard"], p["panel"]): p for p, _ in targets(panels, "prometheus")}
    rows += [Row(*name, found["rows"]) for name, found in asked.items()]
    assert {dashboard for dashboard, _ in asked} == {
        path.stem for path in (ROOT / "specs/dashboards").glob("*.yaml")
    }
    assert empty_ones(panels) == []


def test_every_panel_previews_what_the_real_prometheus_has(runs):
    without_rows = {}
    with Prometheus(endpoint(runs["normal-day"].prometheus)) as prometheus:
        now_ms = time.time_ns() // 1_000_000
        source = TelemetrySource(Servers(prometheus, concurrency=2), now_ms)
        for path in sorted((ROOT / "generated/dashboards").rglob("*.json")):
            dashboard = json.loads(path.read_text("utf-8"))
            options = source.variable_options(dashboard, View())
            viewed = viewed_dashboard(dashboard, View(), options, now_ms)
            data = source.panel_data(viewed)
            for panel in viewed.panels:
                if _is_of_prometheus(panel.panel) and not any(one.length for one in data[panel.key].frames):
                    without_rows[panel.panel["title"]] = data[panel.key].error
    assert {title: why for title, why in without_rows.items() if title not in NOTHING_IS_WELL} == {}


def _is_of_prometheus(panel):
    """Whether all of a panel's data is there: a text for no value stands for a day on which all is well."""
    kinds = {target["datasource"].get("type") for target in panel.get("targets", ())}
    return kinds == {"prometheus"} and not panel["fieldConfig"]["defaults"].get("noValue")


def test_every_recording_rule_is_healthy_and_records(runs):
    url = runs["normal-day"].prometheus
    groups = requests.get(f"{url}/api/v1/rules", timeout=20).json()["data"]["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert [(rule["name"], rule.get("lastError")) for rule in rules if rule["health"] != "ok"] == []
    recorded = [rule["name"] for rule in rules if rule["type"] == "recording"]
    assert recorded
    for name in recorded:
        if UNUSUAL.fullmatch(name):
            continue
        found = requests.get(f"{url}/api/v1/query", params={"query": name}, timeout=20).json()["data"][
            "result"
        ]
        assert found, name


def triggers():
    """The triggers of the scalers, as KEDA reads them, with the load above which replicas are added."""
    found = []
    for path in sorted((ROOT / "generated/kubernetes/keda").glob("*.yaml")):
        spec = yaml.safe_load(path.read_text("utf-8"))["spec"]
        for trigger in spec.get("triggers", ()):
            metadata = trigger["metadata"]
            found.append((metadata["query"], float(metadata["threshold"]) * max(spec["minReplicaCount"], 1)))
    assert found
    return found


@pytest.mark.parametrize(("scenario", "crosses"), [("normal-day", False), ("scale-up", True)])
def test_the_load_of_a_scaler_is_one_series_and_crosses_its_trigger_under_load(runs, scenario, crosses):
    url = f"{runs[scenario].prometheus}/api/v1/query"
    for query, limit in triggers():
        found = requests.get(url, params={"query": query}, timeout=20).json()["data"]["result"]
        # KEDA refuses any other number of elements.
        assert len(found) == 1, query
        highest = requests.get(url, params={"query": f"max_over_time(({query})[2h:30s])"}, timeout=20).json()
        assert (float(highest["data"]["result"][0]["value"][1]) > limit) is crosses, query


@pytest.mark.parametrize(("scenario", "alert"), FIRING)
def test_the_alert_fires_in_its_scenario_reaches_the_webhook_and_clears(runs, scenario, alert):
    found = runs[scenario].alerts.get(alert)
    assert found is not None, f"never fired in {scenario}; these did: {sorted(runs[scenario].alerts)}"
    assert found.fired is not None
    assert found.heard is not None
    assert found.cleared is not None, "still firing"
    assert found.heard_cleared is not None
    assert found.cleared >= runs[scenario].cured


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_no_other_alert_fires(runs, scenario):
    assert set(runs[scenario.name].alerts) == set(scenario.alerts)


def test_each_alert_with_a_prometheus_form_has_a_scenario():
    files = (ROOT / "generated/rules/prometheus").glob("*.yaml")
    groups = [group for file in files for group in yaml.safe_load(file.read_text("utf-8"))["groups"]]
    alerts = {rule["alert"] for group in groups for rule in group["rules"] if "alert" in rule}
    assert alerts == {alert for _, alert in FIRING}


def test_the_bot_exports_what_the_contract_says(runs):
    done = dashgen("metrics", "check", "--url", f"{runs['normal-day'].bot}/metrics")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_nightly_job_is_scraped_and_exports_what_its_contract_says(runs):
    url = runs["normal-day"].prometheus
    query = {"query": 'dubai_estate_insights_state{job="insights", instance="insights:8010"} == 1'}
    result = requests.get(f"{url}/api/v1/query", params=query, timeout=20).json()["data"]["result"]
    assert {one["metric"]["model"]: one["metric"]["reason"] for one in result} == dict.fromkeys(
        ("churn", "cost", "queries"), "ok"
    )
    targets = requests.get(f"{url}/api/v1/targets", timeout=20).json()["data"]["activeTargets"]
    [address] = [target["scrapeUrl"] for target in targets if target["labels"]["job"] == "insights"]
    done = dashgen("metrics", "check", "--url", address, "--contract", "specs/insights-metrics.yaml")
    assert done.returncode == 0, done.stdout + done.stderr


def _lines(running):
    """The log lines, by the label `app` of their streams."""
    return {
        app: [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        for app, file in running.log_files().items()
    }


def _kept(expr, lines):
    return [line for app, of_app in lines.items() for line in kept(expr, of_app, {"app": app})]


def test_log_lines_have_the_fields_that_the_queries_read(runs, panels):
    lines = _lines(runs["normal-day"])
    asked = [query["expr"] for _, query in targets(panels, "loki")]
    assert asked
    for expr in asked:
        found = _kept(expr, lines)
        assert found, expr
        for field in fields_read(expr):
            assert any(line.get(field) not in {None, ""} for line in found), f"{field}: {expr}"


def test_a_user_who_asks_too_much_can_be_seen_in_the_log_lines(runs):
    [rule] = yaml.safe_load((ROOT / "generated/rules/loki/abuse.yaml").read_text("utf-8"))["groups"][0][
        "rules"
    ]
    read = fields_read(rule["expr"])
    assert "user_id" in read
    found = _kept(rule["expr"], _lines(runs["normal-day"]))
    assert found
    assert all(line["user_id"] for line in found)


def test_spans_carry_what_the_traceql_queries_ask_for(runs, panels):
    spans = runs["normal-day"].receiver.received.spans
    assert {resource["service.name"] for _, _, resource in spans} == {"dubai-estate-bot"}
    text = (ROOT / "generated/dashboards/Dubai Estate AI/mission-control.json").read_text(encoding="utf-8")
    assert 'resource.service.name = \\"dubai-estate-bot\\"' in text
    models = [attributes for _, attributes, _ in spans if "gen_ai.request.model" in attributes]
    assert models
    assert all(
        attributes["gen_ai.usage.input_tokens"] > 0 for attributes in models if "error.type" not in attributes
    )


def test_exemplars_lead_from_metrics_to_traces(runs):
    url, now = runs["normal-day"].prometheus, "dubai_estate_query_duration_seconds_bucket"
    answer = requests.get(
        f"{url}/api/v1/query_exemplars", params={"query": now, "start": "0", "end": "9999999999"}, timeout=20
    )
    exemplars = [one for series in answer.json()["data"] for one in series["exemplars"]]
    assert exemplars
    assert all(len(one["labels"]["trace_id"]) == 32 for one in exemplars)


def frame(page):
    """A page without its times, which differ from run to run."""
    return [line.split("|")[:4] for line in page.splitlines()]


def test_the_scenarios_and_their_times_are_in_the_docs(runs):
    page, now = ROOT / "docs/alert-scenarios.md", scenarios_page(runs.values())
    if os.environ.get(RECORD):
        page.write_text(now, encoding="utf-8")
    assert frame(page.read_text(encoding="utf-8")) == frame(now)

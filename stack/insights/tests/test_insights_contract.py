"""What the job exports and logs is what specs/insights-metrics.yaml says, both ways."""

import io
import json
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import yaml
from past import DAY, TODAY
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from insights.churn import RISKS
from insights.exporter import METRICS, metrics_server, registry_of
from insights.job_log import JobLog
from insights.job_settings import JobSettings
from insights.nightly_job import NightlyJob
from insights.outcome import Figure, Model, Reason

SPECS = Path(__file__).resolve().parents[3] / "specs"
BOT_FIELDS = {"time", "level", "event", "message", "user_id", "tier", "model", "duration", "stack"}


@pytest.fixture(scope="module")
def contract():
    return yaml.safe_load((SPECS / "insights-metrics.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def exported(database, tmp_path_factory):
    """The families of a night in which all models predicted, as a scrape reads them."""
    state = tmp_path_factory.mktemp("state") / "insights.json"
    log = tmp_path_factory.mktemp("log") / "insights.jsonl"
    job = run(JobSettings(database=database, state=state), log)
    return families(job)


def run(settings, file):
    log = JobLog(file, io.StringIO())
    job = NightlyJob(settings, log, lambda: TODAY * DAY + 3 * 3600.0)
    job.run_due()
    log.close()
    return job


def families(job):
    text = generate_latest(registry_of(job.figures)).decode()
    return {family.name: family for family in text_string_to_metric_families(text)}


def values_of(family):
    values = {}
    for sample in family.samples:
        for label, value in sample.labels.items():
            values.setdefault(label, set()).add(value)
    return values


def test_names_types_help_labels_and_values_are_those_of_the_contract(exported, contract):
    assert set(exported) == set(contract["metrics"])
    for name, declared in contract["metrics"].items():
        family = exported[name]
        assert family.type == declared["type"], name
        assert family.documentation == declared["help"], name
        seen = values_of(family)
        assert set(seen) == set(declared.get("labels", {})), name
        for label, values in declared.get("labels", {}).items():
            if isinstance(values, list):
                assert seen[label] == set(values), (name, label)
            else:
                assert len(seen[label]) == values["max"], (name, label)


def test_the_words_of_the_contract_are_the_programs(contract):
    metrics = contract["metrics"]
    assert metrics["dubai_estate_insights_state"]["labels"]["reason"] == [str(reason) for reason in Reason]
    assert metrics["dubai_estate_insights_state"]["labels"]["model"] == [str(model) for model in Model]
    assert metrics["dubai_estate_churn_risk_users"]["labels"]["risk"] == list(RISKS)
    assert {f"dubai_estate_{name}" for name in METRICS} == set(metrics)


def test_the_job_of_the_contract_is_scraped_under_that_name(contract):
    scraping = yaml.safe_load((SPECS.parent / "stack/prometheus/prometheus.yml").read_text(encoding="utf-8"))
    assert contract["job"] in {job["job_name"] for job in scraping["scrape_configs"]}


def test_log_lines_have_the_fields_of_the_two_contracts(database, tmp_path, contract):
    run(JobSettings(database=database, state=tmp_path / "state.json"), tmp_path / "log.jsonl")
    run(JobSettings(database=tmp_path / "none.db", state=tmp_path / "other.json"), tmp_path / "log.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    used = set().union(*lines)
    own = set(contract["log_fields"])
    bots = set(yaml.safe_load((SPECS / "metrics.yaml").read_text(encoding="utf-8"))["log_fields"])
    assert bots >= BOT_FIELDS
    assert own <= used
    assert used - own <= BOT_FIELDS
    assert {line["event"] for line in lines} == {"run", "churn_risk"}
    assert all(isinstance(line["probability"], float) for line in lines if line["event"] == "churn_risk")


def test_a_night_without_data_exports_the_states_and_no_prediction(tmp_path, contract):
    job = run(JobSettings(database=tmp_path / "none.db", state=tmp_path / "state.json"), None)
    assert set(families(job)) == {
        "dubai_estate_insights_state",
        "dubai_estate_insights_last_run_duration_seconds",
    }


def test_what_is_no_number_is_not_exported():
    figures = [
        Figure("insights_tested_days", {"model": "cost"}, float("inf")),
        Figure("insights_tested_days", {"model": "churn"}, float("nan")),
        Figure("insights_tested_days", {"model": "queries"}, 30.0),
    ]
    text = generate_latest(registry_of(lambda: figures)).decode()
    assert [line for line in text.splitlines() if not line.startswith("#")] == [
        'dubai_estate_insights_tested_days{model="queries"} 30.0'
    ]


@pytest.fixture(params=[True])
def address(request):
    figures = [Figure("insights_tested_days", {"model": "cost"}, 30.0)]
    server = metrics_server("127.0.0.1", 0, registry_of(lambda: figures), lambda: request.param)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def get(url, **headers):
    request = urllib.request.Request(url, headers=headers)  # noqa: S310  # loopback
    with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
        return response.status, response.headers["Content-Type"], response.read().decode()


def test_the_server_answers_scrapes_and_health_checks(address):
    status, kind, body = get(f"{address}/metrics")
    assert (status, kind.partition(";")[0]) == (200, "text/plain")
    assert 'dubai_estate_insights_tested_days{model="cost"} 30.0' in body
    status, kind, body = get(f"{address}/metrics", Accept="application/openmetrics-text; version=1.0.0")
    assert kind.partition(";")[0] == "application/openmetrics-text"
    assert body.endswith("# EOF\n")
    assert get(f"{address}/healthz")[0] == 200


@pytest.mark.parametrize("address", [False], indirect=True)
def test_a_job_that_hangs_is_not_well(address):
    with pytest.raises(urllib.error.HTTPError, match="503"):
        get(f"{address}/healthz")
    assert get(f"{address}/metrics")[0] == 200


def test_there_is_nothing_else(address):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        get(f"{address}/state.json")

import sqlite3
from dataclasses import replace

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from bot.web.operations import is_near

OPENMETRICS = {"accept": "application/openmetrics-text;version=1.0.0"}


def test_openmetrics_has_exemplars_with_trace_ids(world):
    trace_id = world.ask().json()["trace_id"]
    text = world.client.get("/metrics", headers=OPENMETRICS).text
    found = [
        sample.exemplar.labels["trace_id"]
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.exemplar
    ]
    assert set(found) == {trace_id}
    assert any(
        line.startswith("dubai_estate_query_duration_seconds_bucket") and trace_id in line
        for line in text.splitlines()
    )


def test_classic_text_has_none(world):
    world.ask()
    response = world.client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain")
    assert "trace_id" not in response.text
    assert "_created" not in response.text


def test_every_series_begins_with_zero(world):
    text = world.client.get("/metrics").text
    samples = [line for line in text.splitlines() if not line.startswith("#")]
    assert len([line for line in samples if line.startswith("dubai_estate_queries_total")]) == 2 * 3 * 3 * 6
    assert len([line for line in samples if line.startswith("dubai_estate_cost_usd_total")]) == 3 * 3 * 6
    for line in samples:
        if "app_info" not in line and "budget_usd" not in line:
            assert float(line.rsplit(" ", 1)[1]) == 0, line


def test_a_database_that_cannot_be_read_leaves_the_other_metrics(world, monkeypatch):
    def broken(*_):
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(world.bot.database, "reading", broken)
    text = world.client.get("/metrics").text
    assert "dubai_estate_queries_total" in text
    assert "dubai_estate_users" not in text
    assert world.lines()[-1]["event"] == "exception"


def test_a_database_that_cannot_be_written_still_counts_users(world, monkeypatch):
    world.client.post("/signup", json={"user": "ann"})

    def full():
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(world.bot.database, "transaction", full)
    with world.bot.database.reading() as db:
        db.execute("UPDATE users SET segmented = 0")
    assert world.metric("users") == world.metric("segment_users") == 1
    assert "cannot be counted" in world.lines()[-1]["message"]


def test_health_is_the_process_and_readiness_the_database(world, monkeypatch):
    assert world.client.get("/readyz").json() == {"status": "ok", "model": "simulated"}

    def broken():
        raise sqlite3.OperationalError("locked")

    monkeypatch.setattr(world.bot.database, "ping", broken)
    assert world.client.get("/readyz").status_code == 503
    assert world.client.get("/healthz").status_code == 200
    world.bot.stopping = True
    assert "stopping" in world.client.get("/readyz").text


def test_a_scenario_changes_the_model_and_an_empty_one_undoes_it(world):
    assert (
        world.client.put("/admin/scenario", json={"failure_rate": 1, "fault": "timeout"}).status_code == 200
    )
    assert world.ask().status_code == 504
    world.client.put("/admin/scenario", json={})
    assert world.ask().status_code == 200


def test_a_scenario_can_cut_the_budget_of_the_month_and_gives_it_back(world):
    before = world.bot.settings.budget_month
    assert world.client.put("/admin/scenario", json={"budget_month": 1}).status_code == 200
    assert world.metric("budget_usd", period="month") == 1
    assert world.metric("budget_usd", period="day") == world.bot.settings.budget_day
    world.client.put("/admin/scenario", json={})
    assert world.metric("budget_usd", period="month") == before
    assert world.client.put("/admin/scenario", json={"budget_month": 0}).status_code == 422


def test_scenarios_are_hidden_unless_they_are_switched_on(world):
    world.bot.settings = replace(world.bot.settings, scenarios=False)
    assert world.client.put("/admin/scenario", json={}).status_code == 404


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("127.0.0.1", True),
        ("172.18.0.5", True),
        ("::1", True),
        ("8.8.8.8", False),
        ("", False),
        ("testclient", False),
    ],
)
def test_scenarios_come_from_near_by_only(address, near):
    assert is_near(address) is near

"""On the thirty days of history that a new stack gets, everything is predicted, end to end."""

import pytest
from loadgen.history.run import HistoryOptions, write_history
from past import DAY

from insights.job_log import JobLog
from insights.job_settings import JobSettings
from insights.nightly_job import NightlyJob
from insights.outcome import Model

NOW = 1_795_435_200.0


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """The bot's database after `python -m loadgen --backfill 30d --database …`."""
    folder = tmp_path_factory.mktemp("history")
    samples = folder / "history.om"
    database = folder / "bot.sqlite3"
    write_history(
        HistoryOptions(seconds=30 * DAY, until_ago=0.0, seed=7, out=samples, labels=(), database=database),
        now=NOW,
    )
    samples.unlink()  # 400 MB
    return database


@pytest.fixture(scope="module")
def night(database, tmp_path_factory):
    """The figures and the log lines of the first night."""
    import io
    import json

    stream = io.StringIO()
    log = JobLog(stream=stream)
    state = tmp_path_factory.mktemp("state") / "state.json"
    job = NightlyJob(JobSettings(database=database, state=state), log, lambda: NOW)
    job.run_due()
    log.close()
    return list(job.figures()), [json.loads(line) for line in stream.getvalue().splitlines()]


def values(night, name, **labels):
    return [one.value for one in night[0] if one.name == name and labels.items() <= dict(one.labels).items()]


@pytest.mark.parametrize("model", Model)
def test_every_model_predicts_and_beats_its_rival(night, model):
    runs = [line for line in night[1] if line["event"] == "run" and line["model"] == model]
    assert values(night, "insights_state", model=model, reason="ok") == [1], runs
    assert values(night, "insights_better_than_naive", model=model) == [1], runs
    assert values(night, "insights_tested_days", model=model) == [30]


def test_churn_is_learnt(night):
    [auc] = values(night, "insights_quality", measure="auc")
    [error] = values(night, "insights_quality", measure="calibration_error")
    assert auc > 0.7
    assert error < 0.15
    assert sum(values(night, "churn_risk_users")) > 100
    assert all(value > 0 for value in values(night, "churn_revenue_at_risk_usd"))


def test_users_of_the_log_lines_are_those_of_the_metric(night):
    named = [line for line in night[1] if line["event"] == "churn_risk"]
    for risk in ("medium", "high"):
        assert sum(values(night, "churn_risk_users", risk=risk)) == sum(
            line["risk"] == risk for line in named
        )


@pytest.mark.parametrize(("name", "model"), [("forecast_cost_usd", "cost"), ("forecast_queries", "queries")])
def test_days_are_forecast_near_what_they_were(night, database, name, model):
    import sqlite3

    column = "cost_usd" if model == "cost" else "queries"
    today = int(NOW // DAY)
    with sqlite3.connect(database) as connection:
        rows = connection.execute(
            f"SELECT sum({column}) FROM activity WHERE day >= ? AND day < ? GROUP BY day",  # noqa: S608
            (today - 14, today),
        ).fetchall()
    connection.close()
    usual = sum(row[0] for row in rows) / 14
    middle = values(night, name, bound="mid")
    assert len(middle) == 30
    assert 0.7 < sum(middle) / 30 / usual < 1.6
    [coverage] = values(night, "insights_quality", model=model, measure="interval_coverage")
    assert 0.55 < coverage < 0.97

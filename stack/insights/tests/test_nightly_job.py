"""The job runs once a night, keeps its results over restarts, and takes nothing for granted."""

import json

import pytest
from past import DAY, TODAY

from insights import nightly_job
from insights.job_settings import JobSettings
from insights.nightly_job import NightlyJob
from insights.outcome import Figure, Model, NoPredictionError, Outcome, Reason, UserAtRisk
from insights.stored_results import read_results

MORNING = TODAY * DAY + 3 * 3600.0
FORECAST = Figure("insights_tested_days", {"model": "cost"}, 30.0)


class World:
    """A job whose models answer what a test wants, and its clock."""

    def __init__(self, tmp_path, database, lines, monkeypatch):
        self.settings = JobSettings(database=database, state=tmp_path / "state/insights.json")
        self.lines = lines
        self.clock = MORNING
        self.runs = []
        self.answers = {model: Outcome(Reason.OK, "well") for model in Model}
        monkeypatch.setattr(
            nightly_job, "predict_churn", lambda data, today, seed: self.run(Model.CHURN, today)
        )
        monkeypatch.setattr(
            nightly_job, "predict_daily", lambda data, model, today, seed: self.run(model, today)
        )

    def run(self, model, today):
        self.runs.append((model, today))
        answer = self.answers[model]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def job(self):
        return NightlyJob(self.settings, self.lines.log, lambda: self.clock)

    def figure(self, job, name, **labels):
        values = [
            f.value for f in job.figures() if f.name == name and labels.items() <= dict(f.labels).items()
        ]
        assert len(values) <= 1
        return values[0] if values else None


@pytest.fixture
def world(tmp_path, database, lines, monkeypatch):
    return World(tmp_path, database, lines, monkeypatch)


def test_it_runs_at_start_and_then_once_a_night_at_its_hour(world):
    job = world.job()
    assert job.run_due() == list(Model)
    world.clock += 22.9 * 3600  # 01:54
    assert job.run_due() == []
    world.clock += 0.2 * 3600
    assert job.run_due() == list(Model)
    assert {today for _, today in world.runs} == {TODAY, TODAY + 1}


def test_a_restart_neither_repeats_nor_loses_a_night(world):
    world.answers[Model.COST] = Outcome(Reason.OK, "well", (FORECAST,))
    before = world.job()
    before.run_due()
    after = world.job()
    assert list(after.figures()) == list(before.figures())
    assert FORECAST in list(after.figures())
    assert after.run_due() == []
    assert len(world.runs) == 3
    world.clock += 24 * 3600
    assert world.job().run_due() == list(Model)


def test_what_could_not_predict_is_tried_again_after_an_hour_and_nothing_else_is(world):
    world.answers[Model.CHURN] = NoPredictionError(Reason.HISTORY_TOO_SHORT, "30 days")
    job = world.job()
    job.run_due()
    world.clock += 59 * 60
    assert job.run_due() == []
    world.clock += 60
    assert world.job().run_due() == [Model.CHURN]


def test_a_clock_that_was_set_back_does_not_stop_the_job(world):
    world.answers[Model.CHURN] = NoPredictionError(Reason.HISTORY_TOO_SHORT, "30 days")
    job = world.job()
    job.run_due()
    world.clock -= 2 * 60
    assert job.run_due() == [Model.CHURN]
    world.clock -= 30 * DAY
    assert job.run_due() == list(Model)


def test_a_model_that_cannot_predict_says_why_and_exports_nothing_old(world):
    world.answers[Model.COST] = Outcome(Reason.OK, "well", (FORECAST,))
    job = world.job()
    job.run_due()
    success = world.figure(job, "insights_last_success_timestamp_seconds", model="cost")
    assert success == world.clock
    world.clock += DAY
    world.answers[Model.COST] = NoPredictionError(Reason.TOO_LITTLE_TRAFFIC, "silence")
    job.run_due()
    assert world.figure(job, "insights_tested_days", model="cost") is None
    assert world.figure(job, "insights_state", model="cost", reason="too_little_traffic") == 1
    assert world.figure(job, "insights_state", model="cost", reason="ok") == 0
    assert world.figure(job, "insights_last_success_timestamp_seconds", model="cost") == success
    assert world.figure(world.job(), "insights_last_success_timestamp_seconds", model="cost") == success


def test_before_the_first_run_every_model_is_starting(world):
    job = world.job()
    assert [world.figure(job, "insights_state", model=model, reason="starting") for model in Model] == [
        1,
        1,
        1,
    ]
    assert {figure.name for figure in job.figures()} == {"insights_state"}


def test_one_model_that_fails_does_not_stop_the_others(world):
    world.answers[Model.CHURN] = ZeroDivisionError("by nothing")
    job = world.job()
    assert job.run_due() == list(Model)
    assert world.figure(job, "insights_state", model="churn", reason="failed") == 1
    assert world.figure(job, "insights_state", model="cost", reason="ok") == 1
    [line] = world.lines("failure")
    assert (line["level"], line["model"]) == ("error", "churn")
    assert "ZeroDivisionError: by nothing" in line["stack"]


def test_without_a_database_every_model_says_so(world, tmp_path):
    world.settings = world.settings._replace(database=tmp_path / "none.db")
    job = world.job()
    job.run_due()
    assert [world.figure(job, "insights_state", model=model, reason="no_database") for model in Model] == [
        1,
        1,
        1,
    ]
    assert world.runs == []
    assert {line["reason"] for line in world.lines("run")} == {"no_database"}


def test_who_is_at_risk_is_logged_and_neither_exported_nor_kept(world):
    users = (UserAtRisk(4711, "pro", "high", 0.75), UserAtRisk(4712, "free", "medium", 0.3))
    world.answers[Model.CHURN] = Outcome(Reason.OK, "well", (), users)
    job = world.job()
    job.run_due()
    first, second = world.lines("churn_risk")
    assert (first["user_id"], first["tier"], first["risk"], first["probability"]) == (
        "4711",
        "pro",
        "high",
        0.75,
    )
    assert second["user_id"] == "4712"
    assert "4711" not in repr(list(job.figures()))
    assert "4711" not in world.settings.state.read_text(encoding="utf-8")
    world.job().run_due()
    assert len(world.lines("churn_risk")) == 2


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"version": 2, "models": {}}', '{"version": 1, "models": {"weather": {}}}',
     '{"version": 1, "models": {"cost": {"night": 1}}}', '{"version": 1, "models": {"cost": 7}}'],
)  # fmt: skip
def test_a_state_file_that_cannot_be_used_is_logged_and_replaced(world, text):
    world.settings.state.parent.mkdir()
    world.settings.state.write_text(text, encoding="utf-8")
    job = world.job()
    [line] = world.lines("state")
    assert line["level"] == "warning"
    job.run_due()
    assert set(read_results(world.settings.state)) == set(Model)


def test_a_state_that_cannot_be_written_costs_no_prediction(world, tmp_path):
    (tmp_path / "state").write_text("a file where the folder should be", encoding="utf-8")
    job = world.job()
    job.run_due()
    assert world.figure(job, "insights_state", model="cost", reason="ok") == 1
    assert [line["level"] for line in world.lines("state")] == ["warning", "error"]


def test_no_half_a_state_is_left(world):
    world.job().run_due()
    assert [path.name for path in world.settings.state.parent.iterdir()] == ["insights.json"]
    json.loads(world.settings.state.read_text(encoding="utf-8"))


def test_a_job_that_has_not_looked_for_work_for_half_an_hour_hangs(world, monkeypatch):
    job = world.job()
    job.run_due()
    assert job.is_well()
    later = nightly_job.time.monotonic() + 31 * 60
    monkeypatch.setattr(nightly_job.time, "monotonic", lambda: later)
    assert not job.is_well()

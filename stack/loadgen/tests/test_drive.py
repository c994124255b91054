"""Scenarios against a real bot whose simulated time runs fast."""

import asyncio
import random
import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace

import pytest
import uvicorn

from bot.assembly import assemble
from bot.experiments import ANSWER_LENGTH
from bot.model.weather import Weather
from bot.settings import Settings
from bot.web.app import web_app
from loadgen.__main__ import main
from loadgen.crowd import Crowd
from loadgen.curve import at, by_hour
from loadgen.drive import MOST_PER_SECOND, BotUnusableError, Driver
from loadgen.scenarios import SCENARIOS, Phase


@contextmanager
def running(bot):
    server = uvicorn.Server(uvicorn.Config(web_app(bot), port=0, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def bot(tmp_path):
    settings = Settings(
        database=tmp_path / "bot.db",
        sim_speed=10_000,
        sim_failure_rate=0,
        scenarios=True,
        requests_per_minute=0,
    )
    return assemble(settings)


def drive(url, name, **options):
    return asyncio.run(Driver(url, SCENARIOS[name], **({"seconds": 1.2, "factor": 45} | options)).run())


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_runs_and_leaves_the_model_as_it_was(bot, name):
    before = bot.client.weather
    with running(bot) as url:
        summary = drive(url, name)
    assert bot.client.weather == before
    assert sum(summary.answers.values()) > 0
    assert {status for kind, status in summary.answers if kind == "signup"} <= {"201"}
    assert summary.seconds < 5
    assert name in summary.text()


def test_an_outage_fails_every_query_in_its_phase(bot):
    scenario = replace(SCENARIOS["outage"], phases=(Phase(begin=0, end=1, knobs={"failure_rate": 1.0}),))
    with running(bot) as url:
        summary = asyncio.run(Driver(url, scenario, seconds=1, factor=20).run())
    assert summary.answers["query", "200"] == 0
    assert (
        sum(n for (kind, status), n in summary.answers.items() if kind == "query" and status.startswith("5"))
        > 0
    )


def test_the_model_is_restored_when_the_scenario_is_stopped(bot):
    async def stopped(url):
        task = asyncio.ensure_future(Driver(url, SCENARIOS["slow-model"], seconds=5).run())
        driver_began = time.monotonic()
        while bot.client.weather == before and time.monotonic() - driver_began < 10:
            await asyncio.sleep(0.02)
        changed = bot.client.weather
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return changed

    before = bot.client.weather
    with running(bot) as url:
        changed = asyncio.run(stopped(url))
    assert bot.client.weather == before
    assert isinstance(changed, Weather)


def test_the_same_seed_asks_the_same(bot):
    with running(bot) as url:
        first = Driver(url, SCENARIOS["normal-day"], seed=3)
        second = Driver(url, SCENARIOS["normal-day"], seed=3)
        assert [first._crowd.abuse() for _ in range(20)] == [second._crowd.abuse() for _ in range(20)]


def budget(bot):
    return {
        sample.labels["period"]: sample.value
        for family in bot.metrics.registry.collect()
        if family.name == "dubai_estate_budget_usd"
        for sample in family.samples
    }


def test_a_cut_budget_is_given_back(bot):
    before = budget(bot)
    seen = []

    async def watched(url):
        task = asyncio.ensure_future(Driver(url, SCENARIOS["budget-burn"], seconds=1.2, factor=20).run())
        while not task.done():
            seen.append(budget(bot)["month"])
            await asyncio.sleep(0.05)
        await task

    with running(bot) as url:
        asyncio.run(watched(url))
    assert 1.0 in seen
    assert budget(bot) == before


def test_some_answers_are_rated_once(bot):
    with running(bot) as url:
        summary = drive(url, "scale-up", seconds=3)
    answered = summary.answers["query", "200"]
    rated = summary.answers["feedback", "201"]
    assert 0 < rated < 0.4 * answered
    assert {status for kind, status in summary.answers if kind == "feedback"} == {"201"}


def test_the_users_of_a_rush_are_new_and_may_ask_a_lot():
    crowd = Crowd(SCENARIOS["scale-up"], random.Random(1), "run")
    actions = [crowd.act() for _ in range(500)]
    minute = Counter(crowd.act().body["user"] for _ in range(60 * 50))
    assert (
        sum(max(0, count - 20) for count in minute.values()) < 30
    )  # what Pro's limit of a minute would refuse
    assert {action.body["user"].split("-")[0] for action in actions} == {"guest"}
    assert {action.body["tier"] for action in actions} == {"pro"}
    assert sum(action.kind == "query" for action in actions) > 480


def test_who_gets_brief_answers_subscribes_more_often():
    crowd = Crowd(SCENARIOS["upgrade-campaign"], random.Random(1), "run")
    upgrades = Counter(
        ANSWER_LENGTH.variant(action.body["user"])
        for action in (crowd.act() for _ in range(8000))
        if action.kind == "upgrade"
    )
    assert upgrades["brief"] > 1.5 * upgrades["detailed"] > 0


def test_a_bot_that_takes_no_scenarios_is_told_in_words(bot, capsys):
    bot.settings = replace(bot.settings, scenarios=False)
    scenario = replace(SCENARIOS["slow-model"], phases=(Phase(begin=0, end=1, knobs={"slowness": 2.0}),))
    with running(bot) as url, pytest.raises(BotUnusableError, match="BOT_SCENARIOS=1"):
        asyncio.run(Driver(url, scenario, seconds=2).run())


def test_a_bot_with_a_real_model_is_left_alone(bot):
    bot.client.provider = "anthropic"
    with running(bot) as url, pytest.raises(BotUnusableError, match="costs money"):
        drive(url, "normal-day")


def test_nobody_there_is_exit_3(capsys):
    assert main(["--scenario", "normal-day", "--url", "http://127.0.0.1:1", "--duration", "1s"]) == 3
    assert "cannot be reached" in capsys.readouterr().err


def test_the_command_prints_a_summary(bot, capsys):
    with running(bot) as url:
        assert main(["--scenario", "launch-spike", "--url", url, "--duration", "1s", "--rate", "20"]) == 0
    assert "launch-spike:" in capsys.readouterr().out


def test_an_abuser_asks_more_than_fifty_questions_within_the_limits_of_pro():
    scenario = SCENARIOS["abusive-user"]
    every = max(60 / 18, scenario.seconds / 70)
    assert scenario.seconds / every > 60
    assert 60 / every <= 20


def test_rates_stay_below_the_bound():
    for scenario in SCENARIOS.values():
        assert max(scenario.rate(step / 100) for step in range(100)) <= MOST_PER_SECOND


def test_days_have_nights_and_weeks_weekends():
    assert by_hour(3) < 0.2
    assert by_hour(20) > 0.7
    monday = 1_795_435_200  # 2026-11-23, noon in Greenwich
    saturday = monday - 2 * 86_400
    assert at(saturday) < at(monday)

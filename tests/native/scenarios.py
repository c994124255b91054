"""What happens to the bot in a run, and which alerts have to fire of it, and no others."""

import sqlite3
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.native.configs import INSTANCE

# When the overrun leaves the window of its rule: late enough for the alert to have fired before (`for: 5m`).
_LEAVES = 8.5 * 60
_STEP = 30
# So much load in so little time would be over the budget, which is another scenario.
_CHEAP = {"BOT_SIM_COST_FACTOR": "0.02", "BOT_BUDGET_MONTH": "1000000"}
# Two failures among the few questions of five minutes would be more than the error budget allows.
_CALM = {**_CHEAP, "BOT_SIM_FAILURE_RATE": "0.002"}
_VARIANTS = {"answer_length": ("detailed", "brief"), "greeting": ("plain", "warm")}
_ENOUGH = 6000


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One bot with its own Prometheus and Alertmanager.

    Attributes:
        name: of the scenario.
        story: what happens, and what makes it end.
        alerts: which alerts fire, reach the webhook, and clear; no other fires.
        trouble: arguments of the load generator while it happens.
        cure: its arguments afterwards; without any, time heals.
        settings: of the bot.
        cure_settings: with which the bot is started again when the trouble ends.
        past: writes what Prometheus remembers from before, as OpenMetrics.
        records: whether it also remembers what its rules would have recorded.
        predicts: whether the nightly job runs beside the bot.
    """

    name: str
    story: str
    alerts: tuple[str, ...] = ()
    trouble: tuple[str, ...] = ()
    cure: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    cure_settings: Mapping[str, str] = field(default_factory=dict)
    past: Callable[["Past"], None] | None = None
    records: bool = False
    predicts: bool = False


@dataclass(frozen=True)
class Past:
    """Where a scenario's past is written, and with which Python."""

    file: Path
    database: Path
    python: str


def month(past: Past) -> None:
    """Thirty days of business, with the users whom they brought."""
    _backfill(past, "--backfill", "30d", "--database", str(past.database))


def busy_until_an_hour_ago(past: Past) -> None:
    """Two hours of business, and nothing in the last 61 minutes."""
    _backfill(past, "--backfill", "2h", "--until", "61m")


def overruns_about_to_leave(past: Past) -> None:
    """12 dollars almost an hour ago, and 48 almost a day ago."""
    now = time.time()
    _spend(past, 25, 0.0, [(now + _LEAVES - 24 * 3600, 48.0), (now + _LEAVES - 3600, 12.0)])


def spike_about_to_leave(past: Past) -> None:
    """Two days of 50 cents an hour, and 8 dollars almost an hour ago."""
    _spend(past, 50, 0.5, [(time.time() + _LEAVES - 3600, 8.0)])


def dollar_an_hour(past: Past) -> None:
    """30 hours of a dollar each."""
    _spend(past, 30, 1.0, [])


def enough_users(past: Past) -> None:
    """An hour of business, and as many users in each variant of each experiment as were planned."""
    _backfill(past, "--backfill", "1h", "--database", str(past.database))
    now = time.time()
    rows = [
        (experiment, 10**6 + number, variants[number % 2], now, now if number % 10 == 0 else None)
        for experiment, variants in _VARIANTS.items()
        for number in range(_ENOUGH)
    ]
    with closing(sqlite3.connect(past.database)) as database, database:
        database.executemany(
            "INSERT INTO exposures (experiment, user_id, variant, exposed, converted) VALUES (?, ?, ?, ?, ?)",
            rows,
        )


def _spend(past: Past, hours: int, an_hour: float, extra: Sequence[tuple[float, float]]) -> None:
    """Hours of spending, with more at some moments."""
    now = int(time.time())
    begin = now - hours * 3600
    labels = f'job="bot",instance="{INSTANCE}",tier="pro",model="opus",query_type="analysis"'
    lines = ["# TYPE dubai_estate_cost_usd counter"]
    for moment in range(begin, now - _STEP, _STEP):
        total = an_hour * (moment - begin) / 3600
        total += sum(amount * min(1.0, max(0.0, (moment - since + 60) / 60)) for since, amount in extra)
        lines.append(f"dubai_estate_cost_usd_total{{{labels}}} {total:.4f} {moment}")
    past.file.write_text("\n".join([*lines, "# EOF", ""]), "utf-8")


def _backfill(past: Past, *words: str) -> None:
    labels = ["--label", "job=bot", "--label", f"instance={INSTANCE}"]
    command = [past.python, "-m", "loadgen", *words, "--out", str(past.file), *labels]
    subprocess.run(command, check=True, capture_output=True, timeout=300)


SCENARIOS = (
    Scenario(
        name="normal-day",
        story="30 days of history, then an ordinary day",
        trouble=("--scenario", "normal-day", "--rate", "1"),
        settings=_CHEAP,  # at this speed a day of it would be an anomaly of cost
        past=month,
        records=True,
        predicts=True,
    ),
    Scenario(
        name="high-error-rate",
        story="three queries in ten fail; ends when most succeed again",
        alerts=("HighErrorRate", "CriticalErrorRate", "AnswersBurnsBudgetFast", "AnswersBurnsBudgetSlowly"),
        trouble=("--scenario", "high-error-rate", "--rate", "1"),
        cure=("--scenario", "launch-spike", "--rate", "40"),
        settings=_CHEAP,
    ),
    Scenario(
        name="slow-model",
        story="answers take eight times as long; ends when most are fast again",
        alerts=("SlowResponses", "SpeedBurnsBudgetFast", "SpeedBurnsBudgetSlowly"),
        trouble=("--scenario", "slow-model", "--rate", "1"),
        cure=("--scenario", "launch-spike", "--rate", "40"),
        settings=_CHEAP,
    ),
    Scenario(
        name="no-traffic",
        story="business stopped 61 minutes ago; ends with the first queries",
        alerts=("NoQueries",),
        cure=("--scenario", "normal-day"),
        settings=_CALM,
        past=busy_until_an_hour_ago,
    ),
    Scenario(
        name="scale-up",
        story="thirty questions a second for one copy of the bot; ends when most users have gone",
        alerts=("ScaleUp",),
        trouble=("--scenario", "scale-up", "--rate", "30"),
        cure=("--scenario", "normal-day", "--rate", "1"),
        settings=_CALM,
    ),
    Scenario(
        name="experiment-ready",
        story="each variant has the planned users; ends when the experiments and their users are gone",
        alerts=("ExperimentReadyAnswerLength", "ExperimentReadyGreeting"),
        trouble=("--scenario", "normal-day", "--rate", "1"),
        cure=("--scenario", "normal-day", "--rate", "1"),
        settings=_CALM,
        cure_settings={"BOT_DATABASE": "another.db"},
        past=enough_users,
    ),
    Scenario(
        name="budget-forecast",
        story="a dollar an hour of a budget of $5 a month; ends when the budget is raised",
        alerts=("BudgetForecast",),
        trouble=("--scenario", "normal-day", "--rate", "1"),
        cure=("--scenario", "normal-day", "--rate", "1"),
        settings={**_CALM, "BOT_BUDGET_MONTH": "5"},
        cure_settings={"BOT_BUDGET_MONTH": "1000000"},
        past=dollar_an_hour,
        records=True,
    ),
    Scenario(
        name="cost-overrun",
        story="$48 a day ago and $12 an hour ago; ends when they are older than the rules look back",
        alerts=("HourlyBudget", "DailyBudget"),
        trouble=("--scenario", "normal-day", "--rate", "1"),
        settings=_CALM,
        past=overruns_about_to_leave,
    ),
    Scenario(
        name="cost-anomaly",
        story="$8 an hour ago after two days of 50 cents an hour; ends when that is older than an hour",
        alerts=("CostAnomaly",),
        trouble=("--scenario", "normal-day", "--rate", "1"),
        settings=_CALM,
        past=spike_about_to_leave,
        records=True,
    ),
)

"""What happens to the bot in a run, and which alerts have to fire of it, and no others."""

import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.native.configs import INSTANCE

# When the overrun leaves the window of its rule: late enough for the alert to have fired before (`for: 5m`).
_LEAVES = 6.5 * 60
_STEP = 30
# So much load in so little time would be over the budget, which is another scenario.
_CHEAP = {"BOT_SIM_COST_FACTOR": "0.02"}


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
        past: writes what Prometheus remembers from before, as OpenMetrics.
        predicts: whether the nightly job runs beside the bot.
    """

    name: str
    story: str
    alerts: tuple[str, ...] = ()
    trouble: tuple[str, ...] = ()
    cure: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    past: Callable[["Past"], None] | None = None
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
    now = int(time.time())
    spent = [(now + _LEAVES - 24 * 3600, 48.0), (now + _LEAVES - 3600, 12.0)]
    labels = f'job="bot",instance="{INSTANCE}",tier="pro",model="opus",query_type="analysis"'
    lines = ["# TYPE dubai_estate_cost_usd counter"]
    for moment in range(now - 25 * 3600, now - _STEP, _STEP):
        total = sum(amount * min(1.0, max(0.0, (moment - since + 60) / 60)) for since, amount in spent)
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
        trouble=("--scenario", "normal-day"),
        past=month,
        predicts=True,
    ),
    Scenario(
        name="high-error-rate",
        story="three queries in ten fail; ends when most succeed again",
        alerts=("HighErrorRate", "CriticalErrorRate"),
        trouble=("--scenario", "high-error-rate", "--rate", "3"),
        cure=("--scenario", "launch-spike", "--rate", "30"),
        settings=_CHEAP,
    ),
    Scenario(
        name="slow-model",
        story="answers take eight times as long; ends when most are fast again",
        alerts=("SlowResponses",),
        trouble=("--scenario", "slow-model", "--rate", "3"),
        cure=("--scenario", "launch-spike", "--rate", "40"),
        settings=_CHEAP,
    ),
    Scenario(
        name="no-traffic",
        story="business stopped 61 minutes ago; ends with the first queries",
        alerts=("NoQueries",),
        cure=("--scenario", "normal-day"),
        settings=_CHEAP,
        past=busy_until_an_hour_ago,
    ),
    Scenario(
        name="cost-overrun",
        story="$48 a day ago and $12 an hour ago; ends when they are older than the rules look back",
        alerts=("HourlyBudget", "DailyBudget"),
        trouble=("--scenario", "normal-day", "--rate", "0.2"),
        settings=_CHEAP,
        past=overruns_about_to_leave,
    ),
)

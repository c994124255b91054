"""What can happen to the bot. A scenario is data; `drive` carries it out."""

from collections.abc import Callable
from dataclasses import dataclass, field

from loadgen.curve import by_hour

Knobs = dict[str, float | str]
# What users do, as shares: a question, a command, signing up, upgrading, cancelling.
USUAL = {"query": 0.82, "command": 0.1, "signup": 0.05, "upgrade": 0.02, "cancel": 0.01}


@dataclass(frozen=True, kw_only=True)
class Phase:
    """A part of a scenario, as shares of its time, in which the simulated model behaves differently."""

    begin: float
    end: float
    knobs: Knobs


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One scenario. `rate` gives actions per second, from 0 to 1 of the scenario's time.

    Users of another `group` than `user` are none of the history's: they are new, in the scenario's tiers. Usually a few users
    do most; where all do the same, none of them runs into limits.
    """

    name: str
    description: str
    seconds: float
    rate: Callable[[float], float]
    actions: dict[str, float] = field(default_factory=lambda: dict(USUAL))
    phases: tuple[Phase, ...] = ()
    model: str | None = None
    tiers: dict[str, float] = field(default_factory=lambda: {"free": 0.7, "basic": 0.2, "pro": 0.1})
    abuser: bool = False
    group: str = "user"
    evenly: bool = False


def _steady(rate: float) -> Callable[[float], float]:
    return lambda _: rate


def _day(moment: float) -> float:
    return 3.0 * by_hour(24 * moment)


def _spike(moment: float) -> float:
    return 8.0 if 0.35 <= moment < 0.7 else 1.0


def _climb(moment: float) -> float:
    return 50.0 * min(1.0, 20 * moment, 5 * (1 - moment))


def _silence(moment: float) -> float:
    return 1.0 if moment < 0.05 else 0.0


SCENARIOS: dict[str, Scenario] = {
    scenario.name: scenario
    for scenario in (
        Scenario(
            name="normal-day",
            description="24 hours of an ordinary day, compressed: quiet at night, busy before noon and in the evening.",
            seconds=600,
            rate=_day,
        ),
        Scenario(
            name="launch-spike",
            description="Eight times the traffic in the middle, and many signups.",
            seconds=600,
            rate=_spike,
            actions={**USUAL, "signup": 0.3, "upgrade": 0.04},
        ),
        Scenario(
            name="outage",
            description="The model's provider is down in the middle third: every query fails.",
            seconds=900,
            rate=_steady(1.0),
            phases=(Phase(begin=1 / 3, end=2 / 3, knobs={"failure_rate": 1.0, "fault": "model_error"}),),
        ),
        Scenario(
            name="slow-model",
            description="Answers take eight times as long, after a normal beginning.",
            seconds=900,
            rate=_steady(0.7),
            phases=(Phase(begin=0.03, end=1, knobs={"slowness": 8.0}),),
        ),
        Scenario(
            name="cost-overrun",
            description="Prompts grew fivefold, and everybody who can asks Opus.",
            seconds=900,
            rate=_steady(1.5),
            phases=(Phase(begin=0.03, end=1, knobs={"cost_factor": 5.0}),),
            model="opus",
            tiers={"free": 0.2, "basic": 0.2, "pro": 0.6},
        ),
        Scenario(
            name="abusive-user",
            description="One Pro user asks more than 50 questions, among ordinary traffic.",
            seconds=360,
            rate=_steady(0.5),
            abuser=True,
        ),
        Scenario(
            name="no-traffic",
            description="A little traffic, then nobody asks anything.",
            seconds=4200,
            rate=_silence,
        ),
        Scenario(
            name="high-error-rate",
            description="Three queries in ten fail, for many reasons.",
            seconds=900,
            rate=_steady(1.0),
            phases=(Phase(begin=0.03, end=1, knobs={"failure_rate": 0.3}),),
        ),
        Scenario(
            name="upgrade-campaign",
            description="Free users run into their limits, and many upgrade.",
            seconds=600,
            rate=_steady(2.0),
            actions={"query": 0.72, "command": 0.08, "signup": 0.06, "upgrade": 0.13, "cancel": 0.01},
            tiers={"free": 0.9, "basic": 0.08, "pro": 0.02},
        ),
        Scenario(
            name="cost-anomaly",
            description="After a normal half, a question costs twelve times as much.",
            seconds=1800,
            rate=_steady(1.0),
            phases=(Phase(begin=0.5, end=1, knobs={"cost_factor": 12.0}),),
        ),
        Scenario(
            name="budget-burn",
            description="The month's budget is cut to a dollar, and will be spent long before the month ends.",
            seconds=900,
            rate=_steady(0.5),
            phases=(Phase(begin=0.03, end=1, knobs={"budget_month": 1.0}),),
        ),
        Scenario(
            name="burn-rate",
            description="Two queries in ten fail, all the time: the error budget of a month is gone in days.",
            seconds=1800,
            rate=_steady(1.0),
            phases=(Phase(begin=0, end=1, knobs={"failure_rate": 0.2}),),
        ),
        Scenario(
            name="scale-up",
            description="New Pro users bring more questions than one copy of the bot is meant for.",
            seconds=1200,
            rate=_climb,
            actions={"query": 0.99, "command": 0.01},
            tiers={"pro": 1.0},
            group="guest",
            evenly=True,
        ),
        Scenario(
            name="rate-limited",
            description="The provider refuses: calls are sent again, and one query in seven fails.",
            seconds=900,
            rate=_steady(1.0),
            phases=(
                Phase(
                    begin=0.03,
                    end=1,
                    knobs={"failure_rate": 0.15, "retry_rate": 0.5, "fault": "rate_limited"},
                ),
            ),
        ),
    )
}

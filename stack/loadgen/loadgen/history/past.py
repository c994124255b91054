"""A made-up past of the bot, moment by moment: traffic with days and weeks, growth, and a few incidents."""

import random
from dataclasses import dataclass

from bot.catalog import PAID_TIERS, PLANS, PRICES, Model, Tier, Usage
from bot.classify import choose_tools, classify
from bot.metrics import DIRECTIONS
from bot.model.weather import QueryDraw, Topic, Weather, draw_query
from loadgen.curve import at
from loadgen.history.ledger import ABSENT, Ledger
from loadgen.history.people import DAY, People, Person
from loadgen.questions import ask

_QUERIES_A_DAY = 620.0
_SIGNUPS_A_DAY = 14.0
_MEAN_CURVE = 0.42  # of `curve.at` over a week
_GROWTH_A_DAY = 0.012
_UPGRADE_AT_LIMIT = 0.05
_UPGRADES_A_DAY = 0.8
_COMMANDS_PER_QUERY = 0.45
_COMMANDS = ("search", "help", "analyze", "compare", "chiller", "mortgage", "start", "account", "subscribe")
_REFRESH_SECONDS = 3600.0


@dataclass(frozen=True, kw_only=True)
class Incident:
    """Something out of the ordinary; `days_ago` is when it begins."""

    days_ago: float
    hours: float
    traffic: float = 1.0
    signups: float = 1.0
    failure_rate: float = 0.015
    slowness: float = 1.0
    cost_factor: float = 1.0


INCIDENTS = (
    Incident(days_ago=20.4, hours=5, traffic=3.5, signups=9),  # a launch
    Incident(days_ago=12.3, hours=0.7, failure_rate=0.9),  # the provider was down
    Incident(days_ago=6.4, hours=1.2, slowness=5),
    Incident(days_ago=3.35, hours=4, cost_factor=4),  # prompts grew, and were shortened again
    Incident(days_ago=0.3, hours=0.4, failure_rate=0.25),
)
DEPLOY_DAYS_AGO = 9.2


class Past:
    """Lives through a time and writes it into a ledger."""

    def __init__(
        self, ledger: Ledger, begin: float, end: float, seed: int, versions: tuple[str, str]
    ) -> None:
        self._ledger = ledger
        self._begin, self._end = begin, end
        self._rng = random.Random(seed)  # noqa: S311  # a simulation
        self.people = People(self._rng, begin)
        self._versions = versions
        self._refreshed = begin

    def live_until(self, before: float, moment: float) -> None:
        """From the moment before to this one, which is then closed."""
        seconds = moment - before
        if moment - self._refreshed >= _REFRESH_SECONDS:
            self.people.refresh(moment)
            self._refreshed = moment
        incident = self._incident(moment)
        grown = 1 + _GROWTH_A_DAY * (before - self._begin) / DAY
        busy = at(moment) / _MEAN_CURVE * grown * seconds / DAY
        for _ in range(_poisson(self._rng, _SIGNUPS_A_DAY * busy * incident.signups)):
            self.people.sign_up(moment)
            self._ledger.count("signups")
        for _ in range(_poisson(self._rng, _QUERIES_A_DAY * busy * incident.traffic)):
            self._visit(moment, incident)
        for _ in range(_poisson(self._rng, _UPGRADES_A_DAY * busy)):
            self._upgrade(self.people.visitor(moment), moment)
        for person in self.people.quitters(seconds):
            self._ledger.count("subscription_cancellations", tier=person.tier)
            self.people.change_tier(person, Tier.FREE, moment)
        self._gauges(moment)
        self._ledger.close_moment(int(moment))

    def _incident(self, moment: float) -> Incident:
        days_ago = (self._end - moment) / DAY
        for incident in INCIDENTS:
            if incident.days_ago - incident.hours / 24 <= days_ago < incident.days_ago:
                return incident
        return Incident(days_ago=0, hours=0)

    def _visit(self, moment: float, incident: Incident) -> None:
        person = self.people.visitor(moment)
        if self._rng.random() < _COMMANDS_PER_QUERY:
            rank = min(int(self._rng.expovariate(0.45)), len(_COMMANDS) - 1)
            self._ledger.count("command_usage", command=_COMMANDS[rank])
        if self.people.may_ask(person, moment):
            self._query(person, incident)
            return
        self._ledger.count("query_limit_hits", tier=person.tier)
        if self._rng.random() < _UPGRADE_AT_LIMIT:
            self._upgrade(person, moment)

    def _upgrade(self, person: Person, moment: float) -> None:
        if person.tier is Tier.PRO:
            return
        to_pro = person.tier is Tier.BASIC or self._rng.random() < 0.25
        tier = Tier.PRO if to_pro else Tier.BASIC
        self._ledger.count("subscription_upgrades", from_tier=person.tier, to_tier=tier)
        self.people.change_tier(person, tier, moment)

    def _query(self, person: Person, incident: Incident) -> None:
        text = ask(self._rng)
        kind = classify(text)
        tools = choose_tools(text, kind)
        model = self._model(person.tier)
        weather = Weather(
            failure_rate=incident.failure_rate,
            slowness=incident.slowness,
            cost_factor=incident.cost_factor,
        )
        draw = draw_query(self._rng, weather, Topic(model=model, kind=kind, tools=tools))
        who: dict[str, str] = {"tier": person.tier, "model": model}
        ledger = self._ledger
        status = "error" if draw.fault else "success"
        ledger.count("queries", status=status, query_type=kind, **who)
        if draw.fault:
            ledger.count("query_errors", error_type=draw.fault)
        for tool, seconds in draw.tool_seconds.items():
            ledger.count("tool_usage", tool_name=tool)
            ledger.observe("tool_duration_seconds", seconds, tool_name=tool)
        ledger.observe("query_duration_seconds", _seconds(draw), **who)
        used = _tokens(draw)
        counts = (used.input_tokens, used.output_tokens)
        for direction, tokens in zip(DIRECTIONS, counts, strict=True):
            ledger.count("tokens", tokens, direction=direction, **who)
        ledger.count("cost_usd", PRICES[model].cost(used), query_type=kind, **who)

    def _model(self, tier: Tier) -> Model:
        if tier is Tier.PRO and self._rng.random() < 0.25:
            return Model.OPUS
        return PLANS[tier].default_model

    def _gauges(self, moment: float) -> None:
        ledger, before_deploy = self._ledger, (self._end - moment) / DAY > DEPLOY_DAYS_AGO
        old, new = self._versions
        ledger.set("app_info", 1 if before_deploy else ABSENT, version=old)
        ledger.set("app_info", ABSENT if before_deploy else 1, version=new)
        gauges = self.people.gauges(moment)
        for name, counts in gauges.items():
            for tier, number in counts.items():
                ledger.set(name, number, tier=tier)
        for tier in PAID_TIERS:
            ledger.set("mrr_usd", gauges["users"][tier] * PLANS[tier].usd_per_month, tier=tier)


def _seconds(draw: QueryDraw) -> float:
    return min(sum(turn.total_seconds for turn in draw.turns) + sum(draw.tool_seconds.values()), 100.0)


def _tokens(draw: QueryDraw) -> Usage:
    """What was paid for: a failed last call costs nothing."""
    paid = draw.turns[:-1] if draw.fault else draw.turns
    return Usage(
        input_tokens=sum(turn.input_tokens for turn in paid),
        output_tokens=sum(turn.output_tokens for turn in paid),
    )


def _poisson(rng: random.Random, mean: float) -> int:
    """How many times something happens that happens `mean` times on average."""
    count, left = 0, mean
    while (left := left - rng.expovariate(1.0)) > 0:
        count += 1
    return count

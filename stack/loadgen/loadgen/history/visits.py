"""One visit of a made-up past: a command perhaps, a question, its calls and tools, a vote, an upgrade."""

import random
from dataclasses import dataclass

from bot.activity import step_of_command, step_of_query
from bot.catalog import PRICES, Command, ErrorType, Model, QueryType, RateLimit, Step, Tier, Usage
from bot.classify import choose_tools, classify
from bot.database import DAY
from bot.experiments import ANSWER_LENGTH, EXPERIMENTS, Experiment, Goal
from bot.history import Exposure
from bot.metrics import DIRECTIONS
from bot.model.base import Headroom
from bot.model.weather import PromptCache, QueryDraw, RateLimits, Topic, Weather, draw_query
from loadgen.history.calls import choose_model, draw_questions, paid_turns
from loadgen.history.habits import (
    FAILED_ANSWER_DAYS,
    LIMIT_HIT_DAYS,
    UPGRADE_AFTER_VISIT,
    UPGRADE_AT_LIMIT,
    Person,
    next_tier,
)
from loadgen.history.incidents import (
    DEPLOY_DAYS_AGO,
    EXPERIMENT_DAYS_AGO,
    NEW_TOOL,
    SUBSCRIBES_MORE,
    Incident,
)
from loadgen.history.ledger import Ledger
from loadgen.history.people import People
from loadgen.questions import ask

_COMMANDS_PER_QUERY = 0.45
_COMMANDS = (
    Command.SEARCH,
    Command.HELP,
    Command.ANALYZE,
    Command.COMPARE,
    Command.CHILLER,
    Command.MORTGAGE,
    Command.START,
    Command.ACCOUNT,
    Command.SUBSCRIBE,
)
_RATED_SHARE = 0.12
_LONGEST_SECONDS = 100.0


@dataclass(frozen=True, kw_only=True)
class _Question:
    person: Person
    moment: float
    kind: QueryType
    model: Model
    draw: QueryDraw

    @property
    def who(self) -> dict[str, str]:
        return {"tier": self.person.tier, "model": self.model}

    @property
    def tools(self) -> list[tuple[str, float]]:
        """The tools that were called; the first that breaks is the last."""
        called = list(self.draw.tool_seconds.items())
        return called[:1] if self.draw.fault is ErrorType.TOOL_ERROR else called


class Visits:
    """Writes visits into the ledger, and into what is known of the people."""

    def __init__(self, ledger: Ledger, people: People, rng: random.Random, end: float) -> None:
        self._ledger = ledger
        self._people = people
        self._rng = rng
        self._end = end
        self._cache = PromptCache()
        self._limits = RateLimits()
        self._headroom: dict[tuple[Model, RateLimit], Headroom] = {
            (model, limit): Headroom(ratio=1.0, until=0.0) for model in Model for limit in RateLimit
        }

    def visit(self, moment: float, incident: Incident) -> None:
        """Somebody comes to ask, once or a few times."""
        person = self._people.chosen()
        self._people.here(person, moment)
        for _ in range(draw_questions(self._rng)):
            self._question(person, moment, incident)
        self._upgrade(person, moment, UPGRADE_AFTER_VISIT)

    def _question(self, person: Person, moment: float, incident: Incident) -> None:
        if self._rng.random() < _COMMANDS_PER_QUERY:
            self._command(person, moment)
        if self._people.may_ask(person, moment):
            self._ask(person, moment, incident)
            return
        self._ledger.count("query_limit_hits", tier=person.tier)
        person.disappoint(moment, LIMIT_HIT_DAYS)
        self._upgrade(person, moment, UPGRADE_AT_LIMIT)

    def rate_limits(self, moment: float) -> None:
        """What the provider would say."""
        for (model, limit), headroom in self._headroom.items():
            ratio = headroom.ratio if moment < headroom.until else 1.0
            self._ledger.set("rate_limit_remaining_ratio", ratio, model=model, limit=limit)

    def _command(self, person: Person, moment: float) -> None:
        command = _COMMANDS[min(int(self._rng.expovariate(0.45)), len(_COMMANDS) - 1)]
        self._ledger.count("command_usage", command=command)
        person.today(moment).commands += 1
        person.advance(step_of_command(command), moment)

    def _upgrade(self, person: Person, moment: float, chance: float) -> None:
        exposed = ANSWER_LENGTH.name in person.record.exposures
        effect = SUBSCRIBES_MORE[ANSWER_LENGTH.variant(person.record.handle)] if exposed else 1.0
        if person.tier is Tier.PRO or self._rng.random() >= chance * effect:
            return
        tier = next_tier(self._rng, person.tier)
        self._ledger.count("subscription_upgrades", from_tier=person.tier, to_tier=tier)
        self._people.change_tier(person, tier, moment)
        person.advance(Step.SUBSCRIBE, moment)
        self._convert(person, Goal.SUBSCRIBE, moment)

    def _ask(self, person: Person, moment: float, incident: Incident) -> None:
        text = ask(self._rng)
        kind = classify(text)
        tools = choose_tools(text, kind)
        if (self._end - moment) / DAY > DEPLOY_DAYS_AGO:
            tools = tuple(tool for tool in tools if tool != NEW_TOOL)
        model = choose_model(self._rng, person.tier)
        brief = person.record.exposures.get(ANSWER_LENGTH.name)
        topic = Topic(
            model=model, kind=kind, tools=tools, brief=brief is not None and brief.variant == "brief"
        )
        draw = draw_query(self._rng, _weather(incident), topic)
        question = _Question(person=person, moment=moment, kind=kind, model=model, draw=draw)
        self._count(question)
        self._count_tools(question)
        self._pay(question, self._call(question))
        self._convert(person, Goal.RETURN, moment)
        if draw.fault:
            person.today(moment).failed += 1
            person.disappoint(moment, FAILED_ANSWER_DAYS)
            return
        person.advance(step_of_query(kind), moment)
        self._expose(person, moment)
        if self._rng.random() < _RATED_SHARE:
            self._rate(question)

    def _count(self, question: _Question) -> None:
        ledger, draw = self._ledger, question.draw
        status = "error" if draw.fault else "success"
        ledger.count("queries", status=status, query_type=question.kind, **question.who)
        ledger.count("segment_queries", segment=question.person.segment, query_type=question.kind)
        if draw.fault:
            ledger.count("query_errors", error_type=draw.fault)
        seconds = sum(turn.total_seconds for turn in draw.turns) + sum(draw.tool_seconds.values())
        ledger.observe("query_duration_seconds", min(seconds, _LONGEST_SECONDS), **question.who)

    def _count_tools(self, question: _Question) -> None:
        ledger, draw = self._ledger, question.draw
        for tool, seconds in question.tools:
            ledger.count("tool_usage", tool_name=tool)
            ledger.count("segment_tool_usage", segment=question.person.segment, tool_name=tool)
            ledger.observe("tool_duration_seconds", seconds, tool_name=tool)
            if draw.fault is ErrorType.TOOL_ERROR:
                ledger.count("tool_errors", tool_name=tool, kind="broken")
            elif tool in draw.wrong_arguments:
                ledger.count("tool_errors", tool_name=tool, kind="refused")

    def _call(self, question: _Question) -> Usage:
        """The calls of a question, and what they used."""
        ledger, model, used = self._ledger, question.model, Usage()
        for turn in question.draw.turns:
            for reason in turn.retries:
                ledger.count("model_retries", model=model, reason=reason)
        for turn in paid_turns(question.draw):
            usage = self._cache.usage(model, turn, question.moment)
            for limit, headroom in self._limits.take(model, usage, question.moment).items():
                self._headroom[model, limit] = headroom
            ledger.count("stop_reasons", model=model, stop_reason=turn.stop_reason)
            ledger.observe("time_to_first_token_seconds", turn.first_token_seconds, model=model)
            speed = turn.output_tokens / turn.streaming_seconds
            ledger.observe("output_tokens_per_second", speed, model=model)
            used += usage
        return used

    def _pay(self, question: _Question, used: Usage) -> None:
        ledger, model, price = self._ledger, question.model, PRICES[question.model]
        cost = price.cost(used)
        ledger.count("cost_usd", cost, query_type=question.kind, **question.who)
        if question.draw.fault:
            ledger.count("failed_cost_usd", cost, **question.who)
        for direction, tokens in zip(DIRECTIONS, (used.input_tokens, used.output_tokens), strict=True):
            ledger.count("tokens", tokens, direction=direction, **question.who)
        ledger.count("cache_tokens", used.cache_read_tokens, operation="read", model=model)
        ledger.count("cache_tokens", used.cache_write_tokens, operation="write", model=model)
        ledger.count("cache_saved_usd", price.cache_saving(used), model=model)
        ledger.count("cache_write_extra_usd", price.cache_extra(used), model=model)
        question.person.today(question.moment).cost_usd += cost

    def _rate(self, question: _Question) -> None:
        liked = self._rng.random() < question.person.liked
        self._ledger.count("feedback", rating="up" if liked else "down", model=question.model)
        today = question.person.today(question.moment)
        today.up += liked
        today.down += not liked

    def _expose(self, person: Person, moment: float) -> None:
        """An answer shows its reader the variants of all experiments that have begun."""
        for item in EXPERIMENTS:
            exposures = person.record.exposures
            begun = (self._end - moment) / DAY <= EXPERIMENT_DAYS_AGO[item.name]
            if begun and item.name not in exposures:
                variant = item.variant(person.record.handle)
                exposures[item.name] = Exposure(variant=variant, exposed=moment)
                self._add_user("exposed", item, variant)

    def _convert(self, person: Person, goal: Goal, moment: float) -> None:
        latest = moment + 1 if goal is Goal.SUBSCRIBE else moment // DAY * DAY
        for item in EXPERIMENTS:
            exposure = person.record.exposures.get(item.name)
            if item.goal is goal and exposure and exposure.converted is None and exposure.exposed < latest:
                exposure.converted = moment
                self._add_user("converted", item, exposure.variant)

    def _add_user(self, figure: str, item: Experiment, variant: str) -> None:
        self._ledger.add(f"experiment_{figure}_users", 1, experiment=item.name, variant=variant)


def _weather(incident: Incident) -> Weather:
    return Weather(
        failure_rate=incident.failure_rate,
        slowness=incident.slowness,
        cost_factor=incident.cost_factor,
        retry_rate=incident.retry_rate,
    )

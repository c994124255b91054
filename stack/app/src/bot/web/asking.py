"""Ask the bot: from a body to an outcome, the same for JSON, commands and the page's form."""

import asyncio
import sqlite3

from opentelemetry import trace

from bot.assembly import Bot
from bot.catalog import PLANS, ErrorType, Model, QueryType, Tier
from bot.classify import classify
from bot.experiments import style_for
from bot.exposures import Assignment
from bot.record import Outcome
from bot.timeline import Stopwatch
from bot.tracing import trace_id
from bot.users import User
from bot.web.words import Answer, QueryBody


class LimitReached(Exception):  # noqa: N818  # an answer, not an error of the program
    """The user's tier allows no more questions."""


async def ask(bot: Bot, body: QueryBody, watch: Stopwatch) -> Outcome:
    """Answer a question.

    Raises:
        LimitReached: When the tier allows no more.
    """
    user = await bot.registered(body.user, body.tier)
    refusal = await asyncio.to_thread(bot.limits.refusal, user)
    if refusal:
        bot.recorder.limit_hit(user, refusal)
        await asyncio.to_thread(bot.activity.limit_hit, user)
        raise LimitReached(refusal)
    outcome = _outcome(body, user)
    span = trace.get_current_span()
    span.set_attributes(
        {"bot.tier": outcome.tier, "bot.model": outcome.model, "bot.query_type": outcome.query_type}
    )
    if outcome.model not in PLANS[user.tier].models:
        outcome.fail(ErrorType.INVALID_REQUEST, f"{user.tier} does not include {outcome.model}")
    else:
        seen = await asyncio.to_thread(bot.exposures.seen, user)
        await bot.service.answer(outcome, watch, style_for(user.handle, seen))
    converted, exposed = await asyncio.to_thread(_note, bot, outcome, user)
    bot.recorder.query(outcome)
    bot.recorder.converted(user, converted)
    bot.recorder.exposed(user, exposed)
    span.set_attribute("bot.status", outcome.status)
    return outcome


def _note(bot: Bot, outcome: Outcome, user: User) -> tuple[list[Assignment], list[Assignment]]:
    """Write into the database what came of a question; an answer goes out also when that fails.

    Returns:
        The experiments whose goal this question is, and those that this user is new to.
    """
    failed = outcome.error_type is not None
    try:
        bot.activity.query(user, outcome.query_type, bot.recorder.cost(outcome), failed=failed)
        converted = bot.exposures.returned(user)
        if failed:
            return converted, []
        outcome.query_id = bot.votes.remember(user, outcome.model)
        return converted, bot.exposures.expose(user)
    except sqlite3.Error as error:
        bot.recorder.exception(error, "what came of a question cannot be kept")
        return [], []


def _outcome(body: QueryBody, user: User) -> Outcome:
    return Outcome(
        user=user,
        tier=user.tier,
        model=body.model or PLANS[user.tier].default_model,
        text=body.text,
        query_type=classify(body.text),
    )


def invalid(bot: Bot, message: str) -> None:
    """Record a question that could not even be read."""
    outcome = Outcome(
        user=None,
        tier=Tier.FREE,
        model=PLANS[Tier.FREE].default_model,
        text="",
        query_type=QueryType.GENERAL,
    )
    outcome.fail(ErrorType.INVALID_REQUEST, message)
    bot.recorder.query(outcome)


def answer_of(bot: Bot, outcome: Outcome) -> Answer:
    """What the one who asked gets to see."""
    return Answer(
        answer=outcome.answer,
        query_id=outcome.query_id,
        user_id=outcome.user.user_id if outcome.user else 0,
        tier=outcome.tier,
        model=Model(outcome.model),
        query_type=outcome.query_type,
        tools=outcome.tools,
        cost_usd=round(bot.recorder.cost(outcome), 6),
        tokens=outcome.usage.total_tokens,
        seconds=round(outcome.duration, 3),
        trace_id=trace_id(trace.get_current_span()),
    )

"""POST /query and POST /command/{name}."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from bot.assembly import Bot
from bot.catalog import PLANS, Command
from bot.users import User
from bot.web.asking import LimitReached, answer_of, ask
from bot.web.words import STATUS_OF, CommandBody, QueryBody, problem

_EXAMPLES = {
    Command.SEARCH: "/search 2 bedroom flats in Dubai Marina under 2.5 million",
    Command.ANALYZE: "/analyze an investment in Dubai South",
    Command.COMPARE: "/compare JVC and Downtown",
    Command.CHILLER: "/chiller 1,200 sqft in JLT",
    Command.MORTGAGE: "/mortgage AED 1.8m with 25% down over 20 years",
}


def queries(bot: Bot) -> APIRouter:
    """The routes."""
    routes = APIRouter()

    @routes.post("/query")
    async def query(body: QueryBody, request: Request) -> JSONResponse:
        """Ask a question."""
        return await _answered(bot, body, request)

    @routes.post("/command/{name}")
    async def command(name: Command, body: CommandBody, request: Request) -> JSONResponse:
        """Send a command; one with a text is a question too."""
        user = await bot.registered(body.user, body.tier)
        bot.recorder.command(user, name)
        await asyncio.to_thread(bot.activity.command, user, name)
        if body.text and name in _EXAMPLES:
            question = QueryBody(text=f"{name} {body.text}", user=user.handle, tier=user.tier)
            return await _answered(bot, question, request)
        return JSONResponse({"command": name, "text": await _reply(bot, user, name)})

    return routes


async def _answered(bot: Bot, body: QueryBody, request: Request) -> JSONResponse:
    try:
        outcome = await ask(bot, body, request.state.watch)
    except LimitReached as refusal:
        return problem(429, "limit_reached", f"{refusal}; a higher tier allows more")
    answer: dict[str, Any] = answer_of(bot, outcome).model_dump(mode="json")
    if outcome.error_type:
        status = STATUS_OF[outcome.error_type]
        return problem(status, outcome.error_type, outcome.error, trace_id=answer["trace_id"])
    return JSONResponse(answer)


async def _reply(bot: Bot, user: User, name: Command) -> str:
    if name in _EXAMPLES:
        return f"Say what you want to know, for example: {_EXAMPLES[name]}"
    if name is Command.ACCOUNT:
        asked, plan = await asyncio.to_thread(bot.users.asked_today, user), PLANS[user.tier]
        return f"You are in {user.tier} and have asked {asked} of {plan.queries_per_day} questions today."
    if name is Command.SUBSCRIBE:
        return " ".join(
            f"{tier.capitalize()}: ${plan.usd_per_month:g} a month, {plan.queries_per_day} questions a day."
            for tier, plan in PLANS.items()
        )
    return "Ask me about homes in Dubai. Commands: " + ", ".join(f"/{command}" for command in Command)

"""POST /feedback: thumbs up or down for an answer."""

import asyncio

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from bot.assembly import Bot
from bot.users import UnknownUserError
from bot.votes import SecondVoteError, UnknownAnswerError
from bot.web.words import FeedbackBody, problem


async def vote(bot: Bot, body: FeedbackBody) -> None:
    """Count a vote.

    Raises:
        UnknownUserError: When there is no such user.
        UnknownAnswerError: When this user got no such answer.
        SecondVoteError: When there is a vote already.
    """
    user = await asyncio.to_thread(bot.users.find, body.user)
    model = await asyncio.to_thread(bot.votes.vote, user, body.query_id, body.rating)
    bot.recorder.feedback(user, model, body.query_id, body.rating)


def feedback(bot: Bot) -> APIRouter:
    """The routes."""
    routes = APIRouter()

    @routes.post("/feedback")
    async def rate(body: FeedbackBody) -> JSONResponse:
        """Vote on an answer: once, and only by whom it was for."""
        try:
            await vote(bot, body)
        except (UnknownUserError, UnknownAnswerError):
            return problem(404, "unknown_answer", f"{body.user} got no such answer in the last 30 days")
        except SecondVoteError:
            return problem(409, "voted", "this answer has been rated already")
        return JSONResponse({"query_id": body.query_id, "rating": body.rating}, 201)

    return routes

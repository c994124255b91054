"""POST /signup, /upgrade and /cancel."""

import asyncio

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from bot.assembly import Bot
from bot.users import DuplicateUserError, TierChangeError, UnknownUserError, User
from bot.web.words import Account, TierBody, UserBody, problem


def accounts(bot: Bot) -> APIRouter:
    """The routes."""
    routes = APIRouter()

    @routes.post("/signup")
    async def signup(body: TierBody) -> JSONResponse:
        """A new user."""
        try:
            user = await asyncio.to_thread(bot.users.sign_up, body.user, body.tier)
        except DuplicateUserError:
            return problem(409, "exists", f"{body.user} has signed up already")
        bot.recorder.signup(user)
        return _account(user, 201)

    @routes.post("/upgrade")
    async def upgrade(body: TierBody) -> JSONResponse:
        """To a higher tier."""
        try:
            user, before = await asyncio.to_thread(bot.users.upgrade, body.user, body.tier)
        except (UnknownUserError, TierChangeError) as error:
            return _refused(error, body.user)
        bot.recorder.upgrade(user, before)
        await asyncio.to_thread(bot.activity.subscribed, user)
        bot.recorder.converted(user, await asyncio.to_thread(bot.exposures.subscribed, user))
        return _account(user)

    @routes.post("/cancel")
    async def cancel(body: UserBody) -> JSONResponse:
        """Back to free."""
        try:
            user, before = await asyncio.to_thread(bot.users.cancel, body.user)
        except (UnknownUserError, TierChangeError) as error:
            return _refused(error, body.user)
        bot.recorder.cancel(user, before)
        return _account(user)

    return routes


def _account(user: User, status: int = 200) -> JSONResponse:
    return JSONResponse(
        Account(user_id=user.user_id, tier=user.tier).model_dump(mode="json"), status_code=status
    )


def _refused(error: Exception, handle: str) -> JSONResponse:
    if isinstance(error, UnknownUserError):
        return problem(404, "unknown_user", f"nobody is called {handle}; sign up first")
    return problem(409, "tier", str(error))

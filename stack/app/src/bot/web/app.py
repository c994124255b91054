"""The web application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from bot import __version__
from bot.assembly import Bot
from bot.web.accounts import accounts
from bot.web.asking import invalid
from bot.web.feedback import feedback
from bot.web.gate import Gate
from bot.web.operations import operations, scenarios
from bot.web.page import page
from bot.web.queries import queries
from bot.web.words import explain, problem


def web_app(bot: Bot) -> FastAPI:
    """The application around a bot; closes the bot when it stops."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await bot.close()

    # FastAPI's own documentation pages load scripts from elsewhere.
    app = FastAPI(
        title="Dubai Estate AI Bot", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None
    )
    for routes in (queries(bot), accounts(bot), feedback(bot), operations(bot), scenarios(bot), page(bot)):
        app.include_router(routes)
    app.add_middleware(Gate, bot=bot)

    @app.exception_handler(RequestValidationError)
    async def wrong_body(request: Request, error: Any) -> JSONResponse:
        message = explain(error.errors())
        if request.url.path == "/query":
            invalid(bot, message)
        return problem(422, "invalid_request", message)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: Any) -> JSONResponse:
        del request
        return problem(error.status_code, "http", str(error.detail).lower())

    return app

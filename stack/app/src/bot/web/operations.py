"""For machines: /metrics, /healthz, /readyz, and the load generator's way to change the simulated model."""

import asyncio
import ipaddress
import sqlite3
from dataclasses import asdict, replace
from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client.exposition import choose_encoder
from pydantic import Field

from bot.assembly import Bot, initial_weather
from bot.catalog import ErrorType
from bot.model.simulated import SimulatedModel
from bot.model.weather import Weather
from bot.web.words import Body, problem


class ScenarioBody(Body):
    """What to change; the rest goes back to the settings."""

    failure_rate: Annotated[float, Field(ge=0, le=1)] | None = None
    slowness: Annotated[float, Field(ge=0.01, le=100)] | None = None
    cost_factor: Annotated[float, Field(ge=0.01, le=1000)] | None = None
    retry_rate: Annotated[float, Field(ge=0, le=1)] | None = None
    fault: ErrorType | None = None
    budget_month: Annotated[float, Field(gt=0, le=1e9)] | None = None


def operations(bot: Bot) -> APIRouter:
    """The routes."""
    routes = APIRouter()

    @routes.get("/metrics")
    async def metrics(request: Request) -> Response:
        """Metrics, with exemplars for those who ask for OpenMetrics."""
        encode, content_type = choose_encoder(request.headers.get("accept", ""))
        return Response(await asyncio.to_thread(encode, bot.metrics.registry), media_type=content_type)

    @routes.get("/healthz")
    async def healthz() -> dict[str, str]:
        """Whether the process answers."""
        return {"status": "ok"}

    @routes.get("/readyz")
    async def readyz() -> JSONResponse:
        """Whether the bot can answer questions."""
        if bot.stopping:
            return problem(503, "stopping", "the bot is stopping")
        try:
            await asyncio.to_thread(bot.database.ping)
        except sqlite3.Error as error:
            return problem(503, "database", f"the database does not answer: {error}")
        return JSONResponse({"status": "ok", "model": bot.client.provider})

    return routes


def scenarios(bot: Bot) -> APIRouter:
    """The way to change the simulated model and the budget: only with BOT_SCENARIOS=1, only from near by."""
    routes = APIRouter()

    @routes.put("/admin/scenario")
    async def scenario(body: ScenarioBody, request: Request) -> JSONResponse:
        """Change the simulated model; an empty object undoes all changes."""
        address = request.client.host if request.client else ""
        if not bot.settings.scenarios or not is_near(address):
            return problem(404, "not_found", "there is nothing here")
        if not isinstance(bot.client, SimulatedModel):
            return problem(409, "real_model", "a real model cannot be told how to behave")
        bot.client.weather = _weather(bot, body)
        bot.metrics.set_budgets(bot.settings.budget_day, body.budget_month or bot.settings.budget_month)
        return JSONResponse(asdict(bot.client.weather))

    return routes


def is_near(address: str) -> bool:
    """Whether an address is this machine's, or of a private network such as compose's."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return parsed.is_loopback or parsed.is_private


def _weather(bot: Bot, body: ScenarioBody) -> Weather:
    weather = initial_weather(bot.settings)
    changes = body.model_dump(exclude_none=True, exclude={"fault", "budget_month"})
    faults = {body.fault: 1.0} if body.fault else weather.faults
    return replace(weather, faults=faults, **changes)

"""All parts of the bot, put together once."""

import asyncio
from dataclasses import dataclass
from typing import Any

from opentelemetry.sdk.trace import SpanProcessor

from bot import __version__
from bot.activity import Activity
from bot.catalog import Tier
from bot.database import Database
from bot.exposures import Exposures
from bot.gauges import RateLimitGauge, UserGauges
from bot.limits import QueryLimits, SlidingWindow
from bot.logs import EventLog
from bot.metrics import Metrics
from bot.model.base import ModelClient
from bot.model.simulated import SimulatedModel
from bot.model.weather import Weather
from bot.record import Recorder
from bot.service import Service
from bot.settings import Settings, SettingsError
from bot.tracing import Tracing
from bot.users import DuplicateUserError, UnknownUserError, User, Users
from bot.votes import Votes


@dataclass(kw_only=True)
class Bot:
    """The parts that the web layer uses."""

    settings: Settings
    database: Database
    users: Users
    activity: Activity
    exposures: Exposures
    votes: Votes
    metrics: Metrics
    tracing: Tracing
    log: EventLog
    recorder: Recorder
    client: ModelClient
    service: Service
    limits: QueryLimits
    requests: SlidingWindow
    stopping: bool = False

    async def registered(self, handle: str, tier: Tier) -> User:
        """The user of a handle; who is new is signed up, in the tier they say."""
        try:
            return await asyncio.to_thread(self.users.find, handle)
        except UnknownUserError:
            try:
                user = await asyncio.to_thread(self.users.sign_up, handle, tier)
            except DuplicateUserError:  # signed up by another request just now
                return await asyncio.to_thread(self.users.find, handle)
            self.recorder.signup(user)
            return user

    async def close(self) -> None:
        """Stop, in the order in which the parts need one another."""
        self.stopping = True
        await self.client.close()
        await asyncio.to_thread(self.tracing.close)
        self.database.close()


def assemble(settings: Settings, spans: SpanProcessor | None = None, stream: Any = None) -> Bot:
    """All parts for some settings. `spans` and `stream` are for tests: where traces and log lines go.

    Raises:
        SettingsError: When a setting asks for what is not installed.
    """
    metrics = Metrics(__version__)
    metrics.set_budgets(settings.budget_day, settings.budget_month)
    rate_limits = RateLimitGauge()
    metrics.registry.register(rate_limits)
    log = EventLog(settings, stream)
    tracing = Tracing(settings, __version__, spans)
    recorder = Recorder(metrics, log, settings.prices, rate_limits)
    database = Database(settings.database)
    users = Users(database)
    metrics.registry.register(
        UserGauges(database, lambda error: recorder.exception(error, "users cannot be counted"))
    )
    client = _client(settings)
    limits = (settings.query_timeout, settings.max_tokens)
    return Bot(
        settings=settings,
        database=database,
        users=users,
        activity=Activity(database),
        exposures=Exposures(database),
        votes=Votes(database),
        metrics=metrics,
        tracing=tracing,
        log=log,
        recorder=recorder,
        client=client,
        service=Service(client, tracing, recorder, settings.prices, limits),
        limits=QueryLimits(users),
        requests=SlidingWindow(),
    )


def initial_weather(settings: Settings) -> Weather:
    """How the simulated model behaves until somebody changes it."""
    return Weather(
        failure_rate=settings.sim_failure_rate,
        slowness=settings.sim_slowness,
        cost_factor=settings.sim_cost_factor,
    )


def _client(settings: Settings) -> ModelClient:
    if not settings.anthropic_api_key:
        return SimulatedModel(initial_weather(settings), settings.sim_seed)
    try:
        from bot.model.claude import ClaudeModel  # noqa: PLC0415  # an extra that may be missing
    except ModuleNotFoundError:
        raise SettingsError(
            [
                "ANTHROPIC_API_KEY is set, but the extra `anthropic` is not installed: pip install '.[anthropic]'"
            ]
        ) from None
    return ClaudeModel(
        settings.anthropic_api_key, settings.prices, settings.max_tokens, settings.query_timeout
    )

"""Figures about users and revenue, read from the database whenever somebody scrapes."""

import sqlite3
from collections.abc import Callable, Iterable

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.catalog import PAID_TIERS, PLANS, Tier
from bot.metrics import PREFIX
from bot.users import Users

ACTIVE_SECONDS = 15 * 60
DAY_SECONDS = 24 * 3600
MONTH_SECONDS = 30 * DAY_SECONDS


class UserGauges(Collector):
    """Users, active users and revenue by tier.

    A database that cannot be read leaves these gauges out; the scrape goes on, and `on_failure` hears of it.
    """

    def __init__(self, users: Users, on_failure: Callable[[Exception], None]) -> None:
        self._users = users
        self._on_failure = on_failure

    def describe(self) -> Iterable[Metric]:
        """Nothing: registering must not read the database."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """The gauges as of now."""
        try:
            return self._read()
        except sqlite3.Error as error:
            self._on_failure(error)
            return ()

    def _read(self) -> list[Metric]:
        everybody = self._users.count_by_tier()
        windows = (
            ("active_users", "Users who did something in the last 15 minutes.", ACTIVE_SECONDS),
            ("daily_active_users", "Users who did something in the last 24 hours (DAU).", DAY_SECONDS),
            ("monthly_active_users", "Users who did something in the last 30 days (MAU).", MONTH_SECONDS),
        )
        revenue = {tier: everybody[tier] * PLANS[tier].usd_per_month for tier in PAID_TIERS}
        return [
            _family("users", "Registered users by tier.", everybody),
            *(_family(name, text, self._users.count_by_tier(seconds)) for name, text, seconds in windows),
            _family(
                "mrr_usd",
                "Monthly recurring revenue, the price of all running subscriptions per month.",
                revenue,
            ),
        ]


def _family(name: str, text: str, by_tier: dict[Tier, int] | dict[Tier, float]) -> Metric:
    family = GaugeMetricFamily(f"{PREFIX}_{name}", text, labels=["tier"])
    for tier, value in by_tier.items():
        family.add_metric([tier], value)
    return family

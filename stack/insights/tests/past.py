"""A made-up database of the bot, in which what becomes of users can be learnt: the tables and columns that the job reads."""

import math
import random
import sqlite3
from dataclasses import dataclass
from pathlib import Path

TODAY = 20_787  # 2026-11-30
DAY = 86_400.0
PRICES = {"free": 0.0, "basic": 29.0, "pro": 99.0}
WEEKDAYS = (1.0, 1.02, 1.05, 1.1, 1.0, 0.7, 0.75)
_STAYS = {"free": 45, "basic": 120, "pro": 160}
SCHEMA = """
CREATE TABLE plans (tier TEXT PRIMARY KEY, usd_per_month REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE users (id INTEGER PRIMARY KEY, handle TEXT, tier TEXT, signed_up REAL, last_seen REAL, segment TEXT, segmented INTEGER);
CREATE TABLE events (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, at REAL NOT NULL, kind TEXT NOT NULL,
  from_tier TEXT, to_tier TEXT NOT NULL);
CREATE TABLE activity (user_id INTEGER NOT NULL, day INTEGER NOT NULL, queries INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0, limit_hits INTEGER NOT NULL DEFAULT 0, commands INTEGER NOT NULL DEFAULT 0,
  cost_usd REAL NOT NULL DEFAULT 0, up INTEGER NOT NULL DEFAULT 0, down INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (user_id, day)) WITHOUT ROWID;
PRAGMA user_version = 2;
"""


@dataclass(kw_only=True)
class Past:
    """What past to make up.

    Attributes:
        days: how long it is, until yesterday.
        users: how many there are in the end.
        seed: the same one makes up the same past.
        is_learnable: whether users who will go come less often before; otherwise they go from one day to the next, and
            all come equally often and stay equally long, so that nothing but their silence tells who is gone.
        noise: of the traffic from day to day, in natural logarithms.
        weekdays: the traffic of each weekday, Monday first.
        growth: of the traffic each day.
    """

    days: int = 150
    users: int = 600
    seed: int = 1
    is_learnable: bool = True
    noise: float = 0.05
    weekdays: tuple[float, ...] = WEEKDAYS
    growth: float = 0.004


def write_past(path: Path, past: Past | None = None) -> Path:
    """Write a database; gives its path."""
    past = past or Past()
    rng = random.Random(past.seed)
    with sqlite3.connect(path) as connection:
        connection.executescript(SCHEMA)
        connection.executemany("INSERT INTO plans VALUES (?, ?)", PRICES.items())
        mood = [math.exp(rng.gauss(0, past.noise)) for _ in range(past.days)]
        for number in range(past.users):
            _live(connection, past, rng, mood, 1001 + number)
    connection.close()
    return path


def _live(connection, past, rng, mood, user):
    """One user: signs up, comes, perhaps pays, fades, goes."""
    first = TODAY - past.days
    begin = first + max(0, int(rng.uniform(-0.4, 1) * past.days))
    tier = rng.choices(("free", "basic", "pro"), (0.7, 0.2, 0.1))[0]
    keen = rng.lognormvariate(-0.6, 0.8) if past.is_learnable else 0.6
    stays = rng.expovariate(1 / (_STAYS[tier] if past.is_learnable else 60))
    end = begin + stays
    events = [(user, begin * DAY, "signup", None, "free")]
    if tier != "free":
        events.append((user, (begin + 0.5) * DAY, "upgrade", "free", tier))
    rows = []
    for day in range(begin, min(int(end) + 1, TODAY)):
        fading = min(1.0, max(0.1, (end - day) / 21)) if past.is_learnable else 1.0
        busy = past.weekdays[(day + 3) % 7] * (1 + past.growth) ** (day - first) * mood[day - first]
        queries = _poisson(rng, keen * 3 * fading * busy) if day > begin else 1
        if queries:
            failed = sum(rng.random() < (0.02 + 0.1 * (1 - fading)) for _ in range(queries))
            rows.append(
                (
                    user,
                    day,
                    queries,
                    failed,
                    int(rng.random() < 0.05),
                    int(queries > 2),
                    queries * 0.012,
                    0,
                    0,
                )
            )
    if tier != "free" and end + 3 < TODAY:
        events.append((user, (end + 3) * DAY, "cancel", tier, "free"))
    connection.executemany(
        "INSERT INTO events (user_id, at, kind, from_tier, to_tier) VALUES (?, ?, ?, ?, ?)", events
    )
    connection.executemany("INSERT INTO activity VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    connection.execute(
        "INSERT INTO users VALUES (?, ?, ?, ?, ?, 'casual', ?)",
        (user, f"u{user}", tier, begin * DAY, (rows[-1][1] if rows else begin) * DAY, TODAY),
    )


def _poisson(rng, mean):
    count, left = 0, mean
    while (left := left - rng.expovariate(1.0)) > 0:
        count += 1
    return count

"""Put a made-up past into the database, as if these users had been there."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.catalog import Segment, Step, Tier
from bot.database import Database
from bot.users import Users


@dataclass(kw_only=True)
class Day:
    """What a user did on a day."""

    queries: int = 0
    failed: int = 0
    limit_hits: int = 0
    commands: int = 0
    cost_usd: float = 0.0
    up: int = 0
    down: int = 0


@dataclass(frozen=True, kw_only=True)
class TierChange:
    """A user's upgrade or cancellation."""

    at: float
    before: Tier
    after: Tier

    @property
    def kind(self) -> str:
        """As in the table of events."""
        return "cancel" if self.after is Tier.FREE else "upgrade"


@dataclass(kw_only=True)
class Exposure:
    """A variant that a user saw, and when they reached the goal."""

    variant: str
    exposed: float
    converted: float | None = None


@dataclass(kw_only=True)
class PastUser:
    """A user with everything that is kept about one; times in seconds since 1970.

    `journey` has, for each step of the funnel, when the search began that led to it last.
    """

    handle: str
    first_tier: Tier
    signed_up: float
    last_seen: float
    changes: list[TierChange] = field(default_factory=list)
    days: dict[int, Day] = field(default_factory=dict)
    journey: dict[Step, float] = field(default_factory=dict)
    exposures: dict[str, Exposure] = field(default_factory=dict)

    @property
    def tier(self) -> Tier:
        """The tier at the end."""
        return self.changes[-1].after if self.changes else self.first_tier


def add_history(database: Database, people: Iterable[PastUser]) -> int:
    """Add users of a past, and how many were new; those whose handle exists stay as they are.

    Raises:
        sqlite3.Error: When it cannot be written; then nothing is added.
    """
    added = 0
    with database.transaction() as db:
        for person in people:
            row = db.execute(
                "INSERT INTO users (handle, tier, signed_up, last_seen, segment) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (handle) DO NOTHING RETURNING id",
                (person.handle, person.tier, person.signed_up, person.last_seen, Segment.CASUAL),
            ).fetchone()
            if row is not None:
                _add(db, int(row[0]), person)
                added += 1
    users = Users(database)
    while users.refresh_segments():
        pass
    return added


def _add(db: sqlite3.Connection, user_id: int, person: PastUser) -> None:
    signup = (user_id, person.signed_up, "signup", None, person.first_tier)
    db.executemany(
        "INSERT INTO events (user_id, at, kind, from_tier, to_tier) VALUES (?, ?, ?, ?, ?)",
        [signup, *((user_id, one.at, one.kind, one.before, one.after) for one in person.changes)],
    )
    columns = ("queries", "failed", "limit_hits", "commands", "cost_usd", "up", "down")
    db.executemany(
        f"INSERT INTO activity (user_id, day, {', '.join(columns)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608  # names of columns
        [
            (user_id, day, *(getattr(done, name) for name in columns))
            for day, done in sorted(person.days.items())
        ],
    )
    if person.journey:
        db.execute(
            "INSERT INTO journeys (user_id, searched, analyzed, subscribed) VALUES (?, ?, ?, ?)",
            (user_id, *(person.journey.get(step) for step in Step)),
        )
    db.executemany(
        "INSERT INTO exposures (user_id, experiment, variant, exposed, converted) VALUES (?, ?, ?, ?, ?)",
        [(user_id, name, one.variant, one.exposed, one.converted) for name, one in person.exposures.items()],
    )

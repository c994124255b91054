"""Users in SQLite: who they are, what they pay, when they were last here, how much they asked today."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.catalog import PAID_TIERS, Tier

_SCHEMA = """
CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  handle TEXT NOT NULL UNIQUE,
  tier TEXT NOT NULL,
  signed_up REAL NOT NULL,
  last_seen REAL NOT NULL
);
CREATE INDEX users_last_seen ON users (last_seen);
CREATE TABLE asked (
  user_id INTEGER NOT NULL REFERENCES users (id),
  day INTEGER NOT NULL,
  queries INTEGER NOT NULL,
  PRIMARY KEY (user_id, day)
) WITHOUT ROWID;
INSERT INTO sqlite_sequence (name, seq) VALUES ('users', 1000);
PRAGMA user_version = 1;
"""
_VERSION = 1
_DAY = 24 * 3600
_BUSY_SECONDS = 5.0


@dataclass(frozen=True, kw_only=True)
class User:
    """One user; `user_id` is the number that logs show instead of the handle."""

    user_id: int
    handle: str
    tier: Tier


class UnknownUserError(Exception):
    """Nobody has this handle."""


class DuplicateUserError(Exception):
    """Somebody has this handle already."""


class TierChangeError(Exception):
    """A change of tier that is none: up to the same or a lower one, or cancelling nothing."""


class Users:
    """All users. One connection behind a lock: each statement takes far less than a millisecond."""

    def __init__(self, path: Path, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        version = int(self._db.execute("PRAGMA user_version").fetchone()[0])
        if version == 0:
            self._db.executescript(_SCHEMA)
        elif version != _VERSION:
            raise sqlite3.DatabaseError(f"{path} was written by another version of the bot ({version})")

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def ping(self) -> None:
        """Check that the database answers.

        Raises:
            sqlite3.Error: When it does not.
        """
        with self._lock:
            self._db.execute("SELECT 1 FROM users LIMIT 1").fetchone()

    def find(self, handle: str) -> User:
        """The user of a handle, who thereby was here.

        Raises:
            UnknownUserError: When there is none.
        """
        with self._lock:
            return self._find(handle)

    def sign_up(self, handle: str, tier: Tier) -> User:
        """A new user.

        Raises:
            DuplicateUserError: When the handle is taken.
        """
        now = self._now()
        with self._lock:
            try:
                row = self._db.execute(
                    "INSERT INTO users (handle, tier, signed_up, last_seen) VALUES (?, ?, ?, ?) RETURNING id",
                    (handle, tier, now, now),
                ).fetchone()
            except sqlite3.IntegrityError:
                raise DuplicateUserError(handle) from None
        return User(user_id=int(row[0]), handle=handle, tier=tier)

    def upgrade(self, handle: str, tier: Tier) -> tuple[User, Tier]:
        """A user with a higher tier, and the tier before.

        Raises:
            UnknownUserError: When there is no such user.
            TierChangeError: When the tier is not higher.
        """
        with self._lock:
            user = self._find(handle)
            order = list(Tier)
            if order.index(tier) <= order.index(user.tier):
                raise TierChangeError(f"{user.tier} cannot be upgraded to {tier}")
            return self._set_tier(user, tier), user.tier

    def cancel(self, handle: str) -> tuple[User, Tier]:
        """A user who is back to free, and the tier before.

        Raises:
            UnknownUserError: When there is no such user.
            TierChangeError: When the user pays nothing.
        """
        with self._lock:
            user = self._find(handle)
            if user.tier not in PAID_TIERS:
                raise TierChangeError(f"there is nothing to cancel in {user.tier}")
            return self._set_tier(user, Tier.FREE), user.tier

    def asked_today(self, user: User) -> int:
        """How many queries a user has asked since midnight UTC."""
        with self._lock:
            row = self._db.execute(
                "SELECT queries FROM asked WHERE user_id = ? AND day = ?", (user.user_id, self._day())
            ).fetchone()
        return int(row[0]) if row else 0

    def count_query(self, user: User, most: int) -> bool:
        """Count a query of today, unless the user has asked so many already."""
        with self._lock:
            row = self._db.execute(
                "INSERT INTO asked (user_id, day, queries) VALUES (?, ?, 1) "
                "ON CONFLICT DO UPDATE SET queries = queries + 1 WHERE queries < ? RETURNING queries",
                (user.user_id, self._day(), most),
            ).fetchone()
            if row is not None and row[0] == 1:
                self._db.execute("DELETE FROM asked WHERE day < ?", (self._day() - 1,))
        return row is not None

    def count_by_tier(self, active_seconds: float | None = None) -> dict[Tier, int]:
        """How many users each tier has: all, or those who were here in the last so many seconds."""
        since = 0 if active_seconds is None else self._now() - active_seconds
        with self._lock:
            rows = self._db.execute(
                "SELECT tier, count(*) FROM users WHERE last_seen >= ? GROUP BY tier", (since,)
            ).fetchall()
        counts = dict(rows)
        return {tier: int(counts.get(tier.value, 0)) for tier in Tier}

    def add_history(self, rows: Iterable[tuple[str, Tier, float, float]]) -> int:
        """Add users of the past (handle, tier, signed up, last seen); those who exist stay as they are."""
        with self._lock:
            self._db.execute("BEGIN")
            before = self._db.total_changes
            self._db.executemany(
                "INSERT OR IGNORE INTO users (handle, tier, signed_up, last_seen) VALUES (?, ?, ?, ?)", rows
            )
            added = self._db.total_changes - before
            self._db.execute("COMMIT")
        return added

    def _find(self, handle: str) -> User:
        row = self._db.execute(
            "UPDATE users SET last_seen = ? WHERE handle = ? RETURNING id, tier", (self._now(), handle)
        ).fetchone()
        if row is None:
            raise UnknownUserError(handle)
        return User(user_id=int(row[0]), handle=handle, tier=Tier(row[1]))

    def _set_tier(self, user: User, tier: Tier) -> User:
        self._db.execute("UPDATE users SET tier = ? WHERE id = ?", (tier, user.user_id))
        return User(user_id=user.user_id, handle=user.handle, tier=tier)

    def _day(self) -> int:
        return int(self._now() // _DAY)

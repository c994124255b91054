"""The SQLite file that everything about users is in."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.catalog import PLANS
from bot.schema import MIGRATIONS, VERSION

DAY = 24 * 3600
KEPT_DAYS = 400
_ANSWERS_KEPT_DAYS = 30
_BUSY_SECONDS = 5.0


class Database:
    """One connection behind a lock: each transaction takes far less than a millisecond."""

    def __init__(self, path: Path, now: Callable[[], float] = time.time) -> None:
        self.now = now
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._pruned = 0
        with self.transaction() as db:
            version = int(db.execute("PRAGMA user_version").fetchone()[0])
            if version > VERSION:
                raise sqlite3.DatabaseError(f"{path} was written by another version of the bot ({version})")
            for script in MIGRATIONS[version:]:
                for statement in _statements(script):
                    db.execute(statement)
            db.execute(f"PRAGMA user_version = {VERSION}")
            db.executemany(
                "INSERT OR REPLACE INTO plans (tier, usd_per_month) VALUES (?, ?)",
                [(tier.value, plan.usd_per_month) for tier, plan in PLANS.items()],
            )

    @property
    def day(self) -> int:
        """Today: days since 1970, UTC."""
        return int(self.now() // DAY)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def ping(self) -> None:
        """Check that the database answers.

        Raises:
            sqlite3.Error: When it does not.
        """
        with self.reading() as db:
            db.execute("SELECT 1 FROM users LIMIT 1").fetchone()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, for statements that change nothing."""
        with self._lock:
            yield self._db

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The connection; what happens in the block happens as a whole, or not at all."""
        with self._lock:
            if self._db.in_transaction:  # a part of a larger one
                yield self._db
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def forget_old(self) -> None:
        """Once a day, delete answers nobody votes on any more, and activity of more than a year ago."""
        if self._pruned == self.day:
            return
        with self.transaction() as db:
            db.execute("DELETE FROM answers WHERE at < ?", (self.now() - _ANSWERS_KEPT_DAYS * DAY,))
            db.execute("DELETE FROM activity WHERE day < ?", (self.day - KEPT_DAYS,))
        self._pruned = self.day


def _statements(script: str) -> Iterator[str]:
    """The statements of a script; those of a trigger have semicolons of their own."""
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""

"""The bot's database, read and never written: prices, account events, and what each user did on each day."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

DAY = 86_400.0
_VERSION = 2
_BUSY_SECONDS = 10.0
_ROWS_AT_ONCE = 50_000
_COLUMNS = ("queries", "failed", "limit_hits", "commands", "cost_usd", "up", "down")


class DatabaseUnusableError(Exception):
    """There is no database, it cannot be read, or another version of the bot wrote it."""


class AccountEvents(NamedTuple):
    """Signups, upgrades and cancellations in order of time, one element for each.

    Attributes:
        user: indexes into `BotData.user_ids`.
        at: seconds since 1970.
        to_tier: indexes into `BotData.tiers`, of the tier after the event.
        is_cancel: whether a paid subscription ended.
    """

    user: Integers
    at: Floats
    to_tier: Integers
    is_cancel: NDArray[np.bool_]


class Activity(NamedTuple):
    """What users did, one element for each user and UTC day on which they did something.

    Attributes:
        user: indexes into `BotData.user_ids`.
        day: days since 1970.
        counts: by the column of the table `activity`, such as `queries` and `cost_usd`.
    """

    user: Integers
    day: Integers
    counts: dict[str, Floats]


class BotData(NamedTuple):
    """Everything that the job knows.

    Attributes:
        tiers: names of tiers, cheapest first.
        prices: US dollars per month of each tier.
        user_ids: the numbers of all users, as in the bot's log lines.
        events: what happened to their accounts.
        activity: what they did.
    """

    tiers: tuple[str, ...]
    prices: Floats
    user_ids: Integers
    events: AccountEvents
    activity: Activity

    def first_day(self) -> int | None:
        """The first day with questions, None when there is none.

        Rows without questions stand for users who were there before the bot kept count of days.
        """
        asked = self.activity.day[self.activity.counts["queries"] > 0]
        return int(asked.min()) if asked.size else None


def read_database(path: Path) -> BotData:
    """Read a database as of one moment.

    Raises:
        DatabaseUnusableError: it is not there, not readable, or of another version.
    """
    if not path.is_file():
        raise DatabaseUnusableError(f"{path} is not there; the bot writes it when it starts")
    try:
        with _opened(path) as connection:
            return _read(connection, path)
    except (sqlite3.Error, OSError) as error:
        raise DatabaseUnusableError(f"{path} cannot be read: {error}") from error


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that cannot write.

    A database in WAL mode needs two files beside it, which only a writer can make. Where they are missing nobody
    has it open, so a copy is as good: https://www.sqlite.org/wal.html#read_only_databases.
    """
    try:
        connection = _connect(path)
    except sqlite3.OperationalError:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / path.name
            shutil.copyfile(path, copy)
            journal = path.with_name(f"{path.name}-wal")
            if journal.exists():
                shutil.copyfile(journal, copy.with_name(journal.name))
            with closing(sqlite3.connect(copy)) as connection:
                yield connection
    else:
        with closing(connection):
            yield connection


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_BUSY_SECONDS)
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _read(connection: sqlite3.Connection, path: Path) -> BotData:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version != _VERSION:
        raise DatabaseUnusableError(f"{path} has version {version}, and this job reads version {_VERSION}")
    connection.execute("BEGIN")  # all statements see the same moment
    plans = connection.execute(
        "SELECT tier, usd_per_month FROM plans ORDER BY usd_per_month, tier"
    ).fetchall()
    events = connection.execute("SELECT user_id, at, to_tier, kind FROM events ORDER BY at, id").fetchall()
    columns = ", ".join(_COLUMNS)
    statement = f"SELECT user_id, day, {columns} FROM activity"  # noqa: S608  # constants
    rows = _table(connection.execute(statement), 2 + len(_COLUMNS))
    tiers = tuple(str(tier) for tier, _ in plans)
    unknown = {tier for _, _, tier, _ in events} - set(tiers)
    if unknown:
        raise DatabaseUnusableError(
            f"{path} has events of tiers without a price: {', '.join(sorted(unknown))}"
        )
    event_users = np.array([row[0] for row in events], dtype=np.int64)
    user_ids = np.union1d(event_users, rows[0].astype(np.int64))
    return BotData(
        tiers,
        np.array([price for _, price in plans], dtype=np.float64),
        user_ids,
        AccountEvents(
            np.searchsorted(user_ids, event_users),
            np.array([row[1] for row in events], dtype=np.float64),
            np.array([tiers.index(row[2]) for row in events], dtype=np.int64),
            np.array([row[3] == "cancel" for row in events], dtype=np.bool_),
        ),
        Activity(
            np.searchsorted(user_ids, rows[0].astype(np.int64)),
            rows[1].astype(np.int64),
            dict(zip(_COLUMNS, rows[2:], strict=True)),
        ),
    )


def _table(cursor: sqlite3.Cursor, columns: int) -> Floats:
    """The columns of a result: an array of columns by rows. Rows of Python need ten times the memory, so few at once."""
    parts = []
    while rows := cursor.fetchmany(_ROWS_AT_ONCE):
        parts.append(np.array(rows, dtype=np.float64))
    table: Floats = np.concatenate([np.empty((0, columns)), *parts]).T
    return table

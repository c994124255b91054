"""Users: who they are, what they pay, when they were last here, how much they asked."""

import sqlite3
from dataclasses import dataclass

from bot.catalog import PAID_TIERS, Segment, Tier
from bot.database import DAY, Database
from bot.segments import DORMANT_DAYS, WINDOW_DAYS, segment_of

_ASKED = (
    "SELECT count(*), coalesce(sum(queries), 0) FROM activity "
    "WHERE user_id = ? AND day > ? AND day <= ? AND queries > 0"
)
_SEGMENTED_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class User:
    """One user; `user_id` is the number that logs show instead of the handle."""

    user_id: int
    handle: str
    tier: Tier
    segment: Segment = Segment.CASUAL


class UnknownUserError(Exception):
    """Nobody has this handle."""


class DuplicateUserError(Exception):
    """Somebody has this handle already."""


class TierChangeError(Exception):
    """A change of tier that is none: up to the same or a lower one, or cancelling nothing."""


class Users:
    """All users."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, handle: str) -> User:
        """The user of a handle, who thereby was here.

        Raises:
            UnknownUserError: When there is none.
        """
        with self._database.transaction() as db:
            return self._find(db, handle)

    def sign_up(self, handle: str, tier: Tier) -> User:
        """A new user.

        Raises:
            DuplicateUserError: When the handle is taken.
        """
        now = self._database.now()
        with self._database.transaction() as db:
            row = db.execute(
                "INSERT INTO users (handle, tier, signed_up, last_seen, segmented) "
                "VALUES (?, ?, ?, ?, ?) ON CONFLICT (handle) DO NOTHING RETURNING id",
                (handle, tier, now, now, self._database.day),
            ).fetchone()
            if row is None:
                raise DuplicateUserError(handle)
            user = User(user_id=int(row[0]), handle=handle, tier=tier)
            db.execute(
                "INSERT INTO activity (user_id, day) VALUES (?, ?)", (user.user_id, self._database.day)
            )
            self._note(db, user, "signup", None)
        return user

    def upgrade(self, handle: str, tier: Tier) -> tuple[User, Tier]:
        """A user with a higher tier, and the tier before.

        Raises:
            UnknownUserError: When there is no such user.
            TierChangeError: When the tier is not higher.
        """
        with self._database.transaction() as db:
            user = self._find(db, handle)
            order = list(Tier)
            if order.index(tier) <= order.index(user.tier):
                raise TierChangeError(f"{user.tier} cannot be upgraded to {tier}")
            return self._set_tier(db, user, tier, "upgrade"), user.tier

    def cancel(self, handle: str) -> tuple[User, Tier]:
        """A user who is back to free, and the tier before.

        Raises:
            UnknownUserError: When there is no such user.
            TierChangeError: When the user pays nothing.
        """
        with self._database.transaction() as db:
            user = self._find(db, handle)
            if user.tier not in PAID_TIERS:
                raise TierChangeError(f"there is nothing to cancel in {user.tier}")
            return self._set_tier(db, user, Tier.FREE, "cancel"), user.tier

    def asked_today(self, user: User) -> int:
        """How many queries a user has asked since midnight UTC."""
        with self._database.reading() as db:
            row = db.execute(
                "SELECT queries FROM activity WHERE user_id = ? AND day = ?",
                (user.user_id, self._database.day),
            ).fetchone()
        return int(row[0]) if row else 0

    def count_query(self, user: User, most: int) -> bool:
        """Count a query of today, unless the user has asked so many already."""
        with self._database.transaction() as db:
            row = db.execute(
                "INSERT INTO activity (user_id, day, queries) VALUES (?, ?, 1) "
                "ON CONFLICT DO UPDATE SET queries = queries + 1 WHERE queries < ? RETURNING queries",
                (user.user_id, self._database.day, most),
            ).fetchone()
        self._database.forget_old()
        return row is not None

    def count_active(self, *seconds: float) -> list[dict[Tier, int]]:
        """How many users of each tier were here in the last so many seconds; the longest window first."""
        now = self._database.now()
        sums = "".join(", sum(last_seen >= ?)" for _ in seconds[1:])
        with self._database.reading() as db:
            rows = db.execute(
                f"SELECT tier, count(*){sums} FROM users WHERE last_seen >= ? GROUP BY tier",  # noqa: S608  # no text of users
                [*(now - window for window in seconds[1:]), now - seconds[0]],
            ).fetchall()
        counts = {row[0]: row[1:] for row in rows}
        return [
            {tier: int(counts[tier][place]) if tier in counts else 0 for tier in Tier}
            for place in range(len(seconds))
        ]

    def refresh_segments(self) -> int:
        """Evaluate anew who has not been here today: users fall back by doing nothing.

        Returns:
            How many were evaluated: a bounded number at a time, and 0 when nobody is left.
        """
        day = self._database.day
        with self._database.reading() as db:
            due = db.execute(
                "SELECT id, last_seen FROM users WHERE segment <> 'dormant' AND segmented < ? LIMIT ?",
                (day, _SEGMENTED_AT_ONCE),
            ).fetchall()
        if not due:
            return 0
        with self._database.transaction() as db:
            for user_id, last_seen in due:
                segment = self._segment(db, user_id, last_seen)
                db.execute(
                    "UPDATE users SET segment = ?, segmented = ? WHERE id = ?", (segment, day, user_id)
                )
        return len(due)

    def _find(self, db: sqlite3.Connection, handle: str) -> User:
        now, day = self._database.now(), self._database.day
        row = db.execute("SELECT id, tier FROM users WHERE handle = ?", (handle,)).fetchone()
        if row is None:
            raise UnknownUserError(handle)
        user_id = int(row[0])
        db.execute("INSERT INTO activity (user_id, day) VALUES (?, ?) ON CONFLICT DO NOTHING", (user_id, day))
        segment = self._segment(db, user_id, now)
        db.execute(
            "UPDATE users SET last_seen = ?, segment = ?, segmented = ? WHERE id = ?",
            (now, segment, day, user_id),
        )
        return User(user_id=user_id, handle=handle, tier=Tier(row[1]), segment=segment)

    def _segment(self, db: sqlite3.Connection, user_id: int, last_seen: float) -> Segment:
        day = self._database.day
        idle_days = (self._database.now() - last_seen) / DAY
        if idle_days >= DORMANT_DAYS:
            return Segment.DORMANT
        days_asked, queries = db.execute(_ASKED, (user_id, day - WINDOW_DAYS, day)).fetchone()
        return segment_of(days_asked, queries, idle_days)

    def _set_tier(self, db: sqlite3.Connection, user: User, tier: Tier, kind: str) -> User:
        db.execute("UPDATE users SET tier = ? WHERE id = ?", (tier, user.user_id))
        changed = User(user_id=user.user_id, handle=user.handle, tier=tier, segment=user.segment)
        self._note(db, changed, kind, user.tier)
        return changed

    def _note(self, db: sqlite3.Connection, user: User, kind: str, before: Tier | None) -> None:
        db.execute(
            "INSERT INTO events (user_id, at, kind, from_tier, to_tier) VALUES (?, ?, ?, ?, ?)",
            (user.user_id, self._database.now(), kind, before, user.tier),
        )

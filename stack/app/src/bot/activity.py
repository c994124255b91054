"""What users do with the bot, day by day: for segments and cohorts, the funnel, and who leaves."""

from bot.catalog import Command, QueryType, Step
from bot.database import Database
from bot.users import User

_STEP_OF_QUERY = {QueryType.SEARCH: Step.SEARCH, QueryType.ANALYSIS: Step.ANALYZE}
_STEP_OF_COMMAND = {Command.SEARCH: Step.SEARCH, Command.ANALYZE: Step.ANALYZE}

# A journey keeps, for each step, when the latest way to it began: the time of its search. A way is inside a window if
# its beginning is, so three numbers a user answer for every window, and no step can have more users than the one before.
_JOURNEY = {
    Step.SEARCH: (
        "INSERT INTO journeys (user_id, searched) VALUES (:user, :now) "
        "ON CONFLICT DO UPDATE SET searched = excluded.searched"
    ),
    Step.ANALYZE: "UPDATE journeys SET analyzed = searched WHERE user_id = :user",
    Step.SUBSCRIBE: "UPDATE journeys SET subscribed = analyzed WHERE user_id = :user AND analyzed IS NOT NULL",
}
_COUNT_STEP = {
    Step.SEARCH: "SELECT count(*) FROM journeys WHERE searched >= ?",
    Step.ANALYZE: "SELECT count(*) FROM journeys WHERE analyzed >= ?",
    Step.SUBSCRIBE: "SELECT count(*) FROM journeys WHERE subscribed >= ?",
}


def step_of_query(kind: QueryType) -> Step | None:
    """The step of the funnel that an answered question is."""
    return _STEP_OF_QUERY.get(kind)


def step_of_command(command: Command) -> Step | None:
    """The step of the funnel that a command is."""
    return _STEP_OF_COMMAND.get(command)


class Activity:
    """Writes rows of today, and counts who got how far."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def query(self, user: User, kind: QueryType, cost: float, *, failed: bool) -> None:
        """A question that is over; that it was asked has been counted already."""
        self._add(user, "failed = failed + ?, cost_usd = cost_usd + ?", (failed, cost))
        if not failed:
            self._advance(user, step_of_query(kind))

    def command(self, user: User, command: Command) -> None:
        """A command."""
        self._add(user, "commands = commands + ?", (1,))
        self._advance(user, step_of_command(command))

    def limit_hit(self, user: User) -> None:
        """A question that the user's tier did not allow."""
        self._add(user, "limit_hits = limit_hits + ?", (1,))

    def subscribed(self, user: User) -> None:
        """A change to a higher tier."""
        self._advance(user, Step.SUBSCRIBE)

    def count_steps(self, seconds: float) -> dict[Step, int]:
        """How many users took each step after the steps before it, all within the last so many seconds."""
        since = self._database.now() - seconds
        with self._database.reading() as db:
            return {step: int(db.execute(_COUNT_STEP[step], (since,)).fetchone()[0]) for step in Step}

    def _add(self, user: User, change: str, values: tuple[float, ...]) -> None:
        day = self._database.day
        with self._database.transaction() as db:  # the day may have changed since the user was found
            db.execute(
                "INSERT INTO activity (user_id, day) VALUES (?, ?) ON CONFLICT DO NOTHING",
                (user.user_id, day),
            )
            db.execute(
                f"UPDATE activity SET {change} WHERE user_id = ? AND day = ?",  # noqa: S608  # texts of this file
                (*values, user.user_id, day),
            )

    def _advance(self, user: User, step: Step | None) -> None:
        if step is None:
            return
        with self._database.transaction() as db:
            db.execute(_JOURNEY[step], {"user": user.user_id, "now": self._database.now()})

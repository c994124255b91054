"""Who has seen which variant of an experiment, and who reached its goal afterwards: each once for a user."""

from bot.database import DAY, Database
from bot.experiments import EXPERIMENTS, Experiment, Goal
from bot.users import User

Assignment = tuple[str, str]
"""An experiment and its variant."""


class Exposures:
    """Remembers exposures and conversions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def seen(self, user: User) -> frozenset[str]:
        """The experiments that a user is part of already."""
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT experiment FROM exposures WHERE user_id = ?", (user.user_id,)
            ).fetchall()
        return frozenset(row[0] for row in rows)

    def expose(self, user: User) -> list[Assignment]:
        """A user got an answer, in the variants of all experiments; those that are new to them."""
        seen = self.seen(user)
        missing = [item for item in EXPERIMENTS if item.name not in seen]
        exposed: list[Assignment] = []
        if not missing:
            return exposed
        with self._database.transaction() as db:
            for item in missing:
                row = db.execute(
                    "INSERT INTO exposures (user_id, experiment, variant, exposed) VALUES (?, ?, ?, ?) "
                    "ON CONFLICT DO NOTHING RETURNING experiment, variant",
                    (user.user_id, item.name, item.variant(user.handle), self._database.now()),
                ).fetchone()
                if row is not None:
                    exposed.append((row[0], row[1]))
        return exposed

    def subscribed(self, user: User) -> list[Assignment]:
        """A user pays more; the experiments for which this is a conversion."""
        return self._convert(user, Goal.SUBSCRIBE, self._database.now())

    def returned(self, user: User) -> list[Assignment]:
        """A user asks; the experiments for which this is a conversion, because they were exposed on an earlier day."""
        return self._convert(user, Goal.RETURN, self._database.day * DAY)

    def _convert(self, user: User, goal: Goal, exposed_before: float) -> list[Assignment]:
        converted: list[Assignment] = []
        with self._database.transaction() as db:
            for item in _with_goal(goal):
                converted += db.execute(
                    "UPDATE exposures SET converted = ? WHERE user_id = ? AND experiment = ? "
                    "AND converted IS NULL AND exposed < ? RETURNING experiment, variant",
                    (self._database.now(), user.user_id, item.name, exposed_before),
                ).fetchall()
        return converted


def _with_goal(goal: Goal) -> list[Experiment]:
    return [item for item in EXPERIMENTS if item.goal is goal]

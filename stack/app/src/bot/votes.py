"""Thumbs up and down: which answers were given to whom, and what they thought of them."""

import secrets

from bot.catalog import Model, Rating
from bot.database import Database
from bot.users import User


class UnknownAnswerError(Exception):
    """No such answer was given to this user, or too long ago."""


class SecondVoteError(Exception):
    """This answer has its vote already."""


class Votes:
    """Answers of the last weeks, with one vote each."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def remember(self, user: User, model: Model) -> str:
        """An answer that was given; its id, by which a vote finds it and that cannot be guessed."""
        query_id = secrets.token_hex(12)
        with self._database.transaction() as db:
            db.execute(
                "INSERT INTO answers (query_id, user_id, model, at) VALUES (?, ?, ?, ?)",
                (query_id, user.user_id, model, self._database.now()),
            )
        return query_id

    def vote(self, user: User, query_id: str, rating: Rating) -> Model:
        """A vote; the model whose answer it is about.

        Raises:
            UnknownAnswerError: When this user got no such answer.
            SecondVoteError: When there is a vote already.
        """
        with self._database.transaction() as db:
            row = db.execute(
                "SELECT model, rating FROM answers WHERE query_id = ? AND user_id = ?",
                (query_id, user.user_id),
            ).fetchone()
            if row is None:
                raise UnknownAnswerError(query_id)
            if row[1] is not None:
                raise SecondVoteError(query_id)
            db.execute("UPDATE answers SET rating = ? WHERE query_id = ?", (rating, query_id))
            db.execute(
                "INSERT INTO activity (user_id, day, up, down) VALUES (?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET up = up + excluded.up, down = down + excluded.down",
                (user.user_id, self._database.day, rating is Rating.UP, rating is Rating.DOWN),
            )
        return Model(row[0])

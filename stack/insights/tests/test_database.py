"""The bot's database is read as of one moment, and never written."""

import hashlib
import os
import sqlite3
import tempfile
from pathlib import Path

import pytest
from past import Past, write_past

from insights import database as module
from insights.database import DatabaseUnusableError, read_database


def small(path):
    return write_past(path, Past(days=20, users=10))


def test_the_numbers_are_those_of_the_tables(tmp_path):
    path = small(tmp_path / "bot.db")
    data = read_database(path)
    with sqlite3.connect(path) as connection:
        for column in ("queries", "failed", "cost_usd"):
            total = connection.execute(f"SELECT sum({column}) FROM activity").fetchone()[0]  # noqa: S608
            assert data.activity.counts[column].sum() == pytest.approx(total)
        ids = [row[0] for row in connection.execute("SELECT id FROM users ORDER BY id")]
        cancels = connection.execute("SELECT count(*) FROM events WHERE kind = 'cancel'").fetchone()[0]
    assert list(data.user_ids) == ids
    assert int(data.events.is_cancel.sum()) == cancels
    assert (data.tiers, list(data.prices)) == (("free", "basic", "pro"), [0, 29, 99])
    assert list(data.events.at) == sorted(data.events.at)


def test_rows_that_are_read_in_parts_are_all_there(tmp_path, monkeypatch):
    path = small(tmp_path / "bot.db")
    whole = read_database(path)
    monkeypatch.setattr(module, "_ROWS_AT_ONCE", 7)
    parts = read_database(path)
    assert parts.activity.day.tolist() == whole.activity.day.tolist()
    assert parts.activity.counts["queries"].tolist() == whole.activity.counts["queries"].tolist()


def test_reading_leaves_the_files_as_they_are(tmp_path):
    path = small(tmp_path / "bot.db")
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    read_database(path)
    assert [file.name for file in tmp_path.iterdir()] == ["bot.db"]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before


def test_what_a_running_bot_has_not_moved_into_the_file_yet_is_read_too(tmp_path):
    path = small(tmp_path / "bot.db")
    bot = sqlite3.connect(path, isolation_level=None)
    bot.execute("PRAGMA journal_mode = WAL")
    bot.execute("INSERT INTO activity (user_id, day, queries) VALUES (1001, 30000, 77)")
    assert read_database(path).activity.counts["queries"].max() == 77
    bot.execute("INSERT INTO activity (user_id, day, queries) VALUES (1001, 30001, 78)")
    bot.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can read as another user")
@pytest.mark.parametrize("is_running", [True, False])
def test_a_user_who_may_only_read_can_read(is_running):
    """With a running bot the files of its journal are there; after a normal stop they are gone."""
    with tempfile.TemporaryDirectory() as folder:
        path = small(Path(folder) / "bot.db")
        Path(folder).chmod(0o755)
        bot = sqlite3.connect(path, isolation_level=None)
        bot.execute("PRAGMA journal_mode = WAL")
        bot.execute("INSERT INTO activity (user_id, day, queries) VALUES (1001, 30000, 77)")
        if not is_running:
            bot.close()
        os.seteuid(65_534)
        try:
            questions = read_database(path).activity.counts["queries"].max()
        finally:
            os.seteuid(0)
        bot.close()
    assert questions == 77


def test_a_database_that_cannot_be_opened_for_want_of_its_journals_files_is_copied(tmp_path, monkeypatch):
    path = small(tmp_path / "bot.db")
    bot = sqlite3.connect(path, isolation_level=None)
    bot.execute("PRAGMA journal_mode = WAL")
    bot.execute("INSERT INTO activity (user_id, day, queries) VALUES (1001, 30000, 77)")

    def refuse(_path):
        raise sqlite3.OperationalError("unable to open database file")

    monkeypatch.setattr(module, "_connect", refuse)
    assert read_database(path).activity.counts["queries"].max() == 77
    bot.close()


def ruined(path, statement):
    small(path)
    with sqlite3.connect(path) as connection:
        connection.executescript(statement)
    connection.close()


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("PRAGMA user_version = 1", "has version 1, and this job reads version 2"),
        ("PRAGMA user_version = 3", "has version 3"),
        ("DROP TABLE events", "no such table: events"),
        ("ALTER TABLE activity DROP COLUMN cost_usd", "no such column: cost_usd"),
        ("UPDATE events SET to_tier = 'gold' WHERE id = 1", "events of tiers without a price: gold"),
    ],
)
def test_a_database_that_cannot_be_understood_is_refused(tmp_path, statement, message):
    path = tmp_path / "bot.db"
    ruined(path, statement)
    with pytest.raises(DatabaseUnusableError, match=message):
        read_database(path)


def test_a_file_that_is_not_there_or_no_database_is_refused(tmp_path):
    with pytest.raises(DatabaseUnusableError, match="is not there"):
        read_database(tmp_path / "bot.db")
    (tmp_path / "bot.db").write_bytes(b"no database" * 1000)
    with pytest.raises(DatabaseUnusableError, match="cannot be read"):
        read_database(tmp_path / "bot.db")


def test_a_new_database_has_no_first_day(tmp_path):
    path = small(tmp_path / "bot.db")
    with sqlite3.connect(path) as connection:
        connection.executescript("DELETE FROM activity; DELETE FROM events;")
    connection.close()
    data = read_database(path)
    assert data.first_day() is None
    assert data.user_ids.size == 0


def test_days_without_questions_from_before_the_bot_counted_do_not_begin_the_history(tmp_path):
    path = small(tmp_path / "bot.db")
    first = read_database(path).first_day()
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO activity (user_id, day) VALUES (1001, 100)")
    connection.close()
    assert read_database(path).first_day() == first

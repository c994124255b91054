"""A file of an older version is brought up to date and loses nothing, and whoever reads it meets what the docs say."""

import sqlite3
from pathlib import Path

import pytest
from tests.clock import NOW, Clock

from bot.catalog import PLANS, Segment, Tier
from bot.database import DAY, KEPT_DAYS, Database
from bot.gauges import UserGauges
from bot.schema import FIRST, VERSION
from bot.users import Users

TODAY = int(NOW // DAY)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A database as version 1.4.0 of the bot left it: three users, one of them here today."""
    path = tmp_path / "bot.db"
    db = sqlite3.connect(path)
    db.executescript(FIRST + "PRAGMA user_version = 1;")
    rows = [
        ("ann", "pro", NOW - 40 * DAY, NOW - 600),
        ("bob", "free", NOW - 40 * DAY, NOW - 20 * DAY),
        ("cem", "free", NOW - 3 * DAY, NOW - 3 * DAY),
    ]
    db.executemany("INSERT INTO users (handle, tier, signed_up, last_seen) VALUES (?, ?, ?, ?)", rows)
    db.executemany("INSERT INTO asked VALUES (?, ?, ?)", [(1001, TODAY - 1, 4), (1001, TODAY, 7)])
    db.commit()
    db.close()
    return path


def rows_of(path, statement):
    with sqlite3.connect(path) as db:
        return db.execute(statement).fetchall()


def test_a_database_of_version_1_keeps_everything(old):
    before = rows_of(old, "SELECT id, handle, tier, signed_up, last_seen FROM users")
    database = Database(old, Clock())
    users = Users(database)
    assert rows_of(old, "SELECT id, handle, tier, signed_up, last_seen FROM users") == before
    assert users.asked_today(users.find("ann")) == 7
    assert rows_of(old, "SELECT day, queries FROM activity WHERE user_id = 1001 ORDER BY day") == [
        (TODAY - 40, 0),
        (TODAY - 1, 4),
        (TODAY, 7),
    ]
    assert rows_of(old, "SELECT user_id, at, kind, from_tier, to_tier FROM events ORDER BY user_id") == [
        (1001, NOW - 40 * DAY, "signup", None, "pro"),
        (1002, NOW - 40 * DAY, "signup", None, "free"),
        (1003, NOW - 3 * DAY, "signup", None, "free"),
    ]
    assert users.sign_up("dan", Tier.FREE).user_id == 1004
    database.close()
    assert rows_of(old, "PRAGMA user_version") == [(VERSION,)]


def test_what_was_migrated_is_counted_like_what_is_new(old):
    database = Database(old, Clock())
    gauges = UserGauges(database, pytest.fail)
    list(gauges.collect())
    figures = gauges.figures()
    database.close()
    assert figures["users"] == {("free",): 2, ("basic",): 0, ("pro",): 1}
    assert figures["segment_users"] == {
        ("power",): 0,
        ("regular",): 0,
        ("casual",): 2,
        ("dormant",): 1,
    }
    assert sum(figures["cohort_users"].values()) == 3


def test_a_migration_happens_once_and_then_never_again(old):
    Database(old, Clock()).close()
    again = rows_of(old, "SELECT * FROM totals ORDER BY figure, first, second")
    Database(old, Clock()).close()
    assert rows_of(old, "SELECT * FROM totals ORDER BY figure, first, second") == again
    assert again


def test_a_migration_that_fails_changes_nothing(old, monkeypatch):
    monkeypatch.setattr("bot.database.MIGRATIONS", (FIRST, "DROP TABLE asked;\nSELECT nonsense;\n"))
    with pytest.raises(sqlite3.Error):
        Database(old, Clock())
    assert rows_of(old, "PRAGMA user_version") == [(1,)]
    assert len(rows_of(old, "SELECT * FROM asked")) == 2


def test_a_migrated_database_has_the_schema_of_a_new_one(old, tmp_path):
    schema = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
    Database(old, Clock()).close()
    Database(tmp_path / "new.db", Clock()).close()
    assert rows_of(old, schema) == rows_of(tmp_path / "new.db", schema)


def test_a_database_of_a_later_version_is_left_alone(tmp_path):
    path = tmp_path / "bot.db"
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(sqlite3.DatabaseError, match="another version of the bot"):
        Database(path)


def test_prices_are_there_for_who_reads_the_file(tmp_path):
    Database(tmp_path / "bot.db").close()
    assert dict(rows_of(tmp_path / "bot.db", "SELECT tier, usd_per_month FROM plans")) == {
        tier: plan.usd_per_month for tier, plan in PLANS.items()
    }


def test_old_activity_and_answers_are_forgotten_once_a_day(tmp_path):
    clock = Clock()
    database = Database(tmp_path / "bot.db", clock)
    users = Users(database)
    user = users.sign_up("ann", Tier.FREE)
    users.count_query(user, 10)
    with database.transaction() as db:
        db.execute("INSERT INTO answers VALUES ('x', ?, 'haiku', ?, NULL)", (user.user_id, NOW))
    clock.now += 31 * DAY
    users.count_query(user, 10)
    assert rows_of(tmp_path / "bot.db", "SELECT count(*) FROM answers") == [(0,)]
    assert rows_of(tmp_path / "bot.db", "SELECT count(*) FROM activity") == [(2,)]
    clock.now += (KEPT_DAYS - 10) * DAY
    users.count_query(user, 10)
    assert rows_of(tmp_path / "bot.db", "SELECT min(day) FROM activity") == [(TODAY + 31,)]
    database.close()


def test_a_part_that_fails_undoes_the_whole_transaction(tmp_path):
    database = Database(tmp_path / "bot.db", Clock())
    users = Users(database)

    def sign_up_and_break():
        with database.transaction():
            users.sign_up("ann", Tier.FREE)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        sign_up_and_break()
    assert users.count_active(DAY)[0][Tier.FREE] == 0
    assert users.sign_up("ann", Tier.FREE).segment is Segment.CASUAL
    database.close()

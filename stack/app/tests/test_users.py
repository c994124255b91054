import pytest

from bot.catalog import Tier
from bot.database import DAY, Database
from bot.users import DuplicateUserError, TierChangeError, UnknownUserError, Users


class Clock:
    def __init__(self):
        self.now = 1_800_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def users(tmp_path, clock):
    database = Database(tmp_path / "bot.db", clock)
    yield Users(database)
    database.close()


def test_users_survive_a_restart(tmp_path, clock):
    database = Database(tmp_path / "bot.db", clock)
    first = Users(database)
    user = first.sign_up("ann", Tier.BASIC)
    first.count_query(user, 10)
    database.close()
    database = Database(tmp_path / "bot.db", clock)
    second = Users(database)
    assert second.find("ann") == user
    assert second.asked_today(user) == 1
    database.close()


def test_ids_are_numbers_that_do_not_count_from_one(users):
    assert users.sign_up("ann", Tier.FREE).user_id == 1001


def test_a_name_is_taken_once(users):
    users.sign_up("ann", Tier.FREE)
    with pytest.raises(DuplicateUserError):
        users.sign_up("ann", Tier.PRO)


def test_who_was_here_when(users, clock):
    for name in ("ann", "bob", "cem"):
        users.sign_up(name, Tier.FREE)
    users.sign_up("dan", Tier.PRO)
    clock.now += 3600
    users.find("ann")
    day, quarter = users.count_active(DAY, 900)
    assert (day, quarter) == ({"free": 3, "basic": 0, "pro": 1}, {"free": 1, "basic": 0, "pro": 0})
    clock.now += 30 * DAY
    assert users.count_active(30 * DAY)[0][Tier.FREE] == 1


def test_tiers_go_up_by_upgrade_and_back_by_cancelling(users):
    users.sign_up("ann", Tier.FREE)
    user, before = users.upgrade("ann", Tier.PRO)
    assert (user.tier, before) == (Tier.PRO, Tier.FREE)
    with pytest.raises(TierChangeError):
        users.upgrade("ann", Tier.BASIC)
    user, before = users.cancel("ann")
    assert (user.tier, before) == (Tier.FREE, Tier.PRO)
    with pytest.raises(TierChangeError):
        users.cancel("ann")
    with pytest.raises(UnknownUserError):
        users.cancel("nobody")


def test_questions_are_counted_by_day_and_never_beyond_the_limit(users, clock):
    user = users.sign_up("ann", Tier.FREE)
    assert [users.count_query(user, 2) for _ in range(4)] == [True, True, False, False]
    assert users.asked_today(user) == 2
    clock.now += DAY
    assert users.count_query(user, 2)

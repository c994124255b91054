import pytest

from bot.catalog import Tier
from bot.users import DuplicateUserError, TierChangeError, UnknownUserError, Users

DAY = 86_400


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
    users = Users(tmp_path / "bot.db", clock)
    yield users
    users.close()


def test_users_survive_a_restart(tmp_path, clock):
    first = Users(tmp_path / "bot.db", clock)
    user = first.sign_up("ann", Tier.BASIC)
    first.count_query(user, 10)
    first.close()
    second = Users(tmp_path / "bot.db", clock)
    assert second.find("ann") == user
    assert second.asked_today(user) == 1
    second.close()


def test_ids_are_numbers_that_do_not_count_from_one(users):
    assert users.sign_up("ann", Tier.FREE).user_id == 1001


def test_a_name_is_taken_once(users):
    users.sign_up("ann", Tier.FREE)
    with pytest.raises(DuplicateUserError):
        users.sign_up("ann", Tier.PRO)


def test_who_was_here_when(users, clock):
    for name in ("ann", "bob", "cem"):
        users.sign_up(name, Tier.FREE)
    clock.now += 3600
    users.find("ann")
    assert users.count_by_tier(900)[Tier.FREE] == 1
    assert users.count_by_tier(DAY)[Tier.FREE] == 3
    clock.now += 30 * DAY
    assert users.count_by_tier(30 * DAY)[Tier.FREE] == 1
    assert users.count_by_tier()[Tier.FREE] == 3


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

"""The database that the bot itself writes is the one that the job reads."""

from bot.activity import Activity
from bot.catalog import PLANS, Command, QueryType, Tier
from bot.database import Database
from bot.segments import DORMANT_DAYS
from bot.users import Users
from past import DAY

from insights.database import read_database
from insights.features import DORMANT, snapshot

NOON = 20_700 * DAY + DAY / 2


def test_what_the_bot_writes_is_read_while_it_runs(tmp_path):
    clock = [NOON]
    bots = Database(tmp_path / "bot.db", lambda: clock[0])
    users, activity = Users(bots), Activity(bots)
    ann, bob = users.sign_up("ann", Tier.FREE), users.sign_up("bob", Tier.FREE)
    for cost, failed in ((0.5, False), (0.25, True)):
        assert users.count_query(ann, 10)
        activity.query(ann, QueryType.SEARCH, cost, failed=failed)
    activity.command(bob, Command.HELP)
    clock[0] += DAY
    users.upgrade("ann", Tier.PRO)
    activity.limit_hit(users.find("bob"))
    clock[0] += DAY
    users.cancel("ann")

    data = read_database(tmp_path / "bot.db")
    assert list(data.user_ids) == [ann.user_id, bob.user_id]
    assert dict(zip(data.tiers, data.prices, strict=True)) == {
        str(tier): plan.usd_per_month for tier, plan in PLANS.items()
    }
    sums = {name: values.sum() for name, values in data.activity.counts.items()}
    assert sums == {
        "queries": 2,
        "failed": 1,
        "limit_hits": 1,
        "commands": 1,
        "cost_usd": 0.75,
        "up": 0,
        "down": 0,
    }
    assert data.first_day() == 20_700
    kinds = [
        (data.tiers[tier], bool(cancel))
        for tier, cancel in zip(data.events.to_tier, data.events.is_cancel, strict=True)
    ]
    assert kinds == [("free", False), ("free", False), ("pro", False), ("free", True)]
    tiers = [[data.tiers[tier] for tier in snapshot(data, 20_700 + later).tiers] for later in (1, 2, 3)]
    assert tiers == [["free", "free"], ["pro", "free"], ["free", "free"]]
    bots.close()


def test_dormant_means_the_same_to_both():
    assert DORMANT == DORMANT_DAYS

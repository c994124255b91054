import asyncio
import random
import time

import pytest

from bot.catalog import Model, QueryType
from bot.model.weather import Topic, Weather, draw_query
from bot.timeline import Stopwatch


def test_skipped_time_is_observed_but_not_waited_for():
    watch = Stopwatch(speed=10_000)
    began = time.perf_counter()
    asyncio.run(watch.pass_time(60))
    assert time.perf_counter() - began < 50
    assert watch.elapsed() == pytest.approx(60, abs=5)


def test_at_speed_one_nothing_is_skipped():
    began = time.perf_counter()
    watch = Stopwatch()
    asyncio.run(watch.pass_time(0.02))
    assert 0.02 <= watch.elapsed() <= time.perf_counter() - began


def test_stopwatches_do_not_age_one_another():
    one, other = Stopwatch(1e6), Stopwatch(1e6)
    asyncio.run(one.pass_time(100))
    assert other.elapsed() < 5


def test_a_limit_ends_waiting():
    watch = Stopwatch(1e6)
    watch.limit(10)
    with pytest.raises(TimeoutError):
        asyncio.run(watch.pass_time(60))
    assert watch.elapsed() == pytest.approx(10, abs=1)


def drawn(**weather):
    rng = random.Random(3)
    mix = [Model.HAIKU] * 5 + [Model.SONNET] * 4 + [Model.OPUS]
    seconds = []
    for number in range(4000):
        kind = list(QueryType)[number % 6]
        topic = Topic(model=rng.choice(mix), kind=kind, tools=("search_properties",))
        draw = draw_query(rng, Weather(**weather), topic)
        seconds.append(sum(turn.total_seconds for turn in draw.turns) + sum(draw.tool_seconds.values()))
    return sorted(seconds)


def test_usual_latencies_are_good_and_slow_ones_are_not():
    usual = drawn()
    assert usual[2000] < 8
    assert usual[3800] < 15
    assert drawn(slowness=8)[3800] > 30


def test_failures_come_at_their_rate():
    rng = random.Random(5)
    topic = Topic(model=Model.HAIKU, kind=QueryType.GENERAL, tools=())
    faults = [draw_query(rng, Weather(failure_rate=0.3), topic).fault for _ in range(4000)]
    assert sum(fault is not None for fault in faults) / 4000 == pytest.approx(0.3, abs=0.03)

"""What model calls cost, and what the prompt cache, retries, rate limits and failures add to that."""

import pytest

from bot.catalog import PRICES, ErrorType, Model, RateLimit, StopReason, Usage
from bot.gauges import RateLimitGauge
from bot.model.base import Headroom
from bot.model.weather import PromptCache, RateLimits, TurnDraw


def turn(**more):
    usual = {"input_tokens": 3000, "cacheable_tokens": 2100, "output_tokens": 300}
    times = {"seconds": 2.0, "waiting_seconds": 0.0, "first_token_seconds": 0.5}
    return TurnDraw(**usual, **times, stop_reason=StopReason.END_TURN, **more)


def test_a_prompt_is_written_to_the_cache_once_and_then_read_for_five_minutes():
    cache = PromptCache()
    usages = [cache.usage(Model.HAIKU, turn(), now) for now in (0.0, 10.0, 300.0, 700.0)]
    assert [(usage.cache_read_tokens, usage.cache_write_tokens) for usage in usages] == [
        (0, 2100),
        (2100, 0),
        (2100, 0),
        (0, 2100),
    ]
    assert cache.usage(Model.OPUS, turn(), 10.0).cache_write_tokens == 2100


def test_costs_of_the_cache_can_be_taken_apart(world):
    for _ in range(4):
        world.ask()
    price = PRICES[Model.SONNET]
    metric = world.metric
    assert metric("cache_tokens_total", operation="write", model="sonnet") == 2100
    read = metric("cache_tokens_total", operation="read")
    assert read == 7 * 2100  # two calls for each question
    sent = Usage(
        input_tokens=int(metric("tokens_total", direction="input")),
        output_tokens=int(metric("tokens_total", direction="output")),
    )
    saved, extra = metric("cache_saved_usd_total"), metric("cache_write_extra_usd_total")
    assert saved == pytest.approx(read * 0.9 * price.usd_per_million_input / 1e6)
    assert metric("cost_usd_total") + saved - extra == pytest.approx(price.cost(sent))
    lines = [line for line in world.lines() if line["event"] == "query"]
    assert sum(line["cache_read_tokens"] for line in lines) == read
    assert [line["cache_write_tokens"] for line in lines] == [2100, 0, 0, 0]


@pytest.mark.parametrize("fault", [ErrorType.TIMEOUT, ErrorType.MODEL_ERROR, ErrorType.TOOL_ERROR])
def test_what_failed_questions_cost_is_a_part_of_the_cost(world, fault):
    world.ask()
    answered = world.metric("cost_usd_total")
    assert world.metric("failed_cost_usd_total") == 0
    world.fail(fault)
    world.ask()
    failed = world.metric("failed_cost_usd_total", tier="pro", model="sonnet")
    assert failed > 0  # the first call, which asked for a tool
    assert world.metric("cost_usd_total") == pytest.approx(answered + failed)


def test_calls_are_measured_and_counted_one_by_one(world):
    for _ in range(5):
        world.ask(model="haiku")
    assert world.metric("stop_reasons_total", model="haiku") == 10
    assert world.metric("stop_reasons_total", model="haiku", stop_reason="tool_use") == 5
    assert world.metric("time_to_first_token_seconds_count", model="haiku") == 10
    assert world.metric("output_tokens_per_second_count", model="haiku") == 10
    mean = world.metric("time_to_first_token_seconds_sum") / 10
    assert 0.05 < mean < 2
    assert 20 < world.metric("output_tokens_per_second_sum") / 10 < 500
    lines = [line for line in world.lines() if line["event"] == "query"]
    assert all(0 < line["first_token"] < line["duration"] for line in lines)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (ErrorType.RATE_LIMITED, "rate_limited"),
        (ErrorType.TIMEOUT, "timeout"),
        (ErrorType.MODEL_ERROR, "error"),
    ],
)
def test_calls_that_fail_have_been_tried_again(world, fault, reason):
    world.fail(fault)
    world.ask()
    assert world.metric("model_retries_total", model="sonnet", reason=reason) >= 2
    assert next(line for line in world.lines() if line["event"] == "query")["retries"] >= 2


def test_a_busy_provider_costs_retries_and_time_but_no_answers(world):
    world.client.put("/admin/scenario", json={"retry_rate": 1})
    assert world.ask().status_code == 200
    assert world.metric("model_retries_total") == 2
    assert world.metric("time_to_first_token_seconds_count") == 2


def test_tool_errors_are_counted_by_kind(world):
    world.ask("Mortgage on AED 9m with 20% down over 20 years")
    assert world.metric("tool_errors_total", tool_name="mortgage_estimate", kind="refused") == 1
    world.fail(ErrorType.TOOL_ERROR)
    world.ask()
    assert world.metric("tool_errors_total", tool_name="compare_areas", kind="broken") == 1
    assert world.metric("tool_errors_total") == 2


def test_a_model_that_calls_a_tool_wrongly_is_told(world, monkeypatch):
    monkeypatch.setattr("bot.model.weather._WRONG_ARGUMENTS_SHARE", 1.0)
    answer = world.ask().json()
    assert "place: extra inputs are not permitted" in answer["answer"].lower()
    assert world.metric("tool_errors_total", kind="refused") == 1


def test_a_limit_is_counted_anew_each_minute():
    limits, usage = RateLimits(), Usage(input_tokens=400_000, output_tokens=20_000)
    first = limits.take(Model.HAIKU, usage, 100.0)
    assert first[RateLimit.INPUT_TOKENS].ratio == pytest.approx(0.6)
    assert first[RateLimit.OUTPUT_TOKENS].ratio == pytest.approx(0.9)
    assert first[RateLimit.REQUESTS].until == 160.0
    assert limits.take(Model.OPUS, Usage(), 110.0)[RateLimit.INPUT_TOKENS].ratio == 1
    assert limits.take(Model.HAIKU, usage, 120.0)[RateLimit.INPUT_TOKENS].ratio == pytest.approx(0.2)
    assert limits.take(Model.HAIKU, usage, 159.0)[RateLimit.INPUT_TOKENS].ratio == 0
    assert limits.take(Model.HAIKU, Usage(), 160.0)[RateLimit.INPUT_TOKENS].ratio == 1


def test_what_comes_from_the_cache_uses_no_limit():
    usage = Usage(input_tokens=500_000, cache_read_tokens=400_000)
    assert RateLimits().take(Model.HAIKU, usage, 0.0)[RateLimit.INPUT_TOKENS].ratio == pytest.approx(0.9)


def test_headroom_is_what_the_last_call_left_until_the_limit_is_reset():
    now = [100.0]
    gauge = RateLimitGauge(lambda: now[0])

    def values():
        return {
            (sample.labels["model"], sample.labels["limit"]): sample.value
            for family in gauge.collect()
            for sample in family.samples
        }

    assert values() == {}
    gauge.note(Model.OPUS, RateLimit.REQUESTS, Headroom(ratio=0.2, until=130.0))
    assert values() == {("opus", "requests"): 0.2}
    now[0] = 130.0
    assert values() == {("opus", "requests"): 1.0}


def test_headroom_is_exported_after_the_first_call(world):
    assert "rate_limit_remaining_ratio{" not in world.client.get("/metrics").text
    world.ask()
    assert 0 < world.metric("rate_limit_remaining_ratio", model="sonnet", limit="requests") <= 1


def test_budgets_are_those_of_the_settings_and_none_when_zero(world):
    assert world.metric("budget_usd", period="day") == world.bot.settings.budget_day
    assert world.metric("budget_usd", period="month") == world.bot.settings.budget_month
    metrics = type(world.bot.metrics)("1")
    metrics.set_budgets(0, 200)
    [family] = [one for one in metrics.registry.collect() if one.name == "dubai_estate_budget_usd"]
    assert [(sample.labels, sample.value) for sample in family.samples] == [({"period": "month"}, 200)]

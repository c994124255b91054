import pytest

from bot.catalog import PLANS, ErrorType, Tier
from bot.limits import SlidingWindow


def test_a_question_is_answered_with_figures(world):
    answer = world.ask("What does the chiller cost for 1,200 sqft in JLT?").json()
    assert "AED 808 a month" in answer["answer"]
    assert answer["tools"] == ["calculate_chiller_cost"]
    assert (answer["model"], answer["tier"], answer["query_type"]) == ("sonnet", "pro", "calculation")
    assert answer["cost_usd"] > 0
    assert 0.5 < answer["seconds"] < 60


def test_counters_count_what_was_asked(world):
    answer = world.ask().json()
    assert (
        world.metric("queries_total", status="success", tier="pro", model="sonnet", query_type="comparison")
        == 1
    )
    assert world.metric("query_duration_seconds_sum") == pytest.approx(answer["seconds"], abs=0.001)
    assert world.metric("cost_usd_total", query_type="comparison") == pytest.approx(
        answer["cost_usd"], abs=1e-6
    )
    assert world.metric("tokens_total") == answer["tokens"]
    assert world.metric("tool_usage_total", tool_name="compare_areas") == 1
    assert world.metric("signups_total") == 1


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (ErrorType.TIMEOUT, 504),
        (ErrorType.RATE_LIMITED, 503),
        (ErrorType.MODEL_ERROR, 502),
        (ErrorType.TOOL_ERROR, 502),
        (ErrorType.INTERNAL, 500),
    ],
)
def test_each_kind_of_failure_is_counted_logged_and_told(world, fault, status):
    world.fail(fault)
    response = world.ask()
    assert response.status_code == status
    error = response.json()["error"]
    assert error["type"] == fault
    assert len(error["trace_id"]) == 32
    assert world.metric("query_errors_total", error_type=fault) == 1
    assert world.metric("queries_total", status="error") == 1
    line = next(line for line in world.lines() if line["event"] == "query")
    assert (line["level"], line["status"], line["error_type"]) == ("error", "error", fault)
    assert "Traceback" in line["stack"]
    assert "Traceback" not in response.text


def test_an_answer_that_takes_too_long_ends_at_the_time_limit(world):
    world.client.put("/admin/scenario", json={"slowness": 100})
    assert world.ask().status_code == 504
    assert world.metric("query_duration_seconds_sum") == pytest.approx(100, abs=1)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"user": "a", "text": " "}, "text: is empty; ask something"),
        ({"user": "a", "text": "x" * 2001}, "text: is longer than 2000 characters"),
        ({"text": "hi"}, "user: is missing"),
        ({"user": "a b", "text": "hi"}, "user: may have letters"),
        ({"user": "a", "text": "hi", "model": "gpt"}, "model: input should be 'sonnet', 'opus' or 'haiku'"),
        ({"user": "a", "text": "hi", "tier": "gold"}, "tier: input should be"),
        ({"user": "a", "text": "hi", "colour": 1}, "colour: is no field"),
        ([1], "the body must be a JSON object"),
    ],
)
def test_wrong_requests_are_explained_and_counted(world, body, words):
    response = world.client.post("/query", json=body)
    assert response.status_code == 422
    assert words in response.json()["error"]["message"]
    assert world.metric("query_errors_total", error_type="invalid_request") == 1
    assert world.metric("query_duration_seconds_count") == 0


def test_text_that_is_no_json_is_explained(world):
    response = world.client.post("/query", content=b"{text:", headers={"content-type": "application/json"})
    assert (response.status_code, response.json()["error"]["message"]) == (
        422,
        "the body must be a JSON object",
    )


def test_a_model_outside_the_tier_is_refused(world):
    response = world.ask(tier="free", model="opus")
    assert response.status_code == 422
    assert "free does not include opus" in response.json()["error"]["message"]


def test_large_bodies_are_refused_unread(world):
    response = world.client.post("/query", content=b"x" * 20_000)
    assert (response.status_code, response.json()["error"]["type"]) == (413, "too_large")


def test_a_large_body_without_a_length_is_refused_too(world):
    response = world.client.post("/query", content=(b"x" * 5000 for _ in range(10)))
    assert response.status_code == 413


def test_the_limit_of_a_day_refuses_counts_and_logs(world, monkeypatch):
    monkeypatch.setattr(world.bot.limits, "_window", SlidingWindow(iter(range(0, 10**6, 100)).__next__))
    for _ in range(PLANS[Tier.FREE].queries_per_day):
        assert world.ask(tier="free").status_code == 200
    response = world.ask(tier="free")
    assert response.status_code == 429
    assert "free allows 10 questions a day" in response.json()["error"]["message"]
    assert world.metric("query_limit_hits_total", tier="free") == 1
    assert world.metric("queries_total") == 10
    assert [line["tier"] for line in world.lines() if line["event"] == "limit_hit"] == ["free"]


def test_the_limit_of_a_minute_is_a_limit_too(world):
    statuses = [world.ask(tier="free").status_code for _ in range(7)]
    assert statuses == [200] * 5 + [429] * 2
    assert world.metric("query_limit_hits_total", tier="free") == 2


def test_the_tier_on_record_counts_not_the_one_claimed(world):
    world.client.post("/signup", json={"user": "eve"})
    assert world.ask(user="eve", tier="pro").json()["tier"] == "free"


def test_requests_per_address_are_limited(world, monkeypatch):
    object.__setattr__(world.bot.settings, "requests_per_minute", 3)
    statuses = [world.client.post("/cancel", json={"user": "x"}).status_code for _ in range(5)]
    assert statuses == [404, 404, 404, 429, 429]
    assert world.client.get("/healthz").status_code == 200


def test_commands_answer_count_and_may_be_questions(world):
    body = {"user": "ann"}
    assert "/mortgage" in world.client.post("/command/help", json=body).json()["text"]
    assert "asked 0 of 10" in world.client.post("/command/account", json=body).json()["text"]
    assert "Pro: $99" in world.client.post("/command/subscribe", json=body).json()["text"]
    assert "for example" in world.client.post("/command/search", json=body).json()["text"]
    asked = world.client.post("/command/chiller", json={**body, "text": "1,200 sqft in JLT"}).json()
    assert asked["tools"] == ["calculate_chiller_cost"]
    assert world.metric("command_usage_total") == 5
    assert world.client.post("/command/dance", json=body).status_code == 422


def test_signing_up_upgrading_and_cancelling(world):
    post = world.client.post
    assert post("/signup", json={"user": 42}).status_code == 201
    assert post("/signup", json={"user": "42"}).status_code == 409
    assert post("/upgrade", json={"user": "42", "tier": "pro"}).json()["tier"] == "pro"
    assert post("/upgrade", json={"user": "42", "tier": "basic"}).status_code == 409
    assert world.metric("mrr_usd") == 99
    assert post("/cancel", json={"user": "42"}).json()["tier"] == "free"
    assert post("/cancel", json={"user": "nobody"}).status_code == 404
    assert world.metric("subscription_upgrades_total", from_tier="free", to_tier="pro") == 1
    assert world.metric("subscription_cancellations_total", tier="pro") == 1
    assert world.metric("mrr_usd") == 0
    assert [line["event"] for line in world.lines()] == ["signup", "upgrade", "cancel"]


def test_a_bug_in_the_web_layer_is_a_500_a_log_line_and_no_traceback(world, monkeypatch):
    monkeypatch.setattr(world.bot.users, "upgrade", lambda *_: 1 / 0)
    response = world.client.post("/upgrade", json={"user": "a", "tier": "pro"})
    assert response.status_code == 500
    assert response.json()["error"] == {"type": "internal", "message": "something went wrong"}
    line = world.lines()[-1]
    assert (line["event"], line["level"]) == ("exception", "error")
    assert "ZeroDivisionError" in line["stack"]


def test_the_same_seed_gives_the_same_answers(world):
    first = world.ask().json()
    world.bot.client._numbers = iter([0])
    second = world.ask().json()
    assert first["tokens"] == second["tokens"]
    assert first["seconds"] == pytest.approx(second["seconds"], abs=0.1)

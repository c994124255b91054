"""What lint rules about the metric contract and about language models find, and what they leave alone."""

import pytest

from dashgen.check.lint import LintProject
from dashgen.model.lint_settings import LintSettings
from dashgen.model.metrics_spec import LogField
from dashgen.model.series_contract import Series, SeriesContract
from tests.lint.lint_queries import PLACE, messages, panel_query

REQUESTS = Series(
    "counter",
    {"code": frozenset({"200", "404", "500"}), "handler": None, "method": frozenset({"GET", "POST"})},
    "requests_total",
    counts={"code": 3, "handler": 50, "method": 2},
)
CONTRACT = SeriesContract(
    series={"requests_total": REQUESTS, "old": Series("gauge", {}, "old", deprecated="Use new.")},
    log_labels={"app": frozenset({"shop"}), "level": None},
    log_fields={
        "user_id": LogField(help="Who."),
        "cost": LogField(help="Dollars."),
        "request": LogField(help="What."),
    },
)
PROJECT = LintProject(place=PLACE, contract=CONTRACT)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ('{app="shop"} | json | cost > 5', 0),
        ('{app="shop"} | json | costs > 5', 1),
        ('{app="shop"} | json | request_method = "GET"', 0),
        ('{app="shop"} | json | __error__ = ""', 0),
        ('{app="shop"} | json | cost_extracted > 5', 0),
        ('{app="shop"} | json price="cost" | price > 5', 0),
        ('{app="shop"} | pattern "<ip> <_>" | ip = "a"', 0),
        ('{app="shop"} | json | label_format a=cost | a > 5', 0),
        ('{app="shop"} | json | label_format a=costs', 1),
        ('{app="shop"} | json | $filter > 5', 0),
        ('sum by (user_id) (count_over_time({app="shop"} | json [5m]))', 0),
        ('sum by (user, level) (count_over_time({app="shop"} | json [5m]))', 1),
        ('sum by ($by) (count_over_time({app="shop"} | json [5m]))', 0),
        ('sum(sum_over_time({app="shop"} | json | unwrap costs [5m]))', 1),
        ('{app="shop"} | json | cost > 5 and (costs < 7 or user = "a")', 2),
    ],
)
def test_log_queries_read_fields_that_there_are(text: str, count: int) -> None:
    query = panel_query(text, "loki")
    assert query.logql, "the query does not parse"
    assert len(messages("contract/unknown-log-field", query, PROJECT)) == count
    assert messages("contract/unknown-log-field", query) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ('requests_total{code=~"5.."}', 0),
        ('requests_total{code=~"9.."}', 1),
        ('requests_total{code=~"404|500"}', 0),
        ('requests_total{code=~"501"}', 0),
        ('requests_total{code!~"9.."}', 0),
        ('requests_total{code=~"$code.*"}', 0),
        ('requests_total{handler=~"x.*"}', 0),
        ('other_total{code=~"9.."}', 0),
    ],
)
def test_expressions_match_a_value_of_the_contract(text: str, count: int) -> None:
    assert len(messages("contract/regex-without-value", panel_query(text), PROJECT)) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("sum by (handler, code) (rate(requests_total[5m]))", 1),
        ("sum by (code, method) (rate(requests_total[5m]))", 0),
        ("rate(requests_total[5m])", 1),
        ('rate(requests_total{handler="a"}[5m])', 0),
        ('rate(requests_total{handler=~"$handler"}[5m])', 0),
        ('rate(requests_total{handler=~"a|b"}[5m])', 0),
        ("topk(5, rate(requests_total[5m]))", 0),
        ("sum without (handler) (rate(requests_total[5m]))", 0),
        ("other_total", 0),
        ("requests_total / old", 0),
    ],
)
def test_graphs_have_lines_that_can_be_told_apart(text: str, count: int) -> None:
    assert len(messages("contract/too-many-series", panel_query(text), PROJECT)) == count
    assert messages("contract/too-many-series", panel_query(text, kind="table"), PROJECT) == []


def test_what_goes_away_is_not_read() -> None:
    assert messages("contract/deprecated-metric", panel_query("sum(old)"), PROJECT) == [
        "the metric `old` goes away"
    ]
    assert messages("contract/deprecated-metric", panel_query("sum(requests_total)"), PROJECT) == []


@pytest.mark.parametrize(
    ("rule", "text", "count"),
    [
        ("genai/old-name", 'x{gen_ai_system="a"}', 1),
        ("genai/old-name", "sum by (gen_ai_system) (x)", 1),
        ("genai/old-name", "sum by (gen_ai_system) (x) or sum by (gen_ai_provider_name) (x)", 0),
        ("genai/old-name", "gen_ai_client_token_usage_sum", 0),
        ("genai/sdk-filter", 'gen_ai_client_token_usage_sum{telemetry_sdk_name="openlit"}', 1),
        ("genai/sdk-filter", 'http_requests_total{telemetry_sdk_name="openlit"}', 0),
        ("genai/sdk-filter", 'gen_ai_client_token_usage_sum{telemetry_sdk_name!="openlit"}', 0),
        ("genai/missing-unit-suffix", "gen_ai_server_time_to_first_token_bucket", 1),
        ("genai/missing-unit-suffix", "gen_ai_server_time_to_first_token_seconds_bucket", 0),
        ("genai/missing-unit-suffix", "gen_ai_client_token_usage_bucket", 0),
        (
            "genai/tokens-counted-twice",
            "gen_ai_usage_output_tokens_total + gen_ai_usage_reasoning_output_tokens_total",
            1,
        ),
        (
            "genai/tokens-counted-twice",
            "gen_ai_usage_input_tokens_total + gen_ai_usage_output_tokens_total",
            0,
        ),
        ("genai/tokens-counted-twice", "app_input_tokens_total + app_cache_read_tokens_total", 0),
        ("genai/grouped-by-person", "sum by (end_user) (litellm_spend_metric_total)", 1),
        ("genai/grouped-by-person", "topk(5, sum by (end_user) (litellm_spend_metric_total))", 0),
        ("genai/grouped-by-person", "sum by (user) (rate(logins_total[5m]))", 0),
        ("genai/grouped-by-person", "count(count by (end_user) (litellm_spend_metric_total))", 0),
    ],
)
def test_queries_about_language_models(rule: str, text: str, count: int) -> None:
    assert len(messages(rule, panel_query(text))) == count


@pytest.mark.parametrize(
    ("text", "count"), [("{ span.gen_ai.system = `a` }", 1), ("{ span.gen_ai.provider.name = `a` }", 0)]
)
def test_attributes_of_language_models(text: str, count: int) -> None:
    assert len(messages("genai/old-name", panel_query(text, "tempo"))) == count


def test_the_convention_decides_which_names_are_old() -> None:
    settings = LintSettings(options={"genai/old-name": {"convention": "genai-0.1"}})
    project = LintProject(place=PLACE, settings=settings)
    query = panel_query("sum(rate(gen_ai_client_token_usage_sum[5m]))")
    assert len(messages("genai/old-name", query, project)) == 1
    settings = LintSettings(options={"genai/old-name": {"convention": "1.27"}})
    assert (
        messages(
            "genai/old-name", panel_query('x{gen_ai_system="a"}'), LintProject(place=PLACE, settings=settings)
        )
        == []
    )


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ('{app="shop"} | json | level="error"', 1),
        ('{app="shop", level="error"} | json', 0),
        ('{app="shop"} | json | cost > 5', 0),
        ('{app="shop"} | json | level="error" or cost > 5', 0),
        ('{app="shop"} | json | level="error" and cost > 5', 1),
        ('{app="shop"} | json | label_format level=cost | level="error"', 0),
        ('sum(count_over_time({app="shop"} | json | level=~"error|warning" [5m]))', 1),
    ],
)
def test_streams_are_chosen_by_the_selector(text: str, count: int) -> None:
    assert len(messages("contract/late-stream-label", panel_query(text, "loki"), PROJECT)) == count

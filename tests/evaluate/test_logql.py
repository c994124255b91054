"""The value of LogQL metric queries on made-up lines, and what is refused."""

import pytest

from dashgen.evaluate.logql.evaluate_logql import evaluate_logql
from dashgen.evaluate.logql.log_lines import LogEntry, LogStore
from dashgen.evaluate.samples import EvaluationFailedError, UnsupportedError

JSON = (
    '{"level": "error", "user": {"id": 7, "tier": "pro"}, "took": "1.5s", "size": "2KB", "cost": 0.25, '
    '"app": "other", "tags": ["a", "b"], "ok": true, "none": null, "text": "say \\"hi\\""}'
)
LOGFMT = 'level=warn msg="it was slow" took=250ms cost=0.75 empty= alone user_id=8'
PLAIN = '10.0.0.1 - GET "/shop/cart" 500 \x1b[31mred\x1b[0m'
STREAMS = {
    "json": ({"app": "shop", "format": "json"}, JSON),
    "logfmt": ({"app": "shop", "format": "logfmt"}, LOGFMT),
    "plain": ({"app": "web", "format": "plain"}, PLAIN),
}
# Each stream has a line at 1, 2, … 5 minutes.
STORE = LogStore(
    LogEntry(minute * 60_000, labels, line) for labels, line in STREAMS.values() for minute in range(1, 6)
)


def value(query: str, minutes: float = 5) -> dict[str, float]:
    """The values by the labels, written as `a=b,c=d`."""
    vector = evaluate_logql(query, STORE, round(minutes * 60_000))
    return {
        ",".join(f"{name}={text}" for name, text in sorted(one.labels.items())): one.value for one in vector
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('count_over_time({app="web"}[2m])', {"app=web,format=plain": 2}),
        ('sum(rate({app="shop"}[1m]))', {"": 2 / 60}),
        ('sum by (app) (count_over_time({app=~".+"}[5m]))', {"app=shop": 10, "app=web": 5}),
        ('sum without (format) (count_over_time({app="shop"}[5m] offset 2m))', {"app=shop": 6}),
        ('bytes_over_time({app="web"}[1m])', {"app=web,format=plain": len(PLAIN)}),
        ('bytes_rate({app="web"}[1m])', {"app=web,format=plain": len(PLAIN) / 60}),
        ('sum(count_over_time({app="shop"} |= "error" [5m]))', {"": 5}),
        ('sum(count_over_time({app="shop"} |= "error" or "slow" != "nothing" [5m]))', {"": 10}),
        ('sum(count_over_time({app="shop"} |~ `msg=.*slow` !~ "x{3}" [5m]))', {"": 5}),
        ('sum by (user_tier) (count_over_time({format="json"} | json [5m]))', {"user_tier=pro": 5}),
        ('sum by (ok, text) (count_over_time({format="json"} | json [5m]))', {'ok=true,text=say "hi"': 5}),
        ('sum by (app, app_extracted) (count_over_time({format="json"} | json [1m]))',
         {"app=shop,app_extracted=other": 1}),
        ('sum by (id, first) (count_over_time({format="json"} | json id="user.id", first="tags[0]" [1m]))',
         {"first=a,id=7": 1}),
        ('sum by (level, msg) (count_over_time({format="logfmt"} | logfmt [1m]))', {"level=warn,msg=it was slow": 1}),
        ('sum by (u) (count_over_time({format="logfmt"} | logfmt u="user_id" [1m]))', {"u=8": 1}),
        ('sum by (verb, code) (count_over_time({app="web"} | regexp `(?P<verb>GET|PUT).* (?P<code>\\d{3})` [1m]))',
         {"code=500,verb=GET": 1}),
        ('sum by (ip, path) (count_over_time({app="web"} | pattern `<ip> - <_> "<path>" <_>` [1m]))',
         {"ip=10.0.0.1,path=/shop/cart": 1}),
        ('sum(count_over_time({format="json"} | json | took > 1s and size >= 2KB and cost < 0.5 [5m]))', {"": 5}),
        ('sum(count_over_time({format="json"} | json | user_id = 7 , level="error" [5m]))', {"": 5}),
        ('sum(count_over_time({format="json"} | json | level="debug" or user_tier!="free" [5m]))', {"": 5}),
        ('sum(count_over_time({format="json"} | json | missing > 1 [5m]))', {}),
        ('sum(sum_over_time({app="shop"} | json | unwrap cost | __error__="" [5m]))', {"": 1.25}),
        ('sum(rate({format="logfmt"} | logfmt | unwrap duration(took) [5m]))', {"": 1.25 / 300}),
        ('max_over_time({format="json"} | json | unwrap bytes(size) [5m]) by (app)', {"app=shop": 2000}),
        ('quantile_over_time(0.5, {format="logfmt"} | logfmt | unwrap cost [5m]) by ()', {"": 0.75}),
        ('sum by (x) (count_over_time({app="web"} | label_format x=format | keep x [1m]))', {"x=plain": 1}),
        ('sum by (x) (count_over_time({app="web"} | label_format x="{{ .app }}!" [1m]))', {"x=web!": 1}),
        ('sum(count_over_time({app="web"} | line_format "{{ .app }}" |= "10.0" [1m]))', {}),
        ('count_over_time({app="web"} | drop format [1m])', {"app=web": 1}),
        ('sum(count_over_time({app="web"} | decolorize |= "500 red" [1m]))', {"": 1}),
        ('topk(1, sum by (app) (count_over_time({app=~".+"}[5m])))', {"app=shop": 10}),
        ('sum(count_over_time({app="shop"}[5m])) / sum(count_over_time({app=~".+"}[5m])) > 0.5', {"": 2 / 3}),
        ('sum by (app) (count_over_time({app=~".+"}[5m])) > bool 7', {"app=shop": 1, "app=web": 0}),
        ('absent_over_time({app="none", env="prod"}[5m])', {"app=none,env=prod": 1}),
        ('absent_over_time({app="web"}[5m])', {}),
        ('sum(count_over_time({app="none"}[5m])) or vector(0)', {"": 0}),
        ('label_replace(sum by (app) (count_over_time({app="web"}[1m])), "x", "$1!", "app", "(w).*")',
         {"app=web,x=w!": 1}),
    ],
)  # fmt: skip
def test_a_query_has_the_value_that_loki_computes(query: str, expected: dict[str, float]) -> None:
    assert value(query) == pytest.approx(expected)


def test_a_range_has_its_end_and_not_its_start() -> None:
    assert value('count_over_time({app="web"}[2m])', 3) == {"app=web,format=plain": 2}
    assert value('count_over_time({app="web"}[2m])', 3.5) == {"app=web,format=plain": 2}
    assert value('count_over_time({app="web"}[2m])', 0.9) == {}


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ('sum(count_over_time({app="web"} | json [5m]))', "JSONParserErr"),
        ('sum(sum_over_time({format="json"} | json | unwrap level [5m]))', "SampleExtractionErr"),
        ('sum(count_over_time({format="json"} | json | level > 5 [5m]))', "LabelFilterErr"),
        ('{app="web"}', "gives lines"),
    ],
)
def test_what_loki_refuses_on_these_lines_is_refused(query: str, error: str) -> None:
    with pytest.raises(EvaluationFailedError, match=error):
        value(query)


@pytest.mark.parametrize(
    "query",
    [
        'sum(count_over_time({app="web"} |> "<_> GET <_>" [5m]))',
        'sum(count_over_time({app="web"} |= ip("10.0.0.0/8") [5m]))',
        'sum(count_over_time({app="web"} | logfmt --strict [5m]))',
        'approx_topk(1, sum by (app) (count_over_time({app="web"}[5m])))',
        'sum(count_over_time({app="web"} | line_format "{{ .a | trunc 3 }}" [5m]))',
        "sum(",
    ],
)
def test_what_the_evaluator_lacks_is_named(query: str) -> None:
    with pytest.raises(UnsupportedError):
        value(query)

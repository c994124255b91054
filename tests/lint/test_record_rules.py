"""What lint rules about recording rules and groups find, and what they leave alone."""

import pytest

from dashgen.check.lint import LintGroup, LintRuleSubject
from tests.lint.lint_dashboards import findings
from tests.lint.lint_queries import PLACE, alert_query

BUCKETS = "rate(x_seconds_bucket[5m])"


def record(name: str, expression: str, kind: str = "record", **more: object) -> LintRuleSubject:
    """A rule that records, or with another kind an alert."""
    rule = alert_query(expression, kind=kind).rule
    assert rule is not None
    rule.name = name
    for key, value in more.items():
        setattr(rule, key, value)
    return rule


ALONE = {
    "record/lost-le": [
        record("a:b", f"sum by (job, le) ({BUCKETS})"), record("a:b", f"sum without (pod) ({BUCKETS})"),
        record("a:b", f"histogram_quantile(0.9, sum by (le) ({BUCKETS}))"), record("a:b", "sum(rate(x_count[5m]))"),
        record("a:b", 'sum(rate(x_seconds_bucket{le="0.5"}[5m]))'), record("a:b", f"count({BUCKETS})"),
        record("a:b", f"sum({BUCKETS}) / sum(rate(x_seconds_count[5m]))"), record("a:b", f"sum({BUCKETS})", "alert"),
    ],
    "record/name-form": [
        record("job:x:rate5m", "x"), record("cluster:x", "x"), record("a_b:x_y:sum:rate5m", "x"), record("Busy", "x", "alert"),
    ],
    "record/raw-copy": [
        record("a:b", "sum(x)"), record("a:b", "x", labels={"team": "shop"}), record("a:b", "x offset 1d"),
        record("a:b", "x > 0"), record("a:b", "x @ start()"), record("Busy", "x", "alert"),
    ],
    "record/window-in-name": [
        record("a:x:rate5m", "rate(x[5m])"), record("a:x:rate5m", "rate(x[300s])"), record("a:x:rate5m", "sum(b:x:rate5m)"),
        record("a:x:rate5m_max1h", "max_over_time(rate(x[5m])[1h:])"), record("a:x:sum", "rate(x[5m])"),
        record("a:x:rate", "rate(x[5m])"), record("a:errors5xx:rate5m", "rate(x[5m])"),
    ],
}  # fmt: skip

FOUND = {
    "record/lost-le": [
        record("a:b", f"sum({BUCKETS})"), record("a:b", f"sum by (job) ({BUCKETS})"),
        record("a:b", f"sum without (le) ({BUCKETS})"), record("a:b", f"avg by (pod) ({BUCKETS}) * 60"),
    ],
    "record/name-form": [record("requests_rate", "x"), record("a::b", "x"), record("a:b:c:d:e", "x")],
    "record/raw-copy": [record("a:b", "x"), record("a:b", '(x{job="a"})')],
    "record/window-in-name": [
        record("a:x:rate5m", "rate(x[1m])"), record("a:x:increase_1h", "increase(x[1d])"),
        record("a:x:avg8d", "avg_over_time(x[1w:]) + avg_over_time(x[1d:])"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "subject"), [(rule, subject) for rule, subjects in ALONE.items() for subject in subjects]
)
def test_a_sound_recording_rule_is_left_alone(rule: str, subject: LintRuleSubject) -> None:
    assert findings(rule, subject) == []


@pytest.mark.parametrize(
    ("rule", "subject"), [(rule, subject) for rule, subjects in FOUND.items() for subject in subjects]
)
def test_a_fault_of_a_recording_rule_is_found(rule: str, subject: LintRuleSubject) -> None:
    assert len(findings(rule, subject)) == 1


def group(*rules: LintRuleSubject) -> LintGroup:
    """A group of a rule file."""
    return LintGroup(place=PLACE, file="x.yaml", name="example", rules=[*rules], is_spec=False)


RATE = record("job:x:rate5m", "sum by (job) (rate(x[5m]))")


@pytest.mark.parametrize(
    ("rules", "count"),
    [
        ((RATE, record("x:rate5m", "sum(job:x:rate5m)")), 0),
        ((record("x:rate5m", "sum(job:x:rate5m)"), RATE), 1),
        ((record("Busy", "job:x:rate5m > 1", "alert"), RATE), 1),
        ((record("a:b", "job:x:rate5m / job:x:rate5m"), RATE), 2),
        ((record("x:rate30d", "avg_over_time(job:x:rate5m[30d])"), RATE), 0),
        ((record("x:rate30d", "max_over_time(sum(job:x:rate5m)[1d:])"), RATE), 0),
        ((record("x:rate5m", "sum(job:x:rate5m offset 1d)"), RATE), 0),
        ((record("job:x:rate5m", "job:x:rate5m or vector(0)"),), 0),
        ((RATE, record("a:b", "job:x:rate5m"), RATE), 0),
    ],
)
def test_a_rule_that_reads_a_later_one_is_found(rules: tuple[LintRuleSubject, ...], count: int) -> None:
    assert len(findings("record/reads-later-rule", group(*rules))) == count


@pytest.mark.parametrize(("number", "count"), [(30, 0), (31, 1)])
def test_a_group_of_many_rules_is_found(number: int, count: int) -> None:
    assert len(findings("group/too-many-rules", group(*[RATE] * number))) == count

import pytest

from dashgen.compare import Resources, What, compare
from dashgen.formats.normal.normal_others import server_rules
from dashgen.formats.normal.normal_rules import group_resource, rule_resource
from tests.compare.support import changed, details

THRESHOLD = {
    "type": "threshold",
    "expression": "A",
    "conditions": [{"evaluator": {"type": "gt", "params": [0.1]}}],
}
RULE = {
    "uid": "r", "title": "HighErrorRate", "condition": "C", "for": "5m", "noDataState": "OK", "execErrState": "Error",
    "labels": {"severity": "warning"},
    "annotations": {"summary": "{{ $v | humanizePercentage }}", "__dashboardUid__": "d", "__panelId__": "1"},
    "notification_settings": {"receiver": "team", "group_wait": "30s"},
    "data": [
        {"refId": "A", "relativeTimeRange": {"from": 600, "to": 0}, "datasourceUid": "p", "model": {"expr": "rate(x[5m])", "instant": True}},
        {"refId": "C", "datasourceUid": "__expr__", "model": THRESHOLD},
    ],
}  # fmt: skip
EVALUATOR = "data.1.model.conditions.0"
CASES = [
    (f"{EVALUATOR}.evaluator.params", [0.12], "condition above 10% → above 12%"),
    (f"{EVALUATOR}.evaluator.type", "lte", "condition above 10% → at most 10%"),
    (f"{EVALUATOR}.evaluator", {"type": "within_range", "params": [0.1, 0.2]}, "condition above 10% → between 10% and 20%"),
    (f"{EVALUATOR}.unloadEvaluator", {"type": "lt", "params": [0.08]}, "condition above 10% → above 10%, recovers below 8%"),
    ("data.0.model.expr", "rate(y[5m])", "query A changed `rate(x[5m])` → `rate(y[5m])`"),
    ("data.0.datasourceUid", "q", "query A data source p → q"),
    ("data.0.relativeTimeRange.from", 3600, "query A relativeTimeRange.from: 600 → 3600"),
    ("for", "10m", "fires after 5m → 10m"),
    ("for", ..., "fires after 5m → 0s"),
    ("keep_firing_for", "90s", "keeps firing for 0s → 1m30s"),
    ("isPaused", True, "paused"),
    ("noDataState", "Alerting", "without data OK → Alerting"),
    ("execErrState", "KeepLast", "on errors Error → KeepLast"),
    ("labels.severity", "critical", "label severity warning → critical"),
    ("labels.team", "shop", "label team set to shop"),
    ("annotations.runbook_url", "https://a", "annotation runbook_url set to https://a"),
    ("annotations.__panelId__", "2", "linked to another panel"),
    ("notification_settings.receiver", "ops", "contact point team → ops"),
    ("notification_settings.group_wait", "1m", "group_wait: 30 → 60"),
    ("strange", 1, "strange: not set → 1"),
    ("title", "Errors", 'renamed from "HighErrorRate"'),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value", "sentence"), CASES, ids=[f"{path}={value}" for path, value, _ in CASES]
)
def test_one_edit_of_an_alert_rule_is_one_sentence(path, value, sentence):
    old, new = (rule_resource(rule, "F", "g") for rule in (RULE, changed(RULE, path, value)))
    assert [detail.sentence for detail in details(old, new)] == [sentence]


def test_a_rule_in_another_group_or_folder_says_so():
    old = rule_resource(RULE, "F", "g")
    assert [d.sentence for d in details(old, rule_resource(RULE, "F", "h"))] == ["group g → h"]
    (found,) = compare(Resources([old]), Resources([rule_resource(RULE, "G", "g")]))
    assert found.what is What.MOVED


def test_the_interval_of_a_group_is_one_change_and_not_one_for_each_rule():
    old, new = (group_resource({"interval": length}, "g", "F") for length in ("1m", 300))
    assert [d.sentence for d in details(old, new)] == ["evaluated every 1m → 5m"]


def test_numbers_are_percentages_only_where_the_rule_shows_them_so():
    plain = changed(RULE, "annotations", {})
    old, new = (
        rule_resource(r, "F", "g") for r in (plain, changed(plain, f"{EVALUATOR}.evaluator.params", [2]))
    )
    assert [d.sentence for d in details(old, new)] == ["condition above 0.1 → above 2"]


def test_a_condition_that_is_no_plain_threshold_is_compared_as_a_query():
    classic = {"refId": "C", "datasourceUid": "__expr__", "model": {"type": "math", "expression": "$A > 1"}}
    rule = changed(RULE, "data.1", classic)
    old, new = (
        rule_resource(r, "F", "g") for r in (rule, changed(rule, "data.1.model.expression", "$A > 2"))
    )
    assert [d.sentence for d in details(old, new)] == ["query C changed `$A > 1` → `$A > 2`"]


PROMETHEUS = {
    "alert": "HighErrorRate",
    "expr": "rate(x[5m]) > 0.1",
    "for": "5m",
    "labels": {"severity": "warning"},
}


def _sides(grafana, server):
    rules = [rule_resource(grafana, "F", "g")] if grafana else []
    return Resources(
        [
            *rules,
            *server_rules(
                [{"name": "g", "interval": "1m", "rules": [server] if server else []}], "prometheus"
            ),
        ]
    )


def test_a_rule_file_that_only_follows_grafanas_rule_is_not_told_of():
    after = changed(changed(RULE, f"{EVALUATOR}.evaluator.params", [0.2]), "for", "10m")
    follows = {**PROMETHEUS, "expr": "rate(x[5m]) > 0.2", "for": "10m"}
    (found,) = compare(_sides(RULE, PROMETHEUS), _sides(after, follows))
    assert found.kind == "alert-rule"
    (found,) = compare(_sides(None, None), _sides(RULE, PROMETHEUS))
    assert (found.kind, found.what) == ("alert-rule", What.CREATED)
    (found,) = compare(_sides(RULE, PROMETHEUS), _sides(changed(RULE, "isPaused", True), None))
    assert found.kind == "alert-rule"


def test_what_somebody_did_to_a_rule_file_alone_is_told_of():
    after = changed(RULE, "for", "10m")
    edited = {**PROMETHEUS, "for": "10m", "expr": "rate(x[5m]) > 7"}
    grafana, server = compare(_sides(RULE, PROMETHEUS), _sides(after, edited))
    assert [d.sentence for d in grafana.details] == ["fires after 5m → 10m"]
    assert [d.sentence for d in server.details] == [
        "expression changed `rate(x[5m]) > 0.1` → `rate(x[5m]) > 7`"
    ]


def test_a_recording_rule_of_a_file_alone_is_a_rule_of_its_own():
    def made(expr):
        return Resources(
            server_rules([{"name": "g", "rules": [{"record": "a:b", "expr": expr}]}], "prometheus")
        )

    (found,) = compare(made("up"), made("up > 0"))
    assert (found.kind, found.title) == ("server-rule", "a:b")

from typing import Any

from dashgen.compile.lower.lower_alerting import lower_group
from tests.alert_support import group_with, settled


def lowered(rule: str, head: str = "") -> dict[str, Any]:
    groups, problems = settled(group_with(f"- {{alert: T, {rule}}}", head))
    assert problems == []
    data, _ = lower_group(groups[0])
    made: dict[str, Any] = data["rules"][0]
    return made


def test_a_rule_is_flat_with_grafanas_words_for_states() -> None:
    rule = lowered("query: a, when: above 1, no_data: keep_last, on_error: ok, paused: true")
    assert "grafana_alert" not in rule
    assert (rule["noDataState"], rule["execErrState"], rule["isPaused"]) == ("KeepLast", "OK", True)


def test_a_reduction_looks_at_one_value_of_each_evaluation() -> None:
    rule = lowered(
        "query: a, when: above 1, reduce: max, over: 20m, summary: '{{ $value }}'", "interval: 2m\n"
    )
    query, reduction, threshold = rule["data"]
    assert query["relativeTimeRange"] == {"from": 1200, "to": 0}
    assert (query["model"]["range"], query["model"]["instant"], query["model"]["interval"]) == (
        True,
        False,
        "120s",
    )
    assert query["model"]["intervalMs"] == 120_000
    assert reduction["model"]["reducer"] == "max"
    assert reduction["model"]["settings"] == {"mode": "dropNN"}
    assert threshold["model"]["expression"] == reduction["refId"] == "B"
    assert rule["annotations"]["summary"] == "{{ $values.B.Value }}"


def test_absence_fires_by_the_no_data_state_alone() -> None:
    rule = lowered("query: a, when: absent")
    assert rule["noDataState"] == "Alerting"
    assert rule["data"][-1]["model"]["conditions"] == [
        {"evaluator": {"type": "within_range", "params": [0, 0]}}
    ]


def test_a_threshold_names_its_query_without_a_dollar() -> None:
    rule = lowered("queries: {a: x, s: {math: $a * 2}}, when: at least 1, outputs: [grafana]")
    assert rule["data"][-1]["model"]["expression"] == "s"
    assert all(entry["datasourceUid"] == "__expr__" for entry in rule["data"][1:])


def test_grafanas_own_groupings_are_kept() -> None:
    rule = lowered("query: a, when: above 1, contact_point: ops, group_by: [tier, alertname]")
    assert rule["notification_settings"] == {
        "receiver": "ops",
        "group_by": ["grafana_folder", "alertname", "tier"],
    }
    rule = lowered("query: a, when: above 1, contact_point: ops, group_by: ['...']")
    assert rule["notification_settings"]["group_by"] == ["..."]


def test_any_value_is_a_formula_that_holds_for_every_number() -> None:
    condition = lowered("query: a > b, when: present")["data"][-1]["model"]
    assert condition["type"] == "math"
    assert condition["expression"] == "is_number($A) || is_nan($A) || is_inf($A)"


def test_queries_over_time_look_back_as_far_as_over_says() -> None:
    rule = lowered(
        "queries: {A: {query: a, instant: false}, B: {reduce: {of: A}}}, when: above 1, over: 30m, outputs: [grafana]"
    )
    assert rule["data"][0]["relativeTimeRange"] == {"from": 1800, "to": 0}
    assert [entry["refId"] for entry in rule["data"]] == ["A", "B", "C"]

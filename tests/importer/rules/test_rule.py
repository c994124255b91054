"""What a rule says beside its condition, and rules that are odd."""

from typing import Any

import pytest

from dashgen.importer.rules.rule_keys_of import rule_keys
from tests.importer.rules.proved_keys import keys_among, proved_keys
from tests.importer.rules.support import AROUND, computed, logs, query, reduced, rule, threshold


def test_queries_of_loki() -> None:
    result = rule(logs("sum(count_over_time({app=`x`}[5m]))"), threshold("A", "gt", 5))
    assert keys_among(result, "datasource", "query", "raw") == {
        "datasource": "loki",
        "query": "sum(count_over_time({app=`x`}[5m]))",
    }


def test_a_time_that_matters_is_kept_beside_the_query() -> None:
    result = rule(query("a", relativeTimeRange={"from": 660, "to": 60}), threshold("A", "gt", 5))
    assert keys_among(result, "queries") == {
        "queries": {"A": {"query": "a", "raw": {"relativeTimeRange": {"from": 660, "to": 60}}}}
    }


def test_a_time_that_changes_nothing_is_not_kept() -> None:
    result = rule(query("a", relativeTimeRange={"from": 21600, "to": 0}), threshold("A", "gt", 5))
    assert keys_among(result, "query", "raw") == {"query": "a"}


def test_a_data_source_without_a_language_keeps_its_own_keys() -> None:
    model = {
        "refId": "A",
        "rawSql": "SELECT 1",
        "format": "table",
        "datasource": {"type": "mysql", "uid": "db"},
    }
    result = rule({"refId": "A", "datasourceUid": "db", "model": model}, threshold("A", "gt", 5))
    assert keys_among(result, "datasource", "queries") == {
        "datasource": "db",
        "queries": {"A": {"raw": {"rawSql": "SELECT 1", "format": "table"}}},
    }


def test_labels_annotations_and_states() -> None:
    result = rule(
        query("a"),
        threshold("A", "gt", 5),
        labels={"severity": "warning", "team": "shop"},
        annotations={
            "summary": "Slow",
            "runbook_url": "https://example.com/x",
            "owner": "me",
            "__dashboardUid__": "shop",
            "__panelId__": "7",
        },
        noDataState="NoData",
        execErrState="KeepLast",
        isPaused=True,
        keep_firing_for="10m",
        missing_series_evals_to_resolve=2,
        notification_settings={
            "receiver": "ops",
            "group_by": ["grafana_folder", "alertname", "tier"],
            "mute_time_intervals": ["weekends"],
            "group_wait": "1m",
        },
    )
    built = proved_keys(result)
    assert {key: built[key] for key in list(built)[3:]} == {
        "for": "5m",
        "keep_firing_for": "10m",
        "severity": "warning",
        "labels": {"team": "shop"},
        "summary": "Slow",
        "runbook": "https://example.com/x",
        "panel": "shop/query-rate",
        "annotations": {"owner": "me"},
        "no_data": "no_data",
        "on_error": "keep_last",
        "missing_evaluations": 2,
        "paused": True,
        "contact_point": "ops",
        "mute_timings": ["weekends"],
        "group_by": ["tier"],
        "raw": {"notification_settings": result["notification_settings"]},
    }


@pytest.mark.parametrize(
    ("labels", "annotations"),
    [
        ({"not-a-label": "x"}, {}),
        ({"severity": "page"}, {"summary": " padded "}),
        ({}, {"summary": "{{ $value }} is everything in Grafana"}),
        ({}, {"description": "{{ $values.C }} is the condition"}),
        ({}, {"summary": "{{ $values.gone.Value }}"}),
        ({"value": "{{ $values.A }}"}, {"empty": ""}),
        ({}, {"${{ x }}": "a key that looks like an expression"}),
        ({}, {"summary": '{{ printf "%.2f" $values.A }}'}),
    ],
)
def test_texts_without_keys_are_kept_exactly(labels: dict[str, str], annotations: dict[str, str]) -> None:
    proved_keys(rule(query("a"), threshold("A", "gt", 5), labels=labels, annotations=annotations))


@pytest.mark.parametrize(
    "data",
    [
        [query("a"), computed("C", "threshold", "A", conditions=[])],
        [query("a"), threshold("A", "ne", 5)],
        [query("a"), threshold("gone", "gt", 5)],
        [query("a"), computed("B", "sql", "SELECT * FROM A", format="table"), threshold("B", "gt", 5)],
        [query("a", "has-dash"), computed("C", "math", "${has-dash} > 1")],
        [query("rate(a[$window])"), threshold("A", "gt", 5)],
        [query(""), threshold("A", "gt", 5)],
        [computed("A", "math", "1 > 0")],
        [query("a"), reduced("A", by="nope"), threshold("B", "gt", 1)],
        [computed("A", "math", "$A"), threshold("A", "gt", 1)],
        [
            query("a"),
            computed("B", "resample", "A", window="1m", downsampler="mean", upsampler="pad"),
            threshold("B", "gt", 1),
        ],
        [query("a"), threshold("A", "gt", 5, ref="B"), computed("C", "math", "$B + 1")],
    ],
)
def test_odd_rules_build_to_themselves(data: list[dict[str, Any]]) -> None:
    proved_keys(rule(*data))


def test_a_rule_without_a_title_cannot_be_kept() -> None:
    built, leftovers = rule_keys(rule(query("a"), threshold("A", "gt", 5), title=""), AROUND)
    assert built == {}
    assert leftovers[0].kind == "dropped"


@pytest.mark.parametrize(
    "broken", [{}, {"title": "x", "data": "nope"}, {"title": 5, "data": [None, {"model": 3}]}]
)
def test_what_is_not_a_rule_is_dropped_or_kept_but_never_an_accident(broken: dict[str, Any]) -> None:
    rule_keys(broken, AROUND)


def test_an_entry_that_calls_itself_an_expression_but_asks_a_data_source_is_no_expression() -> None:
    odd = {
        "refId": "B",
        "datasourceUid": "../../x",
        "model": {"type": "reduce", "datasource": {"type": "__expr__"}},
    }
    result, _ = rule_keys(rule(query("a"), odd, threshold("B", "gt", 5)), AROUND)
    assert "raw" in str(result)

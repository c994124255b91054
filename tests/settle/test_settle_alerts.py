import pytest

from dashgen.core.diagnostics import Severity
from dashgen.model.folder import FolderPlace, FolderPlaces
from dashgen.model.settled_alerts import AlertContext
from tests.alert_support import CONTEXT, group_with, one_alert, pointed_at, said, settled

QUERY = "sum(rate(a[5m]))"


def test_what_is_derived_of_an_alert() -> None:
    alert = one_alert(
        """
        query: sum(rate(a[5m])) / sum(rate(b[5m]))
        when: above 10%
        for: 5m
        severity: critical
        labels: {team: bot}
        summary: it fails
        runbook: docs/runbooks.md#test
        panel: mission-control/query-rate
        """
    )
    assert alert.uid == "test"
    assert alert.labels == {"team": "bot", "severity": "critical"}
    assert alert.annotations == {"summary": "it fails", "runbook_url": "docs/runbooks.md#test"}
    assert (alert.subject, alert.value_ref, alert.condition_ref) == ("A", "A", "C")
    assert alert.no_data == "ok"
    assert alert.panel_id == 7
    assert alert.outputs == {"grafana", "prometheus"}


def test_a_runbook_in_the_docs_gets_the_docs_address() -> None:
    context = AlertContext(CONTEXT.datasources, docs_url="https://git.example.com/bot/blob/main/")
    rule = "query: a\nwhen: above 1\nrunbook: docs/runbooks.md#x\n"
    assert (
        one_alert(rule, context).annotations["runbook_url"]
        == "https://git.example.com/bot/blob/main/docs/runbooks.md#x"
    )
    rule = "query: a\nwhen: above 1\nrunbook: https://wiki/x\n"
    assert one_alert(rule, context).annotations["runbook_url"] == "https://wiki/x"


def test_refs_of_reduction_and_condition_do_not_meet_those_of_queries() -> None:
    alert = one_alert(
        "queries: {B: a}\nwhen: above 1\nreduce: max\nover: 10m\n",
    )
    assert (alert.subject, alert.value_ref, alert.condition_ref) == ("B", "A", "C")
    groups, _ = settled(group_with("- {alert: T, queries: {A: a, C: {math: $A * 2}}, when: above 1}"))
    alert = groups[0].alerts[0]
    assert (alert.subject, alert.value_ref, alert.condition_ref) == ("C", "C", "B")


def test_the_document_gives_defaults() -> None:
    head = "labels: {team: bot, tier: all}\nannotations: {owner: us}\ncontact_point: ops\ndatasource: loki\n"
    groups, problems = settled(
        group_with(
            "- {alert: T, query: 'sum(count_over_time({a=\"b\"}[5m]))', when: above 1, labels: {tier: free}}",
            head,
        )
    )
    assert problems == []
    alert = groups[0].alerts[0]
    assert alert.labels == {"team": "bot", "tier": "free"}
    assert alert.annotations == {"owner": "us"}
    assert alert.contact_point == "ops"
    assert alert.outputs == {"grafana", "loki"}


@pytest.mark.parametrize(
    ("extra", "no_data"),
    [
        ("when: above 1", "ok"),
        ("when: absent", "alerting"),
        ("when: above 1, no_data: keep_last", "keep_last"),
    ],
)
def test_no_data_is_silent_unless_it_is_what_the_rule_looks_for(extra: str, no_data: str) -> None:
    groups, problems = settled(group_with(f"- {{alert: T, query: a, {extra}}}"))
    assert problems == []
    assert groups[0].alerts[0].no_data == no_data


def test_a_folder_document_gives_the_whole_path() -> None:
    places = FolderPlaces({"Tests": FolderPlace("tests", ("Products", "Tests"))})
    groups, _ = settled(
        group_with("- {alert: T, query: a, when: above 1}"), AlertContext(CONTEXT.datasources, folders=places)
    )
    assert groups[0].folder == "Products/Tests"


@pytest.mark.parametrize(
    ("rule", "at", "finding"),
    [
        ("query: a, when: abov 1", "abov 1", "alert/condition `abov 1` is not a condition | did you mean `above`?"),
        ("query: a, when: above 1, recover: below 2", "below 2", "alert/condition the alert would recover while it fires | leave room between the number that fires and the one that recovers"),
        ("when: above 1", "T", "alert/query the alert `T` needs either `query` or `queries` | add `query:`, or remove one of the two"),
        ("query: a, when: above 1, datasource: promethius", "promethius", "alert/datasource there is no data source `promethius` | did you mean `prometheus`?"),
        ("query: a, when: above 1, panel: mission-control/query-rat", "mission-control/query-rat", "alert/panel there is no panel `mission-control/query-rat` | did you mean `mission-control/query-rate`?"),
        ("query: a, when: above 1, contact_point: opps", "opps", "alert/contact-point there is no contact point `opps` | did you mean `ops`?"),
        ("query: a, when: above 1, contact_point: ops, mute_timings: [weekend]", "weekend", "alert/mute-timing there is no mute timing `weekend` | did you mean `weekends`?"),
        ("query: a, when: above 1, mute_timings: [weekends]", "[weekends]", "alert/notification `mute_timings` of a rule needs a `contact_point`: without one the policies decide | add `contact_point:`, or use the policy tree"),
        ("query: a, when: above 1, on: B", "B", "alert/ref there is no query `B` | use one of: `A`"),
        ("query: a, when: above 1, reduce: max", "max", "alert/reduce `reduce` means nothing without `over` | add `over:`, for example `10m`"),
        ("query: a, when: absent, no_data: ok", "ok", "alert/no-data `when: absent` with `no_data: ok` never fires | remove `no_data`"),
        ("query: a, when: above 1, for: 30m1h", "30m1h", "alert/duration `30m1h` is not a duration | write units from large to small, each once, such as `1h30m`"),
        ("query: 'a{x=\"$tier\"}', when: above 1", "'a{x=\"$tier\"}'", "alert/variable `$tier` has no value in a rule: variables belong to dashboards | write the value itself"),
        ("query: 'rate(a[$__rate_interval])', when: above 1", "'rate(a[$__rate_interval])'", "alert/variable only Grafana replaces `$__rate_interval`, and this rule also goes to prometheus | write a duration such as `5m`, or add `outputs: [grafana]`"),
        ("query: a, when: above 1, labels: {__a: c}", "c", "alert/label `__a` cannot be the name of a label | choose another one: not `alertname`, nothing that starts with `__`"),
        ("query: a, when: above 1, outputs: [loki]", "[loki]", "alert/output `T` cannot go to loki: its data source is of type `prometheus` | use `grafana`, `prometheus`"),
        ("query: a, when: above 1, summary: '{{ $values.X }}'", "'{{ $values.X }}'", "alert/template the summary prints `$values.X`, and there is no query `X` | use one of: `A`"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_alert_is_said_at_its_place(rule: str, at: str, finding: str) -> None:
    text = group_with(f"- {{alert: T, {rule}}}")
    groups, problems = settled(text)
    assert said(problems) == [finding]
    assert [pointed_at(text, problem) for problem in problems] == [at]
    assert groups[0].rules == ()


@pytest.mark.parametrize(
    ("rule", "rule_id"),
    [
        ("query: a, when: above 1, for: 30s", "alert/short-for"),
        ("query: a, when: below 1, no_data: alerting, summary: 'only {{ $value }}'", "alert/no-value"),
        ("query: a, when: absent, description: '{{ $values.A }}'", "alert/no-value"),
    ],
)
def test_what_makes_little_sense_is_a_warning(rule: str, rule_id: str) -> None:
    groups, problems = settled(group_with(f"- {{alert: T, {rule}}}"))
    assert [(p.rule, p.severity) for p in problems] == [(rule_id, Severity.WARNING)]
    assert len(groups[0].alerts) == 1


@pytest.mark.parametrize(
    ("queries", "at", "finding"),
    [
        ("{a: x, b: {math: $a / $c}}", "$a / $c", "there is no query `c`"),
        ("{a: x, b: {reduce: {of: aa}}}", "aa", "there is no query `aa`"),
        ("{'a b': x}", "x", "`a b` cannot be a ref"),
        ("[{query: x, ref: A}, {query: y, ref: A}]", "{query: y, ref: A}", "two queries have the ref `A`"),
    ],
)
def test_expressions_name_queries_that_exist(queries: str, at: str, finding: str) -> None:
    text = group_with(f"- {{alert: T, queries: {queries}, when: above 1, outputs: [grafana]}}")
    groups, problems = settled(text)
    assert [problem.message for problem in problems] == [finding]
    assert pointed_at(text, problems[0]) == at
    assert groups[0].rules == ()


def test_several_queries_go_to_grafana_only_and_that_is_said() -> None:
    rules = "- {alert: T, queries: {a: x, b: y, c: {math: $a / $b}}, when: above 1%s}"
    groups, problems = settled(group_with(rules % ""))
    assert groups[0].alerts[0].outputs == {"grafana"}
    assert [(p.rule, p.severity) for p in problems] == [("alert/grafana-only", Severity.INFO)]
    assert settled(group_with(rules % ", outputs: [grafana]"))[1] == []
    groups, problems = settled(group_with(rules % ", outputs: [prometheus]"))
    assert groups[0].rules == ()
    assert [p.rule for p in problems] == ["alert/output"]


def test_a_document_narrows_the_outputs_of_its_rules() -> None:
    rules = "- {alert: T, query: a, when: above 1}\n- {alert: L, query: 'rate({a=\"b\"}[5m])', datasource: loki, when: above 1, outputs: [grafana, loki]}"
    groups, problems = settled(group_with(rules, "outputs: [prometheus]\n"))
    assert problems == []
    assert [rule.outputs for rule in groups[0].rules] == [{"prometheus"}, {"grafana", "loki"}]


@pytest.mark.parametrize(
    ("interval", "rule_id"), [("7s", "alert/interval"), ("0s", "alert/interval"), ("5m1h", "alert/duration")]
)
def test_an_interval_is_what_grafana_starts_with(interval: str, rule_id: str) -> None:
    _, problems = settled(group_with("- {alert: T, query: a, when: above 1}", f"interval: {interval}\n"))
    assert [p.rule for p in problems] == [rule_id]


def test_rules_for_grafana_need_a_folder() -> None:
    _, problems = settled("kind: AlertRules\ngroup: g\nrules:\n  - {alert: T, query: a, when: above 1}\n")
    assert said(problems) == [
        "alert/folder Grafana keeps rules in folders, and the group `g` names none | add `folder:`, or `outputs: [prometheus]`"
    ]
    _, problems = settled(
        "kind: AlertRules\ngroup: g\noutputs: [prometheus]\nrules:\n  - {alert: T, query: a, when: above 1}\n"
    )
    assert problems == []


def test_groups_and_uids_are_unique_and_the_other_place_is_named() -> None:
    one = group_with("- {alert: T, query: a, when: above 1}")
    _, problems = settled(f"{one}\n---\n{one}")
    assert [p.rule for p in problems] == ["alert/duplicate-group", "alert/duplicate-uid"]
    assert [str(p.related[0].location) for p in problems] == ["specs/test.yaml:2:8", "specs/test.yaml:5:13"]


def test_a_recording_rule_goes_where_its_data_source_stores() -> None:
    groups, problems = settled(
        group_with(
            """
            - {record: a:b, query: sum(a)}
            - {record: c:d, query: 'sum(rate({a="b"}[5m]))', datasource: loki}
            - {record: e:f, query: sum(a), grafana: true}
            - {record: g:h, query: "{}", datasource: tempo}
            """
        )
    )
    assert [sorted(rule.outputs) for rule in groups[0].rules] == [["prometheus"], ["loki"], ["grafana"]]
    assert [p.rule for p in problems] == ["alert/output"]


@pytest.mark.parametrize(("outputs", "fits"), [("[prometheus]", True), ("[grafana, prometheus]", False)])
def test_only_grafana_needs_a_multiple_of_ten_seconds(outputs: str, fits: bool) -> None:
    rules = group_with("- {alert: T, query: a, when: above 1}", f"interval: 15s\noutputs: {outputs}\n")
    _, problems = settled(rules)
    assert ("alert/interval" not in [problem.rule for problem in problems]) is fits


def test_a_query_may_be_all_raw() -> None:
    text = "- {alert: T, queries: {A: {raw: {rawSql: SELECT 1}}}, when: above 1, outputs: [grafana]}"
    assert said(settled(group_with(text))[1]) == []


def test_over_without_reduce_needs_a_query_over_time() -> None:
    alone = "- {alert: T, query: a, when: above 1, over: 5m, outputs: [grafana]}"
    assert [text.split(" ")[0] for text in said(settled(group_with(alone))[1])] == ["alert/reduce"]
    looking = (
        "- {alert: T, queries: {A: {query: a, instant: false}}, when: above 1, over: 5m, outputs: [grafana]}"
    )
    assert said(settled(group_with(looking))[1]) == []

"""The ways of a rule's alerts follow from its labels, its query and its own contact point."""

import pytest

from dashgen.model.alert_routes import AlertRoutes, alert_labels, route_summary, routes_of
from dashgen.model.notification_spec import Notifications, Policies
from tests.alert_support import documents, one_alert

TREE = """
kind: Notifications
contact_points: {team: {email: a@b}, on-call: {email: a@b}, data: {email: a@b}}
policies:
  contact_point: team
  group_wait: 10s
  routes:
    - {match: {alertname: "~Datasource.*"}, contact_point: data}
    - {match: {severity: critical, tier: "!free"}, contact_point: on-call}
"""
QUERY = "query: sum by (tier) (rate(x_total[5m]))\nwhen: above 1\n"


def tree() -> Policies | None:
    return documents(Notifications, TREE)[0].model.policies


def routes(rule: str) -> AlertRoutes:
    return routes_of(one_alert(rule), "Tests", tree())


@pytest.mark.parametrize(
    ("rule", "known", "open_labels"),
    [
        (QUERY, {}, {"tier"}),
        (QUERY + "labels: {tier: pro, team: ''}\n", {"tier": "pro", "team": ""}, set()),
        (QUERY + "severity: critical\n", {"severity": "critical"}, {"tier"}),
        (QUERY + "labels: {team: '{{ $labels.tier }}'}\n", {}, {"tier", "team"}),
        ("query: sum(x)\nwhen: above 1\n", {}, set()),
        ("query: x\nwhen: above 1\n", {}, None),
        (
            "queries: {a: 'sum by (tier) (x)', b: 'sum by (team) (y)', c: {math: $a / $b}}\nwhen: above 1\n",
            {},
            {"tier", "team"},
        ),
        ("queries: {a: 'sum by (tier) (x)', b: y, c: {math: $a / $b}}\nwhen: above 1\n", {}, None),
    ],
)
def test_labels_are_those_of_the_rule_and_of_its_query(
    rule: str, known: dict[str, str], open_labels: set[str] | None
) -> None:
    labels = alert_labels(one_alert("outputs: [grafana]\n" + rule), "Tests/Deep")
    always = {"alertname": "Test", "grafana_folder": "Tests/Deep", "__alert_rule_uid__": "test"}
    assert labels.values == always | known
    assert labels.open == open_labels


@pytest.mark.parametrize(
    ("rule", "summary"),
    [
        (QUERY + "severity: warning\n", "team"),
        (QUERY + "severity: critical\n", 'on-call if tier!="free", otherwise team'),
        (QUERY + "severity: critical\nlabels: {tier: free}\n", "team"),
        (QUERY + "severity: critical\nlabels: {tier: pro}\n", "on-call"),
        ("query: sum(x)\nwhen: above 1\nseverity: critical\n", "on-call"),
        (QUERY + "severity: critical\ncontact_point: ops\n", "ops"),
    ],
)
def test_a_rule_notifies_by_its_labels_or_its_own_contact_point(rule: str, summary: str) -> None:
    assert route_summary(routes(rule).routes) == summary


def test_states_that_are_alerts_of_their_own_have_their_own_ways() -> None:
    both = routes(QUERY + "severity: warning\nno_data: no_data\n").states
    assert {state: route_summary(ways) for state, ways in both.items()} == {
        "no data": "data",
        "error": "data",
    }
    assert routes(QUERY + "on_error: ok\n").states == {}
    direct = routes(QUERY + "contact_point: ops\n").states
    assert {state: route_summary(ways) for state, ways in direct.items()} == {"error": "ops"}


def test_a_query_that_fails_has_no_result_and_so_no_label_of_it() -> None:
    text = TREE.replace('    - {match: {alertname: "~Datasource.*"}, contact_point: data}\n', "")
    policies = documents(Notifications, text)[0].model.policies
    alert = one_alert(QUERY + "severity: critical\n")
    (route,) = routes_of(alert, "Tests", policies).states["error"]
    assert (route.contact_point, route.conditions, route.is_certain) == ("on-call", (), True)


@pytest.mark.parametrize(
    ("keys", "group_by"),
    [
        ("", ("grafana_folder", "alertname")),
        ("group_by: [tier, alertname]\n", ("grafana_folder", "alertname", "tier")),
        ("group_by: ['...']\n", ("...",)),
    ],
)
def test_past_the_policies_alerts_are_grouped_by_folder_and_name_too(
    keys: str, group_by: tuple[str, ...]
) -> None:
    (route,) = routes(QUERY + "contact_point: ops\nmute_timings: [weekends]\n" + keys).routes
    assert (route.group_by, route.mute, route.policies) == (group_by, ("weekends",), ())
    # The timing is that of the top of the tree, and Grafana's where the tree has none.
    assert (route.group_wait, route.group_interval, route.repeat_interval) == ("10s", "5m", "4h")


def test_raw_settings_win() -> None:
    raw = "raw: {notification_settings: {receiver: ops, group_wait: 1m, active_time_intervals: [days]}}\n"
    (route,) = routes(QUERY + raw).routes
    assert (route.contact_point, route.group_wait, route.active) == ("ops", "1m", ("days",))


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (QUERY + "outputs: [prometheus]\n", "Prometheus evaluates it, and an Alertmanager's routes apply"),
        (QUERY + "paused: true\n", "the rule is paused"),
    ],
)
def test_a_rule_that_grafana_does_not_notify_of_has_no_way(rule: str, reason: str) -> None:
    assert (routes(rule).routes, routes(rule).reason) == ((), reason)


def test_without_a_tree_only_an_own_contact_point_is_known() -> None:
    assert routes_of(one_alert(QUERY), "Tests", None).reason.startswith("the specs have no policies")
    (route,) = routes_of(one_alert(QUERY + "contact_point: ops\n"), "Tests", None).routes
    assert (route.contact_point, route.group_wait) == ("ops", "30s")

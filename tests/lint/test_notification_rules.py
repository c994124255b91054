"""Policies and contact points that alerts of the project cannot lead to, and those that they may lead to."""

from pathlib import Path

import pytest

from dashgen.check.lint.rule_registry import own_rules
from tests.lint.example_project import example_project, findings_of_rule

RULES = """\
kind: AlertRules
group: orders
folder: Shop
rules:
  - {alert: NoOrders, query: 'sum by (tier) (up)', when: below 1, severity: critical, summary: S}
  - {alert: Slow, query: 'sum(up)', when: above 1, labels: {team: shop}, summary: S, no_data: no_data}
---
kind: Notifications
contact_points: {ops: {email: a@example.com}, shop: {email: b@example.com}}
policies:
  contact_point: ops
  routes:
"""


def findings(folder: Path, rule: str, spec: str) -> list[tuple[str, str]]:
    found = findings_of_rule(example_project(folder, spec), own_rules()[rule])
    return [(one.diagnostic.message, one.diagnostic.hint) for one in found]


@pytest.mark.parametrize(
    ("routes", "messages"),
    [
        ("[{match: {severity: critical}, contact_point: shop}]", []),
        ("[{match: {tier: pro}, contact_point: shop}]", []),
        ("[{match: {alertname: DatasourceNoData}, contact_point: shop}]", []),
        ("[{match: {alertname: DatasourceError}, contact_point: shop}]", []),
        ("[{match: {grafana_folder: Shop}, contact_point: shop}]", []),
        ("[{match: {team: '!shop'}, contact_point: shop}]", []),
        (
            "[{match: {severity: critcal}, contact_point: shop}]",
            [('no alert rule takes the policy for severity="critcal"', "did you mean `critical`?")],
        ),
        (
            "[{match: {severty: critical}, contact_point: shop}]",
            [('no alert rule takes the policy for severty="critical"', "did you mean `severity`?")],
        ),
        (
            "[{match: {}, contact_point: shop}, {match: {team: shop}, contact_point: ops}]",
            [
                (
                    'no alert rule takes the policy for team="shop"',
                    "correct its matchers, move it up, or remove it",
                )
            ],
        ),
        (
            "[{match: {team: bank}, contact_point: shop, routes: [{match: {tier: pro}}]}]",
            [
                (
                    'no alert rule takes the policy for team="bank"',
                    "correct its matchers, move it up, or remove it",
                )
            ],
        ),
    ],
)
def test_a_policy_is_reached_or_not(tmp_path: Path, routes: str, messages: list[tuple[str, str]]) -> None:
    assert findings(tmp_path, "notification/unreached-policy", f"{RULES}    {routes}\n") == messages


def test_rules_for_prometheus_say_nothing_about_the_tree(tmp_path: Path) -> None:
    spec = RULES.replace("folder: Shop", "outputs: [prometheus]") + "    [{match: {team: x}}]\n"
    for rule in ("notification/unreached-policy", "notification/unreached-contact-point"):
        assert findings(tmp_path / rule.replace("/", "-"), rule, spec.replace(", no_data: no_data", "")) == []


@pytest.mark.parametrize(
    ("rule_keys", "routes", "messages"),
    [
        (
            "",
            "[]",
            [("no alert rule notifies the contact point `shop`", "name it in a policy, or remove it")],
        ),
        ("", "[{match: {severity: critical}, contact_point: shop}]", []),
        ("", "[{match: {tier: pro}, contact_point: shop}]", []),
        (", contact_point: shop", "[]", []),
    ],
)
def test_a_contact_point_is_reached_or_not(
    tmp_path: Path, rule_keys: str, routes: str, messages: list[tuple[str, str]]
) -> None:
    spec = RULES.replace(", labels: {team: shop}", f"{rule_keys}, labels: {{team: shop}}")
    found = findings(tmp_path, "notification/unreached-contact-point", f"{spec}    {routes}\n")
    assert found == messages

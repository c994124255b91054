"""What a push is about, and what it leaves alone: files of others are not in Grafana's API."""

from dashgen.formats import resources as kinds
from dashgen.sync.push.item import ORDER
from dashgen.sync.push.spec_locations import build_for

RULES = """\
kind: AlertRules
group: {0}-side
folder: Sales
outputs: [{0}]
rules:
  - alert: Many
    query: {1}
    when: above 10
    severity: warning
    summary: many
"""


def test_rules_of_prometheus_and_loki_and_providers_are_in_no_live_comparison(project, fake):
    project.write("specs/more.yaml", RULES.format("prometheus", "sum(shop_errors_total)"))
    built = build_for(project.folder, None)
    assert not built.failed, built.diagnostics
    assert {item.kind for item in built.desired.items} <= set(ORDER)
    assert not {kinds.PROVIDER, kinds.SERVER_RULE} & set(ORDER)
    groups = [item.title for item in built.desired.items if item.kind == kinds.RULE_GROUP]
    assert groups == ["shop-health"]
    assert project.push().code == 0
    assert len(fake.store.rules) == 2
    for command in ("diff", "status"):
        done = project.run(command, "--url", fake.url)
        assert done.code == 0, done.stdout
        assert "prometheus-side" not in done.stdout

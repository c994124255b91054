"""What a push is about, and what it leaves alone: files of others are not in Grafana's API."""

import re
from pathlib import Path

import pytest

from dashgen.formats import resources as kinds
from dashgen.sync.push import kinds as kinds_package
from dashgen.sync.push.built_specs import build_for
from dashgen.sync.push.kinds import resource_kinds

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
    assert {item.kind for item in built.desired.items} <= set(resource_kinds())
    assert not {kinds.PROVIDER, kinds.SERVER_RULE} & set(resource_kinds())
    groups = [item.title for item in built.desired.items if item.kind == kinds.RULE_GROUP]
    assert groups == ["shop-health"]
    assert project.push().code == 0
    assert len(fake.store.rules) == 2
    for command in ("diff", "status"):
        done = project.run(command, "--url", fake.url)
        assert done.code == 0, done.stdout
        assert "prometheus-side" not in done.stdout


def test_resources_are_written_after_those_that_they_may_refer_to():
    order = "folder datasource dashboard contact-point mute-timing inhibition-rule template policies rule-group event"
    assert " ".join(resource_kinds()) == order


@pytest.mark.parametrize(
    ("kind", "uid", "title", "expected"),
    [
        (kinds.DASHBOARD, "shop", "Shop", 'dashboard `shop` "Shop"'),
        (kinds.DATA_SOURCE, "prom", "prom", "data source `prom`"),
        (kinds.MUTE_TIMING, "nights", "nights", "mute timing `nights`"),
        (kinds.RULE_GROUP, "sales/health", "health", "rule group `health`"),
        (kinds.POLICIES, "policies", "", "the notification policies"),
        (kinds.FOLDER, "sales", "", "folder `sales`"),
    ],
)
def test_a_resource_is_called_by_its_kind_and_the_name_that_people_know(kind, uid, title, expected):
    assert resource_kinds()[kind].label(uid, title) == expected


def test_what_a_push_knows_of_a_single_kind_is_in_the_module_of_that_kind():
    """A new kind is one module: elsewhere folders, which other items are in, and what single commands are about."""
    named = {
        (path.stem, name)
        for path in Path(kinds_package.__file__).parents[1].glob("*.py")
        for name in re.findall(r"\bkinds\.([A-Z_]+)\b", path.read_text(encoding="utf-8"))
        if name != "FOLDER" and path.stem != "command_permissions"  # what each command is about
    }
    assert named == {
        ("desired_items", "EVENT"),  # `dashgen annotate --from-specs` pushes events alone
        ("server_check", "DASHBOARD"),
        ("sync_status", "DASHBOARD"),
        ("sync_status", "RULE_GROUP"),
    }

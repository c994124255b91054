"""One rule, three outputs: what they look like, and that they say the same."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from dashgen.compile.outputs.artifact import Artifact
from dashgen.compile.outputs.grafana_rules import grafana_rules
from dashgen.compile.outputs.provisioning_file import Tombstone
from dashgen.compile.outputs.rule_files import rule_files
from dashgen.model.settled_alerts import SettledGroup
from tests import golden
from tests.alert_support import CONTEXT, group_with, settled

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def groups() -> list[SettledGroup]:
    found, problems = settled((HERE / "alerts.yaml").read_text(encoding="utf-8"))
    assert problems == []
    return found


def artifacts(groups: list[SettledGroup]) -> dict[str, Artifact]:
    made = [*grafana_rules(groups), *rule_files(groups, CONTEXT.grafana_url)]
    return {artifact.path: artifact for artifact in made}


def rules_in(artifact: Artifact) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(artifact.content)["groups"][0]["rules"]
    return found


def test_the_files_are_as_recorded(groups: list[SettledGroup]) -> None:
    made = artifacts(groups)
    assert sorted(made) == [
        "provisioning/alerting/rules.yaml",
        "rules/loki/service-health.yaml",
        "rules/prometheus/service-health.yaml",
    ]
    for path, artifact in made.items():
        golden.check(HERE / "golden" / path.replace("/", "-"), artifact.content.decode())


def test_building_twice_gives_the_same_bytes(groups: list[SettledGroup]) -> None:
    assert artifacts(groups) == artifacts(groups)


def test_the_outputs_agree(groups: list[SettledGroup]) -> None:
    made = artifacts(groups)
    grafana = {rule["title"]: rule for rule in rules_in(made["provisioning/alerting/rules.yaml"])}
    files = [
        rule for path in made if path.startswith("rules/") for rule in rules_in(made[path]) if "alert" in rule
    ]
    assert len(files) == 9
    for rule in files:
        twin = grafana[rule["alert"]]
        assert rule.get("for", "0s") == twin["for"]
        assert rule.get("keep_firing_for") == twin.get("keepFiringFor")
        static = {name: text for name, text in rule["labels"].items() if "{{" not in text}
        assert static.items() <= twin["labels"].items()
        query = next(entry["model"]["expr"] for entry in twin["data"] if "expr" in entry["model"])
        assert query.strip() in rule["expr"]
        for value in _numbers(twin):
            assert str(value) in rule["expr"]


def _numbers(rule: dict[str, Any]) -> list[float]:
    threshold = next(entry["model"] for entry in rule["data"] if entry["refId"] == rule["condition"])
    condition = threshold["conditions"][0]
    return [] if condition["evaluator"]["params"] == [0, 0] else condition["evaluator"]["params"]


def test_each_rule_remembers_where_it_was_written(groups: list[SettledGroup]) -> None:
    made = artifacts(groups)
    for artifact in made.values():
        rules = rules_in(artifact)
        places = dict(artifact.origins)
        lines = [str(places["groups", 0, "rules", i].location()) for i in range(len(rules))]
        assert all(line.startswith("specs/test.yaml:") for line in lines)
        assert lines == sorted(lines, key=lambda line: int(line.split(":")[1]))
    resources = {(r.kind, r.uid) for r in made["provisioning/alerting/rules.yaml"].resources}
    assert {("alert-rule", "high-error-rate"), ("recording-rule", "job-cost-rate1h")} <= resources
    assert [(r.kind, r.uid) for r in made["rules/loki/service-health.yaml"].resources] == [
        ("rule-group", "loki/service-health")
    ]


def test_grafana_is_told_to_delete_rules_that_are_gone(groups: list[SettledGroup]) -> None:
    tombstones = [
        Tombstone("alert-rule", "old"),
        Tombstone("alert-rule", "high-error-rate"),
        Tombstone("mute-timing", "x"),
    ]
    (artifact,) = grafana_rules(groups, tombstones)
    assert yaml.safe_load(artifact.content)["deleteRules"] == [{"orgId": 1, "uid": "old"}]
    (artifact,) = grafana_rules([], tombstones[:1])
    assert yaml.safe_load(artifact.content) == {"apiVersion": 1, "deleteRules": [{"orgId": 1, "uid": "old"}]}
    assert grafana_rules([]) == []


def test_dollars_are_doubled_where_grafana_interpolates_and_only_there() -> None:
    found, _ = settled(
        group_with(
            "- {alert: 'Over $50', query: 'a{x=~\"b$\"}', when: above 1, labels: {l: '{{ $labels.x }}'}, summary: '{{ $labels.x }} $'}"
        )
    )
    rule = rules_in(grafana_rules(found)[0])[0]
    assert rule["title"] == "Over $$50"
    assert rule["labels"] == {"l": "{{ $$labels.x }}"}
    assert rule["annotations"] == {"summary": "{{ $labels.x }} $"}
    assert rule["data"][0]["model"]["expr"] == 'a{x=~"b$"}'
    plain = rules_in(rule_files(found)[0])[0]
    assert plain["labels"] == {"l": "{{ $labels.x }}"}


def test_a_group_name_cannot_leave_its_folder() -> None:
    found, _ = settled(
        "kind: AlertRules\ngroup: ../../Überwachung\noutputs: [prometheus]\nrules:\n  - {alert: T, query: a, when: above 1}\n"
    )
    assert [artifact.path for artifact in rule_files(found)] == ["rules/prometheus/berwachung.yaml"]


def test_what_a_server_cannot_do_is_said_at_the_top(groups: list[SettledGroup]) -> None:
    made = artifacts(groups)
    assert (
        "# HeavyUser: recovers at `below 40` in Grafana only; Loki cannot say so."
        in made["rules/loki/service-health.yaml"].content.decode()
    )
    assert (
        "# Paused and therefore not here: Sleeping"
        in made["rules/prometheus/service-health.yaml"].content.decode()
    )


def test_raw_reaches_what_has_no_word_of_its_own() -> None:
    found, problems = settled(
        group_with(
            """
            - alert: T
              queries: [{query: a, raw: {exemplar: true, intervalMs: null}}]
              when: above 1
              raw: {notification_settings: {receiver: grafana-default-email}}
            """
        )
    )
    assert problems == []
    rule = rules_in(grafana_rules(found)[0])[0]
    assert rule["notification_settings"] == {"receiver": "grafana-default-email"}
    assert rule["data"][0]["model"]["exemplar"] is True
    assert "intervalMs" not in rule["data"][0]["model"]

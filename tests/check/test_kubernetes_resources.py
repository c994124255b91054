"""Resources of Kubernetes that somebody wrote: what their controllers refuse is found at its line."""

import json
from textwrap import dedent
from typing import Any

import pytest

from .conftest import Check
from .samples import AUTOSCALER, CONFIG_MAP, GRAFANA_FOLDER, PROMETHEUS_RULE, REMOVED, SCALED_OBJECT, changed

TRIGGER = "spec.triggers.0.metadata"
POLICY = "spec.behavior.scaleDown.policies.0"
Fault = tuple[dict[str, Any], str, Any, str]
FAULTS: list[Fault] = [
    (SCALED_OBJECT, "metadata.name", "My_Shop", "kubernetes/name"),
    (SCALED_OBJECT, "metadata.name", REMOVED, "kubernetes/name"),
    (SCALED_OBJECT, "metadata.labels", {"team": "a b"}, "kubernetes/label"),
    (SCALED_OBJECT, "spec.maxReplicas", 3, "kubernetes/unknown-key"),
    (SCALED_OBJECT, "spec.scaleTargetRef", {}, "kubernetes/missing-key"),
    (SCALED_OBJECT, "spec.minReplicaCount", 6, "kubernetes/replicas"),
    (SCALED_OBJECT, "spec.idleReplicaCount", 1, "kubernetes/replicas"),
    (SCALED_OBJECT, "spec.pollingInterval", "30s", "kubernetes/wrong-type"),
    (SCALED_OBJECT, "spec.pollingInterval", 0, "kubernetes/out-of-range"),
    (SCALED_OBJECT, "spec.triggers", [], "kubernetes/empty"),
    (SCALED_OBJECT, "spec.fallback", {"failureThreshold": 3, "replicas": 1, "behavior": "keep"}, "kubernetes/unknown-value"),
    (SCALED_OBJECT, f"{TRIGGER}.threshold", "many", "kubernetes/wrong-type"),
    (SCALED_OBJECT, f"{TRIGGER}.threshold", 3, "kubernetes/wrong-type"),
    (SCALED_OBJECT, f"{TRIGGER}.threshold", REMOVED, "kubernetes/missing-key"),
    (SCALED_OBJECT, f"{TRIGGER}.query", "sum(up", "query/syntax"),
    (SCALED_OBJECT, f"{TRIGGER}.treshold", "3", "kubernetes/unknown-key"),
    (SCALED_OBJECT, f"{TRIGGER}.ignoreNullValues", "maybe", "kubernetes/wrong-type"),
    (SCALED_OBJECT, f"{TRIGGER}.ignoreNullValues", REMOVED, "kubernetes/no-value"),
    (AUTOSCALER, "spec.minReplicas", 0, "kubernetes/replicas"),
    (AUTOSCALER, "spec.minReplicas", 9, "kubernetes/replicas"),
    (AUTOSCALER, "spec.maxReplicas", REMOVED, "kubernetes/missing-key"),
    (AUTOSCALER, f"{POLICY}.periodSeconds", 3600, "kubernetes/out-of-range"),
    (AUTOSCALER, f"{POLICY}.value", 0, "kubernetes/out-of-range"),
    (AUTOSCALER, f"{POLICY}.type", "pods", "kubernetes/unknown-value"),
    (AUTOSCALER, "spec.behavior.scaleDown.selectPolicy", "max", "kubernetes/unknown-value"),
    (AUTOSCALER, "spec.behavior.scaleDown.stabilizationWindowSeconds", 3601, "kubernetes/out-of-range"),
    (PROMETHEUS_RULE, "spec.groups.0.rules.0.labels", ["a"], "kubernetes/wrong-type"),
    (GRAFANA_FOLDER, "spec.title", "", "kubernetes/empty"),
    (CONFIG_MAP, "data", {"a.txt": "x" * 1_100_000}, "kubernetes/size"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("resource", "path", "value", "rule"), FAULTS, ids=[f"{f[0]['kind']} {f[1]} {f[3]}" for f in FAULTS]
)
def test_what_a_controller_refuses_is_found(
    check: Check, resource: Any, path: str, value: Any, rule: str
) -> None:
    rules = {finding.rule for finding in check({"k/x.yaml": changed(resource, path, value)})}
    assert rule in rules
    assert {one for one in rules if one.startswith(("kubernetes/", "query/"))} == {rule}


@pytest.mark.parametrize(
    "resource",
    [SCALED_OBJECT, AUTOSCALER, PROMETHEUS_RULE, GRAFANA_FOLDER, CONFIG_MAP],
    ids=lambda one: one["kind"],
)
def test_sound_resources_have_no_findings(check: Check, resource: Any) -> None:
    name = "git-sync/Shop/_folder.json" if resource is GRAFANA_FOLDER else "k/x.yaml"
    assert [one.rule for one in check({name: resource})] == ["file/none"] * (resource is CONFIG_MAP)
    assert [one.rule for one in check({name: resource}, name)] == ["file/unknown"] * (resource is CONFIG_MAP)


def test_a_resource_of_a_version_without_a_schema_is_left_alone(check: Check) -> None:
    assert check({"k/x.yaml": {**SCALED_OBJECT, "apiVersion": "keda.sh/v2", "spec": {"anything": 1}}}) == []
    other = check({"k/x.yaml": {**SCALED_OBJECT, "apiVersion": "example.org/v1", "spec": {"anything": 1}}})
    assert [one.rule for one in other] == ["file/none"]


def test_findings_stand_at_the_line_in_one_of_several_documents(check: Check) -> None:
    text = dedent(
        """\
        apiVersion: v1
        kind: Service
        metadata: {name: s}
        ---
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {name: shop}
        spec:
          scaleTargetRef: {kind: Deployment, name: shop}
          maxReplica: 3
        """
    )
    shown = [
        f"{one.location.span.line}:{one.location.span.column} {one.rule}"
        for one in check({"k/x.yaml": text})
        if one.location and one.location.span
    ]
    assert shown == ["9:3 kubernetes/missing-key", "10:3 kubernetes/unknown-key"]


def test_resources_in_a_list_are_checked(check: Check) -> None:
    listed = {
        "apiVersion": "v1",
        "kind": "List",
        "items": [changed(SCALED_OBJECT, "spec.minReplicaCount", 6)],
    }
    assert [one.rule for one in check({"k/x.yaml": listed})] == ["kubernetes/replicas"]


def test_each_way_to_bring_dashboards_is_a_tree_of_its_own(check: Check) -> None:
    dashboard = {"uid": "x", "title": "X", "schemaVersion": 42, "panels": []}
    config_map = {**CONFIG_MAP, "data": {"x.json": json.dumps(dashboard)}}
    synced = {
        "apiVersion": "dashboard.grafana.app/v1beta1",
        "kind": "Dashboard",
        "metadata": {"name": "x"},
        "spec": {"title": "X", "schemaVersion": 42, "panels": []},
    }
    files = {
        "dashboards/x.json": dashboard,
        "kubernetes/sidecar/x.yaml": config_map,
        "git-sync/x.json": synced,
    }
    assert check(files) == []
    # In one and the same way it is there twice.
    again = check({**files, "kubernetes/sidecar/y.yaml": config_map})
    assert {one.rule for one in again} >= {"dashboard/duplicate-uid"}

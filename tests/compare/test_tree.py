import json

import pytest

from dashgen.compare import compare, read_both, read_tree
from dashgen.compare.file_tree import folder_of

FILES = {
    "dashboards/Sales/shop.json": b'{"uid": "shop", "title": "Shop", "panels": []}',
    "provisioning/dashboards/dashgen.yaml": b"providers: [{name: dashgen, options: {path: /x}}]",
    "provisioning/datasources/dashgen.yaml": b"datasources: [{name: P, type: prometheus, url: '$$x'}]",
    "provisioning/alerting/rules.yaml": b"apiVersion: 1\ngroups: [{name: g, folder: F, interval: 1m, rules: [{uid: r, title: R $$}]}]",
    "provisioning/alerting/rest.json": b'{"contactPoints": [{"name": "c", "receivers": []}], "templates": [{"name": "t", "template": "x"}],'
    b'"policies": [{"receiver": "c"}], "muteTimes": [{"name": "m"}]}',
    "rules/prometheus/g.yaml": b"groups: [{name: g, rules: [{alert: A, expr: up}, {record: a:b, expr: up}]}]",
    "rules/loki/g.yaml": b"groups: [{name: g, rules: [{alert: A, expr: up}]}]",
    "dashgen.lock.json": b'{"panels": []}',
    "other.txt": b"x",
    "manifest.yaml": b"kind: Deployment",
    "list.yaml": b"- 1",
}


def test_every_kind_of_file_is_read():
    reading = read_tree(FILES, {("dashboard", "shop"): "specs/shop.yaml"})
    assert reading.problems == []
    assert sorted((one.kind, one.uid) for one in reading.resources) == [
        ("alert-rule", "r"),
        ("contact-point", "c"),
        ("dashboard", "shop"),
        ("datasource", "P5C62E091B8C0565F"),
        ("mute-timing", "m"),
        ("policies", "policies"),
        ("provider", "dashgen"),
        ("rule-group", "F/g"),
        ("rule-group", "loki:g"),
        ("rule-group", "prometheus:g"),
        ("server-rule", "loki/g/A"),
        ("server-rule", "prometheus/g/A"),
        ("server-rule", "prometheus/g/a:b"),
        ("template", "t"),
    ]
    shop = reading.resources.get(("dashboard", "shop"))
    assert (shop.folder, shop.spec, shop.path) == ("Sales", "specs/shop.yaml", "dashboards/Sales/shop.json")
    assert reading.resources.get(("alert-rule", "r")).title == "R $"


CLASSIC = {"uid": "shop", "title": "Shop", "panels": []}
V2 = {
    "apiVersion": "dashboard.grafana.app/v2",
    "kind": "Dashboard",
    "metadata": {"name": "shop"},
    "spec": {"title": "Shop", "elements": {}, "layout": {"kind": "GridLayout", "spec": {"items": []}}},
}
V1 = {**V2, "apiVersion": "dashboard.grafana.app/v1beta1", "spec": {"title": "Shop", "panels": []}}
EXPORT = {"dashboard": CLASSIC, "meta": {}}


@pytest.mark.parametrize(
    ("before", "after", "sentences"),
    [
        (CLASSIC, V2, ["written as schema v2 instead of classic JSON"]),
        (V2, CLASSIC, ["written as classic JSON instead of schema v2"]),
        (V1, V2, ["written as schema v2 instead of classic JSON"]),
        (V2, EXPORT, ["written as classic JSON instead of schema v2"]),
        (CLASSIC, V1, []),
        (CLASSIC, EXPORT, []),
        (V2, V2, []),
    ],
)
def test_another_form_of_a_dashboard_is_a_difference_and_another_envelope_is_none(before, after, sentences):
    sides = [read_tree({"shop.json": json.dumps(one).encode()}).resources for one in (before, after)]
    details = [detail for change in compare(*sides) for detail in change.details]
    assert ["".join(map(str, detail.parts)) for detail in details] == sentences


@pytest.mark.parametrize(
    ("path", "folder"),
    [("dashboards/A/B/x.json", "A/B"), ("dashboards/x.json", ""), ("A/x.json", "A"), ("x.json", "")],
)
def test_the_path_of_a_dashboard_says_its_folder(path, folder):
    assert folder_of(path) == folder


@pytest.mark.parametrize(("name", "content"), [("x.json", b"{"), ("x.yaml", b"a: [\n"), ("x.yaml", b"\xff")])
def test_what_cannot_be_read_is_a_finding(name, content):
    assert [problem.location.file for problem in read_tree({name: content}).problems] == [name]


def test_files_that_are_the_same_are_not_read():
    left, right = read_both({"a.json": b"{", "b.json": b'{"title": "x", "panels": []}'}, {"a.json": b"{"})
    assert (left.problems, len(left.resources), len(right.resources)) == ([], 1, 0)


def test_labels_that_differ_in_their_words_only_are_a_difference():
    def rules(version):
        text = f"groups: [{{name: g, rules: [{{record: a, expr: up, labels: {{v: {version}}}}}]}}]"
        return [one.data for one in read_tree({"r.yaml": text.encode()}).resources]

    assert rules("1.10") != rules("1.1")


DELETIONS = {
    "deleteRules": ("uid", "alert rule"),
    "deleteContactPoints": ("uid", "contact point"),
    "deleteMuteTimes": ("name", "mute timing"),
    "deleteTemplates": ("name", "template"),
    "deleteDatasources": ("name", "data source"),
}


@pytest.mark.parametrize("key", DELETIONS)
def test_what_a_provisioning_file_deletes_is_a_difference(key):
    name, words = DELETIONS[key]
    before = {"provisioning/x.yaml": f"apiVersion: 1\n{key}: [{{orgId: 1, {name}: one}}]\n".encode()}
    after = {
        "provisioning/x.yaml": f"apiVersion: 1\n{key}: [{{orgId: 1, {name}: two}}, {{orgId: 1, {name}: one}}]\n".encode()
    }
    left, right = read_both(before, after)
    assert [(one.what, one.kind, one.title) for one in compare(left.resources, right.resources)] == [
        ("created", "deletion", f"{words} two")
    ]
    # Another one is no new name of the first.
    after = {"provisioning/x.yaml": f"apiVersion: 1\n{key}: [{{orgId: 1, {name}: two}}]\n".encode()}
    left, right = read_both(before, after)
    assert [(str(one.what), one.title) for one in compare(left.resources, right.resources)] == [
        ("deleted", f"{words} one"),
        ("created", f"{words} two"),
    ]


def test_a_reset_of_the_policies_and_an_organization_are_seen():
    before = {"x.yaml": b"apiVersion: 1\nresetPolicies: [1]\ndeleteRules: [{orgId: 1, uid: a}]\n"}
    after = {"x.yaml": b"apiVersion: 1\nresetPolicies: [1, 2]\ndeleteRules: [{orgId: 2, uid: a}]\n"}
    left, right = read_both(before, after)
    assert [(str(one.what), one.uid) for one in compare(left.resources, right.resources)] == [
        ("changed", "alert-rule:a"),
        ("created", "policies:2"),
    ]

"""The files for Kubernetes and Git Sync: what is in them, that controllers take them, and that secrets stay references."""

import base64
import gzip
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from dashgen.check.kubernetes.resource_kinds import API_VERSIONS
from dashgen.check.kubernetes.resource_schemas import resource_schema
from dashgen.compile.outputs.kubernetes.manifest import resource_name
from dashgen.compile.outputs.kubernetes.operator_manifests import go_duration
from tests.project.project import Project

from .scaling_project import loaded

LAYOUTS = """
kubernetes:
  layouts: [prometheus-rules, sidecar, operator, git-sync]
  namespace: monitoring
  labels: {team: shop}
  rule_labels: {release: prometheus}
  operator: {instances: {grafana: main}, secret: credentials, resync: 5m}
"""
SPECS = r"""
kind: DataSources
datasources:
  prometheus:
    url: http://$PROMETHEUS_HOST:9090/$$x
    default: true
    basic_auth: {user: grafana, password: $PROMETHEUS_PASSWORD}
---
kind: Folder
title: Shop
uid: the-shop
---
kind: Folder
title: Deep
uid: shop-deep
parent: Shop
---
kind: Folder
title: Er
uid: shop-deep-er
parent: Deep
---
kind: Dashboard
uid: Shop_Main
title: "Shop 🛒"
folder: Shop
panels:
  - {title: "Requests \u2028 \ufeff", query: "sum(rate(requests_total[5m]))"}
---
kind: Dashboard
uid: deep
title: Deep
folder: Shop/Deep/Er
panels: [{title: Up, query: up}]
---
kind: Dashboard
uid: plain
title: Plain
panels: [{title: Up, query: up}]
---
kind: AlertRules
group: Shop Health
folder: Shop
interval: 90s
rules:
  - alert: Down
    query: up
    when: below 1
    for: 1d
    keep_firing_for: 1h30m
    severity: critical
    missing_evaluations: 3
    contact_point: ops
    labels: {price: "$5"}
    summary: "costs $5, {{ $labels.job }}"
    panel: plain/up
  - {record: "shop:up", query: sum(up)}
  - {record: "shop:up_in_grafana", query: sum(up), grafana: true}
---
kind: Notifications
contact_points:
  ops: {email: $MAILS, slack: {url: $SLACK_URL, text: "$$ {{ $x := 1 }}"}}
policies: {contact_point: ops, group_by: [alertname], routes: [{match: {severity: critical}, mute: [nights]}]}
mute_timings: {nights: {times: "22:00-24:00"}}
templates: {greeting: '{{ define "greeting" }}hi{{ end }}'}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    project.write("dashgen.yaml", f"specs: [specs]\n{LAYOUTS}")
    project.write("specs/all.yaml", SPECS)
    return project


def built(project: Project) -> list[str]:
    """The files for Kubernetes and Git Sync."""
    report = project.build()
    assert [str(one) for one in report.diagnostics if one.rule != "folder/nested"] == []
    return [record.path for record in report.records if record.path.startswith(("kubernetes/", "git-sync/"))]


def test_each_layout_has_its_files(project: Project) -> None:
    mark = resource_name("Shop_Main").removeprefix("shop-main-")
    assert built(project) == [
        "git-sync/Shop/Deep/Er/_folder.json",
        "git-sync/Shop/Deep/Er/deep.json",
        "git-sync/Shop/Deep/_folder.json",
        "git-sync/Shop/Shop_Main.json",
        "git-sync/Shop/_folder.json",
        "git-sync/plain.json",
        "kubernetes/operator/contact-points/ops.yaml",
        "kubernetes/operator/dashboards/deep.yaml",
        "kubernetes/operator/dashboards/plain.yaml",
        f"kubernetes/operator/dashboards/shop-main-{mark}.yaml",
        "kubernetes/operator/datasources/prometheus.yaml",
        "kubernetes/operator/folders/shop-deep-er.yaml",
        "kubernetes/operator/folders/shop-deep.yaml",
        "kubernetes/operator/folders/the-shop.yaml",
        "kubernetes/operator/mute-timings/nights.yaml",
        "kubernetes/operator/policies/policies.yaml",
        f"kubernetes/operator/rules/{resource_name('Shop Health')}.yaml",
        "kubernetes/operator/templates/greeting.yaml",
        "kubernetes/prometheus-rules/shop-health.yaml",
        "kubernetes/sidecar/alerting-contact-points.yaml",
        "kubernetes/sidecar/alerting-mute-timings.yaml",
        "kubernetes/sidecar/alerting-policies.yaml",
        "kubernetes/sidecar/alerting-rules.yaml",
        "kubernetes/sidecar/alerting-templates.yaml",
        "kubernetes/sidecar/dashboards/dashboard-deep.yaml",
        "kubernetes/sidecar/dashboards/dashboard-plain.yaml",
        f"kubernetes/sidecar/dashboards/dashboard-shop-main-{mark}.yaml",
        "kubernetes/sidecar/datasources.yaml",
    ]


def test_every_resource_fits_the_schema_of_its_controller(project: Project) -> None:
    kinds = set()
    for path in built(project):
        data = loaded(project, path)
        kinds.add(data["kind"])
        if data["kind"] in API_VERSIONS:
            assert data["apiVersion"] == API_VERSIONS[data["kind"]]
            jsonschema.validate({"spec": data["spec"]}, resource_schema(data["kind"]))
            assert data["metadata"]["namespace"] == "monitoring"
            assert data["metadata"]["labels"]["team"] == "shop"
    grafana = {kind for kind in API_VERSIONS if kind.startswith("Grafana")}
    assert kinds == {*grafana, "ConfigMap", "Dashboard", "Folder", "PrometheusRule"}
    done = project.run("validate", "generated")
    assert (done.code, done.err) == (0, ""), done.out


def test_builds_are_the_same_each_time_and_stale_files_go(project: Project) -> None:
    built(project)
    before = project.files()
    project.build(use_cache=False, processes=2)
    assert project.files() == before
    assert project.run("build", "--check").code == 0
    project.write("specs/all.yaml", SPECS.replace("uid: deep\n", "uid: deeper\n"))
    changed = project.run("build", "--check")
    assert "kubernetes/operator/dashboards/deep.yaml: no spec builds this any more" in changed.out
    project.write("dashgen.yaml", "specs: [specs]\n")
    project.build()
    assert not (project.output / "git-sync").exists()
    assert not (project.output / "kubernetes").exists()


def test_dashboards_are_whole_in_each_layout(project: Project) -> None:
    built(project)
    name = resource_name("Shop_Main")
    want = json.loads((project.output / "dashboards/Shop/Shop_Main.json").read_text("utf-8"))
    config_map = loaded(project, f"kubernetes/sidecar/dashboards/dashboard-{name}.yaml")
    assert config_map["metadata"]["labels"]["grafana_dashboard"] == "1"
    assert config_map["metadata"]["annotations"] == {"grafana_folder": "Shop"}
    assert json.loads(config_map["data"]["Shop_Main.json"]) == want
    operator = loaded(project, f"kubernetes/operator/dashboards/{name}.yaml")["spec"]
    assert json.loads(operator["json"]) == want
    assert (operator["folderRef"], operator["uid"]) == ("the-shop", "Shop_Main")
    synced = json.loads((project.output / "git-sync/Shop/Shop_Main.json").read_text("utf-8"))
    assert synced["metadata"] == {"name": "Shop_Main"}
    assert synced["spec"] == {key: want[key] for key in want if key not in ("uid", "id", "version")}


def test_folders_are_found_by_their_names(project: Project) -> None:
    built(project)
    specs = {
        name: loaded(project, f"kubernetes/operator/folders/{name}.yaml")["spec"]
        for name in ("the-shop", "shop-deep", "shop-deep-er")
    }
    assert [(one["uid"], one["title"], one.get("parentFolderRef")) for one in specs.values()] == [
        ("the-shop", "Shop", None),
        ("shop-deep", "Deep", "the-shop"),
        ("shop-deep-er", "Er", "shop-deep"),
    ]
    assert specs["the-shop"]["instanceSelector"] == {"matchLabels": {"grafana": "main"}}
    assert specs["the-shop"]["resyncPeriod"] == "5m"
    folder = json.loads((project.output / "git-sync/Shop/_folder.json").read_text("utf-8"))
    assert (folder["metadata"], folder["spec"]) == ({"name": "the-shop"}, {"title": "Shop"})


@pytest.mark.parametrize(("grafana", "version"), [("12.4", "v1beta1"), ("13.0", "v1")])
def test_a_synced_dashboard_has_the_api_of_its_grafana(project: Project, grafana: str, version: str) -> None:
    project.write("dashgen.yaml", f'specs: [specs]\ngrafana: "{grafana}"\n{LAYOUTS}')
    project.build()
    assert loaded(project, "git-sync/plain.json")["apiVersion"] == f"dashboard.grafana.app/{version}"


def test_rules_of_prometheus_carry_the_labels_that_select_them(project: Project) -> None:
    built(project)
    rule = loaded(project, "kubernetes/prometheus-rules/shop-health.yaml")
    assert rule["metadata"]["labels"]["release"] == "prometheus"
    assert rule["spec"]["groups"] == loaded(project, "rules/prometheus/shop-health.yaml")["groups"]


def test_rules_of_grafana_are_as_the_operator_wants_them(project: Project) -> None:
    built(project)
    spec = loaded(project, f"kubernetes/operator/rules/{resource_name('Shop Health')}.yaml")["spec"]
    assert (spec["interval"], spec["folderRef"], spec["name"]) == ("1m30s", "the-shop", "Shop Health")
    alert, record = spec["rules"]
    assert (alert["for"], alert["keepFiringFor"]) == ("24h", "1h30m")
    assert alert["missingSeriesEvalsToResolve"] == 3
    assert alert["notificationSettings"] == {"receiver": "ops"}
    # The operator replaces no references, so nothing is doubled.
    assert alert["labels"]["price"] == "$5"
    assert alert["annotations"]["summary"] == "costs $5, {{ $labels.job }}"
    assert alert["annotations"]["__dashboardUid__"] == "plain"
    assert record["record"]["metric"] == "shop:up_in_grafana"


def test_secrets_are_references_to_keys_of_a_secret(project: Project) -> None:
    built(project)

    def key(path: str, name: str) -> dict[str, Any]:
        return {"targetPath": path, "valueFrom": {"secretKeyRef": {"name": "credentials", "key": name}}}

    email, slack = loaded(project, "kubernetes/operator/contact-points/ops.yaml")["spec"]["receivers"]
    assert (email["settings"], email["valuesFrom"]) == ({}, [key("addresses", "MAILS")])
    assert slack["settings"] == {"text": "$$ {{ $x := 1 }}"}
    assert slack["valuesFrom"] == [key("url", "SLACK_URL")]
    source = loaded(project, "kubernetes/operator/datasources/prometheus.yaml")["spec"]
    assert source["datasource"]["url"] == "http://${PROMETHEUS_HOST}:9090/$$x"
    assert source["datasource"]["secureJsonData"] == {"basicAuthPassword": "${PROMETHEUS_PASSWORD}"}
    assert source["valuesFrom"] == [
        key("url", "PROMETHEUS_HOST"),
        key("secureJsonData.basicAuthPassword", "PROMETHEUS_PASSWORD"),
    ]
    # The sidecar writes files of provisioning, in which Grafana itself replaces the references.
    text = loaded(project, "kubernetes/sidecar/datasources.yaml")["data"]["dashgen-datasources.yaml"]
    assert yaml.safe_load(text) == loaded(project, "provisioning/datasources/dashgen.yaml")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("secret: credentials, ", "", "refers to the environment, which the Grafana operator has not"),
        ("$SLACK_URL", '"$__file{/run/slack}"', "cannot read the file"),
        ('text: "$$ {{ $x := 1 }}"', "text: by $SENDER", "has more than a reference"),
        ("ops: {email: $MAILS,", "ops: {name: $POINT, email: $MAILS,", "names are no secrets"),
    ],
)
def test_what_the_operator_cannot_fill_in_is_reported_at_its_line(
    project: Project, old: str, new: str, message: str
) -> None:
    project.write("dashgen.yaml", f"specs: [specs]\n{LAYOUTS}".replace(old, new))
    project.write("specs/all.yaml", SPECS.replace(old, new))
    found = [one for one in project.build().diagnostics if one.rule == "kubernetes/secret"]
    assert len(found) == 1, found
    assert message in found[0].message
    assert found[0].location is not None
    assert found[0].location.span is not None
    assert (found[0].location.file, found[0].location.span.line) == (
        "specs/all.yaml",
        SPECS.splitlines().index(next(one for one in SPECS.splitlines() if "  ops: {" in one)) + 1,
    )


def large(panels: int) -> str:
    """A dashboard with this many panels of 2000 letters each."""
    shown = "".join(f"  - {{type: text, title: P{i}, content: {'x' * 2000}}}\n" for i in range(panels))
    return f"kind: Dashboard\nuid: large\ntitle: Large\npanels:\n{shown}"


def test_a_dashboard_larger_than_a_config_map_is_refused_by_the_sidecar_alone(project: Project) -> None:
    project.write("specs/large.yaml", large(600))
    found = [one for one in project.build().diagnostics if one.rule == "kubernetes/size"]
    assert len(found) == 1
    assert "a ConfigMap holds 1 MiB" in found[0].message
    assert str(found[0].location).startswith("specs/large.yaml:1")
    project.write(
        "dashgen.yaml", "specs: [specs]\nkubernetes: {layouts: [operator], operator: {secret: s}}\n"
    )
    assert not project.build().failed
    spec = loaded(project, "kubernetes/operator/dashboards/large.yaml")["spec"]
    packed = gzip.decompress(base64.b64decode(spec["gzipJson"]))
    want = json.loads((project.output / "dashboards/large.json").read_text("utf-8"))
    assert json.loads(packed) == want


def test_a_dashboard_that_fits_without_spaces_is_written_without(project: Project) -> None:
    project.write("specs/large.yaml", large(465))
    project.build()
    data = loaded(project, "kubernetes/sidecar/dashboards/dashboard-large.yaml")["data"]
    assert data["large.json"].count("\n") == 1


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("shop", "shop"),
        ("a-b", "a-b"),
        ("A_b", "a-b-"),
        ("a_b", "a-b-"),
        ("x" * 70, "x" * 54 + "-"),
        ("日本", ""),
    ],
)
def test_names_are_those_of_kubernetes_and_stay_apart(text: str, name: str) -> None:
    made = resource_name(text)
    assert made.startswith(name)
    assert len(made) <= 63
    assert made == resource_name(text)
    assert len({resource_name(one) for one in ("A_b", "a_b", "a-b", "A-B", "a b")}) == 5


@pytest.mark.parametrize(
    ("text", "go"),
    [("0s", "0s"), ("90s", "1m30s"), ("1d", "24h"), ("1w", "168h"), ("500ms", "1s"), ("1h", "1h")],
)
def test_times_are_written_as_go_reads_them(text: str, go: str) -> None:
    assert go_duration(text) == go


def test_one_dashboard_can_be_built_alone_in_every_layout(project: Project) -> None:
    report = project.build(only=frozenset({"plain"}))
    assert [record for record in report.created if "deep" in record] == []
    assert "kubernetes/sidecar/dashboards/dashboard-plain.yaml" in report.created
    assert "git-sync/plain.json" in report.created


def test_layouts_can_be_chosen_for_one_build(project: Project) -> None:
    project.write("dashgen.yaml", "specs: [specs]\n")
    assert project.run("build").code == 0
    assert not (project.output / "kubernetes").exists()
    assert project.run("build", "--layout", "sidecar", "--layout", "git-sync").code == 0
    assert sorted(path.name for path in (project.output / "kubernetes").iterdir()) == ["sidecar"]
    assert (project.output / "git-sync/plain.json").exists()
    assert project.run("build", "--check", "--layout", "git-sync", "--layout", "sidecar").code == 0
    assert "no spec builds this any more" in project.run("build", "--check").out


def test_a_difference_is_told_once_and_where_it_is_carried(project: Project) -> None:
    built(project)
    project.write(
        "specs/all.yaml", SPECS.replace("title: Plain", "title: Plainer").replace("below 1", "below 2")
    )
    lines = project.run("build", "--check").out.splitlines()
    carried = [line.partition(":")[0] for line in lines if line.endswith("differs as what it carries does")]
    assert carried == [
        "generated/git-sync/plain.json",
        "generated/kubernetes/operator/dashboards/plain.yaml",
        f"generated/kubernetes/operator/rules/{resource_name('Shop Health')}.yaml",
        "generated/kubernetes/prometheus-rules/shop-health.yaml",
        "generated/kubernetes/sidecar/alerting-rules.yaml",
        "generated/kubernetes/sidecar/dashboards/dashboard-plain.yaml",
    ]
    diff = project.run("diff").out
    assert diff.count("Plainer") == 1
    project.write(
        "dashgen.yaml", f"specs: [specs]\n{LAYOUTS}".replace("namespace: monitoring", "namespace: other")
    )
    assert "metadata.namespace: monitoring → other" in project.run("diff").out


def test_a_file_that_nobody_builds_is_reported(project: Project) -> None:
    built(project)
    project.write("generated/git-sync/foreign.json", "{}")
    assert "foreign.json" in project.run("build", "--check").out


def test_a_contact_point_that_notifies_nobody_is_reported_once(project: Project) -> None:
    project.write("specs/all.yaml", SPECS.replace("contact_points:\n", "contact_points:\n  nobody: {}\n"))
    rules = [one.rule for one in project.build().diagnostics if one.rule != "folder/nested"]
    assert rules == ["notification/receiver"]


FOLDERS = """
kind: Dashboard
uid: a
title: A
folder: "Shop 🛒/50% off"
panels: [{title: Up, query: up}]
---
kind: Dashboard
uid: b
title: B
folder: 日本
panels: [{title: Up, query: up}]
---
kind: DataSources
datasources: {prometheus: {url: "http://p:9090"}}
"""


def test_directories_of_git_sync_have_the_characters_that_grafana_takes(project: Project) -> None:
    project.write("dashgen.yaml", "specs: [specs]\nkubernetes: {layouts: [git-sync]}\n")
    project.write("specs/all.yaml", FOLDERS)
    project.build()
    paths = [path for path in project.files() if path.startswith("git-sync/")]
    # validPathPattern of Grafana's safepath.
    assert [path for path in paths if not re.fullmatch(r"[a-zA-Z0-9 /_.-]+", path)] == []
    assert paths == sorted(["git-sync/shop/_folder.json", "git-sync/shop/shop-50-off/_folder.json",
        "git-sync/shop/shop-50-off/a.json", *(path for path in paths if "/folder-" in path)])  # fmt: skip
    assert json.loads(project.files()["git-sync/shop/_folder.json"])["spec"] == {"title": "Shop 🛒"}


@pytest.mark.parametrize("layout", ["git-sync", "operator"])
def test_two_folders_with_one_uid_are_reported(project: Project, layout: str) -> None:
    project.write("dashgen.yaml", f"specs: [specs]\nkubernetes: {{layouts: [{layout}]}}\n")
    project.write("specs/all.yaml", FOLDERS.replace("日本", "shop").replace('"Shop 🛒/50% off"', "Shop!"))
    found = [one for one in project.build().diagnostics if one.rule == "folder/duplicate"]
    assert [one.message for one in found] == ["the folders `Shop!` and `shop` would both have the uid `shop`"]


def test_folders_deeper_than_git_sync_nests_them_are_reported(project: Project) -> None:
    project.write("dashgen.yaml", "specs: [specs]\nkubernetes: {layouts: [git-sync]}\n")
    project.write("specs/all.yaml", FOLDERS.replace("日本", "a/b/c/d/e"))
    found = [one for one in project.build().diagnostics if one.rule == "folder/depth"]
    assert [one.message for one in found] == [
        "Git Sync nests folders 4 levels deep, and `a/b/c/d/e` is deeper"
    ]


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ("namespace: My Shop", "3:14"),
        ("labels: {team: a b}", "3:18"),
        ("labels: {a/b/c: x}", "3:11"),
        ("rule_labels: {release: '-x'}", "3:26"),
        ("operator: {secret: My_Secret}", "3:22"),
        ("operator: {resync: often}", "3:22"),
        ("layouts: [sidecar, helm]", "3:22"),
    ],
)
def test_settings_that_kubernetes_would_refuse_are_found_in_the_project_file(
    project: Project, settings: str, place: str
) -> None:
    project.write("dashgen.yaml", f"specs: [specs]\nkubernetes:\n  {settings}\n")
    found = [one for one in project.build().diagnostics if one.rule == "spec/value"]
    assert len(found) == 1, found
    assert str(found[0].location).startswith(f"dashgen.yaml:{place}")


def test_what_a_controller_would_drop_is_reported_at_its_line(project: Project) -> None:
    # Grafana's provisioning knows the key, and the operator's resource has none of its name.
    project.write(
        "specs/all.yaml",
        SPECS.replace("    default: true\n", "    default: true\n    raw: {withCredentials: true}\n"),
    )
    found = [one for one in project.build().diagnostics if one.rule.startswith("kubernetes/")]
    assert [(one.rule, str(one.location)) for one in found] == [
        ("kubernetes/unknown-key", "specs/all.yaml:7:11")
    ]
    assert "Kubernetes drops it" in found[0].message

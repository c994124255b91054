"""A scaler becomes a resource of KEDA or of Kubernetes, and what is wrong with it is found in the spec."""

import json
from pathlib import Path

import jsonschema
import pytest

from dashgen.check.kubernetes.resource_kinds import API_VERSIONS
from dashgen.check.kubernetes.resource_schemas import resource_schema
from dashgen.core.diagnostics import Severity
from dashgen.formats.panel_tree import located_panels
from tests.project.project import run

from .scaling_project import findings, loaded, scaler, scaling_project

KEDA, HPA = "kubernetes/keda/shop.yaml", "kubernetes/hpa/shop.yaml"
FULL = """
    target: {kind: StatefulSet, name: shop, namespace: prod, container: app}
    activation: 5
    replicas: {min: 0, max: 10}
    polling: 1m
    cooldown: 10m
    up: {stabilization: 0s, choose: max, policies: [{pods: 4, every: 1m}, {percent: 100, every: 30s}]}
    down: {stabilization: 10m, choose: min, policies: [{percent: 10, every: 2m}]}
    fallback: {replicas: 3, failures: 5, behavior: current_replicas_if_higher}
    server: http://prometheus.monitoring:9090/
    headers: {X-Scope-OrgID: shop}
    auth: {mode: bearer, secret: {name: login, keys: {bearerToken: token}}}
    labels: {team: shop}
"""


def test_a_scaler_becomes_a_scaled_object(tmp_path: Path) -> None:
    project = scaling_project(tmp_path, scaler(FULL))
    assert findings(project) == []
    assert loaded(project, KEDA) == {
        "apiVersion": "keda.sh/v1alpha1",
        "kind": "ScaledObject",
        "metadata": {
            "name": "shop",
            "namespace": "prod",
            "labels": {"app.kubernetes.io/managed-by": "dashgen", "team": "shop"},
        },
        "spec": {
            "scaleTargetRef": {
                "apiVersion": "apps/v1",
                "kind": "StatefulSet",
                "name": "shop",
                "envSourceContainerName": "app",
            },
            "pollingInterval": 60,
            "cooldownPeriod": 600,
            "minReplicaCount": 0,
            "maxReplicaCount": 10,
            "fallback": {"failureThreshold": 5, "replicas": 3, "behavior": "currentReplicasIfHigher"},
            "advanced": {
                "horizontalPodAutoscalerConfig": {
                    "behavior": {
                        "scaleUp": {
                            "stabilizationWindowSeconds": 0,
                            "selectPolicy": "Max",
                            "policies": [
                                {"type": "Pods", "value": 4, "periodSeconds": 60},
                                {"type": "Percent", "value": 100, "periodSeconds": 30},
                            ],
                        },
                        "scaleDown": {
                            "stabilizationWindowSeconds": 600,
                            "selectPolicy": "Min",
                            "policies": [{"type": "Percent", "value": 10, "periodSeconds": 120}],
                        },
                    }
                }
            },
            "triggers": [
                {
                    "type": "prometheus",
                    "name": "load",
                    "metricType": "AverageValue",
                    "metadata": {
                        "serverAddress": "http://prometheus.monitoring:9090",
                        "query": "shop:requests:rate5m * 60",
                        "threshold": "60",
                        "activationThreshold": "5",
                        "ignoreNullValues": "false",
                        "customHeaders": "X-Scope-OrgID=shop",
                        "authModes": "bearer",
                    },
                    "authenticationRef": {"kind": "TriggerAuthentication", "name": "shop"},
                }
            ],
        },
    }
    authentication = loaded(project, "kubernetes/keda/shop-auth.yaml")
    keys = [{"parameter": "bearerToken", "name": "login", "key": "token"}]
    assert authentication["spec"] == {"secretTargetRef": keys}
    text = (project.output / KEDA).read_text("utf-8")
    assert "there are 3 replicas (currentReplicasIfHigher) after 5 failures" in text


def test_a_scaler_becomes_an_autoscaler_with_the_rule_that_serves_its_load(tmp_path: Path) -> None:
    project = scaling_project(
        tmp_path, scaler("threshold: 0.25\noutput: hpa\nrecord: shop:requests:rate5m\n-query")
    )
    assert findings(project) == []
    assert not (project.output / KEDA).exists()
    spec = loaded(project, HPA)["spec"]
    metric = {"metric": {"name": "shop_load"}, "target": {"type": "AverageValue", "averageValue": "250m"}}
    assert spec == {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "shop"},
        "minReplicas": 1,
        "maxReplicas": 10,
        "metrics": [{"type": "External", "external": metric}],
    }
    adapter = loaded(project, "kubernetes/hpa/prometheus-adapter.yaml")
    assert json.dumps(adapter["data"]) == json.dumps(
        {
            "config.yaml": "externalRules:\n"
            "  - seriesQuery: '{__name__=\"shop:requests:rate5m\"}'\n"
            "    resources:\n      namespaced: false\n    name:\n      matches: ^.*$\n      as: shop_load\n"
            "    metricsQuery: shop:requests:rate5m\n"
        }
    )


@pytest.mark.parametrize("changes", ["", FULL, "output: both\nthreshold: 0.0015", "output: hpa"])
def test_what_is_built_fits_the_schemas_of_the_controllers(tmp_path: Path, changes: str) -> None:
    project = scaling_project(tmp_path, scaler(changes))
    assert findings(project) == []
    checked = 0
    for path in sorted((project.output / "kubernetes").rglob("*.yaml")):
        data = loaded(project, path.relative_to(project.output).as_posix())
        if data["kind"] in API_VERSIONS:
            assert data["apiVersion"] == API_VERSIONS[data["kind"]]
            jsonschema.validate({"spec": data["spec"]}, resource_schema(data["kind"]))
            checked += 1
    assert checked
    assert project.run("validate", "generated", "--strict").code == 0


def test_the_strict_schemas_refuse_what_the_controllers_do_not_know() -> None:
    for kind in API_VERSIONS:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({"spec": {"nonsense": 1}}, resource_schema(kind))


# Changes of the scaler, and what is found: rule, line and column, a part of the message.
FAULTS: list[tuple[str, str, str]] = [
    ("threshold: 0", "scaler/threshold 5:12", "one replica cannot take 0"),
    ("threshold: -3", "scaler/threshold 5:12", "one replica cannot take -3"),
    ("threshold: .inf", "spec/type 5:12", "expected a number"),
    ("replicas: {min: 5, max: 3}", "scaler/replicas 6:17", "at least 5 and at most 3"),
    ("replicas: {min: 3, max: 3}", "scaler/replicas 6:25", "nothing is scaled"),
    ("replicas: {min: 0, max: 3}\noutput: hpa", "scaler/replicas 6:17", "cannot stop a workload"),
    ("replicas: {min: -1, max: 3}", "spec/value 6:17", "-1"),
    ("activation: 80\nreplicas: {min: 0, max: 3}", "scaler/activation 7:13", "stops the workload"),
    ("activation: 5", "scaler/ineffective 7:1", "nothing is ever stopped"),
    ("cooldown: 5m", "scaler/ineffective 7:1", "nothing is ever stopped"),
    ("activation: 5\noutput: hpa", "scaler/ineffective 7:1", "a HorizontalPodAutoscaler has none"),
    ("fallback: {replicas: 2}\noutput: hpa", "scaler/ineffective 7:1", "`fallback` has no effect"),
    ("fallback: {replicas: 20}", "scaler/replicas 7:22", "more than `max`"),
    ("polling: 500ms", "scaler/duration 7:10", "whole seconds"),
    ("polling: 0s", "scaler/duration 7:10", "too short"),
    ("polling: 1m1h", "scaler/duration 7:10", "not a duration"),
    ("polling: soon", "spec/value 7:10", "a duration"),
    ("down: {stabilization: 2h}", "scaler/duration 7:23", "longer than Kubernetes takes"),
    ("down: {stabilization: 0s}", "scaler/flapping 7:23", "come and go"),
    ("up: {policies: [{every: 1m}]}", "scaler/policy 7:17", "either `pods` or `percent`"),
    ("up: {policies: [{pods: 1, percent: 2, every: 1m}]}", "scaler/policy 7:17", "either"),
    ("up: {policies: [{pods: 1, every: 31m}]}", "scaler/duration 7:34", "longer"),
    ("query: rate(requests_total[5m])", "scaler/series 4:8", "`requests_total` may have several series"),
    ("query: sum by (code) (rate(requests_total[5m]))", "scaler/series 4:8", "each value of `code`"),
    ("query: shop:requests:rate5m_by_code", "scaler/series 4:8", "each value of `code`"),
    ("query: shop:twice", "scaler/series 4:8", "several series"),
    ("query: time()", "scaler/series 4:8", "a number without a series"),
    ("query: requests_total[5m]", "scaler/series 4:8", "the values of a time"),
    ("query: sum(rate(requests_total[5m])", "query/syntax 4:", ""),
    ('query: sum(up{job=~"$job"})', "scaler/variable 4:8", "`$job` has no value"),
    ("query: ''", "scaler/query 4:8", "empty"),
    ("record: shop:requests:rate5m", "scaler/query 2:7", "either `query` or `record`"),
    ("-query", "scaler/query 2:7", "either `query` or `record`"),
    ("-query\nrecord: shop:requests:rate5", "scaler/record 6:9", "no rule of the project records"),
    ("-query\nrecord: shop:requests:rate5m_by_code", "scaler/series 6:9", "each value of `code`"),
    ("query: vector(3)\noutput: hpa", "scaler/query 4:8", "by a metric that it reads"),
    ("datasource: prometheu", "datasource/unknown 7:13", "no data source `prometheu`"),
    ("datasource: loki", "scaler/datasource 7:13", "`loki` is a loki"),
    ("datasource: hidden", "scaler/server 2:7", "in Grafana's environment"),
    ("datasource: prometheus/abc", "scaler/server 2:7", "no spec has the address"),
    ("datasource: login", "scaler/auth 2:7", "the scaler does not"),
    ("server: prometheus:9090", "scaler/server 7:9", "not one of HTTP"),
    ("server: http://me:secret@p:9090", "secret/plain-text 7:9", "has a login"),
    ("headers: {Authorization: Bearer x}", "secret/plain-text 7:26", "plain text"),
    ("headers: {X-Tenants: 'a,b'}", "scaler/header 7:22", "commas"),
    ("auth: {mode: bearer}", "scaler/auth 7:7", "either `reference` or `secret`"),
    ("auth: {mode: bearer, secret: {name: a, keys: {token: t}}}", "scaler/auth 7:47", "no `token`"),
    ("auth: {mode: basic, secret: {name: a, keys: {username: t}}}", "scaler/auth 7:45", "`password`"),
    ("auth: {mode: magic, reference: a}", "spec/value 7:14", "magic"),
    ("panel: shp/requests", "scaler/panel 7:8", "no dashboard `shp`"),
    ("panel: shop/request", "scaler/panel 7:8", "no panel `request`"),
    ("replicas_panel: true", "scaler/panel 7:17", "there is none"),
    ("name: My_Shop", "spec/value 2:7", "a name of Kubernetes"),
    ("target: shop", "spec/", ""),
    ("target: cronjob/shop", "spec/", ""),
    ("thresold: 5", "spec/unknown-key 7:1", "thresold"),
    ("raw: {spec: {maxReplicas: 5}}", "kubernetes/unknown-key 7:14", "Kubernetes drops it"),
    ("raw: {spec: {pollingInterval: fast}}", "kubernetes/wrong-type 7:31", "pollingInterval"),
    ("raw: {metadata: {labels: {team: 'a b'}}}", "kubernetes/label 7:33", "Kubernetes refuses"),
    ("labels: {team: 'a b'}", "spec/value 7:16", "a label of Kubernetes"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "place", "message"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_what_is_wrong_is_found_at_its_place(tmp_path: Path, changes: str, place: str, message: str) -> None:
    project = scaling_project(tmp_path, scaler(changes))
    shown = [
        f"{one.rule} {one.location.span.line}:{one.location.span.column} {one.message}"
        for one in findings(project)
        if one.location and one.location.span
    ]
    assert len(shown) == 1, shown
    assert shown[0].startswith(place)
    assert message in shown[0]


@pytest.mark.parametrize(
    "query",
    [
        "shop:requests:rate5m",
        "shop:requests:rate5m * 60",
        "max_over_time(shop:requests:rate5m[10m])",
        "shop:requests:rate5m offset 5m",
        'shop:requests:rate5m{job="x"}',
        "sum(rate(requests_total[5m])) or vector(0)",
        "topk(1, requests)",
        "histogram_quantile(0.95, sum by (le) (rate(requests_bucket[5m])))",
        "shop:lines * 60",
        "absent(up)",
        "sum(a) / scalar(sum(b))",
    ],
)
def test_a_load_of_one_series_is_fine(tmp_path: Path, query: str) -> None:
    assert findings(scaling_project(tmp_path, scaler(f"query: {json.dumps(query)}"))) == []


def test_an_alert_that_fires_before_replicas_are_added_is_reported(tmp_path: Path) -> None:
    # 60 queries a minute are one a second, and three replicas take three.
    rules = """
        kind: AlertRules
        group: alerts
        folder: Shop
        rules:
          - {alert: Early, query: "sum(rate(requests_total[5m]))", when: above 2.5}
          - {alert: Late, query: "sum(rate(requests_total[5m]))", when: above 3.5}
          - {alert: Other, query: "sum(rate(errors_total[5m]))", when: above 0.1}
          - {alert: Low, query: "sum(rate(requests_total[5m]))", when: below 0.1}
    """
    project = scaling_project(tmp_path, scaler("replicas: {min: 3, max: 9}"), more=rules)
    shown = [(one.rule, one.message) for one in findings(project)]
    assert shown == [
        (
            "scaler/alert",
            "the alert `Early` fires above 150 already, and replicas are added above 180",
        )
    ]


def test_two_scalers_of_one_name_or_workload_are_refused(tmp_path: Path) -> None:
    other = scaler("name: other").replace("deployment/", "Deployment/")
    project = scaling_project(tmp_path, scaler(), other, scaler("target: deployment/cart"))
    rules = {(one.rule, one.message.partition(":")[0]) for one in findings(project)}
    assert rules == {
        ("scaler/duplicate", "`shop` scales `Deployment/shop` already"),
        ("scaler/duplicate", "two scalers are called `shop`"),
    }


def panels(path: Path) -> dict[str, dict[str, object]]:
    """The panels of a dashboard by title."""
    data = json.loads((path / "generated/dashboards/Shop/shop.json").read_text("utf-8"))
    return {panel["title"]: panel for _, panel in located_panels(data["panels"])}


def test_the_load_and_its_lines_are_drawn_on_the_panel(tmp_path: Path) -> None:
    project = scaling_project(tmp_path, scaler("panel: shop/requests\nreplicas: {min: 2, max: 10}"))
    assert findings(project) == []
    panel = panels(tmp_path)["Requests"]
    config: dict[str, dict[str, object]] = panel["fieldConfig"]  # type: ignore[assignment]
    assert config["defaults"]["thresholds"] == {
        "mode": "absolute",
        "steps": [
            {"color": "green", "value": None},
            {"color": "blue", "value": 120},
            {"color": "orange", "value": 600},
        ],
    }
    assert config["defaults"]["custom"]["thresholdsStyle"] == {"mode": "line"}  # type: ignore[index]
    target = panel["targets"][1]  # type: ignore[index]
    assert (target["expr"], target["legendFormat"], target["refId"]) == (
        "shop:requests:rate5m * 60", "Load for shop", "scaler_shop",
    )  # fmt: skip
    properties = {one["id"]: one["value"] for one in config["overrides"][0]["properties"]}  # type: ignore[index]
    assert properties["custom.lineStyle"] == {"fill": "dash", "dash": [10, 10]}


def test_a_panel_that_shows_just_the_load_gets_only_the_lines(tmp_path: Path) -> None:
    query = "sum by (code) (rate(requests_total[5m])) * 60"
    assert query in scaling_project(tmp_path, scaler()).write("x", query).read_text("utf-8")
    project = scaling_project(tmp_path, scaler("panel: shop/other\nquery: sum(up)"))
    project.write(
        "specs/shop.yaml",
        (tmp_path / "specs/shop.yaml")
        .read_text("utf-8")
        .replace("Other, query: up", "Other, query: sum(up)"),
    )
    assert findings(project) == []
    panel = panels(tmp_path)["Other"]
    assert len(panel["targets"]) == 1  # type: ignore[arg-type]
    assert len(panel["fieldConfig"]["defaults"]["thresholds"]["steps"]) == 3  # type: ignore[index]


def test_the_replicas_that_the_load_means_are_a_panel_of_the_row(tmp_path: Path) -> None:
    project = scaling_project(tmp_path, scaler("panel: shop/requests\nreplicas_panel: Copies"))
    assert findings(project) == []
    shown = panels(tmp_path)
    assert list(shown) == ["Above", "Traffic", "Requests", "Other", "Copies"]
    target = shown["Copies"]["targets"][0]  # type: ignore[index]
    assert target["expr"] == "clamp(ceil((shop:requests:rate5m * 60) / 60), 1, 10)"
    assert project.run("explain", "shop/replicas-shop").code == 0


def test_a_load_in_another_unit_than_the_panel_is_reported(tmp_path: Path) -> None:
    project = scaling_project(tmp_path, scaler("panel: shop/requests\nquery: shop:requests:rate5m"))
    (finding,) = findings(project)
    assert (finding.rule, finding.severity) == ("scaler/unit", Severity.WARNING)
    assert "is per 1 s, and this panel's unit, `reqpm`, is per 60 s" in finding.message


def test_environments_loops_and_removal_work_as_for_other_kinds(tmp_path: Path) -> None:
    settings = """
        outputs: per-environment
        kubernetes: {namespace: shop}
        environments:
          prod: {}
          stage: {namespace: shop-stage, uid_prefix: stage-}
    """
    text = scaler("panel: shop/requests") + (
        "overlays: {stage: {replicas: {max: 2}}}\nfor_each: {part: [a, b]}\n"
    )
    text = text.replace("name: shop", "name: shop-${{ part }}").replace(
        "deployment/shop", "deployment/${{ part }}"
    )
    project = scaling_project(tmp_path, text, settings=settings)
    assert project.run("build").code == 0
    stage = loaded(project, "stage/kubernetes/keda/shop-a.yaml")
    assert stage["metadata"]["namespace"] == "shop-stage"
    assert stage["spec"]["maxReplicaCount"] == 2
    assert loaded(project, "prod/kubernetes/keda/shop-b.yaml")["metadata"]["namespace"] == "shop"
    project.write("specs/scaler.yaml", text.replace("[a, b]", "[b]"))
    changed = project.run("build", "--check")
    assert "prod/kubernetes/keda/shop-a.yaml: no spec builds this any more" in changed.out
    assert project.run("build").code == 0
    assert not (project.output / "prod/kubernetes/keda/shop-a.yaml").exists()
    assert project.run("build", "--check").code == 0


def test_the_commands_know_scalers(tmp_path: Path) -> None:
    project = scaling_project(tmp_path, scaler("output: both"))
    assert "1 scaler" in project.run("build").out
    assert "Deployment/shop" in project.run("list", "scaler").out
    assert '"Scaler"' in run("schema").out
    assert "load" in project.run("impact", "datasource:prometheus").out
    assert "ScaledObject" in run("schema", "scaler").out


def test_explain_says_what_a_scaler_draws(tmp_path: Path) -> None:
    project = scaling_project(tmp_path, scaler("panel: shop/requests"))
    text = project.run("explain", "shop/requests").out
    assert "the load of the scaler `shop`" in text
    assert "its `panel:` leads here, specs/scaler.yaml:7:8" in text
    assert "blue from 60, orange from 600" in text


def test_a_series_that_only_a_scaler_reads_is_read(tmp_path: Path) -> None:
    lint = "lint: {preset: strict}\n"
    rules = """
        kind: AlertRules
        group: load
        folder: Shop
        rules: [{record: "shop:load", query: "sum(rate(requests_total[5m]))"}]
    """
    unread = "nothing in the project reads `shop:load`"
    project = scaling_project(tmp_path, scaler(), more=rules, settings=lint)
    assert unread in project.run("lint").out
    project.write("specs/scaler.yaml", scaler("-query\nrecord: shop:load"))
    assert unread not in project.run("lint").out


def test_what_a_scaler_brings_to_a_panel_is_no_finding_of_the_panel(tmp_path: Path) -> None:
    lint = "lint: {preset: strict}\n"
    before = scaling_project(tmp_path / "a", scaler(), settings=lint).run("lint").out
    after = scaling_project(tmp_path / "b", scaler("panel: shop/requests"), settings=lint).run("lint").out
    assert before.count("specs/shop.yaml") == after.count("specs/shop.yaml")


def test_a_scaler_of_a_dashboard_that_does_not_read_is_not_reported_twice(tmp_path: Path) -> None:
    project = scaling_project(tmp_path, scaler("panel: shop/requests"))
    project.write("specs/shop.yaml", "kind: Dashboard\nuid: shop\ntitle: [\n")
    assert {one.rule.partition("/")[0] for one in findings(project)} == {"yaml"}


def test_two_projects_with_scalers_build_to_the_same_bytes(tmp_path: Path) -> None:
    texts = (
        scaler(FULL),
        scaler("name: other\ntarget: deployment/other\noutput: both\npanel: shop/requests"),
    )
    one, two = scaling_project(tmp_path / "a", *texts), scaling_project(tmp_path / "b", *reversed(texts))
    one.build()
    two.build(processes=2)
    left, right = one.files(), two.files()
    del left["dashgen.lock.json"], right["dashgen.lock.json"]
    spec = b"specs/scaler.yaml", b"specs/scaler1.yaml"
    strip = {path: text.replace(spec[1], spec[0]) for path, text in left.items()}
    assert {path: text.replace(spec[1], spec[0]) for path, text in right.items()} == strip


@pytest.mark.parametrize("kind", ["stat", "gauge", "table", "bargauge", "text", "logs"])
def test_a_panel_without_lines_keeps_its_queries(tmp_path: Path, kind: str) -> None:
    project = scaling_project(tmp_path, scaler("panel: shop/other\nquery: sum(up)"))
    text = (tmp_path / "specs/shop.yaml").read_text("utf-8")
    other = "content: x" if kind == "text" else "query: up"
    project.write("specs/shop.yaml", text.replace("Other, query: up", f"Other, type: {kind}, {other}"))
    assert [one for one in findings(project) if one.severity is Severity.ERROR] == []
    assert len(panels(tmp_path)["Other"].get("targets", [])) <= 1  # type: ignore[arg-type]

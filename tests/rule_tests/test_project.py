"""The tests of a project run in every environment, once for each set of rules."""

import shutil
from pathlib import Path

import pytest

from dashgen.project.rule_tests.run_tests import Programs
from dashgen.project.rule_tests.tested_project import compile_environments, run_project_tests
from tests.conftest import Promtool

PROJECT = """
specs: [specs]
vars: {limit: 1}
environments:
  stage: {vars: {limit: 1}}
  prod: {vars: {limit: 5}}
"""
SPECS = """
kind: DataSources
datasources: {prometheus: {url: "http://prometheus:9090", default: true}}
---
kind: AlertRules
group: queue
folder: Queue
rules:
  - alert: Full
    query: queue_depth
    when: above ${{ limit }}
    tests:
      - {name: fires above one, series: {queue_depth: 3x10}, fires_at: 5m}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "specs").mkdir()
    (tmp_path / "dashgen.yaml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "specs/all.yaml").write_text(SPECS, encoding="utf-8")
    return tmp_path


@pytest.mark.external
def test_environments_with_the_same_rules_share_a_run_and_the_others_have_their_own(
    project: Path, promtool: Promtool
) -> None:
    del promtool
    program = Path(shutil.which("promtool") or "")
    runs = run_project_tests(project, compile_environments(project, None), (), Programs(program))
    assert [(run.environments, run.report.failed) for run in runs] == [([None, "stage"], 0), (["prod"], 1)]
    (finding,) = runs[1].report.diagnostics
    assert finding.hint == "it never fires up to 10m"


def test_one_environment_is_compiled_when_it_is_named(project: Path) -> None:
    assert list(compile_environments(project, "prod")) == ["prod"]


def test_a_project_with_an_output_for_each_environment_is_not_tested_without_one(project: Path) -> None:
    text = PROJECT + "outputs: per-environment\n"
    (project / "dashgen.yaml").write_text(text, encoding="utf-8")
    assert list(compile_environments(project, None)) == ["stage", "prod"]


ROUTES = """
---
kind: Notifications
contact_points: {ops: {email: a@example.com}, shop: {email: b@example.com}}
policies:
  contact_point: ops
  routes: [{match: {queue: "${{ 'slow' if limit > 1 else 'none' }}"}, contact_point: shop}]
"""


def test_environments_whose_alerts_notify_others_have_runs_of_their_own(project: Path) -> None:
    text = SPECS.replace("query: queue_depth", "query: sum by (queue) (queue_depth)").replace(
        "above ${{ limit }}", "above 1\n    labels: {queue: slow}"
    )
    (project / "specs/all.yaml").write_text(text + ROUTES, encoding="utf-8")
    runs = run_project_tests(project, compile_environments(project, None), (), Programs())
    assert [(run.environments, run.routes) for run in runs] == [
        ([None, "stage"], {"full": "ops"}),
        (["prod"], {"full": "shop"}),
    ]


def test_of_an_alert_that_the_specs_send_nowhere_no_route_is_told(project: Path) -> None:
    (run,) = run_project_tests(project, compile_environments(project, "prod"), (), Programs())
    assert run.routes == {"full": ""}

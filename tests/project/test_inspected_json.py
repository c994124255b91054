"""An inspected dashboard has the JSON that a build writes, however often it is asked for."""

import json

import pytest

from dashgen.project.build import BuildOptions, build
from dashgen.project.inspection import inspect_project

SPECS = """\
kind: DataSources
datasources: {prometheus: {url: "http://p:9090", default: true}}
---
kind: Dashboard
uid: shop
title: Shop
folder: Sales
links: [{dashboard: shop}]
panels:
  - {title: Load, query: "sum(rate(orders_total[5m]))"}
---
kind: Scaler
name: shop
target: deployment/shop
query: sum(rate(orders_total[5m]))
threshold: 5
replicas: {min: 1, max: 4}
panel: shop/load
replicas_panel: Replicas
"""
PROJECT = """\
specs: [specs]
defaults: {dashboard: {tags: [shop], links: [{title: Docs, url: "https://docs.example.com"}]}}
environments: {stage: {uid_prefix: stage-, folder_prefix: "Stage - "}}
"""


@pytest.mark.parametrize("environment", [None, "stage"])
def test_the_json_of_an_inspected_dashboard_is_that_of_the_build(tmp_path, environment):
    (tmp_path / "specs").mkdir()
    (tmp_path / "dashgen.yaml").write_text(PROJECT)
    (tmp_path / "specs/shop.yaml").write_text(SPECS)
    report = build(BuildOptions(tmp_path, environment=environment))
    assert not report.failed, report.diagnostics
    (written,) = (tmp_path / "generated/dashboards").rglob("*.json")
    inspection = inspect_project(tmp_path, environment)
    (dashboard,) = inspection.dashboards
    for _ in range(3):
        assert inspection.json_of(dashboard) == json.loads(written.read_text())

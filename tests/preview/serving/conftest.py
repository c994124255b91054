"""A small project, whose spec tests change."""

import pytest

SPEC = """\
kind: DataSources
datasources:
  prometheus: {url: "http://prometheus:9090", default: true}
---
kind: Metrics
metrics:
  shop_orders_total: {type: counter, help: Orders placed., labels: {status: [paid, failed]}}
---
kind: Dashboard
uid: shop
title: Shop
variables:
  - {name: status, type: custom, values: [paid, failed]}
panels:
  - title: Orders
    query: sum(rate(shop_orders_total{status=~"$status"}[5m]))
"""


@pytest.fixture
def spec(tmp_path):
    """The only spec file of a project."""
    (tmp_path / "dashgen.yaml").write_text("specs: [specs]\n")
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/shop.yaml").write_text(SPEC)
    return tmp_path / "specs/shop.yaml"

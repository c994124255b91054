"""A data source is named by alias, uid, built-in word or variable, and an alias may mean another one elsewhere."""

import pytest

from dashgen.compile.settle.settle_data_sources import DASHBOARD, GRAFANA, MIXED, Sources
from dashgen.model.data_source_spec import DataSourceRef
from dashgen.model.variable_spec import DatasourceVariable
from tests.settle.settling import KNOWN, LOKI, PROMETHEUS

SOURCES = Sources(KNOWN, default="prometheus").with_variables(
    [DatasourceVariable(name="ds", plugin="prometheus")]
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("prometheus", PROMETHEUS), ("prom", PROMETHEUS), ("loki", LOKI), ("grafana", GRAFANA), ("-- Grafana --", GRAFANA),
        ("mixed", MIXED), ("dashboard", DASHBOARD), ("$ds", DataSourceRef("prometheus", "${ds}")), ("${ds}", DataSourceRef("prometheus", "${ds}")),
        ("$other", None), ("nope", None), ("", None), ("mysql/P12_3", DataSourceRef("mysql", "P12_3")),
        ("prometheus/Prometheus of the shop", DataSourceRef("prometheus", "Prometheus of the shop")),
        ("prometheus/prom", PROMETHEUS), ("mysql/prom", None), ("mysql/$ds", None), ("mysql/", None), ("/x", None),
    ],
)  # fmt: skip
def test_a_name_means_one_data_source_or_none(name: str, expected: DataSourceRef | None) -> None:
    assert SOURCES.find(name) == expected


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("prometeus", "did you mean `prometheus`?"),
        ("$other", "add a variable of `type: datasource` with this name"),
        ("mysql/prom", "the data source `prom` is of type prometheus: write `prom`"),
    ],
)
def test_an_unknown_name_comes_with_what_to_do(name: str, hint: str) -> None:
    assert SOURCES.hint(name) == hint

from dashgen.model.data_source_spec import DataSourceRef, DataSources, data_source_refs, placed_data_sources
from tests.alert_support import documents, said


def test_alias_lower_case_name_and_uid_all_mean_the_data_source() -> None:
    refs, problems = data_source_refs(
        documents(
            DataSources,
            """
            kind: DataSources
            datasources:
              - {name: My Metrics, alias: metrics, type: prometheus, uid: prom-1}
              - {name: Loki, type: loki}
            """,
        )
    )
    metrics = DataSourceRef("prometheus", "prom-1")
    loki = DataSourceRef("loki", "loki")
    assert refs == {"metrics": metrics, "my metrics": metrics, "prom-1": metrics, "loki": loki}
    assert problems == []


def test_the_key_of_a_map_is_name_alias_uid_and_type() -> None:
    (item,) = placed_data_sources(
        documents(DataSources, "kind: DataSources\ndatasources:\n  prometheus: {url: http://p:9090}\n")
    )
    assert (item.name, item.type, item.uid) == ("prometheus", "prometheus", "prometheus")


def test_two_data_sources_of_one_name_are_reported_with_both_places() -> None:
    text = (
        "kind: DataSources\ndatasources:\n  - {name: Prom, type: prometheus}\n  - {name: prom, type: loki}\n"
    )
    refs, problems = data_source_refs(documents(DataSources, text))
    assert refs["prom"].type == "prometheus"
    assert said(problems) == [
        "datasource/duplicate two data sources are called `prom` | give one of them another name, alias and uid"
    ]
    assert str(problems[0].related[0].location) == "specs/test.yaml:3:5"

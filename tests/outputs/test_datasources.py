from pathlib import Path
from typing import Any

import pytest
import yaml

from dashgen.compile.outputs.data_source_files import data_sources
from dashgen.compile.outputs.provisioning_file import Tombstone
from dashgen.model.data_source_spec import DataSources, data_source_refs
from tests import golden
from tests.alert_support import documents, pointed_at, said

HERE = Path(__file__).parent
SPEC = (HERE / "datasources.yaml").read_text(encoding="utf-8")


def built(text: str, tombstones: tuple[Tombstone, ...] = ()) -> tuple[dict[str, Any], list[Any]]:
    found = documents(DataSources, text)
    artifacts, problems = data_sources(found, data_source_refs(found)[0], tombstones)
    return (yaml.safe_load(artifacts[0].content) if artifacts else {}), problems


def test_the_file_is_as_recorded() -> None:
    found = documents(DataSources, SPEC)
    (artifact,), problems = data_sources(found, data_source_refs(found)[0])
    assert problems == []
    assert artifact.path == "provisioning/datasources/dashgen.yaml"
    assert [(r.kind, r.uid, r.title) for r in artifact.resources] == [
        ("datasource", "prometheus", "Prometheus"),
        ("datasource", "loki", "Loki"),
        ("datasource", "tempo", "Tempo"),
    ]
    golden.check(HERE / "golden" / "datasources.yaml", artifact.content.decode())


def test_grafanas_own_variables_are_doubled_and_the_environments_are_not() -> None:
    data, _ = built(SPEC)
    prometheus, loki, tempo = data["datasources"]
    assert prometheus["url"] == "$PROMETHEUS_URL"
    assert prometheus["secureJsonData"]["httpHeaderValue1"] == "${TENANT}"
    assert loki["jsonData"]["derivedFields"][0]["url"] == "$${__value.raw}"
    assert loki["jsonData"]["derivedFields"][1]["matcherRegex"] == '"user_id":"(\\w+)$$'
    assert (
        tempo["jsonData"]["tracesToLogsV2"]["query"] == '{$${__tags}} | json | trace_id="$${__span.traceId}"'
    )
    assert tempo["jsonData"]["tracesToMetrics"]["queries"][0]["query"] == "sum(rate(q_total{$$__tags}[5m]))"


@pytest.mark.parametrize(
    ("sources", "at", "finding"),
    [
        ("{prometheus: {exemplars: temp}, tempo: {}}", "temp", "datasource/unknown there is no data source `temp` | did you mean `tempo`?"),
        ("{tempo: {traces_to_logs: {to: lokki}}, loki: {}}", "lokki", "datasource/unknown there is no data source `lokki` | did you mean `loki`?"),
        ("{tempo: {service_map: prom}}", "prom", "datasource/unknown there is no data source `prom` | use one of: `tempo`"),
        ("{metrics: {}}", "{}", "datasource/type the data source `metrics` has no type | add `type:`, for example `type: prometheus`"),
        ("{a: {type: promethius}}", "promethius", "datasource/type there is no data source type `promethius` | did you mean `prometheus`?"),
        ("{loki: {default: true}, tempo: {default: true}}", "true", "datasource/default `loki` is the default already; with two Grafana does not start | keep `default: true` at one of them"),
        ("{loki: {derived_fields: [{name: x}]}}", "{name: x}", "datasource/derived-field the derived field `x` needs either `regex` or `label` | keep the one that finds the value"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_place(sources: str, at: str, finding: str) -> None:
    text = f"kind: DataSources\ndatasources: {sources}\n"
    _, problems = built(text)
    assert said(problems) == [finding]
    assert pointed_at(text, problems[0]) == at


@pytest.mark.parametrize(
    ("source", "at"),
    [
        ("{basic_auth: {user: u, password: hunter2}}", "hunter2"),
        ("{headers: {X-Scope-OrgID: hunter2}}", "hunter2"),
        ("{secure: {password: hunter2}}", "hunter2"),
        ("{tls: {key: hunter2}}", "hunter2"),
    ],
)
def test_a_secret_in_plain_text_is_refused_and_not_repeated(source: str, at: str) -> None:
    text = f"kind: DataSources\ndatasources: {{loki: {source}}}\n"
    _, (problem,) = built(text)
    assert problem.rule == "secret/plain-text"
    assert pointed_at(text, problem) == at
    assert "hunter2" not in problem.message + problem.hint


def test_other_plugins_need_no_knowledge_of_theirs() -> None:
    data, problems = built(
        "kind: DataSources\ndatasources:\n  - {name: X, type: some-other-datasource, raw: {version: 3}}\n"
    )
    assert problems == []
    assert data["datasources"] == [
        {
            "orgId": 1,
            "name": "X",
            "uid": "x",
            "type": "some-other-datasource",
            "access": "proxy",
            "editable": False,
            "version": 3,
        }
    ]


def test_removed_data_sources_are_deleted_by_name() -> None:
    dead = (
        Tombstone("datasource", "old", "Old $"),
        Tombstone("datasource", "loki", "Loki"),
        Tombstone("datasource", "nameless"),
    )
    data, _ = built("kind: DataSources\ndatasources: {loki: {name: Loki}}\n", dead)
    assert data["deleteDatasources"] == [{"name": "Old $$", "orgId": 1}]
    assert data["prune"] is True


def test_without_data_sources_there_is_no_file() -> None:
    assert built("") == ({}, [])

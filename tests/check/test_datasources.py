"""Files of data sources."""

from typing import Any

import pytest

from dashgen.core.diagnostics import Severity

from .conftest import Check, expect
from .samples import DASHBOARD, DATA_SOURCES, REMOVED, changed

_FILE = "provisioning/datasources/a.yaml"
_P = "datasources.0"
_L = "datasources.1"

BROKEN: list[tuple[str, str, Any, str, str]] = [
    ("version", "apiVersion", REMOVED, "provisioning/api-version", "an outdated format and drops the uid"),
    ("version in words", "apiVersion", 0, "provisioning/api-version", "has to be 1, not `0`"),
    ("file key", "dataSources", [], "provisioning/unknown-key", "unknown key `dataSources`"),
    ("key", f"{_P}.jsondata", {}, "provisioning/unknown-key", "unknown key `jsondata` in a data source"),
    ("old password", f"{_P}.basicAuthPassword", "x", "provisioning/unknown-key",
     "unknown key `basicAuthPassword`"),
    ("kind", f"{_P}.jsonData", "x", "provisioning/wrong-type", "`jsonData` has to be a mapping, not text"),
    ("no name", f"{_P}.name", REMOVED, "datasource/name", "no name"),
    ("no type", f"{_P}.type", REMOVED, "datasource/type", "no type"),
    ("unknown type", f"{_P}.type", "promethues", "datasource/type", "`promethues` is not a data source type"),
    ("no uid", "datasources.0.uid", REMOVED, "datasource/no-uid", "`Prometheus` has no uid"),
    ("bad uid", f"{_P}.uid", "a.b", "datasource/uid", "characters other than"),
    ("name twice", f"{_P}.name", "Loki", "datasource/duplicate-name", "`Loki` is defined twice"),
    ("uid twice", f"{_P}.uid", "loki", "datasource/duplicate-uid", "`loki` is used twice"),
    ("two defaults", f"{_L}.isDefault", True, "datasource/default", "Only one datasource per organization"),
    ("access", f"{_P}.access", "server", "datasource/access", "uses `proxy` instead"),
    ("no url", f"{_P}.url", REMOVED, "datasource/url", "without `url`"),
    ("password in the url", f"{_P}.url", "http://u:pw@prom", "secret/plain-text", "contains a password"),
    ("plain secret", f"{_L}.secureJsonData.basicAuthPassword", "pw", "secret/plain-text",
     "`basicAuthPassword` of data source `Loki`"),
    ("a single dollar", f"{_L}.jsonData.derivedFields.0.url", "${__value.raw}", "provisioning/dollar",
     "`${__value.raw}`"),
    ("derived field", f"{_L}.jsonData.derivedFields.0.datasourceUid", "temp", "datasource/unknown",
     "links to data source `temp`"),
    ("exemplars", f"{_P}.jsonData.exemplarTraceIdDestinations.0.datasourceUid", "x", "datasource/unknown",
     "`x`, which does not"),
    ("traces to logs", "datasources.2.jsonData", {"tracesToLogsV2": {"datasourceUid": "lokki"}},
     "datasource/unknown", "`lokki`"),
    ("deletion", "deleteDatasources", [{"orgId": 1}], "datasource/name", "to delete has no name"),
    ("long name", f"{_P}.name", "x" * 191, "name/too-long", "190 are allowed"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value", "rule", "fragment"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN]
)
def test_one_wrong_place_is_one_error(check: Check, path: str, value: Any, rule: str, fragment: str) -> None:
    sample = changed(DATA_SOURCES, path, value)
    if rule == "datasource/no-uid" or path.endswith("0.uid"):
        assert rule in {d.rule for d in check({_FILE: sample})}
    else:
        assert expect(check({_FILE: sample}), rule, fragment).severity is Severity.ERROR


FINE: list[tuple[str, str, Any]] = [
    ("a plugin", f"{_P}.type", "acme-things-datasource"),
    ("an address from the environment", f"{_P}.url", "http://${PROM_HOST}:9090"),
    ("a default from the environment", f"{_P}.isDefault", "$IS_DEFAULT"),
    ("a default in another organization", f"{_L}.orgId", 2),
    (
        "a doubled dollar in a query",
        "datasources.2.jsonData",
        {"tracesToLogsV2": {"datasourceUid": "loki", "query": "{$${__tags}}"}},
    ),
    ("no url for a database", f"{_P}.type", "grafana-postgresql-datasource"),
    ("a secret with a prefix", f"{_L}.secureJsonData.httpHeaderValue1", "Bearer $TOKEN"),
    ("a password from the environment", f"{_P}.url", "http://u:$PASSWORD@prom"),
    (
        "a link from the environment",
        "datasources.2.jsonData",
        {"tracesToLogsV2": {"datasourceUid": "$LOKI_UID"}},
    ),
]


@pytest.mark.parametrize(("path", "value"), [f[1:] for f in FINE], ids=[f[0] for f in FINE])
def test_what_grafana_takes_is_fine(check: Check, path: str, value: Any) -> None:
    sample = changed(DATA_SOURCES, path, value)
    assert check({_FILE: sample}) == []


def test_data_sources_are_unique_across_files(check: Check) -> None:
    other = {
        "apiVersion": 1,
        "datasources": [{"name": "Prom 2", "uid": "prom", "type": "prometheus", "url": "http://x"}],
    }
    found = expect(
        check({_FILE: DATA_SOURCES, "provisioning/datasources/b.yaml": other}),
        "datasource/duplicate-uid",
        "`prom`",
    )
    assert found.location is not None
    assert found.location.file.endswith("b.yaml")
    assert found.related[0].location.file == _FILE


def test_a_name_where_a_uid_belongs_is_a_warning(check: Check) -> None:
    sample = changed(DATA_SOURCES, "datasources.2.jsonData", {"serviceMap": {"datasourceUid": "Prometheus"}})
    found = expect(check({_FILE: sample}), "datasource/by-name", "until it is renamed")
    assert found.severity is Severity.WARNING


def test_the_place_is_the_value(check: Check) -> None:
    text = "apiVersion: 1\ndatasources:\n  - {name: P, uid: p, type: promethus, url: http://x}\n"
    found = expect(check({_FILE: text}), "datasource/type", "promethus")
    assert str(found.location) == f"{_FILE}:3:29"
    assert found.hint == "did you mean `prometheus`?"


def test_a_file_that_only_deletes_sources_says_nothing_about_those_from_elsewhere(check: Check) -> None:
    others = {"apiVersion": 1, "datasources": [{"name": "P", "uid": "p", "type": "loki", "url": "http://x"}]}
    only_deletes = {"apiVersion": 1, "deleteDatasources": [{"name": "Old", "orgId": 1}]}
    for file, unknown in ((others, True), (only_deletes, False)):
        rules = {
            found.rule for found in check({_FILE: file, "dashboards/x.json": changed(DASHBOARD, "tags", [])})
        }
        assert ("datasource/unknown" in rules) is unknown


def test_a_uid_that_dashgen_wrote_may_be_that_of_a_source_from_elsewhere(check: Check) -> None:
    sources = {
        "apiVersion": 1,
        "datasources": [{"name": "P", "uid": "prometheus", "type": "prometheus", "url": "http://x"}],
    }
    rule = (
        "{}apiVersion: 1\ngroups:\n  - {{name: g, folder: F, interval: 1m, rules: [{{uid: r, title: T, condition: A, for: 0s, "
        "data: [{{refId: A, datasourceUid: {}, relativeTimeRange: {{from: 60, to: 0}}, model: {{refId: A, expr: up}}}}]}}]}}\n"
    )
    head = "# Generated by dashgen from specs/a.yaml; edit those instead.\n"
    for first, uid, unknown in ((head, "abc123", False), (head, "prometeus", True), ("", "abc123", True)):
        found = check({_FILE: sources, "provisioning/alerting/a.yaml": rule.format(first, uid)})
        assert ("datasource/unknown" in {one.rule for one in found}) is unknown, (first, uid)

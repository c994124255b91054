"""What a Grafana 12.4.3 server was seen to do with provisioning files, row by row.

Each row was tried once by starting the server with just these files and one Prometheus data source. Where the
server stopped, locked a provider, doubled a folder or dropped something silently, the check has to report an
error that gives the server's reason; where all went well, it has to stay silent.
"""

import json
from typing import Any

import pytest

from dashgen.core.diagnostics import Severity

from .conftest import Check
from .samples import ALERTING, DASHBOARD, DATA_SOURCES, PROVIDERS, RULE, changed

_D = "dashboards/Dubai Estate AI"
_ENVELOPE = {"kind": "Dashboard", "metadata": {"name": "wrapped"}}
_V2: dict[str, Any] = {
    "title": "V2",
    "elements": {"panel-1": {"kind": "Panel", "spec": {"id": 1, "title": "A"}}},
    "layout": {
        "kind": "GridLayout",
        "spec": {
            "items": [
                {
                    "kind": "GridLayoutItem",
                    "spec": {"x": 0, "y": 0, "width": 12, "height": 8,
                    "element": {"kind": "ElementReference", "name": "panel-1"}},
                }
            ]
        },
    },
}  # fmt: skip
_BASE = {
    "provisioning/datasources/a.yaml": DATA_SOURCES,
    "provisioning/dashboards/a.yaml": PROVIDERS,
}
_RULES = {"apiVersion": 1, "groups": [{"name": "g", "folder": "Dubai Estate AI", "interval": "1m", "rules": [
    {key: value for key, value in RULE.items() if key != "notification_settings"}]}]}  # fmt: skip
_PINNED = changed(
    changed(PROVIDERS, "providers.0.options.foldersFromFilesStructure", False),
    "providers.0.folder",
    "Dubai Estate AI",
)


def _other(uid: str, title: str) -> dict[str, Any]:
    return changed(changed(DASHBOARD, "uid", uid), "title", title)


def _spec() -> dict[str, Any]:
    return {key: value for key, value in DASHBOARD.items() if key != "uid"}


ROWS: list[tuple[str, dict[str, Any], str, str]] = [
    (
        "a dashboard file with broken JSON beside a good one",
        {f"{_D}/mission-control.json": DASHBOARD, f"{_D}/broken.json": json.dumps(DASHBOARD)[:-20]},
        "json/syntax",
        "the dashboard will be missing",
    ),
    (
        "a dashboard without a title",
        {f"{_D}/mission-control.json": changed(DASHBOARD, "title", "")},
        "dashboard/title",
        "Dashboard title cannot be empty",
    ),
    (
        "two files with one uid",
        {f"{_D}/mission-control.json": DASHBOARD,
         "dashboards/B/mission-control.json": _other("mission-control", "Other")},
        "dashboard/duplicate-uid",
        "provider has no database write permissions because of duplicates",
    ),
    (
        "two dashboards with one title in one folder",
        {f"{_D}/mission-control.json": DASHBOARD, f"{_D}/b.json": _other("b", DASHBOARD["title"])},
        "dashboard/duplicate-title",
        "provider has no database write permissions because of duplicates",
    ),
    (
        "a v1beta1 envelope",
        {f"{_D}/wrapped.json": {"apiVersion": "dashboard.grafana.app/v1beta1", **_ENVELOPE, "spec": _spec()}},
        "",
        "",
    ),
    (
        "a v2beta1 envelope",
        {f"{_D}/wrapped.json": {"apiVersion": "dashboard.grafana.app/v2beta1", **_ENVELOPE, "spec": _V2}},
        "",
        "",
    ),
    ("a bare v2 spec", {f"{_D}/bare.json": _V2}, "resource/bare-v2", "does not appear"),
    (
        "an alert rule with an empty title",
        {"provisioning/alerting/a.yaml": changed(_RULES, "groups.0.rules.0.title", "")},
        "alert/title",
        "Grafana does not start: failure parsing rules: rule has no title set",
    ),
    (
        "an alert rule with `for: 5 minutes`",
        {"provisioning/alerting/a.yaml": changed(_RULES, "groups.0.rules.0.for", "5 minutes")},
        "provisioning/duration",
        "Grafana does not start: failed to parse 'for' field: unknown unit \" minutes\"",
    ),
    (
        "a group interval of 7s",
        {"provisioning/alerting/a.yaml": changed(_RULES, "groups.0.interval", "7s")},
        "provisioning/interval",
        "Grafana does not start: interval (7s) should be non-zero and divided exactly by scheduler",
    ),
    (
        "a policy naming a contact point that does not exist",
        {"provisioning/alerting/a.yaml": {"apiVersion": 1, "policies": [{"orgId": 1, "receiver": "nope"}]}},
        "contact/unknown",
        "Grafana does not start: receiver 'nope' does not exist",
    ),
    (
        "a contact point of type email with empty settings",
        {"provisioning/alerting/a.yaml": {"apiVersion": 1, "contactPoints": [
            {"name": "ops", "receivers": [{"uid": "m", "type": "email", "settings": {}}]}]}},
        "contact/no-settings",
        "Grafana does not start: ops: no settings are set",
    ),
    (
        "two data sources with isDefault",
        {"provisioning/datasources/b.yaml": {"apiVersion": 1, "datasources": [
            {"name": "Other", "uid": "other", "type": "prometheus", "url": "http://x", "isDefault": True}]}},
        "datasource/default",
        "Grafana does not start: Only one datasource per organization can be marked as default",
    ),
    (
        "alert rules and a provider with the same folder and a folderUid",
        {"provisioning/alerting/a.yaml": _RULES,
         "provisioning/dashboards/a.yaml": changed(_PINNED, "providers.0.folderUid", "dubai-estate-ai")},
        "provisioning/two-folders",
        "there will be two folders `Dubai Estate AI`",
    ),
    (
        "the same, provider without folderUid",
        {"provisioning/alerting/a.yaml": _RULES, "provisioning/dashboards/a.yaml": _PINNED},
        "",
        "",
    ),
    (
        "the same, with foldersFromFilesStructure and a directory",
        {"provisioning/alerting/a.yaml": _RULES, f"{_D}/mission-control.json": DASHBOARD},
        "",
        "",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("files", "rule", "reason"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS])
def test_what_the_server_does_is_foretold(
    check: Check, files: dict[str, Any], rule: str, reason: str
) -> None:
    found = check({**_BASE, **files})
    assert [d.rule for d in found] == ([rule] if rule else []), found
    if found:
        assert reason in found[0].message
        assert found[0].severity is Severity.ERROR
        assert found[0].location is not None
        assert found[0].location.span is not None


# What the server's HTTP interface accepted without a word, although the rule can never work.
SILENT: list[tuple[str, str, Any, str]] = [
    ("a condition that names no query", "condition", "Z", "alert/condition"),
    ("a data source that does not exist", "data.0.datasourceUid", "nope", "datasource/unknown"),
    ("an expression type that does not exist", "data.1.model.type", "treshold", "alert/expression"),
    ("a query that does not parse", "data.0.model.expr", "sum(rate(x[5m]", "query/syntax"),
    ("a `for` shorter than the interval", "for", "30s", "alert/for"),
    ("an invalid label name", "labels.bad-name", "x", "alert/label"),
]


@pytest.mark.parametrize(("path", "value", "rule"), [s[1:] for s in SILENT], ids=[s[0] for s in SILENT])
def test_what_the_server_accepts_in_silence_is_reported(
    check: Check, path: str, value: Any, rule: str
) -> None:
    found = check(
        {**_BASE, "provisioning/alerting/a.yaml": changed(_RULES, f"groups.0.rules.0.{path}", value)}
    )
    assert [d.rule for d in found] == [rule], found


def test_a_file_that_grafana_loads_stays_silent(check: Check) -> None:
    assert check({**_BASE, "provisioning/alerting/a.yaml": ALERTING}) == []

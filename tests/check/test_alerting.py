"""Rule groups and rules in alerting files."""

from typing import Any

import pytest

from dashgen.core.diagnostics import Severity

from .conftest import Check, expect
from .samples import ALERTING, DATA_SOURCES, REMOVED, RULE, TREE, changed

_FILE = "provisioning/alerting/a.yaml"
_R = "groups.0.rules.0"
_OTHER = {key: value for key, value in RULE.items() if key not in ("uid", "title")}
_THRESHOLD = f"{_R}.data.1.model"


def _expression(model: dict[str, Any]) -> dict[str, Any]:
    return {"refId": "C", **model}


BROKEN: list[tuple[str, str, Any, str, str]] = [
    # keys that would be ignored, at every level
    ("file key", "group", [], "provisioning/unknown-key", "unknown key `group` in an alerting file"),
    ("group key", "groups.0.folderUid", "x", "alert/unknown-key", "unknown key `folderUid` in a rule group"),
    ("rule key", f"{_R}.executionErrorState", "OK", "alert/unknown-key", "unknown key `executionErrorState`"),
    ("API spelling", f"{_R}.keep_firing_for", "1m", "alert/unknown-key", "unknown key `keep_firing_for`"),
    ("query key", f"{_R}.data.0.datasource", "x", "alert/unknown-key", "unknown key `datasource` in a query"),
    ("range key", f"{_R}.data.0.relativeTimeRange.until", 1, "alert/unknown-key", "unknown key `until`"),
    ("settings key", f"{_R}.notification_settings.contact", "x", "alert/unknown-key",
     "unknown key `contact`"),
    ("deletion key", "deleteRules.0.name", "x", "provisioning/unknown-key", "unknown key `name`"),
    # wrong kinds
    ("rules as a mapping", "groups.0.rules", {"a": 1}, "alert/wrong-type",
     "`rules` has to be a list, not a mapping"),
    ("a rule as text", _R, "x", "alert/wrong-type", "an alert rule has to be a mapping, not text"),
    ("labels as a list", f"{_R}.labels", ["a"], "alert/wrong-type", "`labels` has to be a mapping"),
    ("a nested annotation", f"{_R}.annotations.x", {"a": 1}, "alert/wrong-type", "`annotations` has to be"),
    ("isPaused in words", f"{_R}.isPaused", "yes", "alert/wrong-type", "`isPaused` has to be true or false"),
    ("orgId in words", "groups.0.orgId", "one", "alert/wrong-type", "`orgId` has to be a whole number"),
    # what stops Grafana
    ("group without name", "groups.0.name", " ", "alert/group-name", "rule group has no name set"),
    ("group without folder", "groups.0.folder", REMOVED, "alert/group-folder",
     "rule group has no folder set"),
    ("group without interval", "groups.0.interval", REMOVED, "provisioning/duration",
     "empty duration string"),
    ("interval in words", "groups.0.interval", "1 minute", "provisioning/duration", 'unknown unit " minute"'),
    ("interval without unit", "groups.0.interval", "60", "provisioning/duration",
     "not a valid duration string"),
    ("interval of nothing", "groups.0.interval", "0s", "provisioning/interval", "should be non-zero"),
    ("no multiple of ten", "groups.0.interval", "15s", "provisioning/interval", "interval (15s)"),
    ("rule without title", f"{_R}.title", REMOVED, "alert/title", "rule has no title set"),
    ("rule without uid", f"{_R}.uid", REMOVED, "alert/uid", "no UID set"),
    ("bad for", f"{_R}.for", "5x", "provisioning/duration",
     "failed to parse 'for' field: unknown unit \"x\""),
    ("bad keepFiringFor", f"{_R}.keepFiringFor", "x", "provisioning/duration", "'keepFiringFor' field"),
    ("no-data state", f"{_R}.noDataState", "No Data", "provisioning/unknown-value",
     "unknown NoData state option No Data"),
    ("error state", f"{_R}.execErrState", "NoData", "provisioning/unknown-value",
     "unknown Error state option NoData"),
    ("empty receiver", f"{_R}.notification_settings.receiver", "", "alert/receiver",
     "receiver must not be empty"),
    ("bad group_wait", f"{_R}.notification_settings.group_wait", "x", "provisioning/duration", "group wait"),
    ("no condition", f"{_R}.condition", REMOVED, "alert/condition", "no condition set"),
    ("unknown receiver", f"{_R}.notification_settings.receiver", "op", "contact/unknown",
     "receiver 'op' does not exist"),
    ("unknown mute timing", f"{_R}.notification_settings.mute_time_intervals", ["weekend"], "mute/unknown",
     "mute time interval 'weekend' does not exist"),
    ("unknown active timing", f"{_R}.notification_settings.active_time_intervals", ["x"], "mute/unknown",
     "active time interval 'x' does not exist"),
    # what dooms a rule
    ("condition without query", f"{_R}.condition", "B", "alert/condition",
     "names `B`, and no query has this refId"),
    ("query without refId", f"{_R}.data.2", {"datasourceUid": "prom", "relativeTimeRange": {"from": 60,
     "to": 0},
     "model": {"expr": "up"}}, "alert/ref-id", "the query has no refId"),
    ("refIds that differ", f"{_R}.data.0.model.refId", "B", "alert/ref-id", "the model has the refId `B`"),
    ("query without model", f"{_R}.data.0.model", {}, "alert/model", "query `A` has no model"),
    ("empty expression", f"{_R}.data.0.model.expr", " ", "alert/no-query", "the query is empty"),
    ("unknown data source", f"{_R}.data.0.datasourceUid", "prm", "datasource/unknown",
     "no data source with the uid `prm`"),
    ("data source variable", f"{_R}.data.0.datasourceUid", "${ds}", "datasource/unknown",
     "rules have no variables"),
    ("no data source", f"{_R}.data.0.datasourceUid", REMOVED, "datasource/unknown", "names no data source"),
    ("no time range", f"{_R}.data.0.relativeTimeRange", REMOVED, "alert/time-range", "has no time range"),
    ("turned time range", f"{_R}.data.0.relativeTimeRange", {"from": 0, "to": 600}, "alert/time-range",
     "is empty: from 0 to 600"),
    ("time range in words", f"{_R}.data.0.relativeTimeRange.from", "10m", "alert/wrong-type",
     "a whole number"),
    ("evaluations", f"{_R}.missing_series_evals_to_resolve", 0, "alert/missing-series", "at least 1"),
    ("panel without dashboard", f"{_R}.panelId", 1, "alert/panel", "`panelId` without `dashboardUid`"),
    ("annotation without panel", f"{_R}.annotations.__dashboardUid__", "x", "alert/panel",
     "without `__panelId__`"),
    ("reserved label", f"{_R}.labels.__grafana_receiver__", "x", "alert/label", "is reserved"),
    ("defined and deleted", "deleteRules.0.uid", "error-rate", "alert/deleted", "is defined and deleted"),
    ("deletion of nothing", "deleteRules.0.uid", REMOVED, "provisioning/deletion", "an entry without uid"),
    # dollars
    ("dollar in a label", f"{_R}.labels.team", "{{ $labels.team }}", "provisioning/dollar",
     "`$labels` in label `team`"),
    ("dollar in a title", f"{_R}.title", "Over $50", "provisioning/dollar", "`$5` in the title"),
    ("variable in a folder", "groups.0.folder", "$FOLDER", "provisioning/dollar", "`$FOLDER` in the folder"),
    # limits
    ("long title", f"{_R}.title", "x" * 191, "name/too-long", "191 characters long: 190 are allowed"),
    ("long uid", f"{_R}.uid", "x" * 41, "alert/uid", "41 characters long: 40 are allowed"),
    ("bad uid", f"{_R}.uid", "a b", "alert/uid", "characters other than"),
    ("long group", "groups.0.name", "x" * 191, "name/too-long", "the group's name"),
    # templates
    ("open template", f"{_R}.annotations.summary", "{{ $values.A", "template/syntax", "`{{` is not closed"),
    ("unknown value", f"{_R}.annotations.summary", "{{ $values.B.Value }}", "template/values",
     "`$values` has no `B`"),
    ("unknown indexed value", f"{_R}.annotations.summary", '{{ index $values "B" }}', "template/values",
     "has no `B`"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value", "rule", "fragment"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN]
)
def test_one_wrong_place_is_one_error(check: Check, path: str, value: Any, rule: str, fragment: str) -> None:
    found = expect(
        check({_FILE: changed(ALERTING, path, value), "provisioning/datasources/a.yaml": DATA_SOURCES}),
        rule,
        fragment,
    )
    assert found.severity is Severity.ERROR
    assert found.location is not None
    assert found.location.file == _FILE


FINE: list[tuple[str, str, Any]] = [
    ("a paused rule", f"{_R}.isPaused", True),
    ("a number where text belongs", f"{_R}.labels.port", 8080),
    ("a doubled dollar", f"{_R}.labels.team", "{{ $$labels.team }}"),
    ("a lonely dollar", f"{_R}.title", "Cost in US$ per day"),
    ("a dollar in an annotation", f"{_R}.annotations.summary", "over $50: {{ $labels.team }}"),
    ("durations of several units", f"{_R}.for", "1h30m"),
    ("no duration", f"{_R}.for", "0"),
    ("a folder in a folder", "groups.0.folder", "Infra/Prod"),
    ("the default contact point", f"{_R}.notification_settings.receiver", "grafana-default-email"),
    ("states may be left out", f"{_R}.noDataState", REMOVED),
    ("the old uid of expressions", f"{_R}.data.1.datasourceUid", "-100"),
    ("recovery", f"{_THRESHOLD}.conditions.0.unloadEvaluator", {"type": "lt", "params": [0.05]}),
    (
        "reduce with a dollar",
        _THRESHOLD,
        _expression({"type": "reduce", "expression": "$A", "reducer": "last"}),
    ),
    ("math", _THRESHOLD, _expression({"type": "math", "expression": "${A} * 100"})),
    (
        "a window in days",
        _THRESHOLD,
        _expression(
            {
                "type": "resample",
                "expression": "A",
                "window": "1d",
                "downsampler": "mean",
                "upsampler": "fillna",
            }
        ),
    ),
    ("interval from the environment", "groups.0.interval", "${INTERVAL}"),
]


@pytest.mark.parametrize(("path", "value"), [f[1:] for f in FINE], ids=[f[0] for f in FINE])
def test_what_grafana_takes_is_fine(check: Check, path: str, value: Any) -> None:
    assert (
        check({_FILE: changed(ALERTING, path, value), "provisioning/datasources/a.yaml": DATA_SOURCES}) == []
    )


def test_no_queries_at_all_is_an_error(check: Check) -> None:
    found = check({_FILE: changed(ALERTING, f"{_R}.data", [])})
    assert "no data set" in found[0].message


def test_a_short_for_is_a_warning(check: Check) -> None:
    found = expect(
        check({_FILE: changed(ALERTING, f"{_R}.for", "30s")}),
        "alert/for",
        "shorter than the group's interval",
    )
    assert found.severity is Severity.WARNING


def test_a_group_without_rules_is_a_warning(check: Check) -> None:
    found = expect(
        check({_FILE: changed(ALERTING, "groups.0.rules", [])}), "alert/empty-group", "has no rules"
    )
    assert found.severity is Severity.WARNING


def test_a_missing_version_is_a_warning(check: Check) -> None:
    found = expect(
        check({_FILE: changed(ALERTING, "apiVersion", REMOVED)}),
        "provisioning/api-version",
        "no `apiVersion`",
    )
    assert found.severity is Severity.WARNING


def test_a_refid_twice_is_an_error(check: Check) -> None:
    found = check({_FILE: changed(ALERTING, f"{_R}.data.2", RULE["data"][0])})
    expect(found, "alert/ref-id", "the refId `A` is used twice")


RECORD = {"metric": "job:x:rate5m", "from": "A"}
RECORDS: list[tuple[str, dict[str, Any], str, str]] = [
    ("no metric", {"from": "A"}, "alert/record", "has no name"),
    ("bad metric", {**RECORD, "metric": "a{b}"}, "alert/record", "`a{b}` is not a metric name"),
    ("unknown query", {**RECORD, "from": "X"}, "alert/record", "takes its values from `X`"),
    (
        "API spelling",
        {**RECORD, "target_datasource_uid": "prom"},
        "alert/unknown-key",
        "`target_datasource_uid`",
    ),
]


@pytest.mark.parametrize(
    ("record", "rule", "fragment"), [r[1:] for r in RECORDS], ids=[r[0] for r in RECORDS]
)
def test_recording_rules_are_checked(check: Check, record: dict[str, Any], rule: str, fragment: str) -> None:
    file = changed(changed(ALERTING, f"{_R}.record", record), f"{_R}.condition", REMOVED)
    expect(check({_FILE: file}), rule, fragment)


def test_a_recording_rule_needs_no_condition(check: Check) -> None:
    assert (
        check({_FILE: changed(changed(ALERTING, f"{_R}.record", RECORD), f"{_R}.condition", REMOVED)}) == []
    )


TWICE: list[tuple[str, dict[str, Any], str, str]] = [
    (
        "uid",
        {**_OTHER, "uid": "error-rate", "title": "Other"},
        "alert/duplicate-uid",
        "`error-rate` is used twice",
    ),
    (
        "title",
        {**_OTHER, "uid": "other", "title": "HighErrorRate"},
        "alert/duplicate-title",
        "have the title `HighErrorRate`",
    ),
]


@pytest.mark.parametrize(("rule", "name", "fragment"), [t[1:] for t in TWICE], ids=[t[0] for t in TWICE])
def test_rules_are_unique_across_files(check: Check, rule: dict[str, Any], name: str, fragment: str) -> None:
    group = {"name": "second", "folder": "Dubai Estate AI", "interval": "1m", "rules": [rule]}
    found = expect(
        check({_FILE: ALERTING, "provisioning/alerting/b.yaml": {"apiVersion": 1, "groups": [group]}}),
        name,
        fragment,
    )
    assert found.location is not None
    assert found.location.file.endswith("b.yaml")
    assert found.related[0].location.file == _FILE
    # The server takes two rules with one title, but not two with one uid.
    assert found.severity is (Severity.WARNING if name == "alert/duplicate-title" else Severity.ERROR)


def test_one_title_in_two_folders_is_fine(check: Check) -> None:
    rule = {**_OTHER, "uid": "other", "title": "HighErrorRate"}
    group = {"name": "service", "folder": "Elsewhere", "interval": "1m", "rules": [rule]}
    assert (
        check({_FILE: ALERTING, "provisioning/alerting/b.yaml": {"apiVersion": 1, "groups": [group]}}) == []
    )


def test_a_group_twice_in_a_folder_is_an_error(check: Check) -> None:
    group = {
        "name": "service",
        "folder": "Dubai Estate AI",
        "interval": "1m",
        "rules": [{**_OTHER, "uid": "o", "title": "O"}],
    }
    found = check({_FILE: ALERTING, "provisioning/alerting/b.yaml": {"apiVersion": 1, "groups": [group]}})
    expect(found, "alert/duplicate-group", "the group `service` is defined twice")


LINKS = [
    ("a dashboard that does not exist", "mission-controll", 1, "links to dashboard `mission-controll`"),
    ("a panel that does not exist", "mission-control", 7, "has no panel with the id 7"),
]


@pytest.mark.parametrize(("uid", "panel", "fragment"), [x[1:] for x in LINKS], ids=[x[0] for x in LINKS])
def test_a_rule_links_to_a_panel_that_exists(check: Check, uid: str, panel: int, fragment: str) -> None:
    linked = changed(changed(ALERTING, f"{_R}.dashboardUid", uid), f"{_R}.panelId", panel)
    expect(check({**TREE, "provisioning/alerting/dashgen.yaml": linked}), "alert/panel", fragment)


def test_a_link_to_a_panel_in_a_collapsed_row_is_fine(check: Check) -> None:
    linked = changed(changed(ALERTING, f"{_R}.dashboardUid", "mission-control"), f"{_R}.panelId", 2)
    assert check({**TREE, "provisioning/alerting/dashgen.yaml": linked}) == []


def test_without_data_sources_no_reference_to_them_is_judged(check: Check) -> None:
    assert check({_FILE: changed(ALERTING, f"{_R}.data.0.datasourceUid", "elsewhere")}) == []


def test_positions_point_at_the_key_or_the_value(check: Check) -> None:
    text = """apiVersion: 1
groups:
  - name: g
    folder: F
    interval: 7s
    rules:
      - uid: r
        title: T
        condition: A
        executionErrorState: OK
        data:
          - refId: A
            datasourceUid: prom
            relativeTimeRange: {from: 600, to: 0}
            model: {expr: up}
"""
    found = check({_FILE: text})
    assert [(str(d.location), d.rule) for d in found] == [
        (f"{_FILE}:5:15", "provisioning/interval"),
        (f"{_FILE}:10:9", "alert/unknown-key"),
    ]
    assert found[1].hint == "did you mean `execErrState`?"

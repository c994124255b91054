"""Values that Grafana does not read are found at build, each at its place in the spec, with what to write instead."""

from pathlib import Path

import pytest

from dashgen.check.check_tree import validate_paths
from tests.alert_support import pointed_at
from tests.project.project import Project

SOURCES = """\
kind: DataSources
datasources:
  prometheus: {url: "http://p:9090", default: true}
  loki: {url: "http://l:3100"}
  tempo: {url: "http://t:3200"}
"""
DASHBOARD = "kind: Dashboard\nuid: d\ntitle: D\n{more}\npanels: [{{title: A, query: up}}]\n"
PANEL = "kind: Dashboard\nuid: d\ntitle: D\npanels:\n  - {{title: A, query: up, {more}}}\n"
NOTIFICATIONS = "kind: Notifications\ncontact_points: {{ops: {{email: a@example.com}}}}\n{more}\n"

TIMES = [
    (DASHBOARD, "time: last 6 hours", "last 6 hours", "time/range", "write `6h`"),
    (DASHBOARD, "time: yesterday", "yesterday", "time/range", "now-1d/d to now-1d/d"),
    (DASHBOARD, "time: 1h30m", "1h30m", "time/range", "write `90m`"),
    (DASHBOARD, "time: -1h", "-1h", "time/range", "write `1h`"),
    (DASHBOARD, "time: '5'", "'5'", "time/range", "6h"),
    (DASHBOARD, "time: 5", "5", "time/range", "6h"),
    (DASHBOARD, "time: now/d-7 to now", "now/d-7 to now", "time/range", "one number and one unit"),
    (DASHBOARD, "timezone: Europe/Berln", "Europe/Berln", "time/zone", "Europe/Berlin"),
    (DASHBOARD, "time_picker: {now_delay: 1 min}", "1 min", "time/interval", "write `1m`"),
    (DASHBOARD, "time_picker: {refresh_intervals: [10s, 1min]}", "1min", "time/interval", "write `1m`"),
    (
        DASHBOARD,
        "time_picker: {quick_ranges: [{display: Shift, from: 8h, to: now}]}",
        "8h",
        "time/range",
        "write `now-8h`",
    ),
    (DASHBOARD, "annotations: [{name: x, query: up, step: 5min}]", "5min", "time/interval", "write `5m`"),
    (PANEL, "interval: 5min", "5min", "time/interval", "write `5m`"),
    (PANEL, "interval: 1 m", "1 m", "time/interval", "write `1m`"),
    (PANEL, "time_from: 7 days", "7 days", "time/span", "write `7d`"),
    (PANEL, "time_from: 1h30m", "1h30m", "time/span", "write `90m`"),
    (PANEL, "time_shift: -1w", "-1w", "time/span", "write `1w`"),
    (PANEL, "time_shift: soon", "soon", "time/span", "`1w`"),
    (PANEL.replace("query: up", "queries: [{{query: up, step: 1 minute}}]"), "height: 8", "1 minute", "time/interval", "write `1m`"),
    (NOTIFICATIONS, "mute_timings: {m: {weekdays: friday, location: Asia/Dubay}}", "Asia/Dubay", "time/zone", "Asia/Dubai"),
    (NOTIFICATIONS, "mute_timings: {m: {weekdays: mon-fri}}", "mon-fri", "notification/interval", "write `monday..friday`"),
    (NOTIFICATIONS, "mute_timings: {m: {weekdays: 'mon:fri'}}", "'mon:fri'", "notification/interval", "write `monday..friday`"),
    (NOTIFICATIONS, "mute_timings: {m: {weekdays: monday to friday}}", "monday to friday", "notification/interval", "write `monday..friday`"),
    (NOTIFICATIONS, "mute_timings: {m: {months: jun-aug}}", "jun-aug", "notification/interval", "write `june..august`"),
    (NOTIFICATIONS, "mute_timings: {m: {days: 1-5}}", "1-5", "notification/interval", "write `1..5`"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "more", "at", "rule", "hint"), TIMES)
def test_a_time_that_nobody_reads_is_an_error(
    tmp_path: Path, form: str, more: str, at: str, rule: str, hint: str
) -> None:
    text = form.format(more=more)
    project = Project(tmp_path)
    project.write("specs/s.yaml", SOURCES)
    project.write("specs/x.yaml", text)
    [found] = project.build().diagnostics
    assert (found.rule, found.severity) == (rule, "error")
    assert pointed_at(text, found) == at
    assert hint in found.hint
    assert not project.output.exists()


@pytest.mark.parametrize(
    ("form", "more"),
    [
        (DASHBOARD, "time: now/d"), (DASHBOARD, "time: 7d"), (DASHBOARD, "time: now-7d to now-1d"), (DASHBOARD, "timezone: Asia/Dubai"),
        (DASHBOARD, "timezone: ''"), (PANEL, "interval: $step"), (PANEL, "interval: 1m, time_from: 7d, time_shift: 1w"), (PANEL, "interval: ''"),
        (PANEL, "time_from: now/w"), (DASHBOARD, "refresh: 1m30s"),
    ],
)  # fmt: skip
def test_times_that_grafana_reads_are_built(tmp_path: Path, form: str, more: str) -> None:
    project = Project(tmp_path)
    project.write("specs/s.yaml", SOURCES)
    project.write("specs/x.yaml", form.format(more=more))
    assert [p for p in project.build().diagnostics if p.rule.startswith("time/")] == []
    assert project.output.exists()


VARIABLES = "variables: [{name: env, query: 'label_values(up, env)', multi: true, include_all: true}, {name: one, type: custom, values: [a, b]}]\n"
IN_PANEL = PANEL.replace("panels:", VARIABLES.replace("{", "{{").replace("}", "}}") + "panels:")
METRICS = "kind: Metrics\nmetrics: {{a_total: {{type: counter, help: x, {more}}}}}\n"
VALUES = [
    (PANEL, "unit: seconds", "seconds", "panel/unit", "warning", "did you mean `s`?"),
    (PANEL, "unit: '%'", "'%'", "panel/unit", "warning", "`percentunit` where 1 is everything"),
    (PANEL, "unit: USD", "USD", "panel/unit", "warning", "did you mean `currencyUSD`?"),
    (PANEL, "unit: req/s", "req/s", "panel/unit", "warning", "did you mean `reqps`?"),
    (PANEL, "unit: Bytes", "Bytes", "panel/unit", "warning", "did you mean `bytes`?"),
    (PANEL, "unit: widgets", "widgets", "panel/unit", "warning", "write `suffix:widgets`"),
    (PANEL, "unit: 5", "5", "panel/unit", "warning", "write `suffix:5`"),
    (PANEL, "overrides: [{name: up, unit: millis}]", "millis", "panel/unit", "warning", "did you mean `ms`?"),
    (PANEL.replace("title: A", "title: A, type: table"), "columns: {up: {unit: days}}", "days", "panel/unit", "warning", "did you mean `d`?"),
    (METRICS, "unit: millisecs", "millisecs", "panel/unit", "warning", "did you mean `ms`?"),
    (PANEL, "color: reddish", "reddish", "panel/color", "error", "did you mean `red`?"),
    (PANEL, "color: ff0000", "ff0000", "panel/color", "error", "write `'#ff0000'`"),
    (PANEL, "color: '#ff00'", None, "", "", ""),
    (PANEL, "color: '#ff'", "'#ff'", "panel/color", "error", "3, 4, 6 or 8"),
    (PANEL, "color: continuous-grylrd", "continuous-grylrd", "panel/color", "error", "continuous-GrYlRd"),
    (PANEL, "mappings: {up: {color: grün}}", "grün", "panel/color", "error", "green"),
    (DASHBOARD, "annotations: [{name: x, query: up, color: bluu}]", "bluu", "panel/color", "error", "did you mean `blue`?"),
    (PANEL, "mappings: {1.0: One}", "1.0", "panel/mapping", "error", "write `1`"),
    (PANEL, "mappings: {1e3: Many}", "1e3", "panel/mapping", "error", "write `1000`"),
    (PANEL, "mappings: {+5: x}", "+5", "panel/mapping", "error", "write `5`"),
    (PANEL, "mappings: {0.50: x}", "0.50", "panel/mapping", "error", "write `0.5`"),
    (PANEL, "mappings: {True: x}", "True", "panel/mapping", "error", "write `true`"),
    (PANEL, "mappings: {~: x}", "~", "panel/mapping", "error", "write `null`"),
    (PANEL, "mappings: {/err.*/x: x}", "/err.*/x", "panel/mapping", "error", "`g`, `i`, `m`"),
    (PANEL, "mappings: {/(/i: x}", "/(/i", "panel/mapping", "error", "correct it"),
    (PANEL, 'overrides: [{regex: "[", unit: s}]', '"["', "panel/override", "error", "correct it"),
    (PANEL, "overrides: [{regex: /a/x, unit: s}]", "/a/x", "panel/override", "error", "correct it"),
    (PANEL, "overrides: [{query: Z, unit: s}]", "Z", "panel/override", "warning", ""),
    (IN_PANEL, 'overrides: [{regex: "/^${env}.*/", unit: s}]', '"/^${env}.*/"', "panel/override", "warning", "match the names"),
    (IN_PANEL, "overrides: [{name: $one total, unit: s}]", "$one total", "panel/override", "warning", "match the names"),
    (IN_PANEL, "overrides: [{name: '[[one]]', unit: s}]", "'[[one]]'", "panel/override", "warning", "match the names"),
    (IN_PANEL, "links: [{title: L, dashboard: d, variables: {stage: $env}}]", "$env", "link/several-values", "warning", "keep_variables"),
    (IN_PANEL, "links: [{title: L, dashboard: d, variables: {stage: '${env:queryparam}'}}]", "'${env:queryparam}'", "link/several-values", "warning", "keep_variables"),
    (IN_PANEL, "panel_links: [{title: L, url: '/d/x?var-a=1&var-s=${env}'}]", "'/d/x?var-a=1&var-s=${env}'", "link/several-values", "warning", "keep_variables"),
    (IN_PANEL, "drill_down: {title: L, dashboard: d, variables: {stage: $env}}", "$env", "link/several-values", "warning", "keep_variables"),
    (IN_PANEL, "links: [{title: L, url: 'https://w/${__field.label.tool}'}]", "$", "link/variable", "warning", "`labels`"),
    (IN_PANEL, "links: [{title: L, url: 'https://w/${__valu.raw}'}]", "$", "link/variable", "warning", "`__value`"),
    (IN_PANEL, "links: [{title: '$oen of it', dashboard: d}]", "$", "link/variable", "warning", "`$one`"),
    (IN_PANEL, "panel_links: [{title: L, url: '/x?a=[[nope]]'}]", "[", "link/variable", "warning", "use one of"),
    (IN_PANEL, "overrides: [{query: A, links: [{title: L, url: '/x/${nope:percentencode}'}]}]", "$", "link/variable", "warning", "use one of"),
    (IN_PANEL, "drill_down: {title: L, dashboard: d, variables: {stage: $emv}}", "$", "link/variable", "warning", "`$env`"),
    (IN_PANEL, "links: [{title: L, explore: loki, query: '{a=\"${__data.field.x}\"}'}]", "$", "link/variable", "warning", "`fields`"),
    (DASHBOARD, "links: [{title: L, url: 'https://w/$nope'}]", "$", "link/variable", "warning", "add it under"),
    (DASHBOARD, "variables: [{type: custom, name: v, values: {Ratio: 'a : b'}}]", "'a : b'", "variable/value", "error", "without spaces"),
    (DASHBOARD, "variables: [{type: custom, name: v, values: ['a : b']}]", "'a : b'", "variable/value", "error", "without spaces"),
    (DASHBOARD, "variables: [{type: custom, name: v, values: [' a']}]", "' a'", "variable/value", "error", "remove them"),
    (DASHBOARD, "variables: [{type: custom, name: v, values: ['', b]}]", "''", "variable/value", "error", "label"),
    (DASHBOARD, "variables: [{name: v, query: 'label_values(up, a)', regex: '/(/'}]", "'/(/'", "variable/regex", "error", "correct it"),
    (DASHBOARD, "variables: [{name: v, type: interval, auto: true, auto_min: 1m30s}]", "1m30s", "time/interval", "error", "write `90s`"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "more", "at", "rule", "severity", "hint"), VALUES)
def test_a_value_that_grafana_does_not_have_is_found(
    tmp_path: Path, form: str, more: str, at: str | None, rule: str, severity: str, hint: str
) -> None:
    text = form.format(more=more)
    project = Project(tmp_path)
    project.write("specs/s.yaml", SOURCES)
    project.write("specs/x.yaml", text)
    found = [p for p in project.build().diagnostics if p.rule not in ("query/metric", "dashboard/link")]
    assert [(p.rule, p.severity) for p in found] == ([(rule, severity)] if rule else [])
    assert [pointed_at(text, p) for p in found] == ([at] if at else [])
    assert all(hint in p.hint for p in found)


@pytest.mark.parametrize(
    "more",
    [
        "unit: suffix:widgets", "unit: currency:AED", "unit: time:YYYY-MM-DD", "unit: 'bool:on/off'", "unit: si:mF", "unit: 'count:x'",
        "unit: prefix:€", "unit: percentunit", "unit: $unit", "color: RebeccaPurple", "color: semi-dark-red", "color: 'hsl(120, 50%, 50%)'",
        "color: transparent", "mappings: {'1.0': x, '1e3': y, 'True': z, 0: a, -1: b, 0.5: c, 1..5: d, null: e, /a/gi: f}",
        "overrides: [{query: A, unit: s}, {regex: '/^P(?<n>9)[\\w-.]*$/', unit: s}, {name: costs $5, unit: s}]",
        "links: [{title: L, dashboard: d, variables: {stage: $one}}, {title: M, dashboard: d}, {title: N, dashboard: d, variables: {q: 'x-$env'}}]",
        "links: [{title: '${__series.name} $one', url: 'https://w/${__value.raw}/${__data.fields[\"a b\"].text}?${__url_time_range}&${__all_variables}'}]",
        "links: [{title: 'costs $5', url: 'https://w/?$filter=a&$top=5&x=${__field.labels.x:percentencode}&t=${__from:date:iso}&d=${__dashboard.uid}'}]",
    ],
)  # fmt: skip
def test_values_that_grafana_has_are_no_finding(tmp_path: Path, more: str) -> None:
    project = Project(tmp_path)
    project.write("specs/s.yaml", SOURCES)
    project.write("specs/x.yaml", IN_PANEL.format(more=more))
    assert project.build().diagnostics == []


def test_a_pattern_with_flags_is_a_pattern(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("specs/s.yaml", SOURCES)
    project.write("specs/x.yaml", PANEL.format(more="mappings: {/err.*/i: Failed}"))
    project.build()
    assert '"pattern": "/err.*/i"' in (project.output / "dashboards/d.json").read_text()


RULE = "kind: AlertRules\ngroup: g\nfolder: F\nrules:\n  - {{alert: A, query: up, when: below 1, {more}}}\n"
TEMPLATES = [
    ("summary: '{{ $value | humanise }}'", "h", "error", "did you mean `humanize`?"),
    ("summary: '{{ value }}'", "v", "error", "add what is missing"),
    ("summary: '{{ $label.x }}'", "$", "error", "did you mean `$labels`?"),
    ("summary: '{{ if }}x{{ end }}'", "{", "error", "write a value"),
    ("summary: 'a {{ $value '", "{", "error", "balance"),
    ("description: '{{ .Foo }}'", ".", "error", "`.Value`"),
    ("annotations: {owner: '{{ $lables.x }}'}", "$", "error", "did you mean `$labels`?"),
    ("labels: {tier: '{{ $lables.x }}'}", "$", "error", "did you mean `$labels`?"),
    ("summary: '{{ $externalLabels.cluster }}'", "$", "warning", "outputs: [prometheus]"),
    ("summary: '{{ query \"up\" | first | value }}'", "q", "warning", "outputs: [prometheus]"),
    ("summary: '{{ $externalLabels.cluster }}', outputs: [grafana]", "$", "error", "outputs: [prometheus]"),
    ("summary: '{{ len (filterLabels $labels \"a\") }}'", "f", "error", "outputs: [grafana]"),
    ("summary: '{{ $values.A }} {{ .Value }} {{ range $k, $value := $labels }}{{ $value }}{{ end }}'", None, "", ""),
    ("summary: '{{ index $values \"A\" }}'", None, "", ""),
    ("summary: 'notes in ${RUNBOOK_HOST}'", "$", "warning", "${{ env.RUNBOOK_HOST }}"),
    ("summary: '$5 in $HOME, ${__value}'", None, "", ""),
    ("severity: warning, labels: {severity: critical}", "critical", "error", "remove one"),
    ("severity: warning, labels: {severity: warning}", None, "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("more", "at", "severity", "hint"), TEMPLATES)
def test_a_text_that_an_evaluator_cannot_use_is_found_at_its_character(
    tmp_path: Path, more: str, at: str | None, severity: str, hint: str
) -> None:
    text = RULE.format(more=more)
    project = Project(tmp_path)
    project.write("specs/s.yaml", SOURCES)
    project.write("specs/x.yaml", text)
    found = project.build().diagnostics
    assert [p.severity for p in found] == ([severity] if severity else [])
    assert [pointed_at(text, p)[: len(at or "")] for p in found] == ([at] if at else [])
    assert all(hint in p.hint for p in found)


CONTACTS = "kind: Notifications\ncontact_points: {{ops: {more}}}\n"
NOTICES = [
    (CONTACTS, "{slack: {url: $SLACK_URL, text: '{{ len .Alrts }}'}}", ".", "notification/template", "`.Alerts`"),
    (CONTACTS, "{slack: {url: $SLACK_URL, title: '{{ .CommonLabels | tojson }}'}}", "t", "notification/template", "`toJson`"),
    (CONTACTS, "{email: {to: a@example.com, message: '{{ if .Alerts }}'}}", "i", "notification/template", "{{ end }}"),
    (NOTIFICATIONS, "templates: {t: '{{ define \"x\" }}{{ foo }}{{ end }}'}", "f", "notification/template", "remove it"),
    (NOTIFICATIONS, "templates: [{name: t, text: '{{ define \"x\" }}'}]", "d", "notification/template", "{{ end }}"),
    (NOTIFICATIONS, "templates: {t: text}", "t", "notification/template", "define"),
    (CONTACTS, "{slack: {url: $slack-url}}", "$slack-url", "secret/reference", "upper-case"),
    (CONTACTS, "{slack: {url: $S}}", "$S", "secret/reference", "${X}"),
    (CONTACTS, "{slack: {url: '${SLACK:-x}'}}", "'${SLACK:-x}'", "secret/reference", "${NAME}"),
    (CONTACTS, "{slack: {url: https://hooks.slack.com/x}}", "https", "secret/plain-text", "seen"),
    (NOTIFICATIONS, "policies: {contact_point: opps}", "opps", "notification/unknown", "ops"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "more", "at", "rule", "hint"), NOTICES)
def test_a_notification_that_grafana_could_not_send_is_found(
    tmp_path: Path, form: str, more: str, at: str, rule: str, hint: str
) -> None:
    text = form.format(more=more)
    project = Project(tmp_path)
    project.write("specs/s.yaml", SOURCES)
    project.write("specs/x.yaml", text)
    [found] = project.build().diagnostics
    assert (found.rule, found.severity) == (rule, "error")
    assert pointed_at(text, found).startswith(at)
    assert hint in found.hint


DOLLARS = """\
kind: Notifications
contact_points:
  ops: {slack: {url: $SLACK_URL, title: 'see $$HOME and $5', text: '{{ $COUNT := len .Alerts }}{{ $$COUNT }} $REGION'}}
"""


def test_a_dollar_of_a_template_is_no_reference(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("specs/s.yaml", SOURCES)
    project.write("specs/x.yaml", DOLLARS)
    assert project.build().diagnostics == []
    text = (project.output / "provisioning/alerting/contact-points.yaml").read_text()
    assert "title: see $$HOME and $$5\n" in text
    assert "{{ $$COUNT := len .Alerts }}{{ $$COUNT }} $REGION" in text
    assert "# Grafana needs these in its environment: REGION, SLACK_URL\n" in text


def test_only_what_provisioning_replaces_is_needed_in_the_environment(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("specs/s.yaml", SOURCES)
    more = "outputs: [grafana], summary: in $HOME, labels: {x: $REGION}"
    project.write("specs/x.yaml", RULE.format(more=more))
    project.write("specs/t.yaml", "kind: Notifications\ntemplates: {t: '{{ define \"x\" }}$HOME{{ end }}'}\n")
    assert project.build().diagnostics == []
    for name in ("rules", "templates"):
        assert "environment" not in (project.output / f"provisioning/alerting/{name}.yaml").read_text()


OUTSIDE = """\
kind: Notifications
external_contact_points: [from-ui, unused]
external_mute_timings: [nights]
contact_points: {ops: {email: a@example.com}}
policies: {contact_point: grafana-default-email, routes: [{match: {a: b}, contact_point: from-ui, mute: nights}]}
---
kind: AlertRules
group: g
folder: F
rules: [{alert: A, query: up, when: below 1, contact_point: from-ui, mute_timings: [nights]}]
"""


@pytest.mark.parametrize("together", [True, False])
def test_what_grafana_has_from_elsewhere_may_be_named_in_written_files(
    tmp_path: Path, together: bool
) -> None:
    project = Project(tmp_path)
    project.write("specs/s.yaml", SOURCES)
    project.write("specs/x.yaml", OUTSIDE)
    assert project.build().diagnostics == []
    alerting = project.output / "provisioning/alerting"
    paths = [alerting] if together else sorted(alerting.iterdir())
    for path in paths:
        assert validate_paths([path], show=str) == []

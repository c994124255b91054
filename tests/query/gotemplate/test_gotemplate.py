"""Go templates: what Go's text/template reads and refuses, and what each server offers to them."""

import time

import pytest

from dashgen.query.gotemplate import (
    GRAFANA_RULE,
    NOTIFICATION,
    PROMETHEUS_RULE,
    Dialect,
    check_template,
    parse_template,
)

FINE = [
    "",
    "no template, { and } and }}",
    "{{ .Value }}",
    "{{- if gt .Value 1.0 -}} a {{- else if .B }} b {{ else }} c {{- end }}",
    '{{ define "a" }}{{ range $i, $x := .Alerts }}{{ break }}{{ end }}{{ end }}',
    "{{/* a comment with {{ and end */}}",
    "{{- /* trimmed */ -}}",
    '{{ "}}" }}{{ `{{` }}{{ \'"\' }}',
    '{{ with printf "%s \\"x\\"" .A }}{{ . }}{{ end }}',
    '{{ block "b" . }}{{ end }}',
]


@pytest.mark.parametrize("text", FINE)
def test_balanced_templates_parse(text: str) -> None:
    assert parse_template(text).fault is None


BROKEN = [
    ("{{ .Value", "`{{` is not closed"),
    ("{{ .Value }", "`{{` is not closed"),
    ("{{ a {{ b }}", "`{{` is not closed"),
    ("{{ if .A }}", "`{{ if }}` is not closed by `{{ end }}`"),
    ("{{ end }}", "an `{{ end }}` too many"),
    ("{{ else }}", "outside `if`"),
    ('{{ if .A }}{{ define "x" }}{{ end }}{{ end }}', "`define` inside another block"),
    ("{{ }}", "an empty `{{ }}`"),
    ('{{ "a }}', 'a quote " is not closed'),
    ("{{ `a }}", "a quote ` is not closed"),
    ("{{/* a }}", "a comment is not closed"),
]


@pytest.mark.parametrize(("text", "problem"), BROKEN)
def test_what_is_not_balanced_is_named(text: str, problem: str) -> None:
    fault = parse_template(text).fault
    assert fault is not None
    assert problem in fault.message
    assert fault.hint


# Recorded from text/template of Go 1.26, with the functions and variables of a rule file.
VERDICTS_OF_GO = [
    ("{{ $labels.job }}", True), ("{{ $x }}", False), ("{{ $x := 1 }}{{ $x }}", True), ("{{ with $x := 1 }}{{ $x }}{{ end }}", True),
    ("{{ with $x := 1 }}{{ end }}{{ $x }}", False), ("{{ if true }}{{ $x := 1 }}{{ end }}{{ $x }}", False),
    ("{{ if $x := 1 }}{{ else }}{{ $x }}{{ end }}", True), ("{{ range $k, $v := $labels }}{{ $k }}{{ $v }}{{ end }}", True),
    ("{{ range $k, $v, $w := $labels }}{{ end }}", False), ("{{ $k, $v := $labels }}", False), ("{{ humanise $value }}", False),
    ("{{ $value | humanize }}", True), ("{{ . | 3 }}", False), ("{{ 3 | humanize }}", True), ("{{ }}", False), ("{{ if }}{{ end }}", False),
    ("{{ (3 }}", False), ("{{ 3) }}", False), ("{{ a.b }}", False), ("{{ $labels.a-b }}", False), ("{{ $labels. }}", False), ("{{ break }}", False),
    ("{{ range . }}{{ break }}{{ end }}", True), ("{{ range . }}{{ else }}{{ continue }}{{ end }}", False), ("{{ else }}", False), ("{{ end }}", False),
    ("{{ if 1 }}{{ else }}{{ else }}{{ end }}", False), ("{{ if 1 }}{{ else if 2 }}{{ else }}{{ end }}", True),
    ("{{ if 1 }}{{ else range . }}{{ end }}", False), ("{{ with 1 }}{{ else with 2 }}{{ end }}", True), ("{{ define x }}{{ end }}", False),
    ('{{ define "x" }}{{ $labels.a }}{{ end }}', False), ('{{ define "x" }}{{ . }}{{ $ }}{{ end }}', True), ('{{ template "x" }}', True),
    ("{{ template x }}", False), ("{{ /* c */ }}", False), ("{{/* c */}}", True), ("{{- /* c */ -}}", True), ("{{-3}}", True), ("{{ 0x1F }}", True),
    ("{{ 1e3 }}", True), ("{{ 'a' }}", True), ('{{ "a }}', False), ("{{ `a` }}", True), ("{{ $value | }}", True), ("{{ | humanize }}", False),
    ("{{ (humanize 3).x }}", True), ('{{ "a".b }}', False), ('{{ printf "%s" (humanize 3) }}', True), ("{{ $value, 3 }}", False),
    ('{{ block "b" . }}{{ end }}', True), ('{{ block "b" }}{{ end }}', False), ("{{ if if }}{{ end }}", False), ("{{ # }}", False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "read"), VERDICTS_OF_GO)
def test_the_verdict_is_that_of_go(text: str, read: bool) -> None:
    assert (check_template(text, PROMETHEUS_RULE) == []) is read


@pytest.mark.parametrize(
    ("text", "dialect", "message", "hint"),
    [
        (
            "{{ $value | humanise }}",
            PROMETHEUS_RULE,
            "no template function `humanise`",
            "did you mean `humanize`?",
        ),
        (
            "{{ value }} {{ $label.x }}",
            PROMETHEUS_RULE,
            "no template variable `$label`",
            "did you mean `$labels`?",
        ),
        ("{{ labels }}", PROMETHEUS_RULE, "no template function `labels`", "write `$labels`"),
        ("{{ .Label.x }}", PROMETHEUS_RULE, "has no `.Label`", "did you mean `.Labels`?"),
        ("{{ $.Valu }}", PROMETHEUS_RULE, "has no `.Valu`", "did you mean `.Value`?"),
        ("{{ $values.A }}", PROMETHEUS_RULE, "no template variable `$values`", "`$value`"),
        ("{{ $externalLabels.x }}", GRAFANA_RULE, "no template variable `$externalLabels`", "`$labels`"),
        (
            '{{ define "x" }}{{ $labels }}{{ end }}',
            GRAFANA_RULE,
            "no template variable `$labels`",
            "hand it over",
        ),
        ("{{ len .Alrts }}", NOTIFICATION, "has no `.Alrts`", "did you mean `.Alerts`?"),
        ("{{ $labels.x }}", NOTIFICATION, "no template variable `$labels`", "declare it"),
        ("{{ humanize 3 }}", NOTIFICATION, "no template function `humanize`", "humanizeDuration"),
        (
            "{{ .CommonLabels | tojson }}",
            NOTIFICATION,
            "no template function `tojson`",
            "did you mean `toJson`?",
        ),
    ],
)
def test_a_name_that_a_server_does_not_have_is_found(
    text: str, dialect: Dialect, message: str, hint: str
) -> None:
    faults = check_template(text, dialect)
    assert message in faults[-1].message
    assert hint in faults[-1].hint
    assert text[faults[-1].offset] in "$.hlt"


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ('{{ range query "up" }}{{ .Labels.x }}{{ .Value }}{{ end }}', PROMETHEUS_RULE),
        ("{{ with .Labels }}{{ .x }}{{ else }}{{ .Value }}{{ end }}", PROMETHEUS_RULE),
        ("{{ range .Alerts.Firing }}{{ .Labels.x }}{{ .ValueString }}{{ $.Status }}{{ end }}", NOTIFICATION),
        ('{{ coll.Dict "a" 1 | data.ToJSON }}{{ tmpl.Exec "x" . }}{{ time.Now }}', NOTIFICATION),
        ('{{ len (filterLabels $labels "a") }}{{ $values.B.Value }}', GRAFANA_RULE),
        (
            '{{ $externalURL }}{{ .ExternalLabels.x }}{{ query "up" | first | value }}{{ toTime $value }}',
            PROMETHEUS_RULE,
        ),
    ],
)
def test_what_a_server_has_is_no_finding(text: str, dialect: Dialect) -> None:
    assert check_template(text, dialect) == []


def test_templates_name_what_they_define_and_use() -> None:
    template = parse_template(
        '{{ define "a" }}{{ template "b" . }}{{ end }}{{ block "c" . }}{{ end }}{{ print "define" "d" }}'
    )
    assert template.defined == ["a", "c"]
    assert [call.name for call in template.calls] == ["b", "c"]


HOSTILE = [
    "{{ " * 200_000,
    "{{" + " " * 500_000,
    '{{ "a" ' * 100_000,
    "{{/* " * 100_000,
    "{{`" * 100_000,
    "{{ if }}" * 50_000,
    "{{ " + "(" * 90_000,
    "{{ $a := 1 }}" * 7_000 + "{{",
    '{{ (index $a "b") }}' * 4_000 + "{{",
]


@pytest.mark.parametrize("text", HOSTILE, ids=[text[:6] for text in HOSTILE])
def test_hostile_templates_take_no_time(text: str) -> None:
    begin = time.process_time()
    assert parse_template(text).fault is not None
    assert time.process_time() - begin < 5

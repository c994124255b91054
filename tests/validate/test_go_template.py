"""Go templates: what is in them, and what does not parse."""

import time

import pytest

from dashgen.validate.go_template import actions, names, template_problem

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
    assert template_problem(text) == ""


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
    assert problem in template_problem(text)


def test_names_are_those_after_their_word() -> None:
    text = '{{ define "a" }}{{ template "b" . }}{{ end }}{{ block "c" . }}{{ end }}{{ print "define" "d" }}'
    assert names(text, "define", "block") == {"a", "c"}
    assert names(text, "template") == {"b"}


def test_actions_come_without_their_braces() -> None:
    assert actions("a {{- .B -}} c {{ .D }}") == ([".B", ".D"], "")


HOSTILE = [
    "{{ " * 200_000,
    "{{" + " " * 500_000,
    '{{ "a" ' * 100_000,
    "{{/* " * 100_000,
    "{{`" * 100_000,
    "{{ if }}" * 50_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=[text[:6] for text in HOSTILE])
def test_hostile_templates_take_no_time(text: str) -> None:
    begin = time.process_time()
    assert template_problem(text) != ""
    assert time.process_time() - begin < 5

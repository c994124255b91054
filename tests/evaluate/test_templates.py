"""Alert texts are rendered as Prometheus and Grafana render them."""

import pytest

from dashgen.evaluate.gotemplate.go_values import RefValue
from dashgen.evaluate.gotemplate.rendered_texts import TemplateData, rendered_rule_texts, rendered_texts

LABELS = {"job": "shop", "env": "prod"}
# What Prometheus 3.14 printed for these.
IN_PROMETHEUS = [
    ("{{ $value }}", 1234567.0, "1.234567e+06"),
    ("{{ $value }}", 99999.0, "99999"),
    ("{{ $value }}", 0.00001234, "1.234e-05"),
    ("{{ $value | humanize }}", 12345678.9, "12.35M"),
    ("{{ $value | humanize }}", 0.00001234, "12.34u"),
    ("{{ humanize1024 $value }}", 1536.0, "1.5ki"),
    ("{{ $value | humanizeDuration }}", 90061.5, "1d 1h 1m 1s"),
    ("{{ $value | humanizeDuration }}", 45.678, "45.68s"),
    ("{{ $value | humanizeDuration }}", 0.25, "250ms"),
    ("{{ $value | humanizePercentage }}", 0.123456, "12.35%"),
    ("{{ $value | humanizeTimestamp }}", 1000000.5, "1970-01-12 13:46:40.5 +0000 UTC"),
    ('{{ printf "%.2f|%8.1f|%-6.1f" $value $value $value }}', 3.14159, "3.14|     3.1|3.1   "),
    ('{{ printf "%+g" $value }}', 3.14159, "+3.14159"),
    ('{{ printf "%d" $value }}', 5.0, "%!d(float64=5)"),
    ('{{ printf "%s %q %5s|" $labels.job $labels.job "a" }}', 0.0, 'shop "shop"     a|'),
    ('{{ printf "%s" }}', 0.0, "%!s(MISSING)"),
    ("{{ $labels.none }}|{{ .Labels.job }}", 0.0, "|shop"),
    ("{{ $labels }}", 0.0, "map[env:prod job:shop]"),
    ("{{ if gt $value 5.0 }}big{{ else if gt $value 1.0 }}mid{{ else }}small{{ end }}", 3.0, "mid"),
    ("{{ range $k, $v := $labels }}{{ $k }}={{ $v }};{{ end }}", 0.0, "env=prod;job=shop;"),
    ('{{ $x := "a" }}{{ if true }}{{ $x = "b" }}{{ end }}{{ $x }}', 0.0, "b"),
    ('{{ define "t" }}<{{ . }}>{{ end }}{{ template "t" $labels.job }}', 0.0, "<shop>"),
    ('{{ "a" }} {{- " b " -}} c {{- /* note */ -}} d', 0.0, "a b cd"),
    ('{{ reReplaceAll "s(.)" "<$1>" $labels.job | toUpper }}', 0.0, "<H>OP"),
    ('{{ title "hello world-wide" }} {{ toUpper $labels.job | title }}', 0.0, "Hello World-Wide SHOP"),
    ('{{ and (eq $labels.job "shop") (lt $value 5.0) }} {{ or "" "x" }}', 1.0, "true x"),
    ("{{ range 3 }}{{ if eq . 1 }}{{ continue }}{{ end }}{{ . }}{{ end }}", 0.0, "02"),
    ('{{ index $labels "job" }} {{ len $labels }} {{ slice $labels.job 1 3 }}', 0.0, "shop 2 ho"),
    ('{{ stripPort "host:80" }} {{ stripDomain "host.example.com:80" }} {{ urlQueryEscape "a b" }}', 0.0,
     "host host:80 a+b"),
]  # fmt: skip
IN_GRAFANA = [
    ("{{ $values.A }} {{ $values.A.Value }} {{ $values.A.Labels.job }}", "1234567 1.234567e+06 shop"),
    ('{{ (index $values "A").Value | printf "%.1f" }}', "1234567.0"),
    ("{{ $labels.none }} {{ $values.Z }} {{ $values.Z.Value }}", "[no value] [no value] [no value]"),
    ("{{ $value }}", "[ var='A' value=1 ]"),
    ('{{ filterLabels $labels "jo" }} {{ removeLabelsRe $labels "^j" }}', "map[job:shop] map[env:prod]"),
]
FAILING = [
    ("{{ if gt $value 5 }}x{{ end }}", "float64 and int cannot be compared"),
    ("{{ $labels.job.x }}", "has no field `x`"),
    ('{{ humanize "abc" }}', "not a number"),
    ('{{ template "none" }}', "no template `none`"),
    ("{{ humanize }}", "wrong number of arguments"),
    ("{{ if }}", "no value"),
]


@pytest.mark.parametrize(("text", "value", "expected"), IN_PROMETHEUS)
def test_a_text_reads_as_prometheus_writes_it(text: str, value: float, expected: str) -> None:
    rendered = rendered_rule_texts({"summary": text}, LABELS, value)["summary"]
    assert (rendered.text, rendered.fault) == (expected, "")


@pytest.mark.parametrize(("text", "expected"), IN_GRAFANA)
def test_a_text_reads_as_grafana_writes_it(text: str, expected: str) -> None:
    data = TemplateData(LABELS, {"A": RefValue({"job": "shop"}, 1234567.0)}, "[ var='A' value=1 ]")
    rendered = rendered_texts({"summary": text}, data)["summary"]
    assert (rendered.text, rendered.fault) == (expected, "")
    assert rendered.is_whole is ("[no value]" not in expected)


@pytest.mark.parametrize(("text", "reason"), FAILING)
def test_a_text_that_fails_stays_as_it_is_and_says_why(text: str, reason: str) -> None:
    rendered = rendered_rule_texts({"summary": text}, LABELS, 7.0)["summary"]
    assert rendered.text == text
    assert reason in rendered.fault
    assert not rendered.is_whole


def test_a_function_that_is_not_known_here_is_named() -> None:
    rendered = rendered_rule_texts({"summary": '{{ query "up" | first }}'}, LABELS, 7.0)["summary"]
    assert rendered.unsupported == "the template function `query`"
    assert not rendered.is_whole

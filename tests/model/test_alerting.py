import pytest

from dashgen.core.diagnostics import Diagnostic
from dashgen.model.alert_rules import AlertRule, AlertRules, PlacedRule, query_items, read_rules, slug
from dashgen.model.alert_text import for_grafana, for_rule_file, uses_value, value_refs
from dashgen.source.provenance import Reporter
from tests.alert_support import documents, group_with, said


def _read(text: str) -> tuple[list[PlacedRule], list[Diagnostic]]:
    """The rules of a group, and what is wrong with the others."""
    [document] = documents(AlertRules, text)
    report = Reporter(document.resolved)
    return list(read_rules(document, report)), report.diagnostics


@pytest.mark.parametrize(
    ("name", "uid"),
    [
        ("HighErrorRate", "high-error-rate"),
        ("P95TooSlow", "p95-too-slow"),
        ("HTTPServerDown", "http-server-down"),
        ("API errors!", "api-errors"),
        ("a" * 40, "a" * 40),
    ],
)
def test_a_uid_is_the_name_in_kebab_case(name: str, uid: str) -> None:
    assert slug(name, "rule") == uid


def test_a_uid_has_at_most_40_characters_and_stays_different() -> None:
    uids = {slug("x" * 60 + end, "rule") for end in "abc"} | {slug(text, "rule") for text in ("خطأ", "故障")}
    assert len(uids) == 5
    assert all(len(uid) <= 40 and uid.isascii() for uid in uids)


@pytest.mark.parametrize(
    ("rule", "finding"),
    [
        ("- alrt: X", "alert/kind a rule lacks `alert` or `record` | did you mean `alert`?"),
        (
            "- query: x",
            "alert/kind a rule lacks `alert` or `record` | start it with `alert: Name` or `record: metric_name`",
        ),
        (
            "- {alert: X, record: y}",
            "alert/kind a rule is either an `alert` or a `record`, not both | split it into two rules",
        ),
    ],
)
def test_a_rule_fires_or_records(rule: str, finding: str) -> None:
    rules, problems = _read(group_with(rule))
    assert rules == []
    assert said(problems) == [finding]


def test_a_wrong_rule_is_reported_at_its_place_and_the_others_are_read() -> None:
    text = group_with(
        """
        - alert: A
          query: a
          when: above 1
          severty: warning
        - alert: B
          query: b
          when: above 1
        """
    )
    rules, problems = _read(text)
    assert [placed.path for placed in rules] == [("rules", 0), ("rules", 1)]
    (problem,) = problems
    assert problem.location is not None
    assert str(problem.location) == "specs/test.yaml:9:5"
    assert "severty" in problem.message
    assert "severity" in problem.hint


def test_queries_are_a_list_or_a_map_by_ref() -> None:
    text = group_with(
        """
        - {alert: A, when: above 1, query: a}
        - {alert: B, when: above 1, queries: [{query: a}, {query: b, ref: total}]}
        - {alert: C, when: above 1, queries: {errors: a, share: {math: $errors * 2}}}
        """
    )
    rules = [placed.rule for placed in _read(text)[0]]
    items = [
        [(path, ref, query.query) for path, ref, query in query_items(rule)]
        for rule in rules
        if isinstance(rule, AlertRule)
    ]
    assert items == [
        [(("query",), None, "a")],
        [(("queries", 0), None, "a"), (("queries", 1), "total", "b")],
        [(("queries", "errors"), "errors", "a"), (("queries", "share"), "share", "")],
    ]


@pytest.mark.parametrize(
    ("written", "grafana", "rule_file"),
    [
        (
            "{{ $values.A | humanizePercentage }} fail",
            "{{ $values.A.Value | humanizePercentage }} fail",
            "{{ $value | humanizePercentage }} fail",
        ),
        ("{{ $value }}", "{{ $values.A.Value }}", "{{ $value }}"),
        ("{{ $values.A.Value }}", "{{ $values.A.Value }}", "{{ $value }}"),
        ('{{ printf "%.2f" $value }}', '{{ printf "%.2f" $values.A.Value }}', '{{ printf "%.2f" $value }}'),
        ("{{ $labels.user_id }}", "{{ $labels.user_id }}", "{{ $labels.user_id }}"),
        ("{{ $values.A.Labels.x }}", "{{ $values.A.Labels.x }}", "{{ $labels.x }}"),
        ("costs $value", "costs $value", "costs $value"),
        ("{{ $valuesOf }}{{ $value2 }}", "{{ $valuesOf }}{{ $value2 }}", "{{ $valuesOf }}{{ $value2 }}"),
    ],
)
def test_a_summary_is_written_once_for_grafana_and_for_rule_files(
    written: str, grafana: str, rule_file: str
) -> None:
    assert for_grafana(written, "A", {}) == grafana
    assert for_rule_file(written) == rule_file


def test_the_value_over_time_is_that_of_the_reduction() -> None:
    assert (
        for_grafana("{{ $value }} {{ $values.A }} {{ $values.X }}", "B", {"A": "B"})
        == "{{ $values.B.Value }} {{ $values.B.Value }} {{ $values.X.Value }}"
    )


def test_the_value_in_a_template_is_seen() -> None:
    assert uses_value("{{ $value }}")
    assert uses_value("{{ $values.A }}")
    assert not uses_value("{{ $labels.a }} for $value")
    assert value_refs("{{ $values.A }} {{ $values.share.Value }}") == {"A", "share"}


@pytest.mark.parametrize(
    ("text", "grafana", "rule_file"),
    [
        ("{{ .Value | humanize }}", "{{ $values.A.Value | humanize }}", "{{ .Value | humanize }}"),
        ("{{ $.Value }}", "{{ $values.A.Value }}", "{{ $.Value }}"),
        ("{{ range $k, $value := $labels }}{{ $value }}{{ end }}{{ $value }}",
         "{{ range $k, $value := $labels }}{{ $value }}{{ end }}{{ $values.A.Value }}",
         "{{ range $k, $value := $labels }}{{ $value }}{{ end }}{{ $value }}"),
        ('{{ with $value := index $labels "job" }}{{ $value }}{{ end }}', None, None),
        ("{{ $value := 5 }}{{ $value }}", None, None),
        ("{{ range .Labels }}{{ .Value }}{{ end }}", None, None),
        ("{{ with .Labels }}{{ $.Value }}{{ else }}{{ .Value }}{{ end }}",
         "{{ with .Labels }}{{ $values.A.Value }}{{ else }}{{ $values.A.Value }}{{ end }}", "{{ with .Labels }}{{ $.Value }}{{ else }}{{ .Value }}{{ end }}"),
        ("{{ $values.A }}", "{{ $values.R.Value }}", "{{ $value }}"),
        ("{{ $values.A.Labels.job }}", "{{ $values.R.Labels.job }}", "{{ $labels.job }}"),
        ("{{ .Values.A.Value }}", "{{ $values.R.Value }}", "{{ $value }}"),
        ('{{ if gt (index $values "A").Value 1.0 }}x{{ end }}', "{{ if gt $values.R.Value 1.0 }}x{{ end }}", "{{ if gt $value 1.0 }}x{{ end }}"),
        ('{{ index $values "B" }}', '{{ index $values "B" }}', "{{ $value }}"),
        ('{{ (index $values "B").Labels.x }}', "{{ $values.B.Labels.x }}", "{{ $labels.x }}"),
        ("{{ $value := 1 }}{{ $values.B }}", "{{ $value := 1 }}{{ $values.B.Value }}", "{{ $value := 1 }}{{ $.Value }}"),
        ("{{ $values := 1 }}{{ $value }}", "{{ $values := 1 }}{{ $.Values.A.Value }}", None),
        ("{{/* $value */}}$value {{ `$value` }}", None, None),
        ('{{ define "x" }}{{ .Value }}{{ end }}', None, None),
        ("{{ $valued }}{{ $value.x }}", None, None),
    ],
)  # fmt: skip
def test_a_template_is_said_in_the_words_of_each_evaluator(
    text: str, grafana: str | None, rule_file: str | None
) -> None:
    assert for_grafana(text, "A", {"A": "R"}) == (grafana or text)
    assert for_rule_file(text) == (rule_file or text)

"""Inhibition rules: their files, and what is wrong with them, at the place in the spec."""

from pathlib import Path
from textwrap import dedent

import pytest

from dashgen.compile.outputs.inhibition_files import inhibition_files
from dashgen.compile.outputs.notification_files import notifications
from dashgen.compile.unmatched_inhibitions import (
    undelivered_inhibitions,
    unmatched_inhibitions,
    unsupported_inhibitions,
)
from dashgen.model.notification_spec import Notifications
from dashgen.model.parse import parse_document
from dashgen.project.inspection import inspect_project
from dashgen.source.load import load_text
from dashgen.source.provenance import Reporter, Resolved
from tests.alert_support import documents, group_with, pointed_at, said, settled

RULES = """\
- {alert: DatabaseDown, query: up, when: below 1, severity: critical, labels: {cluster: eu}, summary: It is down.}
- {alert: SlowShop, query: sum by (job) (up), when: below 1, severity: warning, labels: {cluster: eu}, summary: Slow.}
"""


def spec(rule: str) -> str:
    return f"kind: Notifications\ninhibition_rules:\n  db: {rule}\n"


def test_each_rule_is_a_resource_of_grafanas_api() -> None:
    text = spec("{source: {alertname: DatabaseDown}, target: {severity: [warning, info]}, equal: cluster}")
    artifacts, problems = notifications(documents(Notifications, text))
    assert problems == []
    (artifact,) = artifacts
    assert artifact.path == "apis/inhibition-rules/db.yaml"
    assert artifact.data == {
        "apiVersion": "notifications.alerting.grafana.app/v1beta1",
        "kind": "InhibitionRule",
        "metadata": {"name": "db"},
        "spec": {
            "source_matchers": [{"type": "=", "label": "alertname", "value": "DatabaseDown"}],
            "target_matchers": [{"type": "=~", "label": "severity", "value": "warning|info"}],
            "equal": ["cluster"],
        },
    }
    assert [(one.kind, one.uid) for one in artifact.resources] == [("inhibition-rule", "db")]


def test_a_list_of_rules_says_the_same_as_a_map() -> None:
    body = "source: {severity: critical}, target: {severity: info}"
    of_map = inhibition_files(documents(Notifications, spec(f"{{{body}}}")), [])
    listed = f"kind: Notifications\ninhibition_rules: [{{name: db, {body}}}]\n"
    of_list = inhibition_files(documents(Notifications, listed), [])
    assert [one.content for one in of_map] == [one.content for one in of_list]


@pytest.mark.parametrize(
    ("rule", "at", "finding"),
    [
        ("{source: {}, target: {a: b}}", "{}", "the inhibition rule `db` has no matchers for its source"),
        ("{source: {a: b}, target: {}}", "{}", "the inhibition rule `db` has no matchers for its target"),
        ("{source: {a: b}, target: {c: ~.*}}", "{c: ~.*}", "the target of the inhibition rule `db` is every alert"),
        ("{source: {a: '~('}, target: {c: d}}", "'~('", "`(` is not a regular expression: a `(` is never closed"),
        ("{source: {a: b, c: [d]}, target: {c: [d], a: =b}}", "{c: [d], a: =b}", "the inhibition rule `db` inhibits nothing: its source and its target are the same alerts"),
        ("{source: {a: b}, target: {a: '!b'}, equal: a}", "a", "`a` is never equal: the source and the target have different values of it"),
        ("{source: {a: [b, c]}, target: {a: d}, equal: [x, a]}", "a", "`a` is never equal: the source and the target have different values of it"),
        ("{source: {a: b}, target: {c: d}, equal: [x, x]}", "x", "`equal` of the inhibition rule `db` has `x` twice"),
        ("{source: {a: b}, target: {c: d}, equal: ['']}", "''", "`equal` of the inhibition rule `db` has a label without a name"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_inhibit_is_refused_at_its_place(rule: str, at: str, finding: str) -> None:
    _, problems = notifications(documents(Notifications, spec(rule)))
    assert [line.split(" | ")[0] for line in said(problems)] == [f"notification/inhibition {finding}"]
    assert all(problem.hint for problem in problems)
    assert pointed_at(spec(rule), problems[0]) == at


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        (spec("{target: {a: b}}"), "spec/missing-key `source` is missing | add `source:`"),
        (spec("{source: {a: b}}"), "spec/missing-key `target` is missing | add `target:`"),
        (spec("{source_matchers: {a: b}, source: {a: b}, target: {c: d}}"), "spec/unknown-key unknown key `source_matchers` | write `source:`"),
        (spec("{source: {a: b}, target: {c: d}}").replace("inhibition_rules", "inhibit_rules"), "spec/unknown-key unknown key `inhibit_rules` | write `inhibition_rules:`"),
        (spec("{source: {a: b}, target: {c: d}}").replace("db:", "Data_Base:"), "spec/value expected a name of at most 40 lower-case letters, digits, `-` and `.`, got `Data_Base` | for example: `database-down`"),
    ],
)  # fmt: skip
def test_keys_are_strict(text: str, finding: str) -> None:
    (document,) = load_text("specs/test.yaml", text).documents
    report = Reporter(Resolved(document, document.data))
    parse_document(Notifications, report)
    assert said(report.diagnostics) == [finding]


@pytest.mark.parametrize(
    ("rule", "at", "finding"),
    [
        ("{source: {severity: critcal}, target: {severity: warning}}", "critcal", 'no alert of the project has severity="critcal" | did you mean `critical`?'),
        ("{source: {severity: critical}, target: {sevrity: warning}}", "warning", 'no alert of the project has sevrity="warning" | did you mean `severity`?'),
        ("{source: {alertname: Other}, target: {severity: warning}}", "Other", 'no alert of the project has alertname="Other" | correct it, unless it is about alerts that are defined elsewhere'),
        ("{source: {alertname: SlowShop, severity: critical}, target: {severity: warning}}", "{alertname: SlowShop, severity: critical}", 'no alert of the project has alertname="SlowShop" and severity="critical" together | correct it, unless it is about alerts that are defined elsewhere'),
        ("{source: {alertname: DatabaseDown}, target: {severity: critical}}", "{severity: critical}", "the inhibition rule `db` inhibits no alert of the project: those that are its targets are its sources too | let the two sides differ in a label"),
        ("{source: {severity: critical}, target: {severity: warning}, equal: [clusta]}", "clusta", ""),
    ],
)  # fmt: skip
def test_a_rule_that_no_alert_of_the_project_is_for_is_a_warning(rule: str, at: str, finding: str) -> None:
    groups, problems = settled(group_with(RULES.replace("query: up,", "query: sum(up),")))
    assert problems == []
    findings = unmatched_inhibitions(documents(Notifications, spec(rule)), groups)
    if finding:
        assert said(findings) == [f"notification/inhibition-unmatched {finding}"]
        assert pointed_at(spec(rule), findings[0]) == at
    else:
        # The query of the target may yield any label `job`, and no `clusta`.
        assert said(findings) == ["notification/inhibition-unmatched no alert has the label `clusta`, and what both lack is equal | did you mean `cluster`?"]  # fmt: skip


@pytest.mark.parametrize(
    "rule",
    [
        "{source: {alertname: DatabaseDown}, target: {severity: [warning, info]}, equal: cluster}",
        "{source: {severity: critical}, target: {alertname: ~.+}}",
        "{source: {instance: x}, target: {job: shop}, equal: [job]}",
    ],
)
def test_rules_that_may_inhibit_are_sound(rule: str) -> None:
    # The labels of the first alert's query are not known.
    groups, _ = settled(group_with(RULES))
    assert unmatched_inhibitions(documents(Notifications, spec(rule)), groups) == []


def test_without_alerts_in_the_project_nothing_is_known_of_them() -> None:
    text = spec("{source: {severity: critcal}, target: {severity: warning}}")
    assert unmatched_inhibitions(documents(Notifications, text), []) == []


@pytest.mark.parametrize(("version", "count"), [("12.4", 1), ("13.0", 0), ("13", 0), ("14.1", 0)])
def test_an_older_grafana_has_no_inhibition_rules(version: str, count: int) -> None:
    text = dedent("""\
        kind: Notifications
        inhibition_rules: {db: {source: {a: b}, target: {c: d}}}
        """)
    findings = unsupported_inhibitions(documents(Notifications, text), version)
    assert [one.rule for one in findings] == ["notification/inhibition-version"] * count
    assert unsupported_inhibitions(documents(Notifications, "kind: Notifications\n"), version) == []


@pytest.mark.parametrize(
    ("layouts", "messages"),
    [
        (["sidecar"], ["the layout `sidecar` has no files for inhibition rules"]),
        (["operator", "git-sync"], ["the layout `operator` has no files for inhibition rules"]),
        (
            ["operator", "sidecar"],
            ["the layouts `sidecar` and `operator` have no files for inhibition rules"],
        ),
        (["git-sync", "prometheus-rules"], []),
        ([], []),
    ],
)
def test_layouts_that_leave_inhibition_rules_out_are_named_at_them(
    layouts: list[str], messages: list[str]
) -> None:
    text = spec("{source: {a: b}, target: {c: d}}")
    findings = undelivered_inhibitions(documents(Notifications, text), layouts)
    assert [one.message for one in findings] == messages
    assert all("`dashgen push`" in one.hint for one in findings)
    assert [pointed_at(text, one) for one in findings] == ["inhibition_rules"] * len(messages)
    assert undelivered_inhibitions(documents(Notifications, "kind: Notifications\n"), layouts) == []


@pytest.mark.parametrize(
    ("project", "rules"),
    [
        ('grafana: "13.3"\nkubernetes: {layouts: [sidecar]}\n', ["notification/inhibition-layout"]),
        ('grafana: "12.4"\nkubernetes: {layouts: [sidecar]}\n', ["notification/inhibition-version"]),
        ('grafana: "13.3"\nkubernetes: {layouts: [sidecar]}\nalertmanager: {}\n', []),
        ('grafana: "13.3"\n', []),
    ],
)
def test_a_project_has_one_finding_about_inhibition_rules_that_are_not_delivered(
    project: str, rules: list[str], tmp_path: Path
) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "dashgen.yaml").write_text(f"specs: [specs]\n{project}")
    (tmp_path / "specs/notices.yaml").write_text(spec("{source: {a: b}, target: {c: d}}"))
    findings = inspect_project(tmp_path, None).diagnostics
    assert [one.rule for one in findings if one.rule.startswith("notification/inhibition")] == rules

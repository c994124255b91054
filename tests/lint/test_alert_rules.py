"""What lint rules about alerts find, and what they leave alone."""

from pathlib import Path

import pytest

from dashgen.check.lint import LintGroup, LintRuleSubject
from dashgen.check.lint.file_subjects import read_foreign
from dashgen.check.lint.lint_rule import Preset
from dashgen.check.lint.rule_registry import own_rules
from dashgen.check.lint.run_rules import RuleRunner, RuleSelection
from dashgen.model.condition import Condition, Kind
from tests.lint.lint_dashboards import findings
from tests.lint.lint_queries import PLACE, alert_query

UP = 'min by (job) (up{job="shop"})'
TEXT = "{{ $labels.%s }} fails"


def alert(expression: str, interval: str = "", **more: object) -> LintRuleSubject:
    """An alert of a rule file."""
    rule = alert_query(expression).rule
    assert rule is not None
    rule.group.interval = interval
    rule.evaluators = frozenset(("prometheus",))
    for name, value in more.items():
        setattr(rule, name, value)
    return rule


def spec_alert(expression: str, condition: Condition | None = None, **more: object) -> LintRuleSubject:
    """An alert of a spec, which Grafana evaluates."""
    evaluators = frozenset(("grafana",))
    return alert(expression, condition=condition, is_spec=True, evaluators=evaluators, **more)


ALONE = {
    "alert/bool-comparison": [
        alert("x > 5"), alert("(x > bool 5) == 1"), alert("sum(x > bool 5) > 2"), alert("x > bool 5 and y"),
        spec_alert("x > bool 5", Condition(Kind.ABOVE, (0.0,))),
    ],
    "alert/exact-share": [
        spec_alert("x", Condition(Kind.EQUALS, (1.0,))), spec_alert("x", Condition(Kind.ABOVE, (0.5,))), alert("x == 0.5"),
    ],
    "alert/fragile-absent": [
        alert("absent(x)", for_="5m"), alert("absent(x)", for_="1m"), alert('absent(up{job="a"})'), alert("x > 1"),
        alert("absent_over_time(x[10m])"), alert('absent(ALERTS{alertname="Watchdog"})'), alert("absent(up == 1)"),
    ],
    "alert/no-comparison": [
        alert("vector(1)"), alert("x"), alert("sum(x) > 1"), alert("rate(x[5m]) != 0"), alert("absent(sum(x))"),
        alert("sum(x) and sum(y)"), alert("sum(x unless y)"), alert("sum(job:x:failing)"), alert("sum(x > bool 1) > 1"),
        alert('count by (team) (ALERTS{alertstate="firing"})'), alert("sum(x) > bool 1"), alert("count(x == 0)"),
        spec_alert("sum(x)", Condition(Kind.ABOVE, (1.0,))),
    ],
    "alert/no-summary": [
        alert("x", annotations={"summary": "S"}), alert("x", annotations={"message": "M"}),
        alert("x", annotations={"description": "D"}), alert("x", labels={"summary": "S"}),
    ],
    "alert/no-for": [
        alert("x", for_="1m"), alert("rate(x[5m]) > 1"), alert("max_over_time(x[10m:1m]) > 1"),
    ],
    "alert/range-shorter-than-interval": [
        alert("rate(x[30s])"), alert("rate(x[1m])", "1m"), alert("rate(x[1m]) > rate(x[10m])", "5m"), alert("x", "5m"),
    ],
    "alert/text-of-lost-label": [
        alert(UP, annotations={"summary": TEXT % "job"}), alert("up", annotations={"summary": TEXT % "instance"}),
        alert("absent(up{job='a'})", annotations={"summary": TEXT % "job"}),
        alert("sum without (pod) (x)", annotations={"summary": TEXT % "node"}),
        alert("x * on (pod) group_left (node) y", annotations={"summary": TEXT % "node"}),
        alert("count_values('version', x)", annotations={"summary": TEXT % "version"}),
        alert("label_replace(sum(x), 'team', 'shop', '', '')", annotations={"summary": TEXT % "team"}),
        alert("sum(x)", annotations={"summary": "{{ $externalLabels.cluster }}: {{ $value }}"}),
        alert("sum(x)", annotations={"summary": '{{ range query "up" }}{{ .Labels.job }}{{ end }}'}),
        spec_alert(UP, labels={"team": "shop"}, annotations={"summary": TEXT % "team"}),
        spec_alert(UP, annotations={"summary": TEXT % "alertname"}),
    ],
    "alert/top-series": [
        alert("sum by (pod) (x) > 1"), alert("x * on (pod) group_left () topk by (pod) (1, y)"),
        alert("topk without (uid) (1, x) > 5"),
    ],
    "alert/value-in-label": [
        alert("x", labels={"team": "shop"}), alert("x", labels={"team": "{{ $labels.team }}"}),
        alert("x", labels={"severity": "{{ if gt $value 5.0 }}page{{ else }}ticket{{ end }}"}),
        alert("x", annotations={"summary": "{{ $value }}"}),
    ],
    "alert/odd-severity": [alert("x"), alert("x", labels={"severity": "page"}), alert("x", labels={"severity": "{{ 1 }}"})],
    "alert/summary-without-context": [
        alert("sum(x)", annotations={"summary": "Fails"}), alert(UP, annotations={"summary": TEXT % "job"}),
        alert(UP, annotations={"summary": "Fails", "description": "In {{ $labels.job }}"}), alert(UP),
    ],
    "alert/summary-form": [
        alert("x", annotations={"summary": "Requests fail"}), alert("x"),
        alert("x", annotations={"summary": "{{ $labels.a_very_long_name_of_a_label }}" * 5}),
    ],
}  # fmt: skip

FOUND = {
    "alert/bool-comparison": [alert("x > bool 5"), alert("(x >= BOOL 5)"), spec_alert("x > bool 5", Condition(Kind.PRESENT))],
    "alert/exact-share": [spec_alert("x", Condition(Kind.EQUALS, (0.95,)))],
    "alert/fragile-absent": [
        alert("absent(x)"), alert("absent(x)", for_="30s"), alert("absent(sum(x))"), alert("y > 1 or absent(x)"),
    ],
    "alert/no-comparison": [alert("sum(x)"), alert("x / y"), alert("rate(x[5m])"), alert("count(x > bool 1)")],
    "alert/no-summary": [
        alert("x"), alert("x", annotations={"runbook_url": "https://x"}), alert("x", annotations={"summary": ""}),
        spec_alert("x", annotations={"description": "D"}),
    ],
    "alert/no-for": [alert("x > 1"), alert("x > 1", for_="0s"), alert("x > 1", for_="0m"), alert("rate(x[1m]) > 1")],
    "alert/range-shorter-than-interval": [alert("rate(x[30s])", "1m"), alert("rate(x[1m]) > 1", "5m")],
    "alert/text-of-lost-label": [
        alert(UP, annotations={"summary": TEXT % "instance"}), alert("sum(x)", annotations={"description": TEXT % "job"}),
        alert("absent(up{job=~'a|b'})", annotations={"summary": TEXT % "job"}),
        alert("sum without (pod) (x)", annotations={"summary": TEXT % "pod"}),
        alert(UP, labels={"where": TEXT % "zone"}), alert(UP, annotations={"summary": "{{ .Labels.zone }}"}),
        alert(UP, labels={"team": "shop"}, annotations={"summary": TEXT % "team"}),
        alert(UP, annotations={"summary": TEXT % "alertname"}),
    ],
    "alert/top-series": [alert("topk(3, x) > 1"), alert("topk(1, x) > 1"), alert("bottomk by (a) (2, x) < 1")],
    "alert/value-in-label": [
        alert("x", labels={"now": "{{ $value }}"}), alert("x", labels={"now": "{{ $value | humanize }}"}),
        spec_alert("x", labels={"now": "{{ $values.A.Value }}"}),
    ],
    "alert/odd-severity": [alert("x", labels={"severity": "sev1"})],
    "alert/summary-without-context": [alert(UP, annotations={"summary": "Fails"})],
    "alert/summary-form": [
        alert("x", annotations={"summary": "a\nb"}), alert("x", annotations={"summary": "fails"}),
        alert("x", annotations={"summary": "F" * 121}),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "subject"), [(rule, subject) for rule, subjects in ALONE.items() for subject in subjects]
)
def test_a_sound_alert_is_left_alone(rule: str, subject: LintRuleSubject) -> None:
    assert findings(rule, subject) == []


@pytest.mark.parametrize(
    ("rule", "subject"), [(rule, subject) for rule, subjects in FOUND.items() for subject in subjects]
)
def test_a_fault_of_an_alert_is_found(rule: str, subject: LintRuleSubject) -> None:
    assert len(findings(rule, subject)) == 1


@pytest.mark.parametrize(
    ("interval", "count"), [("5s", 1), ("10s", 0), ("10m", 0), ("1h", 1), ("", 0), ("never", 0)]
)
def test_an_interval_of_alerts_is_odd_when_it_is_extreme(interval: str, count: int) -> None:
    group = LintGroup(place=PLACE, file="x.yaml", name="example", interval=interval, rules=[alert("x > 1")])
    assert len(findings("group/odd-interval", group)) == count


def test_recording_rules_may_be_computed_rarely() -> None:
    group = LintGroup(
        place=PLACE, file="x.yaml", name="example", interval="1h", rules=[alert("x", kind="record")]
    )
    assert findings("group/odd-interval", group) == []


FILE = """\
groups:
  - name: shop
    rules:
      - alert: Busy
        expr: |
          sum by (pod) (x)
            > on (pod)
          topk(3, y)
        annotations:
          summary: "{{ $labels.pod }} and {{ $labels.zone }}"
"""


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("rule", "place"), [("alert/top-series", "8:11"), ("alert/text-of-lost-label", "10:20")]
)
def test_a_finding_in_a_block_of_yaml_is_at_its_line(
    tmp_path: Path, ending: str, rule: str, place: str
) -> None:
    (tmp_path / "rules.yaml").write_bytes(FILE.replace("\n", ending).encode())
    tree = read_foreign([tmp_path / "rules.yaml"], lambda path: path.name)
    selection = RuleSelection([*own_rules().values()], tree.project.settings, Preset.COMMUNITY)
    runner = RuleRunner(tree.project, selection)
    located = {one.diagnostic.rule: str(one.diagnostic.location) for one in runner.rest()}
    assert located[rule] == f"rules.yaml:{place}"

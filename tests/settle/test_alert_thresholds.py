from dashgen.compile.settle.alert_thresholds import alert_thresholds
from dashgen.model.alert_rules import AlertRules
from dashgen.model.condition import Kind
from tests.alert_support import documents, group_with


def test_conditions_become_lines_on_the_panels_that_alerts_name() -> None:
    text = group_with(
        """
        - {alert: Warn, query: a, when: above 10%, severity: warning, panel: mc/errors}
        - {alert: Crit, query: a, when: above 20%, severity: critical, panel: mc/errors}
        - {alert: Range, query: a, when: outside 1 and 5, panel: other/x/y}
        - {alert: Gone, query: a, when: absent, panel: mc/errors}
        - {alert: Wrong, query: a, when: over 1, panel: mc/errors}
        - {alert: NoPanel, query: a, when: above 1}
        - {record: a:b, query: a}
        """
    )
    result = alert_thresholds(documents(AlertRules, text))
    lines = {
        dashboard: {
            key: [(t.rule, t.kind, t.values, t.color) for t in lines] for key, lines in panels.items()
        }
        for dashboard, panels in result.items()
    }
    assert lines == {
        "mc": {"errors": [("Warn", Kind.ABOVE, (0.1,), "orange"), ("Crit", Kind.ABOVE, (0.2,), "red")]},
        "other": {"x/y": [("Range", Kind.OUTSIDE, (1.0, 5.0), "red")]},
    }
    assert str(result["mc"]["errors"][1].location) == "specs/test.yaml:7:35"

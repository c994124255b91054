"""A panel has other thresholds than the alert that links to it.

The alert fires at 10%, and the panel that its message opens is still green: people believe the colour and go
back to sleep.

Add the alert's value to `thresholds:`, or leave them out: dashgen takes them from the alert.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, LintProject, Preset, lint_rule


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
        kind: Dashboard
        title: Example
        uid: example
        panels:
          - {title: Waiting, type: stat, query: sum(queue_length), thresholds: {red: 0, green: 5}}
        ---
        kind: AlertRules
        group: example
        folder: Examples
        rules:
          - alert: NothingWaits
            query: sum(queue_length)
            when: below 1
            panel: example/waiting
    """,
    good="""
        kind: Dashboard
        title: Example
        uid: example
        panels:
          - {title: Waiting, type: stat, query: sum(queue_length), thresholds: {red: 0, yellow: 1, green: 5}}
        ---
        kind: AlertRules
        group: example
        folder: Examples
        rules:
          - alert: NothingWaits
            query: sum(queue_length)
            when: below 1
            panel: example/waiting
    """,
)
def check(panel: LintPanel, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each value of an alert's condition that is no threshold of its panel."""
    if not panel.thresholds or panel.thresholds_are_percentages or "thresholds" in panel.derived:
        return
    name = f"{panel.dashboard.uid}/{panel.key}"
    values = {value for value, _ in panel.thresholds}
    for rule in project.rules:
        if rule.panel != name or rule.condition is None:
            continue
        for value in rule.condition.values:
            if value not in values and value != 0:
                message = (
                    f"the alert `{rule.name}` fires at {value:g}, which is no threshold of {panel.words}"
                )
                yield panel.problem(message, "thresholds", hint="add the value, or leave `thresholds:` out")

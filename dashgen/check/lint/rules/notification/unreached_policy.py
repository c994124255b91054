"""No alert rule of the project takes a policy.

A label or value in its matchers is misspelt, a policy above it takes all of its alerts first, or the rule
that it was for is gone. Its contact point then waits for messages that never come.

Correct the matchers, move the policy up, or remove it. Policies for the alerts of somebody else in the same
Grafana are silenced with a reason. `dashgen route` shows the way of each alert.
"""

from collections.abc import Iterator, Sequence

from dashgen.check.lint import LintProblem, LintProject, Preset, lint_rule
from dashgen.check.lint.rule_routes import notified_rules, policies_of, routes_by_policies
from dashgen.core.diagnostics import nearest
from dashgen.model.label_matchers import LabelMatcher, matchers
from dashgen.model.notification_spec import Route
from dashgen.model.policy_routes import ROOT
from dashgen.source.source import Path

_SOURCES = """
        kind: AlertRules
        group: orders
        folder: Shop
        rules:
          - {alert: NoOrders, query: sum(orders), when: below 1, severity: critical, summary: No orders.}
        ---
        kind: Notifications
        contact_points: {ops: {email: ops@example.com}, on-call: {email: on-call@example.com}}
        policies:
          contact_point: ops
"""


@lint_rule(
    presets=[Preset.STRICT],
    bad=f"""{_SOURCES}          routes: [{{match: {{severity: critcal}}, contact_point: on-call}}]
    """,
    good=f"""{_SOURCES}          routes: [{{match: {{severity: critical}}, contact_point: on-call}}]
    """,
)
def check(project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each policy that no rule takes, but not for those below it."""
    document = policies_of(project)
    if document is None or document.model.policies is None or not notified_rules(project):
        return
    reached = {policy.path for route in routes_by_policies(project) for policy in route.policies}
    for path, route in _unreached(document.model.policies.routes, ROOT, reached):
        conditions = matchers(route.match)
        shown = " and ".join(map(str, conditions)) or "any label"
        hint = _misspelt(project, conditions) or "correct its matchers, move it up, or remove it"
        location = document.resolved.origin(path).location()
        yield LintProblem(f"no alert rule takes the policy for {shown}", hint=hint, location=location)


def _unreached(routes: Sequence[Route], above: Path, reached: set[Path]) -> Iterator[tuple[Path, Route]]:
    for number, route in enumerate(routes):
        path = (*above, "routes", number)
        if path not in reached:
            yield path, route
        else:
            yield from _unreached(route.routes, path, reached)


def _misspelt(project: LintProject, conditions: Sequence[LabelMatcher]) -> str:
    """A hint if a label or its value is like one that alerts have."""
    rules = notified_rules(project)
    names = {name for rule in rules for name in rule.labels} | {"alertname", "grafana_folder"}
    for condition in conditions:
        values = {rule.labels[condition.label] for rule in rules if condition.label in rule.labels}
        values |= {rule.name for rule in rules if condition.label == "alertname"}
        hint = (
            nearest(condition.value, values) if condition.label in names else nearest(condition.label, names)
        )
        wrong = condition.operator == "=" and condition.value not in values
        if hint.startswith("did you mean") and (wrong or condition.label not in names):
            return hint
    return ""

"""An alert matches no policy, so it goes the way of all that nobody thought of.

The root of the policy tree catches what no route matches. A project with routes means to send its alerts
somewhere.

Give it the labels that a route matches, such as `severity` or `team`, or a `contact_point:` of its own.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintRuleSubject, Preset, lint_rule
from dashgen.check.lint.rule_routes import notified_rules, policies_of, rule_labels
from dashgen.model.policy_routes import policy_routes


@lint_rule(
    presets=[Preset.STRICT],
    bad="""
            kind: Notifications
            contact_points: {ops: {email: ops@example.org}, payments: {email: payments@example.org}}
            policies:
              contact_point: ops
              routes: [{match: {team: payments}, contact_point: payments}]
            ---
            kind: AlertRules
            group: example
            folder: Examples
            rules:
              - {alert: HighErrorRate, query: 'sum(rate(http_requests_total{code="500"}[5m]))', when: above 1}
        """,
    good="""
            kind: Notifications
            contact_points: {ops: {email: ops@example.org}, payments: {email: payments@example.org}}
            policies:
              contact_point: ops
              routes: [{match: {team: payments}, contact_point: payments}]
            ---
            kind: AlertRules
            group: example
            folder: Examples
            rules:
              - alert: HighErrorRate
                query: sum(rate(http_requests_total{code="500"}[5m]))
                when: above 1
                labels: {team: payments}
        """,
)
def check(rule: LintRuleSubject, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for an alert that only the root of the policy tree takes."""
    document = policies_of(project)
    if document is None or document.model.policies is None or not document.model.policies.routes:
        return
    if rule not in notified_rules(project):
        return
    routes = policy_routes(document.model.policies, rule_labels(rule)[0])
    if routes and all(len(route.policies) == 1 and route.is_certain for route in routes):
        hint = "give it the labels that a route matches, or a `contact_point:`"
        yield rule.problem(
            f"no route matches the alert `{rule.name}`: it goes to the default", "alert", hint=hint
        )

"""No alert rule of the project notifies a contact point.

Either nobody needs it any more, or a policy that should lead to it does not.

Name it in a policy, or remove it. One for the alerts of somebody else in the same Grafana is silenced with a
reason.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, Preset, lint_rule
from dashgen.check.lint.rule_routes import notified_rules, policies_of, routes_by_policies
from dashgen.model.notification_spec import contact_points

_RULES = """
        kind: AlertRules
        group: orders
        folder: Shop
        rules: [{alert: NoOrders, query: sum(orders), when: below 1, summary: No orders.}]
        ---
        kind: Notifications
        policies: {contact_point: ops}
"""


@lint_rule(
    presets=[Preset.STRICT],
    bad=f"""{_RULES}        contact_points: {{ops: {{email: ops@example.com}}, shop: {{email: shop@example.com}}}}
    """,
    good=f"""{_RULES}        contact_points: {{ops: {{email: ops@example.com}}}}
    """,
)
def check(project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each contact point of the specs that no rule leads to."""
    rules = notified_rules(project)
    # Without a tree in the specs, Grafana's own may lead to any contact point.
    if policies_of(project) is None or not rules:
        return
    reached = {route.contact_point for route in routes_by_policies(project)}
    reached |= {rule.contact_point for rule in rules}
    for named, _ in contact_points(project.documents.get("Notifications", [])):
        if named.name and named.name not in reached:
            location = named.document.resolved.origin(named.path).location(key=True)
            message = f"no alert rule notifies the contact point `{named.name}`"
            yield LintProblem(message, hint="name it in a policy, or remove it", location=location)

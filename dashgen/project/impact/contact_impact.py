"""What notifies a contact point."""

from collections.abc import Iterator

from dashgen.core.json_values import at
from dashgen.model.alert_routes import condition_text
from dashgen.project.impact.impact_use import ImpactProject, ImpactUse, location_of, strings


def contact_point_impact(project: ImpactProject, name: str) -> Iterator[ImpactUse]:
    """The policies, rule groups and rules that name a contact point, and the rules whose alerts reach it."""
    for document in project.inspection.documents.of("Notifications"):
        for path, text, is_key in strings(document.resolved.data):
            if not is_key and text == name and path[0] == "policies" and path[-1] == "contact_point":
                location = location_of(document.resolved, path)
                yield ImpactUse("policy", name, "", "contact_point", location)
    for group in project.inspection.groups:
        resolved = group.document.resolved
        if group.document.model.contact_point == name:
            location = location_of(resolved, ("contact_point",))
            yield ImpactUse("rule-group", group.name, "", "contact_point", location)
        for alert in group.alerts:
            for keys in (("contact_point",), ("raw", "notification_settings", "receiver")):
                path = (*alert.placed.path, *keys)
                if at(resolved.data, path) == name:
                    location = location_of(resolved, path)
                    yield ImpactUse("alert-rule", alert.rule.alert, group.name, ".".join(keys), location)
    yield from _reached(project, name)


def _reached(project: ImpactProject, name: str) -> Iterator[ImpactUse]:
    """The rules whose alerts a policy sends there."""
    for routed in project.alerts:
        ways = {"alerts": routed.routes.routes}
        if not any(route.contact_point == name and route.is_certain for route in routed.routes.routes):
            ways |= routed.routes.states
        for state, routes in ways.items():
            for route in routes:
                if route.contact_point != name or not route.policies:
                    continue
                policies = project.book.contact_route(route).policies
                via = " and ".join(policies[-1].matchers) or "the default policy"
                part = "its alerts" if state == "alerts" else f"its state `{state}`"
                if route.conditions:
                    part += f" if {condition_text(route.conditions)}"
                yield ImpactUse(
                    "alert-rule", routed.alert.rule.alert, routed.group, part, routed.location, (via,)
                )

"""Who is notified of alerts, with the lines of the specs that decide it."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from dashgen.compile.outputs.receiver_settings import receivers_of
from dashgen.core.diagnostics import Location
from dashgen.model.alert_routes import AlertRoutes, routes_of
from dashgen.model.base import as_list
from dashgen.model.document import SpecDocument
from dashgen.model.label_matchers import LabelMatcher, matchers
from dashgen.model.notification_spec import (
    MuteTiming,
    Named,
    Notifications,
    Policies,
    contact_points,
    inhibition_rules,
    mute_timings,
)
from dashgen.model.policy_routes import ROOT, AlertLabels, MatchedPolicy, PolicyRoute, open_conditions
from dashgen.model.settled_alerts import SettledAlert, SettledGroup
from dashgen.project.inspection import Inspection
from dashgen.project.mute_moments import holds_at, timing_text


class PolicyLine(Struct, frozen=True):
    """A policy on an alert's way: its matchers as text, and its place."""

    matchers: tuple[str, ...]
    location: Location


class TimingLine(Struct, frozen=True):
    """A mute timing of a way: whether it is silent outside of it, its times, and its location if known."""

    name: str
    is_active: bool
    times: str
    location: Location | None


class ContactRoute(Struct, frozen=True):
    """A way of an alert with its places.

    Attributes:
        route: the way.
        receivers: the types of the contact point's receivers, such as `slack`.
        location: where the contact point is defined; None when Grafana has it from elsewhere.
        policies: the policies from the top of the tree to the one that is taken.
        timings: when it is silent.
        is_silent: whether it is silent at the moment in question; None without one.
    """

    route: PolicyRoute
    receivers: tuple[str, ...]
    location: Location | None
    policies: tuple[PolicyLine, ...]
    timings: tuple[TimingLine, ...]
    is_silent: bool | None = None


class Inhibition(Struct, frozen=True):
    """An inhibition rule that silences an alert while another one fires.

    Attributes:
        name: the rule.
        sources: the matchers of the alerts that silence it.
        equal: the labels that both must have with the same value.
        conditions: what labels of the silenced alert that are not known have to be.
        location: where the rule is defined.
    """

    name: str
    sources: tuple[LabelMatcher, ...]
    equal: tuple[str, ...]
    conditions: tuple[LabelMatcher, ...]
    location: Location


class RoutedAlert(Struct, frozen=True):
    """An alert rule and the ways of its alerts."""

    alert: SettledAlert
    group: str
    location: Location
    routes: AlertRoutes


class RouteBook:
    """The contact points, policies and mute timings of a project by their names."""

    def __init__(self, documents: list[SpecDocument[Notifications]]) -> None:
        self._points = {
            named.name: (named, receivers_of(point)) for named, point in contact_points(documents)
        }
        self._timings: dict[str, tuple[Named, MuteTiming]] = {
            named.name: (named, timing) for named, timing in mute_timings(documents)
        }
        self._inhibitions = list(inhibition_rules(documents))
        self._document = next((one for one in documents if one.model.policies is not None), None)

    @property
    def tree(self) -> Policies | None:
        """The policy tree; None when the specs have none."""
        return self._document.model.policies if self._document is not None else None

    def points(self) -> Mapping[str, Location]:
        """The place of each contact point of the specs."""
        return {name: _location(named) for name, (named, _) in self._points.items()}

    def inhibitions(self, labels: AlertLabels) -> Iterator[Inhibition]:
        """The inhibition rules that silence an alert, or may where some of its labels are not known."""
        for named, rule in self._inhibitions:
            conditions = open_conditions(matchers(rule.target), labels)
            if conditions is not None:
                sources, equal = tuple(matchers(rule.source)), tuple(as_list(rule.equal))
                yield Inhibition(named.name, sources, equal, conditions, _location(named))

    def contact_route(self, route: PolicyRoute, moment: datetime | None = None) -> ContactRoute:
        """A way with its places.

        Args:
            route: the way.
            moment: the time for which to say whether it is silent.

        Raises:
            DashgenError: a mute timing's zone is not in this machine's database.
        """
        named, receivers = self._points.get(route.contact_point, (None, []))
        timings = [self._timing(name, is_active=False) for name in route.mute]
        timings += [self._timing(name, is_active=True) for name in route.active]
        return ContactRoute(
            route,
            tuple(dict.fromkeys(receiver.kind() for _, receiver in receivers)),
            _location(named) if named is not None else None,
            tuple(self._policy(policy) for policy in route.policies),
            tuple(timings),
            self._is_silent(route, moment) if moment is not None else None,
        )

    def _policy(self, policy: MatchedPolicy) -> PolicyLine:
        if self._document is None:
            raise ValueError("a policy without a tree")
        origin = self._document.resolved.origin(policy.path)
        return PolicyLine(tuple(map(str, policy.matchers)), origin.location(key=policy.path == ROOT))

    def _timing(self, name: str, *, is_active: bool) -> TimingLine:
        named, timing = self._timings.get(name, (None, None))
        if named is None or timing is None:
            return TimingLine(name, is_active, "", None)
        return TimingLine(name, is_active, timing_text(timing), _location(named))

    def _is_silent(self, route: PolicyRoute, moment: datetime) -> bool:
        holds = {
            name: holds_at(self._timings[name][1], moment)
            for name in (*route.mute, *route.active)
            if name in self._timings
        }
        is_inactive = bool(route.active) and not any(holds.get(name, True) for name in route.active)
        return is_inactive or any(holds.get(name, False) for name in route.mute)


def routed_alerts(inspection: Inspection, labels: Mapping[str, str] | None = None) -> list[RoutedAlert]:
    """Every alert rule of a project with the ways of its alerts.

    Args:
        inspection: the project.
        labels: what labels that are not the rule's own are assumed to be.
    """
    tree = RouteBook(inspection.documents.of("Notifications")).tree
    return [
        _routed(alert, group, tree, labels or {}) for group in inspection.groups for alert in group.alerts
    ]


def _routed(
    alert: SettledAlert, group: SettledGroup, tree: Policies | None, labels: Mapping[str, str]
) -> RoutedAlert:
    location = alert.placed.document.resolved.origin((*alert.placed.path, "alert")).location()
    return RoutedAlert(alert, group.name, location, routes_of(alert, group.folder, tree, labels))


def unreached_points(book: RouteBook, alerts: list[RoutedAlert]) -> dict[str, Location]:
    """The contact points of the specs that no alert rule's way leads to, with their places."""
    ways = [
        route
        for alert in alerts
        for way in (alert.routes.routes, *alert.routes.states.values())
        for route in way
    ]
    reached = {route.contact_point for route in ways}
    return {name: location for name, location in book.points().items() if name not in reached}


def _location(named: Named) -> Location:
    return named.document.resolved.origin(named.path).location(key=True)

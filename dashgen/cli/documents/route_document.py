"""What ``dashgen route`` prints as JSON."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from dashgen.core.diagnostics import Location
from dashgen.core.reporters.json_report import OutputDocument
from dashgen.model.policy_routes import AlertLabels
from dashgen.project.contact_routes import ContactRoute, Inhibition, PolicyLine, RoutedAlert, TimingLine

PlaceFile = Annotated[str | None, Meta(description="The spec that defines it; null if Grafana has it.")]
PlaceLine = Annotated[int | None, Meta(description="The line there, from 1.")]


class ReportedPolicy(Struct, frozen=True):
    """A policy on the way of an alert."""

    matchers: Annotated[list[str], Meta(description="Its matchers; none takes any label.")]
    file: PlaceFile
    line: PlaceLine


class ReportedTiming(Struct, frozen=True):
    """A mute timing."""

    name: Annotated[str, Meta(description="Its name.")]
    active: Annotated[bool, Meta(description="Whether it is silent outside of it, not within.")]
    times: Annotated[str, Meta(description="Its times; empty if unknown.")]
    file: PlaceFile
    line: PlaceLine


class ReportedRoute(Struct, frozen=True, kw_only=True):
    """A way of an alert to a contact point."""

    contact_point: Annotated[str, Meta(description="Who is notified.")]
    receivers: Annotated[list[str], Meta(description="The types of its receivers, such as `slack`.")]
    file: PlaceFile
    line: PlaceLine
    certain: Annotated[bool, Meta(description="Whether every alert with these labels takes it.")]
    conditions: Annotated[list[str], Meta(description="What labels that are not known have to be.")]
    policies: Annotated[list[ReportedPolicy], Meta(description="The policies, from the top of the tree.")]
    group_by: Annotated[list[str], Meta(description="The labels of a group; `...` for each alert alone.")]
    group_wait: Annotated[str, Meta(description="How long a new group waits for more alerts.")]
    group_interval: Annotated[str, Meta(description="The time between notifications of changes.")]
    repeat_interval: Annotated[str, Meta(description="The time between notifications without a change.")]
    mute_timings: Annotated[list[ReportedTiming], Meta(description="When it is silent.")]
    muted_then: Annotated[bool | UnsetType, Meta(description="With `--at`: whether it is silent.")] = UNSET


class ReportedInhibition(Struct, frozen=True, kw_only=True):
    """An inhibition rule that silences an alert while another one fires."""

    name: Annotated[str, Meta(description="Its name.")]
    sources: Annotated[list[str], Meta(description="The matchers of the alerts that silence it.")]
    equal: Annotated[list[str], Meta(description="The labels that both have with the same value.")]
    conditions: Annotated[list[str], Meta(description="What labels that are not known have to be.")]
    file: PlaceFile
    line: PlaceLine


Inhibitions = Annotated[
    list[ReportedInhibition] | UnsetType,
    Meta(description="The inhibition rules that silence it; absent when there are none."),
]
Routes = Annotated[list[ReportedRoute], Meta(description="The ways, in the order of the policies.")]


class ReportedAlertRoutes(Struct, frozen=True, kw_only=True):
    """An alert rule, and the ways of its alerts."""

    alert: Annotated[str, Meta(description="The name of the rule.")]
    uid: Annotated[str, Meta(description="Its uid.")]
    group: Annotated[str, Meta(description="Its group.")]
    file: PlaceFile
    line: PlaceLine
    labels: Annotated[dict[str, str], Meta(description="The labels that are known.")]
    open_labels: Annotated[
        list[str] | None, Meta(description="Those of the query's result; null if they are not known.")
    ]
    reason: Annotated[str, Meta(description="Why there is no way; else empty.")]
    routes: Routes
    states: Annotated[
        dict[str, list[ReportedRoute]], Meta(description="The ways in the states `NoData` and `Error`.")
    ]
    inhibition_rules: Inhibitions = UNSET


class UnreachedPoint(Struct, frozen=True):
    """A contact point that no alert rule leads to."""

    contact_point: Annotated[str, Meta(description="Its name.")]
    file: PlaceFile
    line: PlaceLine


class LabelsRouteDocument(OutputDocument, frozen=True, kw_only=True):
    """The ways of an alert with some labels."""

    labels: Annotated[dict[str, str], Meta(description="The labels.")]
    routes: Routes
    inhibition_rules: Inhibitions = UNSET


class RulesRouteDocument(OutputDocument, frozen=True, kw_only=True):
    """The ways of the alerts of some rules, or of all."""

    alerts: Annotated[list[ReportedAlertRoutes], Meta(description="The rules.")]
    unreached: Annotated[
        list[UnreachedPoint] | UnsetType,
        Meta(description="For all rules: the contact points that none leads to."),
    ] = UNSET


def reported_routes(contacts: Sequence[ContactRoute]) -> list[ReportedRoute]:
    """Some ways of an alert."""
    return [_route(contact) for contact in contacts]


def reported_alert(
    alert: RoutedAlert,
    labels: dict[str, str],
    states: Mapping[str, Sequence[ContactRoute]],
    inhibitions: Iterable[Inhibition] = (),
) -> ReportedAlertRoutes:
    """An alert rule with its ways.

    Args:
        alert: the rule.
        labels: its labels that people see.
        states: the ways by the state of the alert; ``""`` is the ordinary one.
        inhibitions: the inhibition rules that silence it.
    """
    return ReportedAlertRoutes(
        alert=alert.alert.rule.alert,
        uid=alert.alert.uid,
        group=alert.group,
        file=alert.location.file,
        line=_line(alert.location),
        labels=labels,
        open_labels=_open_labels(alert.routes.labels),
        reason=alert.routes.reason,
        routes=reported_routes(states[""]),
        states={state: reported_routes(contacts) for state, contacts in states.items() if state},
        inhibition_rules=reported_inhibitions(inhibitions),
    )


def reported_inhibitions(inhibitions: Iterable[Inhibition]) -> list[ReportedInhibition] | UnsetType:
    """The inhibition rules that silence an alert; nothing when there are none."""
    reported = [
        ReportedInhibition(
            name=one.name,
            sources=list(map(str, one.sources)),
            equal=list(one.equal),
            conditions=list(map(str, one.conditions)),
            file=one.location.file,
            line=_line(one.location),
        )
        for one in inhibitions
    ]
    return reported or UNSET


def unreached_document_points(points: Mapping[str, Location]) -> list[UnreachedPoint]:
    """Contact points that no alert rule leads to."""
    return [UnreachedPoint(name, location.file, _line(location)) for name, location in points.items()]


def _open_labels(labels: AlertLabels) -> list[str] | None:
    return None if labels.open is None else sorted(labels.open)


def _route(contact: ContactRoute) -> ReportedRoute:
    route = contact.route
    return ReportedRoute(
        contact_point=route.contact_point,
        receivers=list(contact.receivers),
        file=_file(contact.location),
        line=_line(contact.location),
        certain=route.is_certain,
        conditions=[str(condition) for condition in route.conditions],
        policies=[_policy(policy) for policy in contact.policies],
        group_by=list(route.group_by),
        group_wait=route.group_wait,
        group_interval=route.group_interval,
        repeat_interval=route.repeat_interval,
        mute_timings=[_timing(timing) for timing in contact.timings],
        muted_then=UNSET if contact.is_silent is None else contact.is_silent,
    )


def _policy(policy: PolicyLine) -> ReportedPolicy:
    return ReportedPolicy(list(policy.matchers), policy.location.file, _line(policy.location))


def _timing(timing: TimingLine) -> ReportedTiming:
    return ReportedTiming(
        timing.name, timing.is_active, timing.times, _file(timing.location), _line(timing.location)
    )


def _file(location: Location | None) -> str | None:
    return location.file if location else None


def _line(location: Location | None) -> int | None:
    return location.span.line if location and location.span else None

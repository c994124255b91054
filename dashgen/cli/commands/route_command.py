"""``dashgen route``."""

import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NamedTuple

from dashgen.cli.documents.route_document import (
    LabelsRouteDocument,
    ReportedAlertRoutes,
    RulesRouteDocument,
    reported_alert,
    reported_inhibitions,
    reported_routes,
    unreached_document_points,
)
from dashgen.cli.options import (
    Environment,
    Format,
    ListFormat,
    ListOutputFormat,
    ProjectFolder,
    finish,
    usage_error,
)
from dashgen.cli.output import print_json, report
from dashgen.cli.parameters import Argument, Option
from dashgen.core.diagnostics import Location, has_errors, nearest
from dashgen.core.reporters.json_report import OutputDocument
from dashgen.core.reporters.text_table import aligned_lines, draw_table
from dashgen.model.alert_routes import condition_text, route_summary
from dashgen.model.policy_routes import AlertLabels, PolicyRoute, policy_routes
from dashgen.project.contact_routes import (
    ContactRoute,
    RouteBook,
    RoutedAlert,
    routed_alerts,
    unreached_points,
)
from dashgen.project.inspection import Inspection, inspect_project

Words = Annotated[
    list[str] | None,
    Argument(
        metavar="LABEL=VALUE",
        help="Labels of an alert, or the name of an alert rule and labels of its result.",
        completion="alert_names",
    ),
]
At = Annotated[
    str | None,
    Option("--at", metavar="TIME", help="Tell whether notifications are muted then: 2026-12-24T23:00+01:00."),
]


class RouteOptions(NamedTuple):
    """The alert whose ways are shown."""

    labels: Words = None
    at: At = None
    project: ProjectFolder = Path()
    env: Environment = None
    output_format: ListOutputFormat = ListFormat.TEXT


def route(options: RouteOptions) -> None:
    """Show which contact points are notified of an alert, through which policy, and when not.

    A label that is not given is missing. With the name of a rule, its labels are known and those of its
    query's result may have any value; without arguments, list all rules. Grafana's policies are walked as its
    Alertmanager does; the inhibition rules that would silence the alert are named.

    Example: dashgen route severity=critical alertname=HighErrorRate
    """
    labels, names = _read(options.labels or [])
    moment = _moment(options.at)
    inspection = inspect_project(options.project, options.env)
    if has_errors(inspection.diagnostics):
        # What is left out because of an error could be a rule or the tree.
        report(inspection.diagnostics, Format.TEXT, inspection.workspace.root)
        finish(inspection.diagnostics)
    book = RouteBook(inspection.documents.of("Notifications"))
    if labels and not names:
        printer: _Printer = _LabelsPrinter(book, moment, AlertLabels(labels))
    else:
        alerts = _chosen(inspection, names, labels)
        printer = _RulesPrinter(book, moment, alerts) if names else _ListPrinter(book, moment, alerts)
    if options.output_format is ListFormat.JSON:
        print_json(printer.document())
    else:
        sys.stdout.write(printer.text())


def _read(arguments: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Labels with their values, and names of rules."""
    labels: dict[str, str] = {}
    names = []
    for word in arguments:
        label, equals, value = word.partition("=")
        if not equals:
            names.append(word)
            continue
        if not label or label.endswith("!") or value.startswith("~"):
            usage_error(f"`{word}` is not a label with its value", "write for example `severity=critical`")
        labels[label] = value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value
    return labels, names


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        usage_error(f"`{text}` is not a time", "write for example `2026-12-24T23:00+01:00`")
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _chosen(inspection: Inspection, names: Sequence[str], labels: dict[str, str]) -> list[RoutedAlert]:
    alerts = routed_alerts(inspection, labels)
    identities = {name for one in alerts for name in (one.alert.rule.alert, one.alert.uid)}
    for name in names:
        if name not in identities:
            usage_error(f"there is no alert rule `{name}`", nearest(name, identities))
    return [one for one in alerts if not names or {one.alert.rule.alert, one.alert.uid} & {*names}]


class _Printer(ABC):
    """Prints the ways of alerts."""

    def __init__(self, book: RouteBook, moment: datetime | None) -> None:
        self._book = book
        self._moment = moment

    @abstractmethod
    def text(self) -> str: ...

    @abstractmethod
    def document(self) -> OutputDocument: ...

    def route_lines(self, routes: Sequence[PolicyRoute]) -> Iterator[tuple[str, str]]:
        for route in routes:
            yield from _contact_lines(self._book.contact_route(route, self._moment))

    def inhibition_lines(self, labels: AlertLabels) -> Iterator[tuple[str, str]]:
        for one in self._book.inhibitions(labels):
            equal = f" with the same {' and '.join(one.equal)}" if one.equal else ""
            yield f"silenced while {condition_text(one.sources)} fires{equal}", _line(one.location)
            if one.conditions:
                yield f"  if        {condition_text(one.conditions)}", ""
            yield f"  by        the inhibition rule {one.name}", ""

    def contact_routes(self, routes: Sequence[PolicyRoute]) -> list[ContactRoute]:
        return [self._book.contact_route(route, self._moment) for route in routes]


class _LabelsPrinter(_Printer):
    """The ways of an alert with certain labels."""

    def __init__(self, book: RouteBook, moment: datetime | None, labels: AlertLabels) -> None:
        super().__init__(book, moment)
        if book.tree is None:
            usage_error("the specs have no policies, and Grafana's own apply", "write `policies:`")
        self._labels = labels
        self._routes = policy_routes(book.tree, labels)

    def text(self) -> str:
        return aligned_lines([*self.route_lines(self._routes), *self.inhibition_lines(self._labels)])

    def document(self) -> OutputDocument:
        routes = reported_routes(self.contact_routes(self._routes))
        inhibitions = reported_inhibitions(self._book.inhibitions(self._labels))
        labels = dict(self._labels.values)
        return LabelsRouteDocument(labels=labels, routes=routes, inhibition_rules=inhibitions)


class _RulesPrinter(_Printer):
    """The ways of the alerts of some rules."""

    def __init__(self, book: RouteBook, moment: datetime | None, alerts: Sequence[RoutedAlert]) -> None:
        super().__init__(book, moment)
        self._alerts = alerts

    def text(self) -> str:
        return "\n".join(aligned_lines(list(self._lines(alert))) for alert in self._alerts)

    def _lines(self, alert: RoutedAlert) -> Iterator[tuple[str, str]]:
        routes = alert.routes
        yield f"{alert.alert.rule.alert} (group {alert.group})", _line(alert.location)
        yield f"  labels    {_labels_text(routes.labels)}", ""
        if routes.reason:
            yield f"  {routes.reason}", ""
        yield from self.route_lines(routes.routes)
        for state, state_routes in routes.states.items():
            if state_routes and route_summary(state_routes) != route_summary(routes.routes):
                yield f"when its state is `{state}`: {route_summary(state_routes)}", ""
        yield from self.inhibition_lines(routes.labels)

    def document(self) -> OutputDocument:
        return RulesRouteDocument(alerts=self.alerts())

    def alerts(self) -> list[ReportedAlertRoutes]:
        return [self._alert(alert) for alert in self._alerts]

    def _alert(self, alert: RoutedAlert) -> ReportedAlertRoutes:
        routes = alert.routes
        states = {"": routes.routes, **routes.states}
        contacts = {state: self.contact_routes(ways) for state, ways in states.items()}
        inhibitions = self._book.inhibitions(routes.labels)
        return reported_alert(alert, _shown_labels(routes.labels), contacts, inhibitions)


class _ListPrinter(_RulesPrinter):
    """One line for each alert rule, and the contact points that none of them leads to."""

    def text(self) -> str:
        if not self._alerts:
            return "there are no alert rules\n"
        rows = [
            (
                one.alert.rule.alert,
                _line(one.location),
                route_summary(one.routes.routes) or f"- ({one.routes.reason})",
            )
            for one in self._alerts
        ]
        table = draw_table(("ALERT", "PLACE", "CONTACT POINT"), rows)
        unreached = unreached_points(self._book, list(self._alerts))
        lines = [f"no alert rule notifies `{name}`, {_line(at)}\n" for name, at in unreached.items()]
        return table + ("\n" + "".join(lines) if lines else "")

    def document(self) -> OutputDocument:
        unreached = unreached_points(self._book, list(self._alerts))
        return RulesRouteDocument(alerts=self.alerts(), unreached=unreached_document_points(unreached))


def _contact_lines(contact: ContactRoute) -> Iterator[tuple[str, str]]:
    """Lines about a way, each with the place of what it is about."""
    route = contact.route
    receivers = f" ({', '.join(contact.receivers)})" if contact.receivers else ""
    yield f"{route.contact_point}{receivers}", _line(contact.location) if contact.location else ""
    if route.conditions:
        yield f"  if        {condition_text(route.conditions)}", ""
    elif not route.is_certain:
        yield "  if        no other policy takes it", ""
    if not contact.policies:
        yield "  by        the rule's own contact point, past the policies", ""
    for number, policy in enumerate(contact.policies):
        name = " and ".join(policy.matchers) or ("the default policy" if number == 0 else "any label")
        yield f"  {'by' if number == 0 else '':10}{name}", _line(policy.location)
    grouping = ", ".join(route.group_by) if route.group_by else "all in one"
    yield f"  grouped   {'each alert alone' if route.group_by == ('...',) else grouping}", ""
    times = f"after {route.group_wait}, changes every {route.group_interval}"
    yield f"  sent      {times}, again every {route.repeat_interval}", ""
    for timing in contact.timings:
        times = f": {timing.times}" if timing.times else ""
        outside = "outside of " if timing.is_active else ""
        yield f"  muted     {outside}{timing.name}{times}", _line(timing.location) if timing.location else ""
    if contact.is_silent is not None:
        yield f"  then      {'muted' if contact.is_silent else 'not muted'}", ""


def _labels_text(labels: AlertLabels) -> str:
    pairs = " ".join(f'{name}="{value}"' for name, value in _shown_labels(labels).items())
    if labels.open is None:
        return f"{pairs}, and those of the query's result"
    return f"{pairs}, and from the query {', '.join(sorted(labels.open))}" if labels.open else pairs


def _shown_labels(labels: AlertLabels) -> dict[str, str]:
    """The labels that people see: those with underscores are for Grafana itself, empty ones are missing."""
    values = sorted(labels.values.items())
    return {name: value for name, value in values if value and not name.startswith("__")}


def _line(location: Location) -> str:
    return f"{location.file}:{location.span.line}" if location.span else location.file

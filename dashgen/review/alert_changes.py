"""What a change does to alerts: who is notified, what tests show, and when the alert fires on their data."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from dashgen.compare import Change
from dashgen.core.errors import DashgenError
from dashgen.core.sentence_parts import listed
from dashgen.formats.resources import ALERT_RULE, SERVER_RULE
from dashgen.model.alert_routes import route_summary, routes_of
from dashgen.model.alert_rules import RuleTest
from dashgen.model.base import as_list
from dashgen.model.duration import milliseconds
from dashgen.model.settled_alerts import SettledAlert, SettledGroup
from dashgen.project.contact_routes import RouteBook
from dashgen.project.rule_tests.alert_runs import TestedAlert, TestedGroup, run_alert
from dashgen.project.rule_tests.coverage import Behaviour
from dashgen.project.rule_tests.examine_alert import firing_times
from dashgen.project.rule_tests.made_up_data import Evaluators
from dashgen.project.rule_tests.promtool import find_promtool
from dashgen.project.rule_tests.run_tests import Programs, TestReport, run_rule_tests
from dashgen.review.review import AlertReview, ContactLine, TestLine
from dashgen.review.spec_revisions import SpecRevision, SpecRevisions

_MOST_STEPS: Final = 2000
"""A test of a month in steps of a minute would take too long."""
_NOBODY: Final = ContactLine()


class PlacedAlert(Struct, frozen=True):
    """An alert rule of one side, with its group and who is notified of it."""

    alert: SettledAlert
    group: SettledGroup
    contacts: ContactLine


class AlertSide(Struct, dict=True):
    """The alert rules of one side by uid; none of a project that was not there."""

    groups: Sequence[SettledGroup]
    alerts: Mapping[str, PlacedAlert]

    def by_name(self, name: str) -> str | None:
        """The uid of the only alert with a name."""
        uids = [uid for uid, placed in self.alerts.items() if placed.alert.rule.alert == name]
        return uids[0] if len(uids) == 1 else None

    def tested(self, placed: PlacedAlert) -> TestedAlert:
        """An alert with what its tests are evaluated with."""
        return TestedAlert(placed.alert, TestedGroup(placed.group, self.groups, Evaluators()))


def alert_side(revision: SpecRevision | None) -> AlertSide:
    """The alert rules of a side.

    Raises:
        DashgenError: a mute timing cannot be read.
    """
    if revision is None:
        return AlertSide([], {})
    book = RouteBook(revision.compilation.documents.of("Notifications"))
    alerts = {
        alert.uid: PlacedAlert(alert, group, _contacts(alert, group, book))
        for group in revision.groups
        for alert in group.alerts
    }
    return AlertSide(revision.groups, alerts)


def _contacts(alert: SettledAlert, group: SettledGroup, book: RouteBook) -> ContactLine:
    routes = routes_of(alert, group.folder, book.tree)
    silences: dict[str, None] = {}
    for route in routes.routes:
        for timing in book.contact_route(route).timings:
            when = "outside of " if timing.is_active else ""
            silences[f"{when}{timing.name}{f' ({timing.times})' if timing.times else ''}"] = None
    return ContactLine(route_summary(routes.routes), tuple(silences), routes.reason)


def alert_reviews(
    revisions: SpecRevisions, changes: Sequence[Change]
) -> tuple[list[AlertReview], list[Change]]:
    """The alerts that a change touches, and the changes that are of none of them.

    Args:
        revisions: both sides.
        changes: the changes of all resources but dashboards.

    Raises:
        DashgenError: a mute timing cannot be read, or promtool cannot be run.
    """
    sides = alert_side(revisions.before), alert_side(revisions.after)
    own: dict[str, Change] = {}
    others = []
    for change in changes:
        uid = _alert_of(change, sides)
        if uid is None or uid in own:
            others.append(change)
        else:
            own[uid] = change
    outcomes = _test_outcomes(sides[1], own)
    reviews = [_review(uid, change, sides, outcomes) for uid, change in own.items()]
    return [*reviews, *_rerouted(sides, own)], others


def _alert_of(change: Change, sides: tuple[AlertSide, AlertSide]) -> str | None:
    """The uid of the alert rule that a change is of."""
    if change.kind == ALERT_RULE:
        return change.resource.uid
    if change.kind == SERVER_RULE:
        return sides[1].by_name(change.title) or sides[0].by_name(change.title)
    return None


def _rerouted(sides: tuple[AlertSide, AlertSide], own: Mapping[str, Change]) -> Iterator[AlertReview]:
    """The alerts that are the same and of which others are notified, or at other times."""
    before, after = sides
    for uid, placed in after.alerts.items():
        old = before.alerts.get(uid)
        if uid not in own and old is not None and old.contacts != placed.contacts:
            yield AlertReview(uid, placed.alert.rule.alert, None, old.contacts, placed.contacts)


def _test_outcomes(side: AlertSide, changed: Iterable[str]) -> TestReport:
    """What the tests of changed alerts show now; those of Prometheus' rules need promtool."""
    names = {side.alerts[uid].alert.rule.alert for uid in changed if uid in side.alerts}
    return run_rule_tests(side.groups, names, Programs(find_promtool())) if names else TestReport()


def _review(
    uid: str, change: Change, sides: tuple[AlertSide, AlertSide], outcomes: TestReport
) -> AlertReview:
    before, after = sides
    old = before.alerts.get(change.before.uid if change.before and change.kind == ALERT_RULE else uid)
    new = after.alerts.get(uid)
    before_contacts = old.contacts if old else _NOBODY
    if new is None:
        return AlertReview(uid, change.title, change, before_contacts, _NOBODY)
    coverage = _coverage_sentence(new.alert, outcomes)
    tests = tuple(_test_lines(new, sides, old))
    cases = [case for case in outcomes.cases if case.subject == new.alert.rule.alert]
    failures = tuple(failure for case in cases for failure in case.failures)
    return AlertReview(uid, change.title, change, before_contacts, new.contacts, coverage, tests, failures)


def _coverage_sentence(alert: SettledAlert, outcomes: TestReport) -> str:
    if not alert.rule.tests:
        return "none"
    coverage = next((one for one in outcomes.coverage if one.alert.uid == alert.uid), None)
    if coverage is None:
        return "they do not run while it is paused"
    if outcomes.needs_promtool and "prometheus" in alert.outputs:
        return "promtool is missing, so those in Prometheus were not run"
    shown = [f"“{one}”" for one in Behaviour if one in coverage.shown]
    missing = [f"“{one}”" for one in coverage.missing]
    first = f"its tests show {listed(shown)}" if shown else "its tests show nothing of it"
    return f"{first}; no test shows {listed(missing)}" if missing else first


def _test_lines(
    new: PlacedAlert, sides: tuple[AlertSide, AlertSide], old: PlacedAlert | None
) -> Iterator[TestLine]:
    """When the alert fires on the data of each of its tests now, before and after the change."""
    for test in new.alert.rule.tests:
        after = _firing(sides[1].tested(new), test)
        before = _firing(sides[0].tested(old), test) if old is not None else ""
        yield TestLine(test.name, before, after)


def _firing(tested: TestedAlert, test: RuleTest) -> str:
    """When an alert fires on the data of a test, as a sentence."""
    moments = (*as_list(test.fires_at), *as_list(test.silent_at), *test.states)
    last = max((milliseconds(moment) or 0 for moment in moments), default=0)
    step = tested.group.interval
    if last // step > _MOST_STEPS:
        return "the test is too long to be evaluated here"
    outputs = sorted(tested.alert.outputs)
    if tested.alert.rule.paused or not outputs:
        return "it is paused" if tested.alert.rule.paused else "nothing evaluates it"
    try:
        run = run_alert(tested, test, outputs[0], last)
    except DashgenError as error:
        return str(error)
    if run.unsupported:
        return f"not known: dashgen does not evaluate {run.unsupported}"
    return firing_times([one.at for one in run.observations if one.firing], step, last)

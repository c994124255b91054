"""Who is notified: contact points, the tree of policies, mute timings, and inhibition rules."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dashgen.compile.outputs.receiver_settings import receivers_of
from dashgen.core.diagnostics import Location
from dashgen.core.sentence_parts import listed
from dashgen.model.alert_routes import condition_text
from dashgen.model.base import as_list
from dashgen.model.label_matchers import matchers
from dashgen.model.notification_spec import (
    Matches,
    Named,
    Policies,
    Route,
    Timing,
    contact_emails,
    contact_points,
    inhibition_rules,
    mute_timings,
)
from dashgen.project.contact_routes import unreached_points
from dashgen.project.mute_moments import timing_text
from dashgen.site.plain_words import duration_words, joined
from dashgen.site.site_page import SitePage
from dashgen.site.site_paths import file_stem
from dashgen.site.site_project import NOTIFICATIONS, SiteLink, SiteProject
from dashgen.source.source import Path


class ContactView(NamedTuple):
    """A contact point: what it sends to, and the alerts that reach it."""

    anchor: str
    name: str
    receivers: str
    alerts: list[SiteLink]
    note: str
    location: SiteLink


class PolicyView(NamedTuple):
    """A policy with those below it, and the alerts that take it."""

    condition: str
    contact: SiteLink
    notes: list[str]
    alerts: list[SiteLink]
    routes: "list[PolicyView]"


def notifications_page(project: SiteProject) -> SitePage:
    """The page of all notifications."""
    documents = project.inspection.documents.of("Notifications")
    timings = [
        (named.name, timing_text(timing), project.place(_location(named)))
        for named, timing in mute_timings(documents)
    ]
    inhibitions = [
        (
            named.name,
            inhibition_words(rule.source, rule.target, as_list(rule.equal)),
            project.place(_location(named)),
        )
        for named, rule in inhibition_rules(documents)
    ]
    tree = project.book.tree
    values = {
        "contacts": _contacts(project),
        "tree": _policy(project, tree, ("policies",), "every alert") if tree is not None else None,
        "timings": timings,
        "inhibitions": inhibitions,
    }
    names = joined([one.name for one in _contacts(project)], " ")
    return SitePage(NOTIFICATIONS, "Notifications", "list", "notifications.html", values, names)


def _location(named: Named) -> Location:
    return named.document.resolved.origin(named.path).location(key=True)


def inhibition_words(source: Matches, target: Matches, equal: Sequence[str]) -> str:
    """An inhibition rule as a sentence."""
    same = f", with the same {listed(equal)}" if equal else ""
    return (
        f"while {condition_text(matchers(source))} fires, {condition_text(matchers(target))} is silent{same}"
    )


def _contacts(project: SiteProject) -> list[ContactView]:
    documents = project.inspection.documents.of("Notifications")
    emails = contact_emails(documents)
    alerts: dict[str, list[SiteLink]] = {}
    for one in project.routes.values():
        for name in dict.fromkeys(route.contact_point for route in one.routes.routes):
            alerts.setdefault(name, []).append(project.alert_link(one.alert.rule.alert))
    unreached = unreached_points(project.book, list(project.routes.values()))
    views = []
    for named, point in contact_points(documents):
        kinds = dict.fromkeys(receiver.kind() for _, receiver in receivers_of(point))
        addresses = [one for one in emails.get(named.name, []) if "$" not in one]
        note = "No alert of the specs notifies it." if named.name in unreached else ""
        views.append(
            ContactView(
                file_stem(named.name), named.name, joined([*kinds, *addresses], ", "),
                alerts.get(named.name, []), note, project.place(_location(named)),
            )
        )  # fmt: skip
    return sorted(views, key=lambda one: one.name)


def _policy(project: SiteProject, policy: Policies | Route, path: Path, condition: str) -> PolicyView:
    routes = [
        _policy(
            project, route, (*path, "routes", number), condition_text(matchers(route.match)) or "any label"
        )
        for number, route in enumerate(policy.routes)
    ]
    alerts = [
        project.alert_link(one.alert.rule.alert)
        for one in project.routes.values()
        if any(route.policies and route.policies[-1].path == path for route in one.routes.routes)
    ]
    contact = project.contact_link(policy.contact_point) if policy.contact_point else SiteLink("as above")
    return PolicyView(condition, contact, _notes(policy), alerts, routes)


def _notes(policy: Policies | Route) -> list[str]:
    notes = list(_timing_notes(policy))
    if isinstance(policy, Route):
        notes += [f"muted: {name}" for name in as_list(policy.mute)]
        notes += [f"only at: {name}" for name in as_list(policy.active)]
        notes += ["the next policies are looked at too"] if policy.continue_ else []
    return notes


def _timing_notes(timing: Timing) -> Iterator[str]:
    if timing.group_by:
        yield "each alert alone" if "..." in timing.group_by else f"grouped by {listed(timing.group_by)}"
    for text, sentence in (
        (timing.group_wait, "waits {}"),
        (timing.group_interval, "changes after {}"),
        (timing.repeat_interval, "again after {}"),
    ):
        if text:
            yield sentence.format(duration_words(text))

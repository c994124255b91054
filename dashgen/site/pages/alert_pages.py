"""The page of each alert: what it means, when it fires, who is notified, what its tests show."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from dashgen.core.diagnostics import Location
from dashgen.core.sentence_parts import listed
from dashgen.model.alert_routes import condition_text
from dashgen.model.notification_spec import contact_emails
from dashgen.model.settled_alerts import SettledAlert, SettledGroup
from dashgen.project.contact_routes import ContactRoute
from dashgen.project.rule_tests.coverage import SENTENCES, AlertCoverage, Behaviour
from dashgen.site.alert_words import firing_sentences, shown_test, timing_words
from dashgen.site.markdown_html import safe_address
from dashgen.site.pages.dashboard_pages import QueryView, query_text
from dashgen.site.plain_words import joined
from dashgen.site.runbooks import runbook_text
from dashgen.site.site_page import SitePage
from dashgen.site.site_paths import ALERT
from dashgen.site.site_project import SiteLink, SiteProject

_SHOWN_ELSEWHERE: Final = frozenset({"summary", "description", "runbook_url"})


class RouteView(NamedTuple):
    """A way to a contact point: under which condition, by which policies, how grouped, when not."""

    contact: SiteLink
    receivers: str
    condition: str
    policies: list[str]
    timing: str
    mutes: list[str]


def alert_pages(project: SiteProject) -> Iterator[SitePage]:
    """A page for each alert."""
    for group, alert in project.alerts:
        yield _AlertPage(project, group, alert).page()


class _AlertPage(NamedTuple):
    project: SiteProject
    group: SettledGroup
    alert: SettledAlert

    def page(self) -> SitePage:
        project, rule, annotations = self.project, self.alert.rule, self.alert.annotations
        dashboard, _, key = (rule.panel or "").partition("/")
        runbook = annotations.get("runbook_url", "")
        values = {
            "summary": annotations.get("summary", ""),
            "sample": sample_summary(self.alert),
            "description": annotations.get("description", ""),
            "severity": self.alert.labels.get("severity", ""),
            "sentences": list(firing_sentences(self.alert, self.group)),
            "labels": sorted(self.alert.labels.items()),
            "annotations": [
                (name, text) for name, text in sorted(annotations.items()) if name not in _SHOWN_ELSEWHERE
            ],
            "panel": project.panel_link(dashboard, key) if rule.panel else None,
            "dashboard": project.dashboard_link(dashboard) if rule.panel else None,
            "queries": [self.query(one.ref) for one in self.alert.queries],
            "subject": self.alert.subject,
            "series": project.series_of(project.queries_of.get(("alert-rule", rule.alert), ())),
            "runbook": SiteLink(rule.runbook or runbook, safe_address(runbook)) if runbook else None,
            "runbook_text": runbook_text(project.inspection.workspace.root, rule.runbook or ""),
            "routes": self.routes(),
            "no_route": project.routes[self.alert.uid].routes.reason,
            "inhibitions": self.inhibitions(),
            "tests": [shown_test(test) for test in rule.tests],
            "coverage": coverage_view(project.coverage.get(self.alert.uid)),
            "group": self.group.name,
            "folder": self.group.folder,
            "address": project.grafana_address(f"alerting/grafana/{self.alert.uid}/view")
            if "grafana" in self.alert.outputs
            else "",
            "place": project.place(self.location),
        }
        path = project.paths.page(ALERT, self.alert.uid)
        search = joined(
            [annotations.get("summary", ""), annotations.get("description", ""), self.group.name], " "
        )
        return SitePage(path, rule.alert, "alert", "alert.html", values, search)

    @property
    def location(self) -> Location:
        placed = self.alert.placed
        return placed.document.resolved.origin((*placed.path, "alert")).location()

    def query(self, ref: str) -> QueryView:
        query = next(one for one in self.alert.queries if one.ref == ref)
        source = query.datasource
        link = self.project.data_source_link(source.uid) if source is not None else SiteLink("an expression")
        return QueryView(ref, link, "", query_text(query.query))

    def routes(self) -> list[RouteView]:
        book = self.project.book
        routes = self.project.routes[self.alert.uid].routes.routes
        emails = contact_emails(self.project.inspection.documents.of("Notifications"))
        return [
            self.route(book.contact_route(route), emails.get(route.contact_point, [])) for route in routes
        ]

    def route(self, way: ContactRoute, emails: Sequence[str]) -> RouteView:
        route = way.route
        condition = f"if {condition_text(route.conditions)}" if route.conditions else ""
        if not condition and not route.is_certain:
            condition = "if no other policy takes it"
        policies = [" and ".join(policy.matchers) for policy in way.policies]
        named = [
            matchers or ("any label" if number else "the default policy")
            for number, matchers in enumerate(policies)
        ]
        mutes = [
            f"{'outside of ' if one.is_active else ''}{joined([one.name, one.times], ': ')}"
            for one in way.timings
        ]
        addresses = [address for address in emails if "$" not in address]
        receivers = joined([*way.receivers, *addresses], ", ")
        return RouteView(
            self.project.contact_link(route.contact_point),
            receivers,
            condition,
            named,
            timing_words(route),
            mutes,
        )

    def inhibitions(self) -> list[str]:
        routes = self.project.routes[self.alert.uid].routes
        return [
            f"while {condition_text(one.sources)} fires"
            + (f" with the same {listed(one.equal)}" if one.equal else "")
            + f" (inhibition rule {one.name})"
            for one in self.project.book.inhibitions(routes.labels)
        ]


def sample_summary(alert: SettledAlert) -> str:
    """What a summary with templates reads like: as a test of the alert expects it; empty when none does."""
    if "{{" not in alert.annotations.get("summary", ""):
        return ""
    return next(
        (test.annotations["summary"] for test in alert.rule.tests if "summary" in test.annotations), ""
    )


def coverage_view(coverage: AlertCoverage | None) -> tuple[list[str], list[str]] | None:
    """What tests show of an alert, and what none shows; None when tests did not run."""
    if coverage is None:
        return None
    shown = [SENTENCES[one] for one in Behaviour if one in coverage.shown]
    return shown, [SENTENCES[one] for one in coverage.missing]

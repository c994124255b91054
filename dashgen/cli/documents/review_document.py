"""What ``dashgen review`` prints as JSON, and keeps beside the pictures."""

from typing import Annotated

from msgspec import Meta, Struct

from dashgen.compare.render.render_json import ReportedChange, reported_change
from dashgen.core.reporters.json_report import Findings, OutputDocument, reported
from dashgen.review.review import (
    AlertReview,
    CostLine,
    DashboardReview,
    PanelPictures,
    Review,
    TouchedThings,
)

Name = Annotated[str | None, Meta(description="The picture's file; null without one.")]


class ReviewedPanel(Struct, frozen=True):
    """A panel before and after, as pictures."""

    panel: Annotated[str, Meta(description="Its title; `layout` for the places of all panels.")]
    what: Annotated[
        str,
        Meta(
            description="`added`, `removed`, `changed`, `around` (only what it is drawn with changed) "
            "or `layout`."
        ),
    ]
    before: Name
    after: Name
    note: Annotated[str, Meta(description="A sentence instead of pictures; may be empty.")]


class ReviewedDashboard(Struct, frozen=True):
    """A dashboard that changed."""

    change: Annotated[ReportedChange, Meta(description="What changed in it.")]
    panels: Annotated[list[ReviewedPanel], Meta(description="Its panels with pictures.")]
    undrawn: Annotated[int, Meta(description="How many panels more could have pictures.")]


class ReviewedContacts(Struct, frozen=True):
    """Who is notified of an alert."""

    contacts: Annotated[str, Meta(description="The contact points in one line; empty without any.")]
    silences: Annotated[list[str], Meta(description="The times at which nobody is notified.")]
    reason: Annotated[str, Meta(description="Why there are no contact points; may be empty.")]


class ReviewedTest(Struct, frozen=True):
    """When an alert fires on the data of one of its tests."""

    name: Annotated[str, Meta(description="The test.")]
    before: Annotated[str, Meta(description="With the rule as it was; empty if there was none.")]
    after: Annotated[str, Meta(description="With the rule as it is.")]


class ReviewedAlert(Struct, frozen=True):
    """An alert rule that changed, or of which others are notified."""

    uid: Annotated[str, Meta(description="Its uid.")]
    title: Annotated[str, Meta(description="Its name.")]
    change: Annotated[
        ReportedChange | None, Meta(description="What changed in the rule; null if nothing did.")
    ]
    before: Annotated[ReviewedContacts, Meta(description="Who was notified.")]
    after: Annotated[ReviewedContacts, Meta(description="Who is notified now.")]
    coverage: Annotated[str, Meta(description="What its tests show.")]
    tests: Annotated[list[ReviewedTest], Meta(description="Its tests.")]
    failures: Annotated[list[str], Meta(description="What its tests expect and is not so now.")]


class ReviewedCost(Struct, frozen=True):
    """The load of a dashboard; each pair is before and after."""

    dashboard: Annotated[str, Meta(description="Its uid.")]
    title: Annotated[str, Meta(description="Its title.")]
    queries: Annotated[tuple[int, int], Meta(description="How many queries one refresh runs.")]
    queries_per_minute: Annotated[tuple[float, float], Meta(description="How many one viewer runs.")]
    series: Annotated[
        tuple[int | None, int | None],
        Meta(description="How many series their metrics have at most by the contract; null if unknown."),
    ]


class ReviewedSubject(Struct, frozen=True):
    """Something that changed and that others use."""

    subject: Annotated[str, Meta(description="Its kind and name, as `dashgen impact` takes them.")]
    what: Annotated[str, Meta(description="`changed`, `added` or `removed`.")]
    panels: Annotated[int, Meta(description="How many panels use it.")]
    dashboards: Annotated[list[str], Meta(description="The uids of the dashboards that use it.")]
    alerts: Annotated[list[str], Meta(description="The alert rules that use it.")]
    reports: Annotated[list[str], Meta(description="The reports that use it.")]
    others: Annotated[list[str], Meta(description="What else uses it: kind and name.")]


class ReviewedPicture(Struct, frozen=True):
    """A picture."""

    name: Annotated[str, Meta(description="Its file, below `images/` of the folder of `--out`.")]
    text: Annotated[str, Meta(description="What it shows.")]


class ReviewDocument(OutputDocument, frozen=True, kw_only=True):
    """What changed since a revision, as a reviewer wants to see it."""

    ref: Annotated[str, Meta(description="The revision, as it was named.")]
    commit: Annotated[str, Meta(description="The commit that was compared.")]
    project: Annotated[str, Meta(description="The project's folder in its repository; `.` for all of it.")]
    empty: Annotated[bool, Meta(description="Whether there is nothing to show.")]
    dashboards: Annotated[list[ReviewedDashboard], Meta(description="The dashboards that changed.")]
    alerts: Annotated[list[ReviewedAlert], Meta(description="The alert rules.")]
    others: Annotated[list[ReportedChange], Meta(description="The other resources that changed.")]
    diagnostics: Findings
    other_findings: Annotated[int, Meta(description="How many findings are on lines that did not change.")]
    costs: Annotated[list[ReviewedCost], Meta(description="The dashboards whose load changed.")]
    touched: Annotated[list[ReviewedSubject], Meta(description="What uses the things that changed.")]
    pictures: Annotated[list[ReviewedPicture], Meta(description="All pictures.")]
    warnings: Annotated[list[str], Meta(description="Why the comparison may be incomplete.")]
    notes: Annotated[list[str], Meta(description="What was not compared.")]


def review_document(review: Review) -> ReviewDocument:
    """A review for programs."""
    return ReviewDocument(
        ref=review.ref,
        commit=review.commit,
        project=review.project,
        empty=review.is_empty,
        dashboards=[_dashboard(one) for one in review.dashboards],
        alerts=[_alert(one) for one in review.alerts],
        others=[reported_change(one) for one in review.others],
        diagnostics=reported(review.findings),
        other_findings=review.other_findings,
        costs=[_cost(one) for one in review.costs],
        touched=[_touched(one) for one in review.touched],
        pictures=[ReviewedPicture(one.name, one.text) for one in review.pictures],
        warnings=list(review.warnings),
        notes=list(review.notes),
    )


def _dashboard(review: DashboardReview) -> ReviewedDashboard:
    panels = [_panel(one) for one in review.pictures]
    return ReviewedDashboard(reported_change(review.change), panels, review.undrawn)


def _panel(pictures: PanelPictures) -> ReviewedPanel:
    before, after = (one.name if one is not None else None for one in (pictures.before, pictures.after))
    return ReviewedPanel(pictures.panel, pictures.kind, before, after, pictures.note)


def _alert(alert: AlertReview) -> ReviewedAlert:
    sides = [
        ReviewedContacts(side.contacts, list(side.silences), side.reason)
        for side in (alert.before, alert.after)
    ]
    return ReviewedAlert(
        alert.uid,
        alert.title,
        reported_change(alert.change) if alert.change is not None else None,
        sides[0],
        sides[1],
        alert.coverage,
        [ReviewedTest(test.name, test.before, test.after) for test in alert.tests],
        [one.message for one in alert.failures],
    )


def _cost(cost: CostLine) -> ReviewedCost:
    return ReviewedCost(cost.uid, cost.title, cost.queries, cost.per_minute, cost.series)


def _touched(touched: TouchedThings) -> ReviewedSubject:
    return ReviewedSubject(
        touched.subject,
        touched.verb,
        touched.panels,
        list(touched.dashboards),
        list(touched.alerts),
        list(touched.reports),
        list(touched.others),
    )

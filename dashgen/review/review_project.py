"""A review of a project: both sides compiled and compared, and what a reviewer asks about the difference."""

from pathlib import Path
from typing import Final

from msgspec import Struct

from dashgen.compare import Change, compare, read_both
from dashgen.compare.render.render_summary import warnings_of
from dashgen.core.diagnostics import Diagnostic
from dashgen.formats.resources import DASHBOARD
from dashgen.project.output_differences import specs_of
from dashgen.review.alert_changes import alert_reviews
from dashgen.review.changed_panels import DashboardSides
from dashgen.review.cost_changes import cost_lines, series_counts
from dashgen.review.line_findings import line_findings
from dashgen.review.panel_pictures import PanelArtist, PictureOptions
from dashgen.review.review import DashboardReview, Review, alike_changes
from dashgen.review.review_data import ReviewData
from dashgen.review.spec_revisions import SpecRevisions, spec_revisions
from dashgen.review.touched_things import touched_things

_QUERYING: Final = frozenset({"panels", "templating", "refresh", "time", "dynamic", "elements"})
"""The keys of a dashboard that have to do with its queries and how often they run."""
_MOST_ALIKE: Final = 2
"""Of dashboards in which the same changes, so many have pictures."""


class RevisionChanges(Struct):
    """What differs between both sides, and why the comparison may say less than it should."""

    changes: list[Change] = []
    warnings: list[str] = []


class ReviewRequest(Struct, frozen=True):
    """What is reviewed, and how.

    Attributes:
        ref: the revision that the branch is to be merged into.
        environment: the environment of the project file; None for the project without one.
        preset: the lint rules that run; those of the project file when absent.
        pictures: how panels are drawn; None for a review without pictures.
    """

    ref: str
    environment: str | None = None
    preset: str | None = None
    pictures: PictureOptions | None = None


def review_project(start: Path, request: ReviewRequest) -> Review:
    """Review what the present branch changes in the specs of a project, what is not committed included.

    Args:
        start: the project's folder, or one inside it.
        request: what, and how.

    Raises:
        DashgenError: there is no git, no such revision, or something cannot be read at all.
    """
    ref = request.ref
    with spec_revisions(start, ref, request.environment) as revisions:
        review = Review(ref, revisions.commit, revisions.repository.prefix or ".")
        on_lines = line_findings(revisions, request.preset)
        review.findings, review.other_findings = on_lines.findings, on_lines.others
        if revisions.after.errors:
            review.notes = ["the specs have errors, so what changes is not shown"]
            return review
        if revisions.before is None:
            review.notes = [f"the project did not exist at `{ref}`: everything is new"]
        elif revisions.before.errors:
            review.notes = [_unsound(ref, revisions.before.errors)]
            return review
        _fill(review, revisions, request.pictures)
    return review


def _unsound(ref: str, errors: list[Diagnostic]) -> str:
    first = f"{errors[0].location}: {errors[0].message}" if errors[0].location else errors[0].message
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"the specs at `{ref}` do not compile, so what changes is not shown: {first}{more}"


def _fill(review: Review, revisions: SpecRevisions, pictures: PictureOptions | None) -> None:
    comparison = compared(revisions)
    review.warnings = comparison.warnings
    dashboards = [change for change in comparison.changes if change.kind == DASHBOARD]
    rest = [change for change in comparison.changes if change.kind != DASHBOARD]
    review.alerts, review.others = alert_reviews(revisions, rest)
    review.dashboards = _drawn(dashboards, revisions, pictures)
    before = revisions.before or revisions.after
    counts = series_counts(before.contract), series_counts(revisions.after.contract)
    # Not all are in memory at once: a component may be in hundreds of dashboards.
    costly = ((change, _sides(change, revisions)) for change in dashboards if _may_cost_more(change))
    review.costs = list(cost_lines(costly, counts))
    review.touched = touched_things(revisions, comparison.changes)


def _may_cost_more(change: Change) -> bool:
    """Whether a change of a dashboard has to do with its queries."""
    keys = {detail.path[0] for detail in change.details if detail.path}
    return change.before is None or change.after is None or bool(keys & _QUERYING)


def compared(revisions: SpecRevisions) -> RevisionChanges:
    """The changes of all resources; contents are read only where their hashes differ."""
    before, after = revisions.before, revisions.after
    old = {path: record.sha256 for path, record in before.compilation.records.items()} if before else {}
    new = {path: record.sha256 for path, record in after.compilation.records.items()}
    contents = [
        {path: side.compilation.content(path) for path, digest in own.items() if other.get(path) != digest}
        if side is not None
        else {}
        for side, own, other in ((before, old, new), (after, new, old))
    ]
    records = [*(before.compilation.records.values() if before else ()), *after.compilation.records.values()]
    left, right = read_both(contents[0], contents[1], specs_of(records))
    warnings = warnings_of(left.resources, right.resources)
    return RevisionChanges(compare(left.resources, right.resources), warnings)


def _sides(change: Change, revisions: SpecRevisions) -> DashboardSides:
    pairs = ((change.before, revisions.before), (change.after, revisions.after))
    sides = [
        revision.dashboard(resource.path) if resource is not None and revision is not None else None
        for resource, revision in pairs
    ]
    return DashboardSides(*sides)


def _drawn(
    changes: list[Change], revisions: SpecRevisions, options: PictureOptions | None
) -> list[DashboardReview]:
    if options is None:
        return [DashboardReview(change) for change in changes]
    artist = PanelArtist(options, ReviewData(revisions))
    reviews = []
    for alike in alike_changes(changes):
        for number, change in enumerate(alike):
            if number >= _MOST_ALIKE:
                reviews.append(DashboardReview(change))
                continue
            pictures, undrawn = artist.pictures(change, _sides(change, revisions))
            reviews.append(DashboardReview(change, tuple(pictures), undrawn))
    return reviews

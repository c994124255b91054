"""The data of pictures: the same before and after a change, as far as what it is shaped by is the same."""

from collections.abc import Sequence

from dashgen.core.json_values import Json, mapping, mappings
from dashgen.model.metrics_spec import Metrics
from dashgen.preview.sources.panel_source import PanelSource
from dashgen.preview.sources.sample_source import SampleShape, SampleSource
from dashgen.review.changed_panels import DashboardSides
from dashgen.review.spec_revisions import SpecRevision, SpecRevisions


class ReviewData:
    """Makes up data for the dashboards of a review.

    A metric that only one side promises is there on both, so that no picture is empty for the other's
    sake; one that both promise has on each side the labels that this side promises. The incident is that of
    the alerts after the change on both sides: otherwise another threshold would change the curves as well.

    Args:
        revisions: both sides.
    """

    def __init__(self, revisions: SpecRevisions) -> None:
        after, before = revisions.after, revisions.before or revisions.after
        contracts = _contracts(before), _contracts(after)
        shapes = [
            SampleShape([*own, *_missing(own, other)], side.groups, after.groups)
            for side, own, other in (
                (before, contracts[0], contracts[1]),
                (after, contracts[1], contracts[0]),
            )
        ]
        sources = [SampleSource(shape) for shape in shapes]
        # One source computes what both sides show once.
        self._sources = (sources[1], sources[1]) if revisions.are_alike else (sources[0], sources[1])

    def sources(self, sides: DashboardSides) -> tuple[PanelSource, PanelSource]:
        """The data of a dashboard before and after its change.

        What no contract has is guessed from the queries of both sides together.
        """
        both = _both(sides)
        before, after = (SampleSource(answers=source.answers_of(both)) for source in self._sources)
        return before, after


def _contracts(revision: SpecRevision) -> list[Metrics]:
    return [document.model for document in revision.compilation.documents.of("Metrics")]


def _missing(own: Sequence[Metrics], other: Sequence[Metrics]) -> list[Metrics]:
    """The metrics that only the other side promises."""
    own_names = {name for contract in own for name in contract.metrics}
    rest = [
        {name: one for name, one in contract.metrics.items() if name not in own_names} for contract in other
    ]
    return [Metrics(metrics=metrics) for metrics in rest if metrics]


def _both(sides: DashboardSides) -> Json:
    """One dashboard with the panels and variables of both sides."""
    before, after = sides.before or {}, sides.after or {}
    variables = [
        variable
        for side in (after, before)
        for variable in mappings(mapping(side.get("templating")).get("list"))
    ]
    panels = [*mappings(after.get("panels")), *mappings(before.get("panels"))]
    return {**before, **after, "templating": {"list": variables}, "panels": panels}

"""The metrics that the specs of a project describe, with the places of their descriptions."""

from collections.abc import Iterator

from msgspec import Struct

from dashgen.check.lint.lint_finding import LintProblem
from dashgen.check.lint.subjects import LintProject
from dashgen.model.document import SpecDocument
from dashgen.model.metrics_spec import Metric, Metrics


class DescribedMetric(Struct, frozen=True):
    """A metric of the contract."""

    name: str
    metric: Metric
    document: SpecDocument[Metrics]

    def problem(self, message: str, hint: str = "", *keys: str) -> LintProblem:
        """A problem at its name, or at the key of a part of its description."""
        origin = self.document.resolved.origin(("metrics", self.name, *keys))
        return LintProblem(message, hint=hint, location=origin.location(key=True))


def described_metrics(project: LintProject) -> Iterator[DescribedMetric]:
    """The metrics of a project's contract, in the order of its files."""
    for document in project.documents.get("Metrics", []):
        for name, metric in document.model.metrics.items():
            yield DescribedMetric(name, metric, document)

"""The labels of a metric make more series than its worth.

Each combination of label values is a series that Prometheus keeps in memory. Labels multiply: 12 tools, 50
models and 20 regions are 12,000 series, of a histogram 13 times as many.

Drop a label, give it fewer values, or split the metric. The option `most` says how many series are enough.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, Preset, lint_rule
from dashgen.check.lint.described_metrics import described_metrics
from dashgen.model.metrics_spec import series_names

_MOST = 10_000


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
        kind: Metrics
        metrics:
          calls_total:
            type: counter
            help: Calls of tools.
            labels: {tool: {max: 200}, model: {max: 50}, region: [us, eu]}
    """,
    good="""
        kind: Metrics
        metrics:
          calls_total:
            type: counter
            help: Calls of tools.
            labels: {tool: {max: 200}, region: [us, eu]}
    """,
)
def check(project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each metric with more series than that."""
    most = project.option("contract/label-explosion", "most", _MOST)
    for described in described_metrics(project):
        if project.contract is None:
            return
        estimates = [
            estimate.series
            for name in series_names(described.name, described.metric)
            if (estimate := project.contract.estimated_series(name)) is not None
        ]
        if sum(estimates) > most:
            labels = ", ".join(f"`{label}`" for label in described.metric.labels)
            message = (
                f"{labels} make up to {sum(estimates):,} series of `{described.name}`, more than {most:,}"
            )
            yield described.problem(message, "drop a label, or give it fewer values")

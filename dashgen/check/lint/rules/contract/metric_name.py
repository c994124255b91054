"""The name of a metric breaks the rules by which everybody reads names.

A name that ends in `_total` is a counter, one that ends in `_bucket` belongs to a histogram, and a duration
is in seconds. Tools guess types and units by that, and so do readers. Source:
https://prometheus.io/docs/practices/naming/ and `promtool check metrics` of 3.14.

Rename the metric in the application, and keep the old name as `deprecated` for a while.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, Preset, Severity, lint_rule
from dashgen.check.lint.described_metrics import described_metrics
from dashgen.core.lazy_pattern import lazy_pattern

_CAMEL = lazy_pattern(r"[a-z][A-Z]")
_BASE_UNITS = {
    "_milliseconds": "_seconds", "_ms": "_seconds", "_minutes": "_seconds", "_hours": "_seconds",
    "_kilobytes": "_bytes", "_megabytes": "_bytes", "_mb": "_bytes", "_percent": "_ratio",
    "_percentage": "_ratio",
}  # fmt: skip
_RESERVED = ("_bucket", "_count", "_sum")


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    bad="""
        kind: Metrics
        metrics:
          answer_duration_ms: {type: gauge, help: How long an answer took.}
    """,
    good="""
        kind: Metrics
        metrics:
          answer_duration_seconds: {type: gauge, help: How long an answer took.}
    """,
)
def check(project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each name that says another type or unit than its metric has."""
    for described in described_metrics(project):
        for message, hint in _problems(described.name, described.metric.type):
            yield described.problem(message, hint)


def _problems(name: str, kind: str) -> Iterator[tuple[str, str]]:
    if kind == "counter" and not name.endswith("_total"):
        yield f"the counter `{name}` does not end in `_total`", f"call it `{name}_total`"
    if kind != "counter" and name.endswith("_total"):
        yield f"`{name}` ends in `_total` and is a {kind}", f"call it `{name.removesuffix('_total')}`"
    if name.endswith(_RESERVED):
        yield f"`{name}` ends as parts of histograms do", "choose another ending"
    if _CAMEL.search(name):
        yield f"`{name}` has capital letters in its middle", "write words in small letters, joined by `_`"
    base = name.removesuffix("_total")
    for ending, unit in _BASE_UNITS.items():
        if base.endswith(ending):
            yield f"`{name}` is not in a base unit", f"export it in {unit[1:]}, and call it `…{unit}`"

"""A selector reads all series of a metric that many jobs export.

Metrics of runtimes and client libraries, such as `up` or `process_resident_memory_bytes`, come from every
target that there is. Without a matcher the panel mixes yours with those of all others, and gets more series
with each new target.

Name the `job`, or another label of the target. The option `labels` lists labels of which one is enough.
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from dashgen.check.lint import LintProblem, LintProject, LintQuery, Preset, Severity, lint_rule
from dashgen.model.known_series import RUNTIME, TARGET_LABELS

_SHARED = frozenset(RUNTIME) - {"*_build_info"}


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    bad="""
        title: Memory
        query: process_open_fds
    """,
    good="""
        title: Memory
        query: process_open_fds{job="shop"}
    """,
)
def check(query: LintQuery, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each selector of such a metric that no label of targets narrows."""
    labels = frozenset(project.option("query/no-matcher", "labels", TARGET_LABELS))
    described = project.contract.series if project.contract is not None else {}
    for selector in query.selectors:
        if selector.is_open or selector.name in described:
            continue
        if not any(fnmatchcase(selector.name, pattern) for pattern in _SHARED):
            continue
        if not any(matcher.label in labels for matcher in selector.matchers):
            message = f"`{selector.name}` is exported by many jobs, and no matcher chooses yours"
            yield query.at(selector.start, message, 'name the job, as in `{job="…"}`')

"""A query uses a name that OpenTelemetry's conventions for language models have replaced.

`gen_ai.system` became `gen_ai.provider.name` in 1.37, and 0.1 of the conventions' own repository renamed
the metrics. An update of the instrumentation renames what it sends, and the panel is empty from then on.

Write the new name, or query both with `or` for a while. `convention:` in the metric contract says which
version the instrumentation follows; without it the option `convention` of this rule does: `1.27`, `1.37` (as
without it) or `genai-0.1`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintQuery, Preset, Safety, lint_rule
from dashgen.check.lint.genai_names import ATTRIBUTES, BEFORE, LABELS, METRICS, Renaming, family_of, renaming
from dashgen.query.traceql.traceql_nodes import SpanAttribute

_CONVENTION = "1.37"


@lint_rule(
    presets=[Preset.RECOMMENDED],
    fix=Safety.UNSAFE,
    bad="""
        title: Calls of a provider
        query: sum(rate(gen_ai_client_operation_duration_seconds_count{gen_ai_system="anthropic"}[5m]))
    """,
    good="""
        title: Calls of a provider
        query: sum(rate(gen_ai_client_operation_duration_seconds_count{gen_ai_provider_name="anthropic"}[5m]))
    """,
)
def check(query: LintQuery, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each metric, label and attribute that the convention has renamed."""
    described = project.contract.convention if project.contract is not None else None
    default = BEFORE.get(described, described) if described else _CONVENTION
    convention = project.option("genai/old-name", "convention", default)
    for start, end, renamed in _uses(query, convention):
        old = query.text[start:end]
        # A query for both names is the way through a migration.
        if renamed.new and renamed.new in query.text:
            continue
        message = f"`{old}` is an old name: the conventions of {renamed.since} have another"
        # Of one histogram of tokens two counters were made: which of them is meant, a person has to decide.
        is_one_to_one = bool(renamed.new) and not renamed.new.endswith("_total")
        edits = query.replacing(start, end, renamed.new) if is_one_to_one else ()
        yield query.at(
            start, message, f"write `{renamed.new}`" if renamed.new else "group by other labels", edits
        )


def _uses(query: LintQuery, convention: str) -> Iterator[tuple[int, int, Renaming]]:
    """The start and end of each old name, and what replaced it."""
    for selector in query.selectors:
        family = family_of(selector.name)
        if renamed := renaming(METRICS, family, convention):
            yield selector.start, selector.start + len(family), renamed
        for matcher in selector.matchers:
            if renamed := renaming(LABELS, matcher.label, convention):
                yield matcher.start, matcher.start + len(matcher.label), renamed
    for node in query.promql.aggregations if query.promql is not None else ():
        for label in node.grouping.labels if node.grouping is not None else ():
            if renamed := renaming(LABELS, label.name, convention):
                yield label.start, label.end, renamed
    for attribute in query.traceql:
        if isinstance(attribute, SpanAttribute) and (
            renamed := renaming(ATTRIBUTES, attribute.name, convention)
        ):
            yield attribute.end - len(attribute.name), attribute.end, renamed

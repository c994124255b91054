"""The name of an OpenTelemetry metric lacks the unit that Prometheus adds to it.

`gen_ai.client.operation.duration` is in seconds, so Prometheus stores it as
`gen_ai_client_operation_duration_seconds_bucket` and the like. A query without `_seconds` finds nothing,
unless the exporter is told to leave units out.

Write the unit into the name. With `add_metric_suffixes: false` in the exporter, ignore this rule.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintQuery, Preset, Safety, lint_rule
from dashgen.check.lint.genai_names import PARTS, family_of

_IN_SECONDS = frozenset(
    {
        "gen_ai_client_operation_duration", "gen_ai_client_inference_duration",
        "gen_ai_server_request_duration", "gen_ai_client_operation_time_to_first_chunk",
        "gen_ai_client_operation_time_per_output_chunk", "gen_ai_server_time_to_first_token",
        "gen_ai_server_time_per_output_token", "gen_ai_invoke_agent_duration",
        "gen_ai_execute_tool_duration",
    }
)  # fmt: skip


@lint_rule(
    presets=[Preset.RECOMMENDED],
    fix=Safety.UNSAFE,
    bad="""
        title: Calls
        query: sum(rate(gen_ai_client_operation_duration_count[$__rate_interval]))
    """,
    good="""
        title: Calls
        query: sum(rate(gen_ai_client_operation_duration_seconds_count[$__rate_interval]))
    """,
)
def check(query: LintQuery, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each series of a duration without its unit that the contract does not describe."""
    described = project.contract.series if project.contract is not None else {}
    for selector in query.selectors:
        family = family_of(selector.name)
        if family in _IN_SECONDS and selector.name.endswith(PARTS) and selector.name not in described:
            new = f"{family}_seconds{selector.name[len(family) :]}"
            edits = query.replacing(selector.start, selector.start + len(selector.name), new)
            message = f"`{selector.name}` lacks the unit that Prometheus adds"
            yield query.at(selector.start, message, f"write `{new}`", edits)

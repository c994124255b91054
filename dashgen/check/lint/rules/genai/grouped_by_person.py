"""A panel about language models has a line for each user, key or conversation.

Such labels have ever new values, and a name of a user or a part of a prompt on a dashboard is seen by
everybody who may open it.

Group by model, tier or team, or show the largest with `topk`. Persons belong into logs, where access is
narrower.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, lint_rule
from dashgen.check.lint.genai_names import is_of_language_models
from dashgen.query.promql.output_labels import CHOOSING

_PERSONAL = frozenset(
    {
        "user", "end_user", "api_key", "hashed_api_key", "user_email", "gen_ai_prompt", "gen_ai_completion",
        "prompt", "gen_ai_input_messages", "gen_ai_output_messages", "enduser_id", "session_id",
    }
)  # fmt: skip


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Cost
        query: sum by (end_user) (rate(litellm_spend_metric_total[$__rate_interval]))
    """,
    good="""
        title: Cost
        query: sum by (model) (rate(litellm_spend_metric_total[$__rate_interval]))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each such label that a graph of language models groups by."""
    view = query.promql
    if view is None or not query.is_drawn_over_time or any(node.op in CHOOSING for node in view.aggregations):
        return
    if not any(is_of_language_models(selector.name) for selector in query.selectors):
        return
    shown = view.labels(view.tree).only or frozenset()
    for node in view.aggregations:
        for label in node.grouping.labels if node.grouping is not None else ():
            if label.name in _PERSONAL & shown:
                message = f"the graph has a line for each `{label.name}`"
                yield query.at(
                    label.start, message, "group by model or team, or choose the largest with `topk`"
                )

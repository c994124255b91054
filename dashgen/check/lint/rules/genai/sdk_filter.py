"""A panel about language models shows only what one library sends.

`telemetry_sdk_name="openlit"` leaves out every call that another instrumentation reports, with the same
metrics and labels. After a change of the library all such panels are empty.

Filter by the service: `service_name` or `job`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, lint_rule
from dashgen.check.lint.genai_names import is_of_language_models

_LIBRARY = frozenset({"telemetry_sdk_name", "telemetry_sdk_version"})


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Calls
        query: sum(rate(gen_ai_client_operation_duration_seconds_count{telemetry_sdk_name="openlit"}[5m]))
    """,
    good="""
        title: Calls
        query: sum(rate(gen_ai_client_operation_duration_seconds_count{service_name="shop"}[5m]))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each matcher that names a library rather than an application."""
    for selector in query.selectors:
        for matcher in selector.matchers if is_of_language_models(selector.name) else ():
            if matcher.label in _LIBRARY and matcher.operator in {"=", "=~"}:
                message = f"`{matcher.label}` leaves out what other libraries report"
                yield query.at(matcher.start, message, "filter by `service_name` or `job`")

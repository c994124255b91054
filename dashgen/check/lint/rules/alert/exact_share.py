"""An alert compares a measured share or rate with `==`.

Rates and shares are fractions: `== 0.95` is true by chance only. Comparing with 0 or another whole number of
things that are counted is fine.

Write `above`, `below`, `at least` or `at most`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintRuleSubject, Preset, lint_rule


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
            alert: HighErrorRate
            query: sum(rate(http_requests_total{code="500"}[5m]))
            when: equals 0.5
            for: 5m
        """,
    good="""
            alert: HighErrorRate
            query: sum(rate(http_requests_total{code="500"}[5m]))
            when: above 0.5
            for: 5m
        """,
)
def check(rule: LintRuleSubject) -> Iterator[LintProblem]:
    """Yield a problem for an alert that fires at exactly one fraction."""
    condition = rule.condition
    if rule.is_alert and condition is not None and condition.kind == "equals":
        value = float(condition.values[0])
        if not value.is_integer():
            message = f"a measured number is exactly {value:g} by chance only"
            yield rule.problem(message, "when", hint="write `above` or `below`")

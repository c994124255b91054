"""Every rule that dashgen reports is documented, and nothing else is."""

import ast
import re
from pathlib import Path

import pytest

import dashgen
from dashgen.core.diagnostics import Severity
from dashgen.core.diagnostics.rule_table import is_known, known_rules, lint_rule_names
from dashgen.core.diagnostics.rule_texts import RuleText, rule_texts

# Texts of the code that have the form of a rule and the family of one.
NOT_RULES = {
    "grafana/alerts", "rules/loki", "rules/prometheus", "rules/tests", "provisioning/alerting", "provisioning/dashboards",
    "provisioning/datasources", "application/json",
    "text/event-stream", "text/plain",
}  # fmt: skip


_RULE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*/[a-z0-9]+(?:-[a-z0-9]+)*")

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def reported_rules() -> set[str]:
    """The texts with the form of a rule that functions of the code hand to others."""
    rules = set()
    for path in Path(dashgen.__file__).parent.rglob("*.py"):
        functions = [
            node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, _FUNCTIONS)
        ]
        calls = [node for function in functions for node in ast.walk(function) if isinstance(node, ast.Call)]
        for argument in (argument for call in calls for argument in call.args):
            if (
                isinstance(argument, ast.Constant)
                and isinstance(argument.value, str)
                and _RULE.fullmatch(argument.value)
            ):
                rules.add(argument.value)
    return rules


def test_each_rule_of_the_code_has_its_texts() -> None:
    families = {rule.partition("/")[0] for rule in rule_texts()}
    reported = {rule for rule in known_rules() if rule.partition("/")[0] in families} | reported_rules()
    assert sorted(reported - rule_texts().keys() - NOT_RULES - lint_rule_names()) == [], (
        "add a line to dashgen/core/diagnostics/rules.tsv"
    )


def test_no_rule_is_documented_that_nobody_reports() -> None:
    assert [rule for rule in rule_texts() if not is_known(rule)] == []


@pytest.mark.parametrize("text", rule_texts().values(), ids=lambda text: text.rule)
def test_the_texts_of_a_rule_are_whole_and_differ(text: RuleText) -> None:
    assert isinstance(text.severity, Severity)
    assert text.why.endswith(".")
    assert text.fix.endswith(".")
    assert text.wrong
    assert text.right
    assert text.wrong != text.right

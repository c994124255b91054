"""Every lint rule finds its bad example, leaves its good one alone, and its fix turns one into the other."""

from pathlib import Path

import pytest

from dashgen.check.lint import LintRule, Safety
from dashgen.check.lint.rule_registry import own_rules
from dashgen.project.lint.apply_fixes import apply_fixes
from tests.lint.example_project import example_project, findings_of_rule, spec_of

RULES = pytest.mark.parametrize("rule", own_rules().values(), ids=lambda rule: rule.name)


@RULES
def test_the_bad_example_has_a_finding_and_the_good_one_none(rule: LintRule, tmp_path: Path) -> None:
    bad = findings_of_rule(example_project(tmp_path / "bad", spec_of(rule, rule.bad)), rule)
    assert bad, "the bad example has no finding"
    assert {one.diagnostic.rule for one in bad} == {rule.name}
    assert all(one.diagnostic.location is not None for one in bad)
    good = findings_of_rule(example_project(tmp_path / "good", spec_of(rule, rule.good)), rule)
    assert good == []


@RULES
def test_the_fix_mends_the_bad_example(rule: LintRule, tmp_path: Path) -> None:
    root = example_project(tmp_path, spec_of(rule, rule.bad))
    findings = findings_of_rule(root, rule)
    assert any(one.fix for one in findings) == (rule.safety is not None)
    if rule.safety is None:
        return
    # Two fixes of one value take two rounds, as they do on the command line.
    for _ in range(3):
        texts = {"specs/example.yaml": (root / "specs" / "example.yaml").read_text()}
        fixed = apply_fixes(texts, findings_of_rule(root, rule), unsafe=rule.safety is Safety.UNSAFE)
        for file, text in fixed.texts.items():
            (root / file).write_text(text)
    assert findings_of_rule(root, rule) == []


@RULES
def test_the_documentation_has_a_summary_a_reason_and_a_way_out(rule: LintRule) -> None:
    paragraphs = rule.text.split("\n\n")
    assert len(paragraphs) >= 3, "the docstring of the module needs a summary, a reason, and what to do"
    assert len(paragraphs[0]) <= 100
    assert paragraphs[0].endswith(".")

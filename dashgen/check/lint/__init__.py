"""Rules that find what servers accept and a good engineer would not merge.

Takes subjects (`subjects.py`): dashboards, panels, queries, variables and rules, read from specs or from the
files that others wrote. Gives findings with the places of what they are about and, where one is right, a fix.
Each file below `rules/` is one rule; its path is the rule's name. May import `check`'s readers, `formats`,
`model`, `query` and `source`.
"""

from dashgen.check.lint.lint_finding import Fix, LintFinding, LintProblem, Safety
from dashgen.check.lint.lint_rule import LintRule, Preset, lint_rule
from dashgen.check.lint.subjects import (
    LintAnnotation,
    LintDashboard,
    LintGroup,
    LintLink,
    LintOverride,
    LintPanel,
    LintProject,
    LintQuery,
    LintRow,
    LintRuleSubject,
    LintVariable,
)
from dashgen.core.diagnostics import Severity

__all__ = [
    "Fix",
    "LintAnnotation",
    "LintDashboard",
    "LintFinding",
    "LintGroup",
    "LintLink",
    "LintOverride",
    "LintPanel",
    "LintProblem",
    "LintProject",
    "LintQuery",
    "LintRow",
    "LintRule",
    "LintRuleSubject",
    "LintVariable",
    "Preset",
    "Safety",
    "Severity",
    "lint_rule",
]

"""The texts of rules: severity, reason, an example of wrong and right, and the fix.

The texts are in ``rules.tsv``, one rule a line; ``docs/reference/rules.md`` and ``dashgen rule`` are made
from them.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from msgspec import Struct

from dashgen.core.diagnostics.diagnostic import Severity


class RuleText(Struct, frozen=True):
    """A rule: its usual severity, the reason for it, an example of wrong and right, and the fix."""

    rule: str
    severity: Severity
    why: str
    wrong: str
    right: str
    fix: str


@cache
def rule_texts() -> Mapping[str, RuleText]:
    """Every documented rule by its name."""
    head, *lines = (
        files("dashgen.core.diagnostics").joinpath("rules.tsv").read_text(encoding="utf-8").splitlines()
    )
    names = list(RuleText.__struct_fields__)
    if head.split("\t") != names:
        raise ValueError(f"rules.tsv has other columns than {', '.join(names)}")
    texts_by_rule = {}
    for line in lines:
        rule, severity, *texts = line.split("\t")
        texts_by_rule[rule] = RuleText(rule, Severity(severity), *texts)
    return texts_by_rule

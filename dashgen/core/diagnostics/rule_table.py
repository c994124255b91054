"""The rules of findings, and which of them can be ignored or get another severity."""

from collections.abc import Collection
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from dashgen.core.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_WORD: Final = "[a-z0-9]+(?:-[a-z0-9]+)*"
_RULE: Final = lazy_pattern(f'"({_WORD}/{_WORD})"')
_OF_A_FAMILY: Final = lazy_pattern(rf'f"\{{\w+\}}/({_WORD})"')
_WHOLE: Final = lazy_pattern(rf"({_WORD})/({_WORD}|\*)\Z")
# After an error of these rules or families something of a spec is not built.
_STRUCTURAL: Final = frozenset(
    (
        "alert", "annotation", "component", "datasource", "environment", "expression", "file", "for_each",
        "ignore", "kubernetes", "lock", "metrics", "notification", "output", "project", "report", "scaler",
        "secret", "spec", "yaml",
        "link/target", "panel/thresholds", "panel/type", "query/both", "query/empty", "query/ref",
        "query/size", "variable/duplicate", "variable/type",
    )
)  # fmt: skip


def is_structural(rule: str) -> bool:
    """Whether an error of a rule means that something is not built, so that it cannot be ignored."""
    return rule in _STRUCTURAL or rule.partition("/")[0] in _STRUCTURAL


def matches(rule: str, pattern: str) -> bool:
    """Whether a pattern covers a rule: it is the rule itself, or ``family/*``."""
    return rule == pattern or (pattern.endswith("/*") and rule.startswith(pattern[:-1]))


def is_known(pattern: str) -> bool:
    """Whether a pattern covers any rule."""
    match = _WHOLE.match(pattern)
    if match is None:
        return False
    rules, slugs = _rules_of_code()
    rules |= lint_rule_names()
    families = {rule.partition("/")[0] for rule in rules}
    family, slug = match.groups()
    return pattern in rules or (family in families and (slug == "*" or slug in slugs))


def known_rules() -> Collection[str]:
    """The rules of builds and of validation, and dashgen's own lint rules."""
    return _rules_of_code()[0] | lint_rule_names()


def may_be_lint(pattern: str) -> bool:
    """Whether a pattern covers a lint rule, so that a build cannot say that nothing here is its finding."""
    return any(matches(rule, pattern) for rule in lint_rule_names())


@cache
def lint_rule_names() -> frozenset[str]:
    """The names of dashgen's own lint rules, which are the paths of their files: none is imported."""
    return frozenset(
        f"{family.name}/{module.name.removesuffix('.py')}".replace("_", "-")
        for family in files("dashgen").joinpath("check", "lint", "rules").iterdir()
        if family.is_dir()
        for module in family.iterdir()
        if module.name.endswith(".py") and not module.name.startswith("_")
    )


@cache
def _rules_of_code() -> tuple[frozenset[str], frozenset[str]]:
    """The rules in dashgen's own code, and those that a check reports for several families."""
    rules: set[str] = set()
    slugs: set[str] = set()
    folders: list[Traversable] = [files("dashgen")]
    while folders:
        for child in folders.pop().iterdir():
            if child.is_dir():
                folders.append(child)
            elif child.name.endswith(".py"):
                text = child.read_text(encoding="utf-8")
                rules.update(_RULE.findall(text))
                slugs.update(_OF_A_FAMILY.findall(text))
    return frozenset(rules), frozenset(slugs)

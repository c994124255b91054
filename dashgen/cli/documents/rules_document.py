"""What ``dashgen rule`` prints as JSON."""

from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta, Struct

from dashgen.check.lint.lint_texts import lint_rule_text, readers
from dashgen.check.lint.rule_registry import own_rules
from dashgen.core.diagnostics.rule_texts import RuleText, rule_texts
from dashgen.core.reporters.json_report import OutputDocument


class ExplainedRule(Struct, frozen=True):
    """A rule."""

    rule: Annotated[str, Meta(description="Its name, `family/slug`.")]
    severity: Annotated[str, Meta(description="`error`, `warning` or `info`.")]
    found_by: Annotated[str, Meta(description="`build` (and validate), or `lint`.")]
    readers: Annotated[str, Meta(description="Of a lint rule, the presets that have it; else empty.")]
    why: Annotated[str, Meta(description="What goes wrong.")]
    wrong: Annotated[str, Meta(description="What the rule finds.")]
    right: Annotated[str, Meta(description="What to write instead.")]
    fix: Annotated[str, Meta(description="What to do.")]


class RulesDocument(OutputDocument, frozen=True, kw_only=True):
    """One rule, or all."""

    rules: Annotated[list[ExplainedRule], Meta(description="The rules, by name.")]


def rules_document(names: Iterable[str] | None = None) -> RulesDocument:
    """The document of some rules, or of all."""
    built, lint = rule_texts(), own_rules()
    chosen = sorted({*built, *lint}) if names is None else list(names)
    return RulesDocument(
        rules=[
            _rule(built[name], "build", "")
            if name in built
            else _rule(lint_rule_text(lint[name]), "lint", readers(lint[name]))
            for name in chosen
        ]
    )


def _rule(text: RuleText, found_by: str, presets: str) -> ExplainedRule:
    return ExplainedRule(
        text.rule, str(text.severity), found_by, presets, text.why, text.wrong, text.right, text.fix
    )

"""What a report says about a rule: a summary, a description and help, as text and as Markdown."""

from typing import Final

from msgspec import Struct

from dashgen.core.diagnostics import Severity
from dashgen.core.diagnostics.rule_table import lint_rule_names
from dashgen.core.reporters.markdown_text import code, shortened
from dashgen.core.reporters.report_context import ReportContext

_LONGEST: Final = 1000
"""GitHub cuts descriptions at 1,024 characters."""


class RuleHelp(Struct, frozen=True):
    """The texts of a rule in a report, and its usual severity; None for a rule without texts."""

    summary: str
    description: str
    text: str
    markdown: str
    severity: Severity | None = None


def rule_help(rule: str, context: ReportContext) -> RuleHelp:
    """The texts of a rule; of one without texts, how to learn more."""
    texts = context.rule_texts.get(rule)
    if texts is None:
        text = f"Run `dashgen rule {rule}` for an explanation."
        return RuleHelp(rule, text, text, text)
    # Lint rules have longer texts, and parts of specs as examples.
    summary = texts.why.partition("\n\n")[0]
    plain = f"{texts.why}\n\nInstead of: {texts.wrong}\nWrite: {texts.right}\n\n{texts.fix}"
    markdown = f"{texts.why}\n\n{_examples(texts.wrong, texts.right)}\n\n{texts.fix}"
    description = shortened(f"{summary} {texts.fix}", _LONGEST)
    return RuleHelp(shortened(summary, _LONGEST), description, plain, markdown, texts.severity)


def _examples(wrong: str, right: str) -> str:
    if "\n" in wrong or "\n" in right:
        return f"Instead of\n\n```yaml\n{wrong}\n```\n\nwrite\n\n```yaml\n{right}\n```"
    cells = (code(wrong).replace("|", "\\|"), code(right).replace("|", "\\|"))
    return f"| instead of | write |\n|---|---|\n| {cells[0]} | {cells[1]} |"


def rule_url(rule: str, context: ReportContext) -> str:
    """The address of the page about a rule, or of its heading on one; empty when it is unknown."""
    if not context.reference_url:
        return ""
    page = f"lint/{rule}.md" if rule in lint_rule_names() else f"rules.md#{rule.partition('/')[0]}"
    return context.reference_url + page

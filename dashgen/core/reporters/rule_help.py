"""What a report says about a rule: a summary, a description and help, as text and as Markdown."""

from msgspec import Struct

from dashgen.core.diagnostics import Severity
from dashgen.core.diagnostics.rule_texts import RuleText
from dashgen.core.reporters.markdown_text import code
from dashgen.core.reporters.report_context import ReportContext


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
    description = f"{texts.why} {texts.fix}"
    plain = f"{texts.why}\n\nInstead of: {texts.wrong}\nWrite: {texts.right}\n\n{texts.fix}"
    if "\n" in texts.wrong or "\n" in texts.right:
        blocks = (f"{head}:\n\n```yaml\n{example}\n```" for head, example in _examples(texts))
        return RuleHelp(
            texts.why.partition("\n")[0],
            description,
            plain,
            "\n\n".join((texts.why, *blocks, texts.fix)),
            texts.severity,
        )
    markdown = (
        f"{texts.why}\n\n| instead of | write |\n|---|---|\n| {_cell(texts.wrong)} | {_cell(texts.right)} |"
        f"\n\n{texts.fix}"
    )
    return RuleHelp(texts.why, description, plain, markdown, texts.severity)


def _examples(texts: RuleText) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("Instead of", texts.wrong), ("Write", texts.right)


def _cell(example: str) -> str:
    return code(example).replace("|", "\\|")


def rule_url(rule: str, context: ReportContext) -> str:
    """The address of the heading that has a rule; empty when it is unknown."""
    return f"{context.rules_url}#{rule.partition('/')[0]}" if context.rules_url else ""

"""``dashgen rule``."""

import sys
from textwrap import indent
from typing import Annotated

from dashgen.cli.options import ListFormat, ListOutputFormat, usage_error
from dashgen.cli.output import print_json
from dashgen.cli.parameters import Argument
from dashgen.core.diagnostics import nearest
from dashgen.core.diagnostics.rule_table import lint_rule_names
from dashgen.core.diagnostics.rule_texts import RuleText, rule_texts
from dashgen.core.reporters.text_table import draw_table


def rule(
    name: Annotated[
        str | None,
        Argument(metavar="RULE", help="Name of the rule, such as `query/metric`; all when absent."),
    ] = None,
    output_format: ListOutputFormat = ListFormat.TEXT,
) -> None:
    """Explain a rule: its reason, an example, and the fix; without a name, list all rules.

    Example: dashgen rule query/metric
    """
    text = _list() if name is None else explanation(name)
    if output_format is ListFormat.JSON:
        from dashgen.cli.documents.rules_document import rules_document  # imports every lint rule

        print_json(rules_document(None if name is None else [name]))
    else:
        sys.stdout.write(text)


def _list() -> str:
    from dashgen.check.lint.lint_texts import readers
    from dashgen.check.lint.rule_registry import own_rules

    lint = [(rule.name, str(rule.severity), f"lint: {readers(rule)}") for rule in own_rules().values()]
    built = [(text.rule, str(text.severity), "build and validate") for text in rule_texts().values()]
    return draw_table(("rule", "severity", "found by"), sorted((*lint, *built)))


def explanation(name: str) -> str:
    """The texts of a rule of a build or of a lint rule.

    Raises:
        DashgenError: there is no such rule.
    """
    text = rule_texts().get(name)
    if text is not None:
        return _page(text, f"({text.severity})")
    names = {*rule_texts(), *lint_rule_names()}
    if name not in names:
        family = [one for one in names if one.startswith(f"{name}/")]
        # `nearest` of an empty name lists all names, which for a family is what the user looks for.
        usage_error(f"there is no rule `{name}`", nearest(name, names) or nearest("", family))
    from dashgen.check.lint.lint_texts import fix_text, lint_rule_text, readers
    from dashgen.check.lint.rule_registry import own_rules

    lint = own_rules()[name]
    facts = [str(lint.severity), readers(lint), fix_text(lint)]
    return _page(lint_rule_text(lint), f"({', '.join(fact for fact in facts if fact)})")


def _page(text: RuleText, facts: str) -> str:
    lines = [f"{text.rule} {facts}", "", text.why, ""]
    if "\n" in text.wrong or "\n" in text.right:
        lines += [
            "  instead of",
            "",
            indent(text.wrong, "    "),
            "",
            "  write",
            "",
            indent(text.right, "    "),
        ]
    else:
        lines += [f"  instead of  {text.wrong}", f"  write       {text.right}"]
    return "\n".join([*lines, "", text.fix]) + "\n"

"""``dashgen rule``."""

import sys
from typing import Annotated

from dashgen.cli.options import usage_error
from dashgen.cli.parameters import Argument
from dashgen.core.diagnostics import nearest
from dashgen.core.diagnostics.rule_texts import rule_texts


def rule(
    name: Annotated[str, Argument(metavar="RULE", help="Name of the rule, such as `query/metric`.")],
) -> None:
    """Explain a rule: its reason, an example, and the fix.

    Example: dashgen rule query/metric
    """
    texts = rule_texts()
    text = texts.get(name)
    if text is None:
        family = [rule_name for rule_name in texts if rule_name.startswith(f"{name}/")]
        # `nearest` of an empty name lists all names, which for a family is what the user looks for.
        usage_error(f"there is no rule `{name}`", nearest(name, texts) or nearest("", family))
    lines = [
        f"{text.rule} ({text.severity})",
        "",
        text.why,
        "",
        f"  instead of  {text.wrong}",
        f"  write       {text.right}",
        "",
        text.fix,
    ]
    sys.stdout.write("\n".join(lines) + "\n")

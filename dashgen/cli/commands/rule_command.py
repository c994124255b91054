"""``dashgen rule``."""

import sys
from typing import Annotated

from dashgen.cli.options import usage_error
from dashgen.cli.parameters import Argument
from dashgen.core.diagnostics import nearest
from dashgen.core.diagnostics.rule_texts import rule_texts


def rule(
    name: Annotated[str, Argument(metavar="RULE", help="A rule as findings name it: `query/metric`.")],
) -> None:
    """Say why a rule is there and what to do.

    Example: dashgen rule query/metric
    """
    texts = rule_texts()
    text = texts.get(name)
    if text is None:
        family = [rule_name for rule_name in texts if rule_name.startswith(f"{name}/")]
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

"""Templates in summaries, written once and said in each evaluator's own words.

A spec may write the query's value as ``{{ $value }}`` (Prometheus) or ``{{ $values.A }}`` (Grafana). In Grafana
``$values.A`` is an object that only prints as a number, so functions such as humanizePercentage need
``$values.A.Value``; in Prometheus and Loki there is only ``$value``.
"""

import re
from collections.abc import Callable, Mapping

_ACTION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_VALUE = re.compile(r"\$value(?![A-Za-z0-9_])")
_VALUES = re.compile(r"\$values\.(?P<ref>[A-Za-z_][A-Za-z0-9_]*)(?P<rest>\.(?:Value|Labels)\b)?")


def _in_actions(text: str, change: Callable[[str], str]) -> str:
    return _ACTION.sub(lambda action: change(action[0]), text)


def uses_value(text: str) -> bool:
    """Whether a template prints the query's value."""
    return any(_VALUE.search(action) or "$values" in action for action in _ACTION.findall(text))


def value_refs(text: str) -> set[str]:
    """The refs whose values a template names."""
    return {match["ref"] for action in _ACTION.findall(text) for match in _VALUES.finditer(action)}


def for_grafana(text: str, value_ref: str, reduced: Mapping[str, str]) -> str:
    """The template for Grafana.

    Args:
        text: the template as written.
        value_ref: the ref of the value that the condition looks at.
        reduced: leads from a query over time to the expression that makes one number of it.
    """

    def change(action: str) -> str:
        named = _VALUES.sub(
            lambda m: f"$values.{reduced.get(m['ref'], m['ref'])}{m['rest'] or '.Value'}", action
        )
        return _VALUE.sub(f"$values.{value_ref}.Value", named)

    return _in_actions(text, change)


def for_rule_file(text: str) -> str:
    """The template for Prometheus and Loki, whose rules have one value."""

    def change(action: str) -> str:
        return _VALUES.sub(lambda m: "$labels" if m["rest"] == ".Labels" else "$value", action)

    return _in_actions(text, change)

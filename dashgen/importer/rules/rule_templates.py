"""Rewrite the templates in labels and annotations of Grafana's rules, which name the values of queries."""

import re
from collections.abc import Iterator

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.importer.rules.read_rules import RuleReading

_ACTION = lazy_pattern(r"\{\{.*?\}\}", re.DOTALL)
_NAMED = lazy_pattern(r"\$values\.(?P<ref>[A-Za-z_]\w*)(?P<rest>\.(?:Value|Labels)\b)?")
# `{{ $values.B }}` prints like `{{ $values.B.Value }}`, but is no number for a function of a template.
_BARE = lazy_pattern(r"(\{\{-?\s*)\$values\.([A-Za-z_]\w*)(\s*-?\}\})")
_SUBJECT = "$values.(value)"


def plain_text(template: str, reading: RuleReading) -> str:
    """A template in which the condition's value has one name, whatever its query is called.

    Before: ``{{ $values.B.Value }} of {{ $values.A }}``, for a condition on B
    After: ``{{ $values.(value).Value }} of {{ $values.A.Value }}``
    """

    def renamed(match: re.Match[str]) -> str:
        ref = reading.aliases_of_values.get(match["ref"], match["ref"])
        return (_SUBJECT if ref == reading.subject else f"$values.{ref}") + (match["rest"] or "")

    def rewritten(action: re.Match[str]) -> str:
        return _NAMED.sub(renamed, _BARE.sub(r"\1$values.\2.Value\3", action[0]))

    return _ACTION.sub(rewritten, template)


def spec_template(template: str, reading: RuleReading, value_ref: str) -> str:
    """A template as a spec has it, with ``$value`` for the condition's value.

    Args:
        template: the template as Grafana has it.
        reading: the rule.
        value_ref: the ref that the build gives the query with that value.
    """

    def rewritten(action: re.Match[str]) -> str:
        is_bare = _BARE.fullmatch(action[0]) is not None

        def renamed(match: re.Match[str]) -> str:
            ref = reading.aliases_of_values.get(match["ref"], match["ref"])
            if ref == reading.subject:
                if match["rest"] == ".Labels":
                    return f"$values.{value_ref}.Labels"
                if match["rest"] or is_bare:
                    return "$value"
            return f"$values.{ref}{match['rest'] or ''}"

        return _NAMED.sub(renamed, action[0])

    return _ACTION.sub(rewritten, template)


def value_names(template: str) -> Iterator[str]:
    """The refs of the queries whose values a template prints."""
    for action in _ACTION.findall(template):
        for match in _NAMED.finditer(action):
            yield match["ref"]

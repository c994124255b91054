"""Recognise a query that is written in the language of another data source."""

from collections.abc import Mapping
from typing import Final

from dashgen.query.language import QueryLanguage

_NAMES: Final = {
    "prometheus": ("PromQL", "Prometheus"),
    "loki": ("LogQL", "Loki"),
    "tempo": ("TraceQL", "Tempo"),
}


def other_language_hint(expr: str, language: str, languages: Mapping[str, QueryLanguage]) -> str:
    """A hint for a query that another server would accept; empty when none would.

    Args:
        expr: a query that does not parse.
        language: the type of its data source.
        languages: all languages by the type of their data source.
    """
    if not expr.strip(" {}"):
        return ""  # braces alone are valid in every language
    for kind, grammar in languages.items():
        if kind == language or kind not in _NAMES:
            continue
        parsed = grammar.parse(expr)
        # A selector without a metric is valid in both LogQL and PromQL, so its mistake is another one.
        if parsed.error or (kind == "prometheus" and not any(use.name for use in parsed.metrics)):
            continue
        name, server = _NAMES[kind]
        return f"this is {name}: the query needs a data source of {server}"
    return ""

"""Queries and templates by their grammar, and changed ones: no crash, an end, and no offset outside of the text."""

import random
from collections.abc import Callable

from dashgen.query import LANGUAGES
from dashgen.query.gotemplate import GRAFANA_RULE, LOKI_LINE, NOTIFICATION, PROMETHEUS_RULE, check_template
from tests.fuzz.logql_grammar import LogQLGrammar, mutated_logql
from tests.fuzz.promql_grammar import PromQLGrammar
from tests.fuzz.template_grammar import TemplateGrammar, mutated_template
from tests.fuzz.traceql_grammar import TraceQLGrammar, mutated_query
from tests.fuzz.watch import Findings, watch

_AT_ONCE = 500
"""Queries a case: to watch one takes longer than to parse it."""
Make = Callable[[random.Random], str]
Change = Callable[[str, random.Random], str]
_QUERIES: dict[str, tuple[Make, Change]] = {
    "loki": (lambda random_: LogQLGrammar(random_).query(), mutated_logql),
    "prometheus": (lambda random_: PromQLGrammar(random_).query(), mutated_query),
    "tempo": (lambda random_: TraceQLGrammar(random_).query(), mutated_query),
}
"""What makes a query of a language, and what changes it."""
_TEMPLATES: tuple[Make, Change] = (lambda random_: TemplateGrammar(random_).template(), mutated_template)
_DIALECTS = (PROMETHEUS_RULE, GRAFANA_RULE, LOKI_LINE, NOTIFICATION)


def fuzz_queries(count: int, seed: int, found: Findings) -> None:
    """Parse as many queries of each language, and as many templates."""
    for language in (*_QUERIES, "template"):
        for first in range(0, count, _AT_ONCE):
            _some(language, f"{language} query {seed} {first}", min(_AT_ONCE, count - first), found)


def _offsets(language: str, text: str) -> list[int]:
    if language == "template":
        return [fault.offset for dialect in _DIALECTS for fault in check_template(text, dialect)]
    return [LANGUAGES[language].parse(text).error_offset]


def _some(language: str, case: str, count: int, found: Findings) -> None:
    make, change = _QUERIES.get(language, _TEMPLATES)
    random_ = random.Random(case)  # noqa: S311  # no secret
    last = ""

    def run() -> tuple[int, str]:
        nonlocal last
        for _ in range(count):
            query = make(random_)
            last = change(query, random_) if random_.random() < 0.7 else query
            for offset in _offsets(language, last):
                if not -1 <= offset <= len(last):
                    return 1, f"this is a bug: {offset} is outside of {last!r}"
        return 0, ""

    before = len(found.wrong)
    watch(case, run, found)
    if len(found.wrong) > before:
        found.wrong[-1] += f" (last query: {last!r})"

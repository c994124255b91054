"""Read queries for the values of a variable: the calls that Grafana defines, and the query inside them.

Sources (Grafana 12.4): `metric_find_query.ts` of `grafana-prometheus`, `LokiVariableSupport` and
`variableQueryMigrations` of the Loki data source.
"""

import re
from difflib import get_close_matches
from typing import Final, NamedTuple

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.language import Fault
from dashgen.query.promql.promql_names import VARIABLE_QUERIES

_CALL: Final = lazy_pattern(r"\s*(?P<name>[A-Za-z_]\w*)\s*\((?P<arguments>.*)\)\s*\Z", re.DOTALL)
_OPENING: Final = lazy_pattern(r"\s*(?P<name>[A-Za-z_]\w*)\s*\(")
_LABEL: Final = lazy_pattern(r'(?:[A-Za-z_$][\w.$]*|\$\{\w+(?::\w+)?\}|\[\[\w+\]\]|"[^"]+")\Z')
_FORMS: Final = {
    "label_values": "label_values(metric, label)",
    "label_names": "label_names()",
    "metrics": "metrics(regex)",
    "query_result": "query_result(query)",
}
_OF_LOKI: Final = frozenset({"label_values", "label_names"})
_WITH_CALLS: Final = {"prometheus": VARIABLE_QUERIES, "loki": _OF_LOKI}


class VariableQuery(NamedTuple):
    """The query of a variable, taken apart.

    Attributes:
        query: the query or selector inside; empty when there is none.
        offset: its offset in the text.
        label: the label whose values are the variable's; empty for other queries.
        fault: an error in the call itself; the query inside is then not checked.
    """

    query: str = ""
    offset: int = 0
    label: str = ""
    fault: Fault | None = None


def read_variable_query(text: str, language: str) -> VariableQuery:
    """Take the query of a variable apart; the result is empty for data sources without such calls."""
    calls = _WITH_CALLS.get(language)
    if calls is None:
        return VariableQuery()
    if not text.strip():
        return VariableQuery(fault=Fault("the query is empty", "write `label_values(metric, label)`", 0))
    call = _CALL.match(text)
    name = call["name"] if call else ""
    if call is not None and name in calls:
        return _called(name, call["arguments"], call.start("arguments"))
    if fault := _misspelt(text, calls) or _unclosed(text, calls):
        return VariableQuery(fault=fault)
    if language == "loki":
        return VariableQuery(fault=Fault("this is not a query for a variable", _forms(calls), 0))
    return _selector(text)


def _called(name: str, arguments: str, start: int) -> VariableQuery:
    inner = arguments.strip()
    if name == "label_names":
        return VariableQuery(inner, start + _indent(arguments)) if inner else VariableQuery()
    if not inner:
        return VariableQuery(fault=Fault(f"`{name}` needs an argument", f"write `{_FORMS[name]}`", start))
    if name == "metrics":
        return VariableQuery()  # its argument is a regular expression, and no query
    if name == "query_result":
        return VariableQuery(inner, start + _indent(arguments))
    # The label is after the last comma, since a selector may have commas too.
    stream, comma, label = arguments.rpartition(",")
    if not _LABEL.match(label.strip()):
        label_start = start + len(stream) + len(comma) + _indent(label)
        message = f"`{label.strip()}` is not a label" if label.strip() else "the label is missing"
        return VariableQuery(fault=Fault(message, f"write `{_FORMS[name]}`", label_start))
    return VariableQuery(stream.strip(), start + _indent(stream), label.strip().strip('"'))


def _selector(text: str) -> VariableQuery:
    """Read a query without a call: Grafana requests the series of it, so it has to be a selector."""
    call = _OPENING.match(text)
    if call is not None:
        hint = f"write `query_result({text.strip()})`"
        return VariableQuery(
            fault=Fault(f"`{call['name']}(…)` is not a query for a variable", hint, call.start("name"))
        )
    return VariableQuery(text.strip(), _indent(text))


def _misspelt(text: str, calls: frozenset[str]) -> Fault | None:
    call = _OPENING.match(text)
    if call is None or call["name"] in calls:
        return None
    close = get_close_matches(call["name"], sorted(calls), n=1, cutoff=0.7)
    if not close:
        return None
    message = f"there is no `{call['name']}` for variables"
    return Fault(message, f"did you mean `{close[0]}`?", call.start("name"))


def _unclosed(text: str, calls: frozenset[str]) -> Fault | None:
    call = _OPENING.match(text)
    if call is None or call["name"] not in calls:
        return None
    end = text.rstrip()
    if end.endswith(")"):
        return None
    return Fault(f"`{call['name']}(` is not closed", "end it with `)`", len(end) - 1)


def _forms(calls: frozenset[str]) -> str:
    return "write " + " or ".join(f"`{_FORMS[name]}`" for name in sorted(calls))


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())

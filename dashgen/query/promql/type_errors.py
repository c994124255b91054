"""Explain refusals of PromQL expressions with wrong types, functions or numbers of arguments."""

import re
from collections.abc import Sequence
from typing import Final

from dashgen.core.diagnostics import nearest
from dashgen.query.language import Fault
from dashgen.query.promql.promql_names import AGGREGATIONS, FUNCTIONS, GROUPING, RENAMED, VARIABLE_QUERIES
from dashgen.query.shared_tokens import TextToken, matching_close

_TYPES: Final = {
    "vector": "series",
    "scalar": "a number",
    "string": "a text in quotes",
    "matrix": "a range of values",
}
_HINTS: Final = {
    ("scalar", "vector"): "write a number there, or `scalar(…)` around a single series",
    ("vector", "scalar"): "put `vector(…)` around the number",
    ("string", "vector"): "put the text in quotes",
    ("string", "scalar"): "put the text in quotes",
}
_TAKE_A_RANGE: Final = "put `rate(…)` or another function that takes a range around it"


def unknown_function(match: re.Match[str], tokens: list[TextToken]) -> Fault:
    """A call of something that is no function."""
    name = match["name"]
    offset = next((tokens[index].start for index in _calls(tokens, name)), -1)
    if name in VARIABLE_QUERIES:
        return Fault(f"`{name}` works only in the query of a variable", "", offset)
    if name in RENAMED:
        return Fault(f"`{name}` is not a PromQL function any more", f"use `{RENAMED[name]}`", offset)
    return Fault(
        f"`{name}` is not a PromQL function", nearest(name.lower(), FUNCTIONS | AGGREGATIONS), offset
    )


def argument_type(match: re.Match[str], tokens: list[TextToken]) -> Fault:
    """A function that got a range, a number or series where it takes something else."""
    name, expected_type, actual_type = match["name"], match["wanted"], match["got"]
    calls = _calls(tokens, name)
    # The refusal has no offset. If several calls of the function are possible, the one without a range is the
    # culprit.
    if expected_type == "matrix":
        bare = [index for index in calls if not _has_range(tokens, index)]
        hint = f"write a range after the metric, as in `{name}(metric[5m])`, or `[1h:]` after an expression"
        return Fault(f"`{name}` needs a range of values", hint, _only(tokens, bare or calls))
    if actual_type == "matrix":
        ranged = [index for index in calls if _has_range(tokens, index)]
        return Fault(f"`{name}` cannot take a range of values", _TAKE_A_RANGE, _only(tokens, ranged or calls))
    message = f"`{name}` takes {_mismatch(expected_type, actual_type)}"
    return Fault(message, _HINTS.get((expected_type, actual_type), ""), _only(tokens, calls))


def aggregated_type(match: re.Match[str], tokens: list[TextToken]) -> Fault:
    """An aggregation of something that cannot be aggregated."""
    expected_type, actual_type = match["wanted"], match["got"]
    offset = _only(tokens, _aggregations(tokens))
    if actual_type == "matrix":
        return Fault("an aggregation cannot take a range of values", _TAKE_A_RANGE, offset)
    message = f"an aggregation takes {_mismatch(expected_type, actual_type)}"
    return Fault(message, _HINTS.get((expected_type, actual_type), ""), offset)


def arguments(match: re.Match[str], tokens: list[TextToken]) -> Fault:
    """A function with too few or too many arguments."""
    name, expected_count = match["name"], f"{match['bound']}{match['wanted']}"
    message = f"`{name}` takes {expected_count} {_noun(match['wanted'])}, not {match['got']}"
    return Fault(message, "", _only(tokens, _calls(tokens, name)))


def aggregated_arguments(match: re.Match[str], tokens: list[TextToken]) -> Fault:
    """An aggregation with too few or too many arguments."""
    calls = _aggregations(tokens)
    name = f"`{tokens[calls[0]].text}`" if len(calls) == 1 else "an aggregation"
    expected_count = match["wanted"]
    hint = (
        "write its parameter first, as in `topk(5, metric)`"
        if expected_count == "2"
        else "aggregate one expression"
    )
    return Fault(
        f"{name} takes {expected_count} {_noun(expected_count)}, not {match['got']}",
        hint,
        _only(tokens, calls),
    )


def nothing_aggregated(match: re.Match[str], tokens: list[TextToken]) -> Fault:
    """An aggregation with empty parentheses."""
    name = match["name"]
    return Fault(
        f"`{name}` has nothing to aggregate", f"write `{name}(metric)`", _only(tokens, _calls(tokens, name))
    )


def set_operator(match: re.Match[str], tokens: list[TextToken]) -> Fault:
    """`and`, `or` or `unless` with a number beside it."""
    name = match["name"]
    positions = [index for index, token in enumerate(tokens) if token.text.lower() == name]
    return Fault(
        f"`{name}` joins series, not numbers", "put `vector(…)` around the number", _only(tokens, positions)
    )


def set_grouping(match: re.Match[str], tokens: list[TextToken]) -> Fault:
    """`group_left` or `group_right` beside a set operator."""
    positions = [
        index for index, token in enumerate(tokens) if token.text.lower() in {"group_left", "group_right"}
    ]
    return Fault(
        f"`{match['name']}` takes no `group_left` or `group_right`", "remove it", _only(tokens, positions)
    )


def signed(match: re.Match[str], _tokens: list[TextToken]) -> Fault:
    """A sign before a text or a range."""
    actual_type = match["got"]
    return Fault(f"a sign cannot precede {_TYPES.get(actual_type, actual_type)}")


def label_twice(match: re.Match[str], _tokens: list[TextToken]) -> Fault:
    """A label that is both matched on and brought along."""
    return Fault(
        f"the label `{match['label']}` is in both `on` and `group_left` or `group_right`", "remove one"
    )


def named_twice(match: re.Match[str], tokens: list[TextToken]) -> Fault:
    """A selector with two metric names."""
    names = [
        name for name in (match["one"], match["two"]) if any(t.text.strip("\"'`") == name for t in tokens)
    ]
    starts = [token.start for token in tokens if token.text.strip("\"'`") == match["two"]]
    shown = f": {', '.join(f'`{name}`' for name in names)}" if len(names) == 2 else ""
    return Fault(f"a selector names two metrics{shown}", "keep one of them", starts[-1] if starts else -1)


def _mismatch(expected: str, actual: str) -> str:
    return f"{_TYPES.get(expected, expected)} there, not {_TYPES.get(actual, actual)}"


def _noun(count: str) -> str:
    return "argument" if count == "1" else "arguments"


def _calls(tokens: Sequence[TextToken], name: str) -> list[int]:
    """The indices of the calls of a function or an aggregation."""
    opening = {"(", *GROUPING}
    return [
        index
        for index, token in enumerate(tokens[:-1])
        if token.kind == "name"
        and token.text.lower() == name.lower()
        and tokens[index + 1].text.lower() in opening
    ]


def _aggregations(tokens: Sequence[TextToken]) -> list[int]:
    return sorted(index for name in AGGREGATIONS for index in _calls(tokens, name))


def _only(tokens: Sequence[TextToken], indices: Sequence[int]) -> int:
    """The offset of the one token that can be meant, -1 when several can."""
    return tokens[indices[0]].start if len(indices) == 1 else -1


def _has_range(tokens: Sequence[TextToken], call: int) -> bool:
    """Whether the arguments of a call hold a range outside of any call within them."""
    depth = 0
    for token in tokens[call + 1 : matching_close(tokens, call + 1)]:
        if token.text == "[" and depth == 1:
            return True
        depth += (token.text in {"(", "[", "{"}) - (token.text in {")", "]", "}"})
    return False

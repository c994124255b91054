"""Explain why the PromQL parser refuses an expression: what is wrong, where, and what to do."""

import re
from collections.abc import Callable
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.language import Fault
from dashgen.query.promql import text_errors, type_errors
from dashgen.query.promql.grammar import misfit
from dashgen.query.shared_tokens import TextToken, tokenize, unbalanced

_Explain = Callable[[re.Match[str], list[TextToken]], Fault]


def explain(text: str, refusal: str) -> Fault:
    """The error of an expression that does not parse, for the user.

    Args:
        text: the expression.
        refusal: the message of the parser.
    """
    tokens = tokenize(text)
    if not tokens:
        kind = "holds nothing but a comment" if text.strip() else "is empty"
        return Fault(f"the query {kind}", "write a PromQL expression")
    if fault := unbalanced(tokens):
        return fault
    if refusal in _PLAIN:
        return Fault(*_PLAIN[refusal])
    for pattern, explanation in _EXPLANATIONS:
        if match := pattern.fullmatch(refusal):
            return explanation(match, tokens)
    return misfit(tokens) or Fault("the query is not a PromQL expression" + _reason(refusal))


def _reason(refusal: str) -> str:
    return "" if refusal == "invalid promql query" else f": {refusal}"


# Messages of promql-parser 0.12; newer versions may word them differently, and then the fallback of `explain`
# applies.
_PLAIN: Final[dict[str, tuple[str, str]]] = {
    "binary expression must contain only scalar and instant vector types": (
        "an operator cannot take a range of values or a text",
        "put `rate(…)` or another function that takes a range around the range",
    ),
    "comparisons between scalars must use BOOL modifier": (
        "two numbers are compared without `bool`",
        "write `bool` after the comparison, or compare series",
    ),
    "vector selector must contain at least one non-empty matcher": (
        "the selector would match every series",
        "name a metric or match a label on something that is not empty",
    ),
    "vector matching only allowed between vectors": (
        "`on` and `ignoring` match series with series, not with a number",
        "remove them",
    ),
    "ranges only allowed for vector selectors": (
        "a range has to follow a metric",
        "write a subquery with a colon, such as `[5m:]`, after an expression",
    ),
    "no offset modifiers allowed before range": ("`offset` is before the range", "write the range first"),
    "no @ modifiers allowed before range": ("`@` is before the range", "write the range first"),
    "offset may not be set multiple times": ("a selector has two offsets", "keep one of them"),
    "@ <timestamp> may not be set multiple times": ("a selector has two `@` times", "keep one of them"),
    "offset modifier must be preceded by an vector selector or matrix selector or a subquery": (
        "`offset` has to follow a metric or its range",
        "move it inside the parentheses",
    ),
    "@ modifier must be preceded by an vector selector or matrix selector or a subquery": (
        "`@` has to follow a metric or its range",
        "move it inside the parentheses",
    ),
    "unexpected end of input in offset, expected duration": (
        "`offset` has no duration",
        "write one, such as `1h`",
    ),
    "unexpected end of input in @, expected timestamp": (
        "`@` has no time",
        "write a Unix time, `start()` or `end()`",
    ),
    "trailing commas not allowed in function call args": ("a comma follows the last argument", "remove it"),
    "unexpected second colon(:) in brackets": ("a subquery has two colons", "write it as `[1h:5m]`"),
}
_EXPLANATIONS: Final[list[tuple[re.Pattern[str], _Explain]]] = [
    (lazy_pattern(pattern, re.DOTALL), explanation)
    for pattern, explanation in (
        (r"unknown function with name '(?P<name>.*)'", type_errors.unknown_function),
        (
            r"expected type (?P<wanted>\w+) in call to function '(?P<name>\w+)', got (?P<got>\w+)",
            type_errors.argument_type,
        ),
        (
            r"expected type (?P<wanted>\w+) in aggregation expression, got (?P<got>\w+)",
            type_errors.aggregated_type,
        ),
        (
            r"expected (?P<bound>at least |at most |)(?P<wanted>\d+) argument\(s\) in call to '(?P<name>\w+)', got (?P<got>.+)",
            type_errors.arguments,
        ),
        (
            r"wrong number of arguments for aggregate expression .*, expected (?P<wanted>\d+), got (?P<got>\d+)",
            type_errors.aggregated_arguments,
        ),
        (r"no arguments for aggregate expression '(?P<name>\w+)' provided", type_errors.nothing_aggregated),
        (r"set operator '(?P<name>\w+)' not allowed in binary scalar expression", type_errors.set_operator),
        (r"no grouping allowed for '(?P<name>\w+)' operation", type_errors.set_grouping),
        (r"unary expression only allowed on .* got:? (?P<got>\w+)", type_errors.signed),
        (r"label '(?P<label>.*)' must not occur in ON and GROUP clause at once", type_errors.label_twice),
        (r"metric name must not be set twice: '(?P<one>.*)' or '(?P<two>.*)'", type_errors.named_twice),
        (r"unexpected character(?: after '[.!=]')?: '(?P<char>.*)'", text_errors.stray_character),
        (r"unexpected (?:character|left brace) inside braces:? ?'(?P<char>.*)'", text_errors.in_braces),
        (r"unexpected left brace '(?P<char>.*)' inside braces", text_errors.in_braces),
        (r"unexpected identifier '(?P<value>.*)' in label matching, expected string", text_errors.bare_value),
        (r"unexpected '=' in label matching, expected string", text_errors.doubled_equals),
        (r"unexpected '?.*'? in label matching, expected .*", text_errors.odd_matcher),
        (
            r"invalid label matcher, expected label matching operator after '(?P<label>.*)'",
            text_errors.bare_label,
        ),
        (r"(?P<label>.*) is not valid label in grouping opts", text_errors.grouping_label),
        (r"unknown escape sequence '(?P<char>.*)'", text_errors.unknown_escape),
        (r"invalid syntax|escape sequence not terminated", text_errors.bad_text),
        (r"bad number or duration syntax: (?P<text>.*)", text_errors.bad_number),
        (r"not a valid duration string: (?P<text>.*)", text_errors.bad_number),
        (r"ParseFloatError\. (?P<text>.*) can't be parsed into .*", text_errors.bad_number),
        (r"duration must be greater than 0", text_errors.zero_duration),
        (r"(?:unexpected .* inside brackets.*|missing unit character in duration)", text_errors.in_brackets),
        (r"illegal regex for (?P<regex>.*)", text_errors.bad_regex),
        (r"timestamp out of bounds for @ modifier: (?P<time>.*)", text_errors.bad_time),
        (r"'utf-8' codec can't encode .*", text_errors.half_character),
    )
]

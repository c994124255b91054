"""Read the label matchers between a pair of braces, and the texts in quotes."""

import re
from typing import Final, NoReturn

from msgspec.structs import replace

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.promql.promql_nodes import SeriesMatcher
from dashgen.query.promql.promql_refusals import MATCHER_HINT, refuse_at, refuse_in_braces
from dashgen.query.promql.promql_tokens import STRING
from dashgen.query.re2_syntax import regex_facts
from dashgen.query.scanning import RefusalError

_MATCHER: Final = lazy_pattern(
    rf"""[ \t\r\n]*+([A-Za-z_][A-Za-z0-9_]*+|{STRING})[ \t\r\n]*+"""
    rf"""(?:(=~|!~|!=|=)[ \t\r\n]*+({STRING})[ \t\r\n]*+)?(,[ \t\r\n]*+\}}?+|\}})?""",
    re.DOTALL,
)
_EMPTY: Final = lazy_pattern(r"\{[ \t\r\n]*+\}")
_COMMENT: Final = lazy_pattern(rf"([^\"'`#]++|{STRING})|#[^\r\n]*+", re.DOTALL)
_SPACES: Final = lazy_pattern(r"[ \t\r\n]*+")
_OPERATOR: Final = lazy_pattern(r"=~|!~|!=|==?")
_LABEL: Final = lazy_pattern(rf"[A-Za-z_][A-Za-z0-9_]*+|{STRING}", re.DOTALL)
_BARE_VALUE: Final = lazy_pattern(r"[^\s,{}\"'`\u201c\u201d\u2018\u2019]++")
_ESCAPE: Final = lazy_pattern(
    r"\\(?:([abfnrtv\\\"'])|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2})"
)
_BACKSLASH: Final = lazy_pattern(r"\\.", re.DOTALL)
_SIMPLE: Final = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
    "\\": "\\", "'": "'", '"': '"',
}  # fmt: skip


def matchers_of(text: str, braces: str, start: int) -> tuple[SeriesMatcher, ...]:
    """The label matchers of a pair of braces.

    Args:
        text: the expression.
        braces: the pair with everything between.
        start: the offset of the opening brace.

    Raises:
        RefusalError: something there is no label matcher, or a regular expression is invalid.
    """
    if "#" in braces:
        return _without_comments(braces, start)
    end = start + len(braces)
    if _EMPTY.match(text, start):
        return ()
    matchers: list[SeriesMatcher] = []
    position, separator = start + 1, ","
    while separator[-1] == ",":
        match = _MATCHER.match(text, position, end)
        if match is None or match[4] is None:
            _refuse_matcher(text, position, match)
        matchers.append(_label_matcher(match))
        position, separator = match.end(), match[4].rstrip()
    return tuple(matchers)


def _without_comments(braces: str, start: int) -> tuple[SeriesMatcher, ...]:
    # The braces alone, as to copy the whole expression for each of them would take quadratic time.
    text = _COMMENT.sub(_blank, braces)
    try:
        matchers = matchers_of(text, text.replace("#", "_"), 0)
    except RefusalError as refusal:
        fault = refusal.fault
        raise RefusalError(fault._replace(offset=fault.offset + start)) from None
    return tuple([_moved(matcher, start) for matcher in matchers])


def _moved(matcher: SeriesMatcher, by: int) -> SeriesMatcher:
    return replace(
        matcher,
        start=matcher.start + by,
        end=matcher.end + by,
        label_end=matcher.label_end + by,
        value_start=matcher.value_start + by,
    )


def _blank(match: re.Match[str]) -> str:
    return match[0] if match[1] else " " * len(match[0])


def _label_matcher(match: re.Match[str]) -> SeriesMatcher:
    label, operator, value, _ = match.groups()
    start, label_end = match.span(1)
    is_quoted = label[0] in "\"'`"
    name = string_value(label, start) if is_quoted else label
    if operator is None:
        if not is_quoted:
            hint = f'write `{label}="value"`'
            refuse_at(start, f"the label `{label}` is compared with nothing", hint)
        return SeriesMatcher(start, label_end, "__name__", "=", name, start, start)
    value_start, end = match.span(3)
    value = string_value(value, value_start)
    if operator[-1] == "~" and (problem := regex_facts(value).problem):
        hint = f"{problem}; check its brackets and escapes"
        refuse_at(value_start, f"`{value}` is not a regular expression", hint)
    return SeriesMatcher(start, end, name, operator, value, label_end, value_start)


def _refuse_matcher(text: str, position: int, match: re.Match[str] | None) -> NoReturn:
    """Refuse what is at a position between braces, or behind the part of a matcher there."""
    if match is None:
        start = _skip(text, position)
        char = text[start]
        if char in {",", "}"}:
            refuse_at(start, "a comma has no label matcher before it", "remove it")
        if operator := _OPERATOR.match(text, start):
            refuse_at(start, f"`{operator[0]}` has no label before it", MATCHER_HINT)
        refuse_in_braces(text, start)
    start = _skip(text, match.end())
    if match[2] is None and (operator := _OPERATOR.match(text, start)):
        _refuse_value(text, match, operator)
    if match[2] is None and match[1][0] not in "\"'`":
        label = match[1]
        if text[start].isalnum() or text[start] in "\"'`":
            refuse_at(
                match.start(1), f"the label `{label}` is compared with nothing", f'write `{label}="value"`'
            )
        refuse_in_braces(text, start)
    if word := _LABEL.match(text, start):
        if word[0] == "or":
            message = "`or` between label matchers is a form of VictoriaMetrics, which Prometheus lacks"
            refuse_at(start, message, "join two selectors by `or`, or use one regular expression")
        refuse_at(start, f"a comma is missing before `{word[0]}`", MATCHER_HINT)
    refuse_in_braces(text, start)


def _refuse_value(text: str, match: re.Match[str], operator: re.Match[str]) -> NoReturn:
    """Refuse what follows a label and its operator."""
    label = match[1]
    start = _skip(text, operator.end())
    if operator[0] == "==":
        refuse_at(operator.start(), "a label is compared with `==`", "write `=`")
    if value := _BARE_VALUE.match(text, start):
        hint = f'write `{operator[0]}"{value[0]}"`'
        refuse_at(start, "the value of a label has to be in quotes", hint)
    if text[start] in ",}":
        hint = f'write `{label}{operator[0]}"value"`'
        refuse_at(operator.start(), f"the label `{label}` has no value", hint)
    refuse_in_braces(text, start)


def _skip(text: str, position: int) -> int:
    match = _SPACES.match(text, position)
    return position if match is None else match.end()


def string_value(quoted: str, start: int) -> str:
    """The value of a text in quotes, as Go reads it.

    Args:
        quoted: the text with its quotes.
        start: its offset in the expression.

    Raises:
        RefusalError: an escape is invalid, or a character is only half of one.
    """
    if not quoted.isascii():
        for index, char in enumerate(quoted):
            if char == "\ufffd" or "\ud800" <= char <= "\udfff":
                refuse_at(start + index, "the query holds half a character", "write the character again")
    if "\\" not in quoted or quoted[0] == "`":
        return quoted[1:-1]
    for match in _BACKSLASH.finditer(quoted, 1, len(quoted) - 1):
        escape = _ESCAPE.match(quoted, match.start())
        if escape is None or (escape[1] in {"'", '"'} and escape[1] != quoted[0]):
            _refuse_escape(match[0], start + match.start())
        elif escape[0][1] in "uU" and not _is_character(_code(escape[0])):
            refuse_at(start + match.start(), f"`{escape[0]}` is not a character", "write the code of one")
    return _ESCAPE.sub(_unescaped, quoted[1:-1])


def _is_character(code: int) -> bool:
    return code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF


def _refuse_escape(escape: str, start: int) -> NoReturn:
    message = f"`{escape}` means nothing in a text in quotes"
    hint = "double the backslash"
    if escape[1] not in "xuU01234567":
        hint = f"write `\\{escape}`" if escape[1] not in "\"'" else f"write `{escape[1]}`"
    refuse_at(start, message, hint)


def _unescaped(match: re.Match[str]) -> str:
    if match[1]:
        return _SIMPLE[match[1]]
    return chr(_code(match[0]))


def _code(escape: str) -> int:
    """The number of the character that an escape stands for."""
    digits = escape[1:]
    return int(digits, 8) if digits[0] not in "xuU" else int(digits.lstrip("xuU"), 16)


def matches_empty(matcher: SeriesMatcher) -> bool:
    """Whether a matcher accepts series without its label."""
    operator, value = matcher.operator, matcher.value
    if operator == "=":
        return not value
    if operator == "!=":
        return bool(value)
    return regex_facts(value).takes_nothing == (operator == "=~")

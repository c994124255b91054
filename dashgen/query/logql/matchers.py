"""Stream selectors: the label matchers between braces."""

from typing import Final

from dashgen.query.logql.logql import LogQLReader
from dashgen.query.logql.nodes import Selector, StreamMatcher
from dashgen.query.query_texts import regex_problem, unquoted
from dashgen.query.re2_syntax import regex_facts
from dashgen.query.scanning import HAS_VARIABLE, QueryToken, refuse, shown

OPERATORS: Final = frozenset({"=", "!=", "=~", "!~"})
_MATCHER_HINT: Final = 'write label matchers as `label="value"` with commas between them'


def log_selector(at: LogQLReader, absent: QueryToken | None = None) -> Selector:
    """Take the label matchers between braces.

    Args:
        at: the reader, before the opening brace.
        absent: the variable in the place of the whole selector, so that there are no braces to take.

    Raises:
        RefusalError: something else is between the braces, or every matcher also matches streams without its
        label.
    """
    if absent is not None:
        return Selector(absent.start, (), is_open=True)
    opened = at.next()
    matchers: list[StreamMatcher] = []
    is_open = False
    while not at.take("}"):
        if at.here.kind == "end":
            refuse("`{` is never closed", "add the missing `}`", opened)
        if at.here.kind == "variable" and at.ahead().text in {",", "}"}:
            at.next()
            is_open = True
        else:
            matchers.append(matcher(at, "the name of a label"))
        _separated(at, opened)
    if not is_open:
        _check_narrow(opened, matchers)
    return Selector(opened.start, tuple(matchers), is_open)


def _separated(at: LogQLReader, opened: QueryToken) -> None:
    if at.here.text == "}" and at.here.kind == "sign":
        return
    comma = at.take(",")
    if comma is None:
        if at.here.kind == "end":
            refuse("`{` is never closed", "add the missing `}`", opened)
        if at.here.kind in {"name", "variable"}:
            refuse(f"a comma is missing before {shown(at.here)}", _MATCHER_HINT, at.here)
        refuse(f"{shown(at.here)} is not allowed between braces", _MATCHER_HINT, at.here)
    elif at.here.text == "}":
        refuse("a comma has no label matcher behind it", "remove it", comma)


def matcher(at: LogQLReader, what: str) -> StreamMatcher:
    """Take one ``label="value"``."""
    if at.here.text == "," and at.here.kind == "sign":
        refuse("a comma has no label matcher before it", "remove it", at.here)
    label = at.label(what)
    operator = at.next()
    if operator.text == "==":
        refuse("a label is compared with `==`", "write `=`", operator)
    if operator.kind == "variable":
        value = at.text("the value of a label has to be in quotes")
        return StreamMatcher(label.text, operator.text, "", label.start, value.start, is_open=True)
    if operator.kind != "sign" or operator.text not in OPERATORS:
        message = f"the label `{label.text}` is compared with nothing"
        if operator.text in {">", "<", ">=", "<="}:
            message = f"streams cannot be chosen by `{operator.text}`"
        refuse(message, f'write `{label.text}="value"`', label)
    if at.here.kind in {"name", "number", "odd", "duration", "bytes"}:
        hint = f'write `{operator.text}"{at.here.text}"`'
        refuse("the value of a label has to be in quotes", hint, at.here)
    if at.here.kind not in {"string", "variable"}:
        refuse(f"the label `{label.text}` has no value", f'write `{label.text}{operator.text}"value"`', label)
    value = at.next()
    is_open = value.kind == "variable" or bool(HAS_VARIABLE.search(value.text))
    text = value.text if value.kind == "variable" else unquoted(value.text)
    check_regex(operator, value, is_open=is_open)
    return StreamMatcher(label.text, operator.text, text, label.start, value.start, is_open)


def check_regex(operator: QueryToken, value: QueryToken, *, is_open: bool) -> None:
    """Refuse an invalid regular expression; one with a variable in it is not checked."""
    if is_open or operator.text not in {"=~", "!~", "|~"}:
        return
    if problem := regex_problem(unquoted(value.text)):
        message = f"`{unquoted(value.text)}` is not a regular expression: {problem}"
        refuse(message, "check its brackets and escapes", value)


def _check_narrow(opened: QueryToken, matchers: list[StreamMatcher]) -> None:
    """Refuse a selector that would read every stream: one matcher must not match the empty value.

    Source: `validateMatchers` in loki/pkg/logql/syntax/parser.go, 3.7.
    """
    if not matchers:
        refuse(
            "the selector names no label: Loki wants at least one",
            'write one, such as `{app="name"}`',
            opened,
        )
    if not any(matcher.is_open or is_narrow(matcher.operator, matcher.value) for matcher in matchers):
        first = matchers[0]
        message = "every matcher of the selector may be empty: Loki wants at least one that is not"
        hint = f'write `{first.label}=~".+"`' if first.operator == "=~" else 'add one such as `app="name"`'
        refuse(message, hint, QueryToken("", "", first.start))


def is_narrow(operator: str, value: str) -> bool:
    """Whether a matcher excludes streams without its label."""
    if operator in {"=", "!="}:
        return (value != "") == (operator == "=")
    return regex_facts(value).takes_nothing == (operator == "!~")

"""Stream selectors: the label matchers between braces."""

from typing import Final

from dashgen.query.logql.logql_names import LABEL_OPERATORS, REGEX_OPERATORS
from dashgen.query.logql.logql_tokens import LogQLReader
from dashgen.query.logql.logql_wording import refuse_label
from dashgen.query.logql.nodes import LineText, QueryText, Selector, StreamMatcher
from dashgen.query.query_texts import unquoted
from dashgen.query.re2_syntax import regex_facts
from dashgen.query.scanning import HAS_VARIABLE, QueryToken, refuse, shown

_MATCHER_HINT: Final = 'write label matchers as `label="value"` with commas between them'
_NOT_IN_NAMES: Final = frozenset({".", "-", "/", "other"})
_NEVER_CLOSED: Final = "add the missing `}`"
# Whatever a variable is filled with, brackets around it have to be in pairs.
_OF_BRACKETS: Final = ("never closed", "closes nothing")


def log_selector(at: LogQLReader) -> Selector:
    """Take the label matchers between braces.

    Raises:
        RefusalError: something else is between the braces, or every matcher also matches streams without its
        label.
    """
    kinds, opened = at.kinds, at.index
    at.index += 1
    matchers: list[StreamMatcher] = []
    is_open = False
    if kinds[at.index] != "}":
        while True:
            if kinds[at.index] == "variable" and kinds[at.index + 1] in {",", "}"}:
                at.index += 1
                is_open = True
            else:
                matchers.append(matcher(at, opened))
            if kinds[at.index] == "}":
                break
            _separator(at, opened)
    at.index += 1
    selector = Selector(at.starts[opened], at.last_end(), tuple(matchers), is_open)
    if not is_open:
        _check_narrow(selector)
    return selector


def _separator(at: LogQLReader, opened: int) -> None:
    here = at.token()
    if here.kind == ",":
        at.index += 1
        if at.kinds[at.index] == "}":
            refuse("a comma has no label matcher behind it", "remove it", here)
    elif here.kind == "end":
        refuse("`{` is never closed", _NEVER_CLOSED, _at_index(at, opened))
    elif here.kind in {"name", "variable"}:
        refuse(f"a comma is missing before {shown(here)}", _MATCHER_HINT, here)
    else:
        refuse(f"{shown(here)} is not allowed between braces", _MATCHER_HINT, here)


def _at_index(at: LogQLReader, index: int) -> QueryToken:
    return at.token(index - at.index)


def matcher(at: LogQLReader, opened: int = -1) -> StreamMatcher:
    """Take one ``label="value"``; ``opened`` is the index of the brace before it, -1 when there is none."""
    index, kinds = at.index, at.kinds
    operator = kinds[index + 1]
    if kinds[index] != "name" or operator not in LABEL_OPERATORS or kinds[index + 2] != "string":
        return _other_matcher(at, opened)
    at.index = index + 3
    value = string_value(at, index + 2)
    if operator in REGEX_OPERATORS:
        check_regex(value)
    return StreamMatcher(
        at.starts[index], value.end, at.texts[index], operator, value.value, value.start, value.is_open
    )


def _other_matcher(at: LogQLReader, opened: int) -> StreamMatcher:
    """Take a matcher with variables in it, or refuse what is none."""
    here = at.token()
    if here.kind == ",":
        refuse("a comma has no label matcher before it", "remove it", here)
    if here.kind == "end" and opened >= 0:
        refuse("`{` is never closed", _NEVER_CLOSED, _at_index(at, opened))
    if here.kind not in {"name", "variable"}:
        refuse_label(at, "the name of a label")
    at.index += 1
    operator = at.next()
    _check_operator(here, operator)
    value = _matcher_value(at, here, operator)
    return StreamMatcher(
        here.start, value.end, here.text, operator.text, value.value, value.start,
        value.is_open or operator.kind == "variable",
    )  # fmt: skip


def _check_operator(label: QueryToken, operator: QueryToken) -> None:
    if operator.kind == "==":
        refuse("a label is compared with `==`", "write `=`", operator)
    if operator.kind in _NOT_IN_NAMES:
        hint = "a label's name has letters, digits and `_`"
        refuse(f"`{operator.text}` is not possible in the name of a label", hint, operator)
    if operator.kind not in LABEL_OPERATORS and operator.kind != "variable":
        message = f"the label `{label.text}` is compared with nothing"
        if operator.text in {">", "<", ">=", "<="}:
            message = f"streams cannot be chosen by `{operator.text}`"
        refuse(message, f'write `{label.text}="value"`', label)


def _matcher_value(at: LogQLReader, label: QueryToken, operator: QueryToken) -> QueryText:
    value = at.token()
    if value.kind == "variable":
        at.index += 1
        return QueryText(value.start, value.end, value.text, is_open=True)
    if value.kind == "string":
        at.index += 1
        text = string_value(at, at.index - 1)
        if operator.kind in REGEX_OPERATORS:
            check_regex(text)
        return text
    if value.kind in {",", "}", "end"}:
        hint = f'write `{label.text}{operator.text}"value"`'
        refuse(f"the label `{label.text}` has no value", hint, label)
    hint = f'write `{operator.text}"{value.text}"`'
    return refuse("the value of a label has to be in quotes", hint, value)


def string_value(at: LogQLReader, index: int) -> QueryText:
    """The value of the string at an index of the tokens."""
    quoted, start = at.texts[index], at.starts[index]
    is_open = ("$" in quoted or "[[" in quoted) and HAS_VARIABLE.search(quoted) is not None
    value = unquoted(quoted) if "\\" in quoted else quoted[1:-1]
    return QueryText(start, start + len(quoted), value, is_open)


def text_value(at: LogQLReader) -> QueryText:
    """Take a string, or a variable in its place, which is the next token."""
    at.index += 1
    if at.kinds[at.index - 1] == "string":
        return string_value(at, at.index - 1)
    return QueryText(at.starts[at.index - 1], at.last_end(), "", is_open=True)


def check_regex(text: QueryText | LineText) -> None:
    """Refuse an invalid regular expression."""
    pattern = HAS_VARIABLE.sub("a", text.value) if text.is_open else text.value
    problem = regex_facts(pattern).problem
    if problem and (not text.is_open or problem.endswith(_OF_BRACKETS)):
        message = f"`{text.value}` is not a regular expression: {problem}"
        refuse(message, "check its brackets and escapes", QueryToken("", "", text.start))


def _check_narrow(selector: Selector) -> None:
    """Refuse a selector that would read every stream: one matcher must not match the empty value.

    Source: `validateMatchers` in loki/pkg/logql/syntax/parser.go, 3.7.
    """
    for stream_matcher in selector.matchers:
        if stream_matcher.is_open or is_narrow(stream_matcher.operator, stream_matcher.value):
            return
    if not selector.matchers:
        message = "the selector names no label: Loki wants at least one"
        refuse(message, 'write one, such as `{app="name"}`', QueryToken("", "", selector.start))
    first = selector.matchers[0]
    message = "every matcher of the selector may be empty: Loki wants at least one that is not"
    hint = f'write `{first.label}=~".+"`' if first.operator == "=~" else 'add one such as `app="name"`'
    refuse(message, hint, QueryToken("", "", first.start))


def is_narrow(operator: str, value: str) -> bool:
    """Whether a matcher excludes streams without its label."""
    if operator in {"=", "!="}:
        return (value != "") == (operator == "=")
    return regex_facts(value).takes_nothing == (operator == "!~")

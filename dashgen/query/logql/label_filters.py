"""Comparisons of labels in a pipeline, such as `status >= 500 or level="error"`.

`and` binds tighter than `or`; a comma, or nothing between two comparisons, means `and` and takes all that
follows (labelFilter in loki/pkg/logql/syntax/syntax.y, 3.7, with the conflicts resolved as yacc does).
"""

from typing import Final, NoReturn

from dashgen.query.logql.logql_names import COMPARING, FUNCTIONS, LABEL_OPERATORS, REGEX_OPERATORS, STAGES
from dashgen.query.logql.logql_tokens import LogQLReader
from dashgen.query.logql.logql_wording import close, is_word, refuse_label, refuse_unexpected
from dashgen.query.logql.matchers import check_regex, string_value, text_value
from dashgen.query.logql.nodes import Condition, Conditions, LabelComparison, LabelFilter, QueryText
from dashgen.query.scanning import QueryToken, meant, refuse

COMPARISONS: Final = COMPARING | LABEL_OPERATORS
_VALUES: Final = frozenset({"number", "duration", "bytes"})


class _Open(list[Condition]):
    """The conditions and joining words since an opening parenthesis."""

    def __init__(self, opened: int) -> None:
        super().__init__()
        self.opened = opened
        self.joiners: list[str] = []

    def join(self, word: str) -> None:
        """Note the word before the next condition."""
        # `or` ends the conditions that `and` has joined, but not those behind a comma.
        while word == "or" and self.joiners and self.joiners[-1] == "and":
            self._reduce({"and"})
        self.joiners.append(word)

    def whole(self) -> Condition:
        """All of it as one condition."""
        while self.joiners:
            self._reduce({"or"} if self.joiners[-1] == "or" else {"and", ","})
        return self[0]

    def _reduce(self, joiners: set[str]) -> None:
        """Join the last conditions that these words are between."""
        count = 1
        while count < len(self.joiners) and self.joiners[-count - 1] in joiners:
            count += 1
        parts = tuple(self[-count - 1 :])
        word = "or" if self.joiners[-1] == "or" else "and"
        del self[-count - 1 :], self.joiners[-count:]
        self.append(Conditions(parts[0].start, parts[-1].end, word, parts))


def label_filter(at: LogQLReader) -> LabelFilter:
    """Take comparisons of labels that are joined by `and`, `or`, commas or nothing."""
    start = at.starts[at.index - 1]  # the `|`
    groups = [_Open(-1)]
    while True:
        while at.kinds[at.index] == "(":
            at.deeper()
            groups.append(_Open(at.skip()))
        groups[-1].append(_comparison(at))
        while at.kinds[at.index] == ")" and len(groups) > 1:
            at.index += 1
            at.levels -= 1
            condition = groups.pop().whole()
            groups[-1].append(condition)
        word = _joining(at)
        if not word:
            break
        groups[-1].join(word)
    if len(groups) > 1:
        close(at, groups[-1].opened)
    return LabelFilter(start, at.last_end(), groups[0].whole())


def _joining(at: LogQLReader) -> str:
    """Take what joins two comparisons; empty when none follows."""
    kind = at.kinds[at.index]
    if kind in {"and", "or", ","}:
        at.index += 1
        return kind
    if kind == "unless":
        refuse("`unless` cannot join comparisons of labels", "write `and` with the opposite", at.token())
    if kind == "(" or (kind in {"name", "variable"} and _is_comparison(at, 1)):
        return ","
    return ""


def _is_comparison(at: LogQLReader, ahead: int) -> bool:
    """Whether a token is a comparison of a label, or a variable in its place."""
    kind = at.kinds[at.index + ahead]
    return kind in COMPARISONS or kind == "variable"


def _comparison(at: LogQLReader) -> LabelComparison:
    index, kinds = at.index, at.kinds
    operator, kind = kinds[index + 1], kinds[index + 2]
    if kinds[index] == "name" and operator in COMPARISONS:
        if kind == "string" and operator in LABEL_OPERATORS:
            at.index = index + 3
            value = string_value(at, index + 2)
            if operator in REGEX_OPERATORS:
                check_regex(value)
            return LabelComparison(
                at.starts[index], value.end, at.texts[index], operator, "string", value.value, value.start,
                value.is_open,
            )  # fmt: skip
        if kind in _VALUES and operator not in REGEX_OPERATORS:
            at.index = index + 3
            return LabelComparison(
                at.starts[index], at.last_end(), at.texts[index], operator, kind, at.texts[index + 2],
                at.starts[index + 2],
            )  # fmt: skip
    return _other_comparison(at)


def _other_comparison(at: LogQLReader) -> LabelComparison:
    """Take a comparison with a variable, a sign or an address in it, or refuse what is none."""
    label = at.token()
    if label.kind not in {"name", "variable"}:
        _refuse_label(at)
    if not _is_comparison(at, 1):
        _refuse_stage(at)
    at.index += 1
    operator, value = at.next(), at.token()
    if value.kind in {"-", "+"} and operator.kind not in REGEX_OPERATORS:
        return _signed(at, label, operator)
    if value.kind == "call" and value.word == "ip" and operator.kind in {"=", "!="}:
        return _address(at, label, operator)
    return _plain_comparison(at, (label, operator, value))


def _plain_comparison(at: LogQLReader, tokens: tuple[QueryToken, QueryToken, QueryToken]) -> LabelComparison:
    label, operator, value = tokens
    if not _may_compare(operator.kind, value.kind):
        _refuse_value(label, operator, value)
    at.index += 1
    if "variable" in {operator.kind, value.kind}:
        return _compared(at, tokens, "variable", value.text)
    text = string_value(at, at.index - 1).value if value.kind == "string" else value.text
    return _compared(at, tokens, value.kind, text)


def _may_compare(operator: str, value: str) -> bool:
    """Whether an operator compares a kind of value."""
    if "variable" in {operator, value}:
        return True
    if value == "string":
        return operator in LABEL_OPERATORS
    return value in _VALUES and operator not in REGEX_OPERATORS


def _compared(
    at: LogQLReader, tokens: tuple[QueryToken, QueryToken, QueryToken], kind: str, value: str
) -> LabelComparison:
    label, operator, first = tokens
    is_open = "variable" in {label.kind, operator.kind, first.kind}
    return LabelComparison(
        label.start, at.last_end(), label.text, operator.text, kind, value, first.start, is_open
    )


def _signed(at: LogQLReader, label: QueryToken, operator: QueryToken) -> LabelComparison:
    sign, value = at.next(), at.token()
    if value.kind not in {"number", "variable"}:
        message = f"`{sign.text}` is only allowed before a number here"
        refuse(message, "remove it, or write the comparison differently", sign)
    at.index += 1
    return _compared(at, (label, operator, value), "number", sign.text + value.text)


def _address(at: LogQLReader, label: QueryToken, operator: QueryToken) -> LabelComparison:
    text = address(at)
    return LabelComparison(
        label.start, at.last_end(), label.text, operator.text, "ip", text.value, text.start, text.is_open
    )


def address(at: LogQLReader) -> QueryText:
    """Take `ip("…")`, and return the address or the range of addresses."""
    name = at.next()
    opened = at.skip()
    if at.kinds[opened] != "(":
        refuse("`ip` needs its address in parentheses", 'write `ip("10.0.0.0/8")`', name)
    if at.kinds[at.index] not in {"string", "variable"}:
        hint = 'write one, such as `ip("10.0.0.0/8")`'
        refuse("`ip` needs an address or a range in quotes", hint, at.token())
    text = text_value(at)
    if not at.take(")"):
        if at.kinds[at.index] == "end":
            close(at, opened)
        refuse("`ip` takes one text", 'write `ip("10.0.0.0/8")`', at.token())
    return text


def _refuse_label(at: LogQLReader) -> NoReturn:
    token = at.token()
    if token.kind == "end" or not is_word(token):
        before = at.token(-1)
        if before.kind in {"and", "or", ","}:
            message = f"`{before.text}` has no comparison of a label after it"
            refuse(message, "write one, or remove it", before)
        if before.kind == "(" and token.kind == "end":
            refuse("`(` is never closed", "add the missing `)`", before)
    if token.kind in STAGES:
        message = f"`{token.text}` is a stage and cannot be compared"
        refuse(message, f"write `| {token.word}` before the comparison", token)
    refuse_label(at, "a stage or the name of a label")


def _refuse_nothing(label: QueryToken) -> NoReturn:
    message = f"the label `{label.text}` is compared with nothing"
    refuse(message, f'write `{label.text}="value"`', label)


def _refuse_stage(at: LogQLReader) -> NoReturn:
    token, after = at.token(), at.token(1)
    if token.kind == "variable":
        _refuse_nothing(token)
    if after.kind == "other":
        at.index += 1
        refuse_unexpected(at)
    if token.word in FUNCTIONS:
        hint = f"write it around the query: `{token.word}({{…}} …)`"
        refuse(f"`{token.text}` is a function and cannot be a stage", hint, token)
    if after.kind in {"name", "string"} and not meant(token.word, STAGES):
        hint = "use one such as `json`, `logfmt`, `pattern` or `line_format`, or compare a label"
        refuse(f"LogQL has no stage `{token.text}`", hint, token)
    refuse(
        f"`{token.text}` is neither a stage nor a label that is compared",
        meant(token.word, STAGES) or f'write `{token.text}="value"`, or a stage such as `json`',
        token,
    )


def _refuse_value(label: QueryToken, operator: QueryToken, value: QueryToken) -> NoReturn:
    sign = operator.text
    if value.kind in {"end", ")", "|", ","}:
        _refuse_nothing(label)
    if sign in REGEX_OPERATORS:
        is_plain = value.kind in {"name", "number", "duration", "bytes"}
        hint = f'write `{sign}"{value.text}"`' if is_plain else "write it in quotes"
        refuse(f"`{sign}` needs a regular expression in quotes", hint, value)
    if value.kind == "string":
        hint = f"write `{label.text} = {value.text}`" if sign == "==" else "write a number without quotes"
        refuse(f"`{sign}` compares numbers, and `{value.text}` is a text", hint, value)
    if value.kind == "odd":
        message = f"`{value.text}` is neither a number, a duration nor a size"
        refuse(message, "write `10`, `200ms` or `10KB`", value)
    if is_word(value):
        hint = f'write `{sign} "{value.text}"`'
        refuse("the value of a label has to be in quotes, or a number", hint, value)
    refuse(f"`{value.text}` cannot be compared", f'write `{label.text}="value"`', value)
